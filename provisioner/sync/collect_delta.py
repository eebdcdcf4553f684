"""Following change queries page by page: what changed since a token, or everything without one.

"listItem: delta" (learn.microsoft.com/graph/api/listitem-delta) for lists and libraries alike. Many
are followed side by side, and a page is let go as soon as its rows are taken, so that memory does
not grow with what is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.sync.collect_site import GRAPH_READ

PAGE = 200
"""Rows of a page. One of each library is in memory at a time, so longer ones cost memory."""
TOO_OLD = 410
"""The status for a token the service no longer knows."""
_VERSION = re.compile(r"^/(v1\.0|beta)(?=/)")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A change query. `path` is where it begins or goes on, below the Graph version.

    `shape` is what each row is to hold, as query text ("$select=id&$expand=fields"): the token is
    opaque, and whether it remembers what was expanded is not promised, so a row that came without
    its columns is asked for by itself, at `items`. `title` is what people call the list.
    """

    path: str
    items: str
    shape: str
    title: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a query ended. `link`: where the next one goes on, "" when the token was too old."""

    link: str

    @property
    def too_old(self) -> bool:
        """Whether nothing can be said: the whole has to be read."""
        return not self.link


def whole(items: str, shape: str) -> str:
    """The path of a query for everything."""
    return f"{items}/delta?{shape}&$top={PAGE}"


async def follow(
    transport: Transport,
    queries: Mapping[str, Query],
    take: Callable[[str, Iterable[Row]], None],
    beside: Sequence[Reading] = (),
) -> tuple[dict[str, Ending], dict[Reading, Answer]]:
    """Follow every query to its end; `take` is given rows by the query's key, a page at a time.

    `beside` are readings to send along with the first pages; their answers come back.

    Raises:
        ProvisionerError: DELTA-INCOMPLETE when a query ends without a token.
    """
    pending = {key: _reading(one.path) for key, one in queries.items()}
    answers = await transport.read([*pending.values(), *beside])
    others = {reading: answers[reading] for reading in beside}
    endings: dict[str, Ending] = {}
    bare: dict[str, list[str]] = {}
    while pending:
        following = {}
        for key, reading in pending.items():
            answer = answers.pop(reading)
            if answer.status == TOO_OLD:
                endings[key] = Ending("")
                continue
            rows, incomplete = _complete(answer.body.get("value", []))
            take(key, rows)
            bare.setdefault(key, []).extend(incomplete)
            link = _next_page(answer.body, reading, queries[key])
            if link is not None:
                following[key] = _reading(link)
            else:
                endings[key] = _ending(answer.body, queries[key])
        pending = following
        answers = await transport.read(list(pending.values())) if pending else {}
    for key, ids in bare.items():
        take(key, await _one_by_one(transport, queries[key], ids))
    return endings, others


def _reading(path: str) -> Reading:
    return Reading("graph", path, cost=1, permission=GRAPH_READ)


def _complete(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The rows that came whole, and the ids of those that came without their columns."""
    lacking = [str(row["id"]) for row in rows if "fields" not in row and "deleted" not in row]
    if not lacking:
        return list(rows), []
    return [row for row in rows if "fields" in row or "deleted" in row], lacking


def _next_page(body: Row, reading: Reading, query: Query) -> str | None:
    """Where the next page is: below the Graph version, so that the pages of many share a request."""
    link = body.get("@odata.nextLink")
    path = path_of(str(link)) if link else None
    if path == reading.path:
        raise _incomplete(query)
    return path


def _ending(body: Row, query: Query) -> Ending:
    link = body.get("@odata.deltaLink")
    if not isinstance(link, str):
        raise _incomplete(query)
    return Ending(path_of(link))


def _incomplete(query: Query) -> ProvisionerError:
    return ProvisionerError(
        "DELTA-INCOMPLETE",
        f"Microsoft 365 stopped in the middle of reading {query.title}.",
        hint="Run the command again.",
    )


def path_of(link: str) -> str:
    """A link without host and version: it is followed on whatever host we speak to."""
    parts = urlsplit(link)
    path = _VERSION.sub("", parts.path)
    return f"{path}?{parts.query}" if parts.query else path


async def _one_by_one(transport: Transport, query: Query, ids: Sequence[str]) -> list[Row]:
    readings = {
        each: Reading(
            "graph", f"{query.items}/{each}?{query.shape}", absent_ok=True, permission=GRAPH_READ
        )
        for each in ids
    }
    found = await transport.read(list(readings.values())) if readings else {}
    return [
        found[reading].body or {"id": each, "deleted": {}} for each, reading in readings.items()
    ]

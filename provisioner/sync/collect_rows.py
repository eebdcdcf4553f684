"""The rows of one list or library for which a condition holds, read with a filter where one helps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from provisioner.core.errors import Permanent, ProvisionerError
from provisioner.core.transport import Reading, Transport
from provisioner.core.where import Condition, to_odata, to_predicate
from provisioner.sync.collect_registers import RowReader
from provisioner.sync.collect_site import GRAPH_READ, REST_READ
from provisioner.sync.people import SITE_USERS, people_of, rows_of, titles_of
from provisioner.sync.register_facts import Register, RegisterRow

_FOLDER = "0x0120"
"""What the id of every folder's content type begins with ("Base Content Type Hierarchy",
learn.microsoft.com)."""
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of which list.

    `register` is the list without rows; `url` and `targets` are server-relative addresses, of it and
    of the lists its lookups lead to by key. `indexed` are the columns that have an index.
    """

    register: Register
    url: str
    targets: Mapping[str, str]
    indexed: frozenset[str]
    where: Condition | None
    today: date
    holidays: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows that were found, of how many that were read. `filter`: what SharePoint left out by."""

    rows: tuple[RegisterRow, ...]
    read: int
    filter: str


async def selected(
    transport: Transport, hostname: str, path: str, zone: ZoneInfo, asked: Asked
) -> Selected:
    """Read the list in two round trips. `path` is that of the site ("/sites/acme").

    Raises:
        ProvisionerError: WORKSPACE-NOT-APPLIED when the list is not on the site.
    """
    urls = {"": asked.url, **asked.targets}
    named = {key: _list_reading(url) for key, url in urls.items()}
    home = Reading("graph", f"/sites/{hostname}:{path}", permission=GRAPH_READ)
    answers = await transport.read([home, SITE_USERS, *dict.fromkeys(named.values())])
    site = str(answers[home].body["id"])
    found = {key: answers[one] for key, one in named.items() if answers[one].status != 404}
    if "" not in found:
        raise ProvisionerError(
            "WORKSPACE-NOT-APPLIED",
            f"There is no list at {asked.url}.",
            hint="Run `provisioner apply` first, or `provisioner drift` to see what became of it.",
        )
    lists = {key: str(one.body["Id"]) for key, one in found.items()}
    text = "" if asked.where is None else _filter(asked)
    readings = {key: _items(site, one, text if not key else "") for key, one in lists.items()}
    try:
        items = await transport.read(tuple(dict.fromkeys(readings.values())))
    except Permanent as refused:
        # Somebody took the index away, which drift tells; without the filter it takes longer.
        if not text or refused.status != _BAD_REQUEST:
            raise
        text, readings[""] = "", _items(site, lists[""])
        items = await transport.read(tuple(dict.fromkeys(readings.values())))
    users = rows_of(answers[SITE_USERS].body)
    titles = {
        key: {int(row["id"]): str((row.get("fields") or {}).get("Title") or "") for row in rows}
        for key, one in readings.items()
        if key
        for rows in [rows_of(items[one].body)]
    }
    reader = RowReader(zone, people_of(users), titles_of(users), titles)
    left = [row for row in rows_of(items[readings[""]].body) if not _is_folder(row)]
    known = reader.register(asked.register, left).rows
    if asked.where is None:
        return Selected(known, len(known), text)
    holds = to_predicate(asked.where, asked.register.types, holidays=asked.holidays)
    matching = tuple(row for row in known if holds(row.values, asked.today, ""))
    return Selected(matching, len(known), text)


def _filter(asked: Asked) -> str:
    assert asked.where is not None
    return to_odata(asked.where, asked.register.types, asked.indexed, asked.today)


def _list_reading(url: str) -> Reading:
    address = quote(url.replace("'", "''"), safe="/'")
    return Reading(
        "sharepoint",
        f"/_api/web/GetList('{address}')?$select=Id",
        absent_ok=True,
        permission=REST_READ,
    )


def _items(site: str, list_id: str, text: str = "") -> Reading:
    """Every row with its fields, all pages; only those a filter leaves."""
    narrowed = f"&$filter={quote(text, safe='')}" if text else ""
    return Reading(
        "graph",
        f"/sites/{site}/lists/{list_id}/items?$expand=fields{narrowed}&$top=1000",
        cost=2,
        pages=True,
        permission=GRAPH_READ,
    )


def _is_folder(row: Mapping[str, Any]) -> bool:
    return str((row.get("contentType") or {}).get("id") or "").startswith(_FOLDER)

"""The requests that put a document on the site and fill in its columns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeVar
from urllib.parse import quote

from provisioner.cli.demo.document import DemoDocument
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Outcome, Transport

_T = TypeVar("_T")
_PARTS = 20
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are: ids of the site and its lists, and the site's time zone.

    `libraries` maps the key of each evidence library to its list id; `expected` is the list id of
    Expected Evidence. `zone` is the zone the site really has, not the one the file asks for: dates
    are midnight there.
    """

    site: str
    libraries: Mapping[str, str]
    expected: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Filed:
    """A document on the site: ids of its drive and drive item, and the address a browser opens."""

    document: DemoDocument
    drive: str
    item: str
    url: str


async def upload(transport: Transport, places: Places, document: DemoDocument) -> Filed:
    """Send a document into its library. Raises `ProvisionerError` where the tenant refuses."""
    library = places.libraries[document.library]
    path = f"/sites/{places.site}/lists/{library}/drive/root:/{quote(document.name)}:/content"
    outcome = done(await transport.upload(path, document.data), document.name)
    body = outcome.body
    return Filed(
        document, str(body["parentReference"]["driveId"]), str(body["id"]), str(body["webUrl"])
    )


def patch(filed: Filed, fields: dict[str, Any]) -> Operation:
    """The request that fills in columns of a filed document."""
    return Operation(
        "graph",
        "PATCH",
        f"/drives/{quote(filed.drive, safe='!')}/items/{filed.item}/listItem/fields",
        f"document:{filed.document.library}/{filed.document.name}",
        f"list:{filed.document.library}",
        fields,
        permission="graph:Sites.Selected/write",
        what=f"Fill in the columns of {filed.document.name}",
    )


async def set_columns(
    transport: Transport,
    operations: Sequence[Operation],
    pause: Callable[[float], Awaitable[None]],
) -> None:
    """Twenty to a batch. A file that is still being settled after its upload answers 409: again."""
    left = list(operations)
    for attempt in range(1, _TRIES + 1):
        envelopes = [Envelope(some) for some in batches(left, _PARTS)]
        outcomes = [one for some in await transport.write(envelopes) for one in some]
        again = []
        for operation, outcome in zip(left, outcomes, strict=True):
            if outcome.status == 409 and attempt < _TRIES:
                again.append(operation)
            else:
                done(outcome, operation.address)
        if not again:
            return
        left = again
        await pause(0.2 * attempt)


def done(outcome: Outcome, what: str) -> Outcome:
    """The outcome, if it is done. Raises `ProvisionerError`, which names `what` was refused."""
    if outcome.state != "done":
        raise ProvisionerError(
            "DEMO-NOT-FILED",
            f"{what} could not be filed: {outcome.message or outcome.state}",
            hint="Run the demo again; it makes a site of its own each time.",
            request_id=outcome.request_id,
        )
    return outcome


def batches(things: Sequence[_T], size: int) -> Iterator[tuple[_T, ...]]:
    """The things by so many at once, in their order."""
    for start in range(0, len(things), size):
        yield tuple(things[start : start + size])

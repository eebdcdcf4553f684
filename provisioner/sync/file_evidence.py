"""Files one export with its facts, once: the same file and facts again send nothing.

A file is known by its name in the item's library, and its content by SharePoint's hash, or for
Office files by the parts people wrote. Requests: "Get driveItem" with its list item, "Upload small
files" (learn.microsoft.com/graph/api/driveitem-get, driveitem-put-content) and "Update an item's
columns" (listitem-update). What people wrote beside the file is not written over unless asked to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Envelope, Operation, Outcome, Reading, Transport
from provisioner.sync import columns
from provisioner.sync.collect_content import OFFICE, package_identity
from provisioner.sync.collect_site import (
    CATALOGUE,
    GRAPH_READ,
    GRAPH_WRITE,
    REST_WRITE,
    Places,
    items_reading,
)
from provisioner.sync.columns import RowShape, Value
from provisioner.sync.people import SITE_USERS, logins_of, people_of, rows_of
from provisioner.sync.quick_xor import quick_xor_hash

LARGEST = 250 * 1024 * 1024
"""Bytes that one PUT may carry ("Upload small files")."""

SHAPE = RowShape(
    texts=("Part", "SourceSystem", "QueryUsed", "Sensitivity", "ControlArea"),
    days=("PeriodFrom", "PeriodTo", "ActivityDate", "CollectedOn"),
    lookups=("EvidenceItem", "EvidenceOwner"),
    lists=("TrustServicesCriteria",),
)
_TRIES = 6

Action = Literal["filed", "unchanged", "completed", "replaced"]


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be filed in a library.

    `facts` are columns by internal name as they were given; `defaults` stand where nothing was
    given, on a file that is new or gets new content, and where the column is empty.
    """

    name: str
    data: bytes
    library: str
    facts: Mapping[str, Value]
    defaults: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added:
    """What was done. `columns` are those written; `url` is where a browser opens the file."""

    action: Action
    columns: tuple[str, ...]
    url: str


async def catalogue_row(transport: Transport, places: Places, item: str) -> dict[str, Value]:
    """What a document copies from its row in Expected Evidence: lookup, control area, criteria.

    Raises:
        ProvisionerError: ITEM-UNKNOWN.
    """
    reading = items_reading(places, places.lists[CATALOGUE])
    rows = (await transport.read([reading]))[reading].body.get("value", [])
    for row in rows:
        fields = row.get("fields", {})
        if str(fields.get("ItemId") or "").strip().casefold() == item.casefold():
            return {
                "EvidenceItem": int(row["id"]),
                "ControlArea": columns.text(fields, "ControlArea"),
                "TrustServicesCriteria": columns.several(fields, "TrustServicesCriteria"),
            }
    raise ProvisionerError(
        "ITEM-UNKNOWN",
        f"The list Expected Evidence has no item {item}.",
        hint="Give `--item` an id from that list. `provisioner apply` adds what the file declares.",
    )


async def site_person(transport: Transport, who: str) -> int:
    """The site's number for somebody, made known to it where they are not yet.

    Raises `ProvisionerError` EVIDENCE-NOT-FILED where nobody has that sign-in name.
    """
    users = rows_of((await transport.read([SITE_USERS]))[SITE_USERS].body)
    wanted = who.strip().lower()
    for number, login in logins_of(users).items():
        if wanted in (people_of(users).get(number), login.rpartition("|")[2].lower()):
            return number
    operation = Operation(
        "sharepoint",
        "POST",
        "/_api/web/EnsureUser",
        f"principal:user:{wanted}",
        "site",
        {"logonName": f"i:0#.f|membership|{wanted}"},
        permission=REST_WRITE,
        what=f"Make {wanted} known to the site",
    )
    [[outcome]] = await transport.write([Envelope((operation,))])
    return int(_sent(outcome, f"The owner {who}")["Id"])


async def add_export(
    transport: Transport,
    places: Places,
    export: Export,
    *,
    replace: bool = False,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Added:
    """File it. `replace`: a file of that name may get new content, and its facts be written over.

    Raises:
        Refused: EVIDENCE-EXISTS, EVIDENCE-FACTS-DIFFER.
        ProvisionerError: EVIDENCE-NOT-FILED with what Microsoft 365 said.
    """
    place = places.libraries[export.library]
    path = f"{places.graph(place)}/drive/root:/{quote(export.name, safe='')}"
    asked = Reading(
        "graph",
        f"{path}?$expand=listItem($expand=fields)",
        absent_ok=True,
        permission=GRAPH_READ,
    )
    answer = (await transport.read([asked]))[asked]
    if answer.status == 404:
        # Two exports of one name at one moment: the second is refused by the service.
        address = f"{path}:/content?@microsoft.graph.conflictBehavior=fail"
        made = _sent(await transport.upload(address, export.data), export.name)
        fields = {**export.defaults, **export.facts}
        await _fill_in(transport, places, export, str(made["id"]), fields, pause)
        return Added("filed", _named(fields), str(made.get("webUrl") or ""))
    there: Mapping[str, Any] = answer.body
    stands = (there.get("listItem") or {}).get("fields") or {}
    same = await _same_content(transport, places, export, there)
    if not same and not replace:
        raise Refused(
            "EVIDENCE-EXISTS",
            f"{place.title} has a {export.name} with other content.",
            hint="Give it another name with --name, or --replace to file this as its new version.",
        )
    changes = _changes(export, stands, places, fresh=not same)
    clashing = sorted(name for name in changes if _value(stands, name, places) not in (None, ()))
    if clashing and not replace:
        raise Refused(
            "EVIDENCE-FACTS-DIFFER",
            f"{export.name} is filed already, and {', '.join(clashing)} on it says something else.",
            hint="Somebody may have corrected it. Use --replace if what you give shall stand.",
        )
    if not same:
        etag = str(there["eTag"])
        _sent(await transport.upload(f"{path}:/content", export.data, if_match=etag), export.name)
    await _fill_in(transport, places, export, str(there["id"]), changes, pause)
    action: Action = "completed" if changes else "unchanged"
    if not same or clashing:
        action = "replaced"
    return Added(action, _named(changes), str(there.get("webUrl") or ""))


async def _same_content(
    transport: Transport, places: Places, export: Export, there: Mapping[str, Any]
) -> bool:
    hashes = (there.get("file") or {}).get("hashes") or {}
    quick = hashes.get("quickXorHash")
    if quick and quick == quick_xor_hash(export.data):
        return True
    if quick and not export.name.lower().endswith(OFFICE):
        return False
    item = quote(str(there["id"]), safe="!")
    place = places.libraries[export.library]
    data = await transport.download(f"{places.graph(place)}/drive/items/{item}/content")
    if data is None or data == export.data:
        return data is not None
    ours = package_identity(export.data)
    return ours is not None and ours == package_identity(data)


def _changes(
    export: Export, stands: Mapping[str, Any], places: Places, *, fresh: bool
) -> dict[str, Value]:
    """The columns that do not say yet what they should."""
    wanted = {
        name: value
        for name, value in export.defaults.items()
        if _value(stands, name, places) in (None, ()) or (fresh and name == "CollectedOn")
    }
    wanted |= export.facts
    has = places.libraries[export.library].columns
    return {
        name: value
        for name, value in wanted.items()
        if name in has and value not in (None, ()) and _value(stands, name, places) != _plain(value)
    }


def _value(stands: Mapping[str, Any], name: str, places: Places) -> Value:
    if name == "RowCount":
        return columns.number(stands, name)
    return SHAPE.read(stands, places.zone)[name]


def _plain(value: Value) -> Value:
    return columns.lines(value) if isinstance(value, str) else value


async def _fill_in(
    transport: Transport,
    places: Places,
    export: Export,
    item: str,
    values: Mapping[str, Value],
    pause: Callable[[float], Awaitable[None]],
) -> None:
    """Write columns; a file that is still being settled after its upload answers 409: again."""
    place = places.libraries[export.library]
    given = {name: value for name, value in values.items() if value not in (None, ())}
    fields = SHAPE.written(given, place.columns, places.zone)
    if not fields:
        return
    operation = Operation(
        "graph",
        "PATCH",
        f"{places.graph(place)}/drive/items/{quote(item, safe='!')}/listItem/fields",
        f"document:{export.library}/{export.name}",
        f"list:{export.library}",
        fields,
        permission=GRAPH_WRITE,
        what=f"Fill in the columns of {export.name}",
    )
    for attempt in range(1, _TRIES + 1):
        [[outcome]] = await transport.write([Envelope((operation,))])
        if outcome.status != 409 or attempt == _TRIES:
            break
        await pause(0.2 * attempt)
    _sent(outcome, f"The facts of {export.name}")


def _sent(outcome: Outcome, what: str) -> Mapping[str, Any]:
    if outcome.state != "done":
        raise ProvisionerError(
            "EVIDENCE-NOT-FILED",
            f"{what} could not be filed: {outcome.message or outcome.code or outcome.state}",
            hint="Run it again: what is there already is not sent twice.",
            request_id=outcome.request_id,
        )
    return outcome.body if isinstance(outcome.body, Mapping) else {}


def _named(values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(sorted(name for name, value in values.items() if value not in (None, ())))

"""Files the demo's evidence on a site, day by day, as people would.

A document is uploaded, then its columns are filled in, and some days later somebody decides on it.
The tenant's clock is set before each step, so that Created, Modified and the versions are of those
days.

Requests: "Upload small files" (learn.microsoft.com/graph/api/driveitem-put-content), "Update an
item's columns" through the drive (learn.microsoft.com/graph/api/listitem-update), and `EnsureUser`
(learn.microsoft.com, "Users, groups, and roles REST API reference"). People and lookups are written as
`<Name>LookupId` with the id as text (microsoft-graph-docs issue 19901).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import quote

from provisioner.cli.demo.document import DemoDocument
from provisioner.core.errors import ProvisionerError
from provisioner.core.progress import Progress, Silent
from provisioner.core.transport import Envelope, Operation, Outcome, Reading, Transport

At = Callable[[datetime], Awaitable[None]]
"""Sets the tenant's clock."""

_T = TypeVar("_T")
_PARTS = 20
_UPLOADS_AT_ONCE = 8
_TRIES = 6
_ARRIVES, _DECIDES = time(10), time(16)
_EDM_STRINGS = "Collection(Edm.String)"


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


@dataclass(frozen=True, slots=True)
class _Row:
    """What filing needs of an expected item: its list item id and what people copy from it."""

    id: str
    area: str | None
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """All that happens in one hour: documents that arrive, or that are decided on."""

    day: date
    decides: bool
    documents: tuple[DemoDocument, ...]

    def moment(self, zone: tzinfo) -> datetime:
        return datetime.combine(self.day, _DECIDES if self.decides else _ARRIVES, zone)


async def file_evidence(
    transport: Transport,
    places: Places,
    documents: Sequence[DemoDocument],
    at: At,
    *,
    progress: Progress | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> tuple[Filed, ...]:
    """Everything filed, in the order of `documents`. The clock is left at the last step.

    Raises:
        ProvisionerError: DEMO-NOT-FILED with what Microsoft 365 said, DEMO-NO-ITEM when the site does not
            expect one of the items.
    """
    told = progress or Silent()
    told.start("Filing evidence", len(documents))
    rows = await _expected_rows(transport, places, documents)
    people = await _people(transport, documents)
    filed: dict[tuple[str, str], Filed] = {}
    for step in _steps(documents):
        await at(step.moment(places.zone))
        if not step.decides:
            for some in _batches(step.documents, _UPLOADS_AT_ONCE):
                for one in await asyncio.gather(*(_upload(transport, places, d) for d in some)):
                    filed[_key(one.document)] = one
                    told.advance(note=one.document.name)
        columns = [
            _decision(one, people, places.zone)
            if step.decides
            else _facts(one, rows.get(one.item or ""), people, places.zone)
            for one in step.documents
        ]
        await _set_columns(
            transport,
            [
                _patch(filed[_key(one)], fields)
                for one, fields in zip(step.documents, columns, strict=True)
            ],
            pause,
        )
    told.finish()
    return tuple(filed[_key(one)] for one in documents)


def _key(document: DemoDocument) -> tuple[str, str]:
    return document.library, document.name


def _steps(documents: Iterable[DemoDocument]) -> list[_Step]:
    """In the order of time; what comes and is decided on the same day comes first."""
    events = [(one.filed, False, one) for one in documents]
    events += [(one.decided, True, one) for one in documents if one.decided is not None]
    events.sort(key=lambda event: event[:2])
    return [
        _Step(day, decides, tuple(event[2] for event in some))
        for (day, decides), some in groupby(events, key=lambda event: event[:2])
    ]


async def _expected_rows(
    transport: Transport, places: Places, documents: Iterable[DemoDocument]
) -> dict[str, _Row]:
    reading = Reading(
        "graph",
        f"/sites/{places.site}/lists/{places.expected}/items"
        "?$expand=fields($select=ItemId,ControlArea,TrustServicesCriteria)&$top=200",
        cost=2,
        pages=True,
        permission="graph:Sites.Selected/read",
    )
    answer = (await transport.read([reading]))[reading]
    rows = {}
    for entry in answer.body["value"]:
        fields = entry["fields"]
        rows[str(fields.get("ItemId"))] = _Row(
            str(entry["id"]),
            fields.get("ControlArea"),
            tuple(fields.get("TrustServicesCriteria") or ()),
        )
    unknown = sorted({one.item for one in documents if one.item and one.item not in rows})
    if unknown:
        raise ProvisionerError(
            "DEMO-NO-ITEM",
            f"The list Expected Evidence has no row for {', '.join(unknown)}.",
            hint="Apply the workspace first; the demo files evidence for the pack's items.",
        )
    return rows


async def _people(transport: Transport, documents: Iterable[DemoDocument]) -> dict[str, str]:
    """The id the site knows each person by."""
    named = sorted({who for one in documents for who in (one.owner, one.reviewer) if who})
    if not named:
        return {}
    operations = tuple(
        Operation(
            "sharepoint",
            "POST",
            "/_api/web/EnsureUser",
            f"principal:user:{who}",
            "site",
            {"logonName": f"i:0#.f|membership|{who}"},
            permission="sharepoint:Sites.Selected/write",
            what=f"Make {who} known to the site",
        )
        for who in named
    )
    outcomes = (await transport.write([Envelope(operations)]))[0]
    return {
        who: str(_done(outcome, who).body["Id"])
        for who, outcome in zip(named, outcomes, strict=True)
    }


async def _upload(transport: Transport, places: Places, document: DemoDocument) -> Filed:
    library = places.libraries[document.library]
    path = f"/sites/{places.site}/lists/{library}/drive/root:/{quote(document.name)}:/content"
    outcome = _done(await transport.upload(path, document.data), document.name)
    body = outcome.body
    return Filed(
        document, str(body["parentReference"]["driveId"]), str(body["id"]), str(body["webUrl"])
    )


def _facts(
    document: DemoDocument, row: _Row | None, people: Mapping[str, str], zone: tzinfo
) -> dict[str, Any]:
    """What its owner fills in. Empty ones are left out."""
    waiting = document.decided is not None
    period = document.period or (None, None)
    fields: dict[str, Any] = {
        "EvidenceItemLookupId": row.id if row else None,
        "ControlArea": row.area if row else None,
        "Part": document.part,
        "Sensitivity": document.sensitivity,
        "SourceSystem": document.source,
        "QueryUsed": document.query,
        "RowCount": document.rows,
        "PeriodFrom": _midnight(period[0], zone),
        "PeriodTo": _midnight(period[1], zone),
        "ActivityDate": _midnight(document.activity, zone),
        "CollectedOn": _midnight(document.collected, zone),
        "BridgeLetterUntil": _midnight(document.bridge_until, zone),
        "EvidenceOwnerLookupId": people.get(document.owner or ""),
        "ReviewerLookupId": None if waiting else people.get(document.reviewer or ""),
        "ReviewStatus": "Submitted" if waiting else document.status,
    }
    if row and row.criteria:
        # Without its type, SharePoint refuses a value of several choices.
        fields["TrustServicesCriteria@odata.type"] = _EDM_STRINGS
        fields["TrustServicesCriteria"] = list(row.criteria)
    return {name: value for name, value in fields.items() if value is not None}


def _decision(document: DemoDocument, people: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """What the reviewer fills in."""
    fields = {
        "ReviewStatus": document.status,
        "ReviewerLookupId": people.get(document.reviewer or ""),
        "ReviewedOn": _midnight(document.reviewed_on, zone),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _midnight(day: date | None, zone: tzinfo) -> str | None:
    """A date-only value is midnight in the site's zone, sent as UTC."""
    if day is None:
        return None
    moment = datetime.combine(day, time(), zone).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _patch(filed: Filed, fields: dict[str, Any]) -> Operation:
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


async def _set_columns(
    transport: Transport,
    operations: Sequence[Operation],
    pause: Callable[[float], Awaitable[None]],
) -> None:
    """Twenty to a batch. A file that is still being settled after its upload answers 409: again."""
    left = list(operations)
    for attempt in range(1, _TRIES + 1):
        envelopes = [Envelope(some) for some in _batches(left, _PARTS)]
        outcomes = [one for some in await transport.write(envelopes) for one in some]
        again = []
        for operation, outcome in zip(left, outcomes, strict=True):
            if outcome.status == 409 and attempt < _TRIES:
                again.append(operation)
            else:
                _done(outcome, operation.address)
        if not again:
            return
        left = again
        await pause(0.2 * attempt)


def _done(outcome: Outcome, what: str) -> Outcome:
    if outcome.state != "done":
        raise ProvisionerError(
            "DEMO-NOT-FILED",
            f"{what} could not be filed: {outcome.message or outcome.state}",
            hint="Run the demo again; it makes a site of its own each time.",
            request_id=outcome.request_id,
        )
    return outcome


def _batches(things: Sequence[_T], size: int) -> Iterator[tuple[_T, ...]]:
    for start in range(0, len(things), size):
        yield tuple(things[start : start + size])

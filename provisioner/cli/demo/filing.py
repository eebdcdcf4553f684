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
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import groupby
from typing import Any

from provisioner.cli.demo.document import DemoDocument
from provisioner.cli.demo.filing_requests import (
    Filed,
    Places,
    batches,
    done,
    patch,
    set_columns,
    upload,
)
from provisioner.core.errors import ProvisionerError
from provisioner.core.progress import Progress, Silent
from provisioner.core.transport import Envelope, Operation, Reading, Transport

At = Callable[[datetime], Awaitable[None]]
"""Sets the tenant's clock."""

_UPLOADS_AT_ONCE = 8
_ARRIVES, _DECIDES = time(10), time(16)
_EDM_STRINGS = "Collection(Edm.String)"


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
            for some in batches(step.documents, _UPLOADS_AT_ONCE):
                for one in await asyncio.gather(*(upload(transport, places, d) for d in some)):
                    filed[_key(one.document)] = one
                    told.advance(note=one.document.name)
        columns = [
            _decision(one, people, places.zone)
            if step.decides
            else _facts(one, rows.get(one.item or ""), people, places.zone)
            for one in step.documents
        ]
        await set_columns(
            transport,
            [
                patch(filed[_key(one)], fields)
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
        who: str(done(outcome, who).body["Id"])
        for who, outcome in zip(named, outcomes, strict=True)
    }


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

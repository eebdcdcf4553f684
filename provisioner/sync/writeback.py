"""What to write on documents, expected items and waivers: pure, and only where a value differs.

Documents by `ValidateUpdateListItem`, which touches only the fields sent, so it cannot overwrite what
people wrote; with `bNewDocumentUpdate` it makes no version (SharePoint/sp-dev-docs issue 7424). Our
own lists by PATCH with `If-Match` ("Update listItem", learn.microsoft.com/graph/api/listitem-update).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.transport import Operation
from provisioner.sync import columns, stamp_texts
from provisioner.sync.closing import why_held
from provisioner.sync.collect_site import (
    CATALOGUE,
    GRAPH_WRITE,
    REQUESTS,
    REST_WRITE,
    WAIVERS,
    Place,
    Places,
)
from provisioner.sync.form_dates import form_date
from provisioner.sync.judgement import DocumentJudgement, Judgement
from provisioner.sync.list_rows import CatalogueRow, RequestRow, WaiverRow
from provisioner.sync.rollup import ItemJudgement
from provisioner.sync.shelves import FileRow
from provisioner.sync.verdict import WITHOUT_ROW, Verdict
from provisioner.sync.vocabulary import SubjectKind, VerdictState
from provisioner.sync.writeback_send import Planned, Write, Writes


@dataclass(frozen=True, slots=True)
class DocumentWrites:
    """Writes on documents, and by key why others are left alone though a value differs.

    `libraries` are the keys of those with documents to be written on.
    """

    writes: Writes
    held: Mapping[str, str]
    notes: tuple[str, ...] = ()
    libraries: frozenset[str] = frozenset()


def document_writes(
    files: Mapping[str, FileRow], judgement: Judgement, places: Places, final: frozenset[str]
) -> DocumentWrites:
    """The job-owned columns that must change. One that cannot be written goes to Findings alone.

    `final` are the keys of documents that are to stay as they are.
    """
    written, held, dateless, libraries = list[str](), {}, 0, set[str]()
    for key, row in files.items():
        values = _document_values(row, judgement.documents[key], places)
        sent = _sent(values)
        dateless += len(sent) < len(values)
        why = why_held(row, final) if sent else ""
        if why:
            held[key] = why
        elif sent:
            written.append(key)
            libraries.add(row.library)

    def make(key: str) -> Write:
        row = files[key]
        values = _sent(_document_values(row, judgement.documents[row.key], places))
        return Write(row.key, _form_update(row, places.libraries[row.library], values))

    note = (
        f"Fresh until was not written on {dateless} documents: how forms of this site write "
        f"dates (language {places.lcid}) is not known."
    )
    notes = (note,) if dateless else ()
    return DocumentWrites(Planned(written, make), held, notes, frozenset(libraries))


def _sent(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _document_values(
    row: FileRow, judged: DocumentJudgement, places: Places
) -> dict[str, str | None]:
    """Each column that differs and the text it must get; None where that cannot be written."""
    fields, place = row.fields, places.libraries[row.library]
    now = {name: columns.text(fields, name) or "" for name in columns.JOB_OWNED}
    wanted: dict[str, str | None] = {}
    if now["Freshness"] != str(judged.freshness):
        wanted["Freshness"] = str(judged.freshness)
    if columns.day(fields, "FreshUntil", places.zone) != judged.fresh_until:
        wanted["FreshUntil"] = form_date(judged.fresh_until, places.lcid)
    flags = columns.flags_text(judged.flags, judged.reason)
    if now["Flags"] != flags:
        wanted["Flags"] = flags
    if stamp_texts.read_clock(now["Clock"]) != judged.clock:
        wanted["Clock"] = stamp_texts.clock_text(judged.clock)
    if stamp_texts.read_stamp(now["ApprovedStamp"]) != judged.stamp:
        wanted["ApprovedStamp"] = stamp_texts.stamp_text(judged.stamp)
    return {name: value for name, value in wanted.items() if name in place.columns}


def _form_update(row: FileRow, place: Place, values: Mapping[str, str]) -> Operation:
    form = [{"FieldName": name, "FieldValue": value} for name, value in values.items()]
    return Operation(
        "sharepoint",
        "POST",
        f"/_api/web/lists(guid'{place.id}')/items({row.id})/ValidateUpdateListItem",
        f"document:{row.key}",
        f"list:{row.library}",
        {"formValues": form, "bNewDocumentUpdate": True},
        permission=REST_WRITE,
        what=f"Write {', '.join(values)} on {row.name}",
    )


def item_writes(
    rows: Iterable[CatalogueRow], judgement: Judgement, places: Places
) -> tuple[Write, ...]:
    """Coverage, Next due, Last evidence and Flags of the expected items where one differs."""
    place, flags = places.lists[CATALOGUE], _item_flags(judgement)
    writes = []
    for row in rows:
        judged = judgement.items[row.item.id]
        fields = {
            name: value
            for name, value in _item_values(row, judged, flags.get(row.item.id, ""), places)
            if name in place.columns
        }
        if fields:
            writes.append(Write(row.item.id, _patch(places, place, row.row, row.etag, fields)))
    return tuple(writes)


def _item_values(
    row: CatalogueRow, judged: ItemJudgement, flags: str, places: Places
) -> Iterable[tuple[str, str | None]]:
    if row.coverage != str(judged.state):
        yield "Coverage", str(judged.state)
    if row.next_due != judged.next_due:
        yield "NextDue", columns.noon(judged.next_due, places.zone)
    if row.last_evidence != judged.last_evidence:
        yield "LastEvidence", columns.noon(judged.last_evidence, places.zone)
    if row.flags != flags:
        yield "Flags", flags or None


def _item_flags(judgement: Judgement) -> dict[str, str]:
    """The Flags text of each item with an open finding of its own."""
    found: dict[str, list[Verdict]] = {}
    for verdict in judgement.verdicts:
        about_item = verdict.about.kind is SubjectKind.ITEM and verdict.item is not None
        if about_item and verdict.state is VerdictState.OPEN and verdict.rule not in WITHOUT_ROW:
            found.setdefault(str(verdict.item), []).append(verdict)
    texts = {}
    for item, some in found.items():
        in_order = sorted(some, key=lambda one: (one.weight[1], one.subject))
        worst = min(in_order, key=lambda one: one.weight)
        texts[item] = columns.flags_text((one.rule for one in in_order), worst.message)
    return texts


def waiver_writes(
    rows: Iterable[WaiverRow], judgement: Judgement, places: Places
) -> tuple[Write, ...]:
    """The facts at grant of waivers first seen approved, or granted anew."""
    place = places.lists.get(WAIVERS)
    if place is None or "FactsAtGrant" not in place.columns:
        return ()
    writes = []
    for row in rows:
        text = stamp_texts.waiver_stamp_text(judgement.waiver_stamps.get(row.waiver.id))
        if text and text != row.stamp_text:
            fields = {"FactsAtGrant": text}
            writes.append(Write(row.waiver.id, _patch(places, place, row.row, row.etag, fields)))
    return tuple(writes)


def request_writes(
    rows: Iterable[RequestRow], judgement: Judgement, places: Places
) -> tuple[Write, ...]:
    """What was delivered, on requests first seen delivered, or delivered anew."""
    place = places.lists.get(REQUESTS)
    if place is None or "DeliveredStamp" not in place.columns:
        return ()
    writes = []
    for row in rows:
        text = stamp_texts.delivered_text(judgement.request_stamps.get(row.request.id))
        if text and text != row.stamp_text:
            fields = {"DeliveredStamp": text}
            writes.append(Write(row.request.id, _patch(places, place, row.row, row.etag, fields)))
    return tuple(writes)


def _patch(
    places: Places, place: Place, row: int, etag: str, fields: Mapping[str, Any]
) -> Operation:
    return Operation(
        "graph",
        "PATCH",
        f"{places.graph(place)}/items/{row}/fields",
        f"list:{place.key}/item:{row}",
        f"list:{place.key}",
        dict(fields),
        headers={"If-Match": etag},
        permission=GRAPH_WRITE,
        what=f"Write {', '.join(fields)} on row {row} of {place.title}",
    )

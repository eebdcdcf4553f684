"""The Evidence Index: one row for each document, the target of every "evidence" lookup.

A SharePoint lookup can point at one list only, so whatever links to evidence links to a row here. The
row of a document that left the libraries stays, for what links to it, but no longer says where it is,
or that it is good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.transport import Audience
from provisioner.sync import columns
from provisioner.sync.collect_site import INDEX, Place, Places
from provisioner.sync.judgement import DocumentJudgement, Judgement
from provisioner.sync.rolls import ListRow
from provisioner.sync.shelves import FileRow
from provisioner.sync.writeback_rows import row_changed, row_made
from provisioner.sync.writeback_send import Write

_SHAPE = columns.RowShape(
    texts=("Title", "Part", "EvidenceLibrary", "ReviewStatus", "Freshness", "DocumentUrl"),
    days=("PeriodFrom", "PeriodTo", "ActivityDate", "ReviewedOn", "FreshUntil"),
    lookups=("EvidenceItem", "EvidenceOwner", "Reviewer"),
    lists=("TrustServicesCriteria",),
)
READ = ("EvidenceId", *_SHAPE.names)
"""The columns that are compared."""
_GONE: Mapping[str, columns.Value] = {
    "ReviewStatus": None,
    "Freshness": None,
    "FreshUntil": None,
    "DocumentUrl": None,
}


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A row as it stands. `key` is the document's; `fields` are its columns as Graph gives them."""

    row: int
    etag: str
    key: str
    fields: Mapping[str, Any]


def index_row(row: ListRow) -> IndexRow:
    """A row as Graph gives it."""
    return IndexRow(row.id, row.etag, columns.text(row.fields, "EvidenceId") or "", row.fields)


def index_writes(
    files: Iterable[FileRow],
    rows: Mapping[str, IndexRow],
    judgement: Judgement,
    places: Places,
    by: Audience = "sharepoint",
) -> tuple[Write, ...]:
    """A row for each document that has none, and what differs on the others."""
    return tuple(each_index_write(files, rows, judgement, places, by))


def each_index_write(
    files: Iterable[FileRow],
    rows: Mapping[str, IndexRow],
    judgement: Judgement,
    places: Places,
    by: Audience = "sharepoint",
) -> Iterator[Write]:
    """The same one after the other: the writes of a first run are larger than all it has read."""
    place = places.lists.get(INDEX)
    if place is None:
        return
    there = set()
    for file in files:
        there.add(file.key)
        values = _values(file, judgement.documents[file.key], places)
        made = _write(rows.get(file.key), file.key, values, place, places, by)
        if made is not None:
            yield made
    for key, row in rows.items():
        made = None if key in there else _write(row, row.key, _GONE, place, places, by)
        if made is not None:
            yield made


def _values(
    file: FileRow, judged: DocumentJudgement, places: Places
) -> Mapping[str, columns.Value]:
    fields = file.fields
    values: dict[str, columns.Value] = {
        name: columns.lookup(fields, name) for name in _SHAPE.lookups
    }
    values |= {name: columns.day(fields, name, places.zone) for name in _SHAPE.days}
    return values | {
        "Title": " ".join(file.name.split())[:255],
        "Part": columns.text(fields, "Part"),
        "EvidenceLibrary": places.library_title(file.library),
        "ReviewStatus": columns.text(fields, "ReviewStatus"),
        "TrustServicesCriteria": columns.several(fields, "TrustServicesCriteria"),
        "Freshness": str(judged.freshness) or None,
        "FreshUntil": judged.fresh_until,
        "DocumentUrl": file.url,
    }


def _write(
    row: IndexRow | None,
    key: str,
    values: Mapping[str, columns.Value],
    place: Place,
    places: Places,
    by: Audience,
) -> Write | None:
    address = f"index:{key}"
    if row is None:
        given = {name: value for name, value in values.items() if value not in (None, ())}
        given["EvidenceId"] = key
        what = f"Put {key} on the index"
        return Write(key, row_made(places, place, _SHAPE, given, address, what, by))
    # Read only now: as values they take four times as much, and there is a row for each document.
    told = _SHAPE.read(row.fields, places.zone)
    changes = {name: value for name, value in values.items() if told[name] != value}
    if not changes:
        return None
    what = f"Note what changed on {key}"
    made = row_changed(places, place, _SHAPE, changes, row.row, row.etag, address, what, by)
    return None if made is None else Write(key, made)

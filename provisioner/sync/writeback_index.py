"""The Evidence Index: one row for each document, the target of every "evidence" lookup.

A SharePoint lookup can point at one list only, so whatever links to evidence links to a row here. The
row of a document that left the libraries stays, for what links to it, but no longer says where it is,
or that it is good.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from itertools import islice

from provisioner.core.transport import Audience
from provisioner.sync import columns
from provisioner.sync.collect_site import INDEX, Place, Places
from provisioner.sync.judgement import DocumentJudgement, Judgement
from provisioner.sync.rolls import ListRow
from provisioner.sync.shelves import FileRow
from provisioner.sync.writeback_rows import row_changed, row_made
from provisioner.sync.writeback_send import Planned, Write, Writes

_SHAPE = columns.RowShape(
    texts=("Title", "Part", "EvidenceLibrary", "ReviewStatus", "Freshness", "DocumentUrl"),
    days=("PeriodFrom", "PeriodTo", "ActivityDate", "ReviewedOn", "FreshUntil"),
    lookups=("EvidenceItem", "EvidenceOwner", "Reviewer"),
    lists=("TrustServicesCriteria",),
)
READ = ("EvidenceId", *_SHAPE.names)
"""The columns that are compared."""
_AT_ONCE = 2_048
"""Rows that are compared together."""
_GONE: Mapping[str, columns.Value] = {
    "ReviewStatus": None,
    "Freshness": None,
    "FreshUntil": None,
    "DocumentUrl": None,
}


@dataclass(frozen=True, slots=True)
class Index:
    """The rows as they stand, by number, and the number of each document's by its key."""

    rows: Mapping[int, ListRow] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def documents(self, numbers: Container[int | None]) -> dict[int, str]:
        """The keys of the documents that these rows are of."""
        return {number: key for key, number in self.numbers.items() if number in numbers}


def index_of(rows: Mapping[int, ListRow]) -> Index:
    """The rows of documents among these. Of two rows with one key, the later is the document's."""
    named = ((_key(row), number) for number, row in rows.items())
    return Index(rows, {key: number for key, number in named if key})


def _key(row: ListRow) -> str:
    return columns.text(row.fields, "EvidenceId") or ""


def index_writes(
    files: Mapping[str, FileRow],
    index: Index,
    judgement: Judgement,
    places: Places,
    by: Audience = "sharepoint",
) -> Writes:
    """A row for each document that has none, and what differs on the others."""
    place = places.lists.get(INDEX)
    if place is None:
        return ()
    return _Comparison(files, index, judgement, places, place, by).writes()


def _in_order(one: tuple[str, int, ListRow]) -> tuple[str, int, str]:
    """Sorts keys by library, then by the number of the file, of which the longer is the higher."""
    return one[0].rpartition("/")[0], len(one[0]), one[0]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The documents beside their rows. A write is on a file that has no row, or on a row by number."""

    files: Mapping[str, FileRow]
    index: Index
    judgement: Judgement
    places: Places
    place: Place
    by: Audience

    def writes(self) -> Writes:
        """Every write there has to be."""
        numbers = self.index.numbers
        changed, left = [], iter(self.index.rows.items())
        while some := list(islice(left, _AT_ONCE)):
            # Both rows and files may be packed: each is gone through in its own order.
            by_key = sorted(((_key(row), number, row) for number, row in some), key=_in_order)
            changed += [
                number
                for key, number, row in by_key
                if numbers.get(key) == number and self._change(row) is not None
            ]
        rowless = [key for key in self.files if key not in numbers]
        subjects: list[str | int] = [*rowless, *changed]
        return Planned(subjects, self._made)

    def _made(self, subject: str | int) -> Write:
        if isinstance(subject, str):
            return self._new(self.files[subject])
        changed = self._change(self.index.rows[subject])
        assert changed is not None
        return changed

    def _new(self, file: FileRow) -> Write:
        key, values = file.key, self._wanted(file)
        given = {name: value for name, value in values.items() if value not in (None, ())}
        given["EvidenceId"] = key
        address, what = f"index:{key}", f"Put {key} on the index"
        made = row_made(self.places, self.place, _SHAPE, given, address, what, self.by)
        return Write(key, made)

    def _change(self, row: ListRow) -> Write | None:
        key = _key(row)
        file = self.files.get(key)
        values = _GONE if file is None else self._wanted(file)
        told = _SHAPE.read(row.fields, self.places.zone)
        changes = {name: value for name, value in values.items() if told[name] != value}
        if not changes:
            return None
        address, what = f"index:{key}", f"Note what changed on {key}"
        made = row_changed(
            self.places, self.place, _SHAPE, changes, row.id, row.etag, address, what, self.by
        )
        return None if made is None else Write(key, made)

    def _wanted(self, file: FileRow) -> Mapping[str, columns.Value]:
        return _values(file, self.judgement.documents[file.key], self.places)


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

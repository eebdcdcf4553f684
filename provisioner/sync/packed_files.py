"""The files of a library by their keys: as values where they are few, and packed where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from operator import attrgetter

from provisioner.sync.packed_rows import Form, Packed, changed
from provisioner.sync.shelves import FileRow, Shelf

FILE = "file"
"""The word before a file in the file of kept facts."""
COLUMNS = tuple(one.name for one in fields(FileRow) if one.init)
"""What is kept of a file, in this order."""
values = attrgetter(*COLUMNS)
"""Those of a file."""


def file_form(library: str) -> Form[FileRow]:
    """How the files of a library are kept."""
    return Form(FILE, library, values, lambda said: FileRow(*said))


class PackedFiles(Mapping[str, FileRow]):
    """The files of one library, in the order of their numbers."""

    def __init__(self, rows: Packed[FileRow]) -> None:
        self.rows = rows

    def __getitem__(self, key: str) -> FileRow:
        library, _, number = key.rpartition("/")
        if library != self.rows.form.key or not number.isdecimal():
            raise KeyError(key)
        return self.rows[int(number)]

    def __iter__(self) -> Iterator[str]:
        return (row.key for row in self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)


def with_changes(
    library: str, files: Mapping[str, FileRow], changes: Mapping[str, FileRow | None]
) -> Mapping[str, FileRow]:
    """The files with these in place of, or beside, those there are; None: it is gone."""
    if not changes:
        return files
    numbered = {int(key.rpartition("/")[2]): row for key, row in changes.items()}
    now = changed(_numbered(files), numbered, file_form(library))
    if isinstance(now, Packed):
        return PackedFiles(now)
    return dict(sorted((row.key, row) for row in now.values()))


def _numbered(files: Mapping[str, FileRow]) -> Mapping[int, FileRow]:
    if isinstance(files, PackedFiles):
        return files.rows
    return {row.id: row for row in files.values()}


def left_out(before: Mapping[str, FileRow], now: Mapping[str, FileRow]) -> Iterator[FileRow]:
    """The files that are not there now; what both share is not looked through."""
    return (row for row in _unshared(before, now) if row.key not in now)


def same_facts(one: Shelf, other: Shelf) -> bool:
    """Whether two readings of a library tell a rule the same."""
    return (
        (one.list_id, one.columns, one.folders) == (other.list_id, other.columns, other.folders)
        and len(one.files) == len(other.files)
        and all(
            row.key in other.files and row.same_facts(other.files[row.key])
            for row in _unshared(one.files, other.files)
        )
    )


def _unshared(one: Mapping[str, FileRow], other: Mapping[str, FileRow]) -> Iterator[FileRow]:
    if one is other or not one:
        return iter(())
    if isinstance(one, PackedFiles) and isinstance(other, PackedFiles):
        return one.rows.not_in(other.rows)
    # In the order in which the other is unpacked, should it be packed.
    return iter(sorted(one.values(), key=attrgetter("id")))

"""What a run keeps for the next one: change tokens and the files as last read.

Stored compressed in a hidden library of the site without versions, and made anew by a full sync. An
unchanged document can become stale by the passing of a day, so all of them are kept, not only what
changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Applied
from provisioner.sync.collect_content import office_identities
from provisioner.sync.history import History
from provisioner.sync.list_rows import Seen
from provisioner.sync.packed_files import left_out, same_facts
from provisioner.sync.rolls import Roll
from provisioner.sync.shelves import FileRow, Shelf


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known from earlier runs.

    `unwritten` holds, by document key, clock and stamp that could not be put on the item itself.
    `sound` are the keys of documents that counted at some run, `gone` those of them that have left,
    as last read. `histories` is what versions told, `applied` what the ledger says of the catalogue.
    `rolls` are the lists as last read.
    """

    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    unwritten: Mapping[str, Remembered] = field(default_factory=dict)
    attestations: Seen = field(default_factory=dict)
    sound: frozenset[str] = frozenset()
    gone: Mapping[str, FileRow] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)
    applied: Applied = Applied()  # noqa: RUF009 - frozen
    rolls: Mapping[str, Roll] = field(default_factory=dict)

    def left(self, shelves: Mapping[str, Shelf]) -> dict[str, FileRow]:
        """The files that counted and are in none of these libraries, by key, as last read.

        One whose content is back in a library, whatever its name, has not left.
        """
        lost = (row for key in self.shelves for row in self._lost(key, shelves))
        known = {row.key: row for row in lost if row.key in self.sound}
        known |= {key: row for key, row in self.gone.items() if not _there(row, shelves)}
        if not known:
            return {}
        asked = {row.identity for row in known.values()}
        rows = (row for shelf in shelves.values() for row in shelf.files.values())
        contents = {row.identity for row in rows if row.identity in asked}
        return {key: row for key, row in sorted(known.items()) if row.identity not in contents}

    def _lost(self, key: str, shelves: Mapping[str, Shelf]) -> Iterator[FileRow]:
        now = shelves[key].files if key in shelves else {}
        return left_out(self.shelves[key].files, now)

    def files(self) -> Iterable[FileRow]:
        """Every file known, library by library."""
        return (row for shelf in self.shelves.values() for row in shelf.files.values())

    def identities(self) -> dict[str, str]:
        """Content identities of Office files by SharePoint's hash."""
        return office_identities(self.files())

    def memory(self) -> Mapping[str, Remembered]:
        """What is remembered of each document, by key."""
        return _Memory(self.shelves, self.unwritten)

    def same(self, other: Kept) -> bool:
        """Whether the other, known before, says as much; tokens alone are nothing new.

        A few changed rows of lists are nothing new either: they travel again, in the same page.
        """
        return (
            self.unwritten == other.unwritten
            and self.attestations == other.attestations
            and (self.sound, self.gone) == (other.sound, other.gone)
            and self.histories == other.histories
            and self.applied.terms == other.applied.terms
            and not any(
                roll.worth_keeping(other.rolls.get(key)) for key, roll in self.rolls.items()
            )
            and self.shelves.keys() == other.shelves.keys()
            and all(same_facts(shelf, other.shelves[key]) for key, shelf in self.shelves.items())
        )


def _there(row: FileRow, shelves: Mapping[str, Shelf]) -> bool:
    shelf = shelves.get(row.library)
    return shelf is not None and row.key in shelf.files


class _Memory(Mapping[str, Remembered]):
    """What is remembered of each document, put together when it is asked for."""

    def __init__(self, shelves: Mapping[str, Shelf], unwritten: Mapping[str, Remembered]) -> None:
        self._shelves, self._unwritten = shelves, unwritten

    def __getitem__(self, key: str) -> Remembered:
        shelf = self._shelves.get(key.rpartition("/")[0])
        row = None if shelf is None else shelf.files.get(key)
        one = self._unwritten.get(key)
        if one is None and row is None:
            raise KeyError(key)
        if one is None or row is None:
            return one or Remembered("" if row is None else row.identity)
        return Remembered(row.identity, one.clock, one.stamp)

    def __iter__(self) -> Iterator[str]:
        read = (key for shelf in self._shelves.values() for key in shelf.files)
        return iter(dict.fromkeys((*read, *self._unwritten)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

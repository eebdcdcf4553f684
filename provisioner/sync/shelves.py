"""The evidence libraries as known: their files, and where the next reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.record import record
from provisioner.sync.columns import PEOPLE_FILL_IN

LABEL = "_UIVersionString"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_QUICK = "quickXor:"


@record
class FileRow:
    """One file as it was read. `fields` are the selected columns that have a value.

    `identity` is its content identity ("" unknown), `hash_apart` SharePoint's hash where the identity
    does not hold it.
    `created` and `modified` are instants in ISO 8601. `held` says why its columns cannot be written, ""
    if they can. `content_seen` is when it was last modified before this content was first read. `key`
    is the document's key: library key and item id.
    """

    library: str
    id: int
    name: str
    url: str
    drive_item: str
    size: int | None
    created: str
    modified: str
    etag: str
    held: str
    fields: Mapping[str, Any]
    identity: str = ""
    content_seen: str = ""
    hash_apart: str = ""
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.library}/{self.id}")

    @property
    def version(self) -> str:
        """The label of its newest version, "3.0"; "" where it is not known."""
        return str(self.fields.get(LABEL) or "")

    @property
    def unique_id(self) -> str:
        """SharePoint's id of the file, which its ETag begins with; "" where that is not known."""
        found = _GUID.search(self.etag)
        return found[0].lower() if found else ""

    @property
    def quick_hash(self) -> str:
        """SharePoint's own hash of the content, quickXorHash; "" where it is not known."""
        return self.hash_apart or (
            self.identity.removeprefix(_QUICK) if self.identity.startswith(_QUICK) else ""
        )

    def same_facts(self, other: FileRow) -> bool:
        """Whether a rule would see no difference; what writing moves by itself is left out.

        A written Office file changes its bytes and with them SharePoint's hash, not its content.
        """
        return self._told() == other._told() and all(
            self.fields.get(name) == other.fields.get(name)
            for name in {*self.fields, *other.fields}
            if name in PEOPLE_FILL_IN
        )

    def _told(self) -> tuple[object, ...]:
        content = self.identity or self.quick_hash
        return (self.key, self.name, self.url, content, self.created, self.held)


def hash_beside(identity: str, quick_hash: str) -> str:
    """The hash, where the identity does not hold it already."""
    return "" if identity == f"{_QUICK}{quick_hash}" else quick_hash


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library as known after a reading: its files by key, and where the next reading goes on.

    `link` is a path below the Graph version, "" when unknown; `columns` those it was asked for.
    `folders` are addresses of its folders by item id.
    """

    library: str
    list_id: str
    link: str
    columns: tuple[str, ...]
    files: Mapping[str, FileRow] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)


class Files(Mapping[str, FileRow]):
    """The files of all libraries by their keys, library by library."""

    def __init__(self, shelves: Mapping[str, Shelf]) -> None:
        self._shelves = shelves

    def __getitem__(self, key: str) -> FileRow:
        return self._shelves[key.rpartition("/")[0]].files[key]

    def __iter__(self) -> Iterator[str]:
        return (key for shelf in self._shelves.values() for key in shelf.files)

    def __len__(self) -> int:
        return sum(len(shelf.files) for shelf in self._shelves.values())


@dataclass(frozen=True, slots=True)
class Step:
    """What one reading of a library brought. `before` are its files as known before it."""

    shelf: Shelf
    changed: tuple[str, ...]
    before: Mapping[str, FileRow] = field(default_factory=dict)

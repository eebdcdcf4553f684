"""The evidence libraries as known: their files, and where the next reading goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.record import record
from provisioner.sync.columns import PEOPLE_FILL_IN

LABEL = "_UIVersionString"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@record
class FileRow:
    """One file as it was read. `fields` are the selected columns that have a value.

    `identity` is its content identity ("" unknown), `quick_hash` SharePoint's own hash. `created`
    and `modified` are instants in ISO 8601. `held` says why its columns cannot be written, "" if
    they can. `content_seen` is when it was last modified before this content was first read. `key`
    is the document's key: library key and item id.
    """

    library: str
    id: int
    name: str
    url: str
    drive_item: str
    size: int | None
    quick_hash: str
    created: str
    modified: str
    etag: str
    held: str
    fields: Mapping[str, Any]
    identity: str = ""
    content_seen: str = ""
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.key = f"{self.library}/{self.id}"

    @property
    def version(self) -> str:
        """The label of its newest version, "3.0"; "" where it is not known."""
        return str(self.fields.get(LABEL) or "")

    @property
    def unique_id(self) -> str:
        """SharePoint's id of the file, which its ETag begins with; "" where that is not known."""
        found = _GUID.search(self.etag)
        return found[0].lower() if found else ""

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


@dataclass(frozen=True, slots=True)
class Step:
    """What one reading of a library brought. `before` are its files as known before it."""

    shelf: Shelf
    changed: tuple[str, ...]
    before: Mapping[str, FileRow] = field(default_factory=dict)

"""Which lists' columns are to give way to the site's column of the same name. Pure.

SharePoint matches the columns of a content type by id: a list with its own column of that name
would get a second one beside it (`Area0`), or refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioner.core.address import address, parent_of, split
from provisioner.core.resource import Existing
from provisioner.engine.column_values import marker_address
from provisioner.engine.desired import Desired


@dataclass(frozen=True, slots=True)
class Move:
    """A list's column, the site's column of that name, and the content type that brings it.

    `own` is the address of the list's column, `shared` of the site's, `binding` of the content type
    in the list.
    """

    own: str
    shared: str
    binding: str

    @property
    def home(self) -> str:
        """The address of the list."""
        return parent_of(self.own)

    @property
    def content_type(self) -> str:
        """The address of the content type of the site."""
        return address("contentType", split(self.binding)[1])

    def local(self, existing: Mapping[str, Existing]) -> Existing | None:
        """The list's own column; None where there is none, or the site's is there already."""
        there, shared = existing.get(self.own), existing.get(self.shared)
        same = there is not None and shared is not None and there.ids["id"] == shared.ids["id"]
        return None if same else there

    def marked(self, existing: Mapping[str, Existing]) -> bool:
        """Whether a move was begun and not finished."""
        return marker_address(self.own) in existing


def brought(desired: Desired) -> list[Move]:
    """Each column that a content type of a list brings from the site, once for each list."""
    found: dict[str, Move] = {}
    for resource in desired.resources.values():
        home = parent_of(resource.address)
        if resource.kind != "contentType" or not home.startswith("list:"):
            continue
        for column in _columns(split(resource.address)[1], desired):
            own = address("column", column, home)
            found.setdefault(own, Move(own, address("column", column), resource.address))
    return list(found.values())


def moves(desired: Desired, existing: Mapping[str, Existing]) -> list[Move]:
    """Those in lists that have, or had when a run was cut off, a column of their own instead."""
    return [
        one
        for one in brought(desired)
        if one.home in existing
        and (one.local(existing) is not None or one.marked(existing))
        and one.own not in desired.resources
    ]


def _columns(name: str, desired: Desired) -> Iterable[str]:
    """The site's columns that a content type brings, those of the types it starts from too."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    at = desired.resources.get(address("contentType", name))
    while at is not None and at.address not in seen:
        seen.add(at.address)
        for path in at.properties:
            word, _, column = path.partition(".")
            if word == "columns" and address("column", column) in desired.resources:
                found[column] = None
        at = desired.resources.get(address("contentType", str(at.properties.get("base") or "")))
    return found

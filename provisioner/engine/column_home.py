"""A column that a list has of its own, where a content type now brings the site's. Pure.

SharePoint matches the columns of a content type by id: a list with its own column of that name
would get a second one beside it (`Area0`), or refuse. Neither is what the file means, so it is told
before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from provisioner.core.address import address, parent_of, split
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked


def doubled_columns(desired: Desired, observed: Observed) -> Iterator[Blocked]:
    """COLUMN-ALREADY-IN-LIST for each list column that stands in the way of a site column."""
    for resource in desired.resources.values():
        home = parent_of(resource.address)
        if resource.kind != "contentType" or not home.startswith("list:"):
            continue
        if resource.address in observed.existing:
            continue  # the list has it already, with its columns
        name = split(resource.address)[1]
        for column in _brought(name, desired):
            own = address("column", column, home)
            there = observed.existing.get(own)
            shared = observed.existing.get(address("column", column))
            if there is None or (shared is not None and there.ids["id"] == shared.ids["id"]):
                continue
            yield Blocked(
                own,
                "COLUMN-ALREADY-IN-LIST",
                f"{home} has a column {column} of its own, and the content type “{name}” brings "
                "the site's: SharePoint would make a second one beside it.",
                f"Keep it in the list: take {column} out of the content type and declare it under "
                "the list's `columns`. Or move it to the site: give the site's column another "
                "`name`, apply, move the values in SharePoint's grid view, then delete the list's "
                "own. A list's column without values can simply be deleted in its settings.",
                resource.where,
            )


def _brought(name: str, desired: Desired) -> Iterable[str]:
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

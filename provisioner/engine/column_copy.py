"""The copy of a column in the ledger library, made before anything of it is touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.address import root_of, split
from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Existing
from provisioner.core.transport import Transport
from provisioner.engine.column_values import ColumnValues, marker_address
from provisioner.engine.desired import Desired
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.ledger.store import content_path, read_document, write_file


@dataclass(frozen=True, slots=True)
class Kept:
    """A column as it was: its definition, what its rows held, and the views that showed it.

    `how` is the way it was to change; `views` maps the id of a view to all its columns; `after` is
    what its rows held right after the change, before any value was written again, None where the
    run was cut off before that was stored.
    """

    before: Mapping[str, Any]
    values: ColumnValues
    how: str = "in place"
    views: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after: Mapping[int, Any] | None = None
    run: str = ""

    def document(self, own: str) -> dict[str, Any]:
        """As it stands in the ledger library."""
        said = {
            "column": own,
            "run": self.run,
            "how": self.how,
            "before": dict(self.before),
            "cells": {str(item): value for item, value in self.values.cells.items()},
            "modified": {
                str(item): self.values.modified.get(item, "") for item in self.values.cells
            },
            "views": {view: list(columns) for view, columns in self.views.items()},
        }
        if self.after is not None:
            said["after"] = {str(item): value for item, value in self.after.items()}
        return said


def _of(document: Mapping[str, Any]) -> Kept:
    after = document.get("after")
    return Kept(
        document["before"],
        ColumnValues(
            {int(item): value for item, value in document["cells"].items()},
            {int(item): str(moment) for item, moment in document["modified"].items()},
        ),
        str(document.get("how") or "in place"),
        dict(document.get("views") or {}),
        None if after is None else {int(item): value for item, value in after.items()},
        str(document.get("run") or ""),
    )


def copy_name(address: str) -> str:
    """Where in the ledger library the values of a column are kept."""
    return f"columns/{split(root_of(address))[1]}.{split(address)[1]}.json"


async def kept_copy(transport: Transport, site: str, library: str, own: str) -> Kept | None:
    """The copy of a column; None where there is none. Raises what `Transport.download` raises."""
    document = await read_document(transport, site, library, copy_name(own))
    return _of(document) if isinstance(document, Mapping) and "cells" in document else None


async def keep_copy(transport: Transport, site: str, library: str, own: str, kept: Kept) -> bool:
    """Store the copy and read it back; whether it reads as it was stored.

    Raises:
        ProvisionerError: what storing and reading raise.
    """
    name, document = copy_name(own), kept.document(own)
    await write_file(transport, site, library, name, document)
    read = await transport.download(content_path(site, library, name))
    return read is not None and canonical_json(json.loads(read)) == canonical_json(document)


async def kept_copies(
    transport: Transport, desired: Desired, existing: Mapping[str, Existing], moving: Iterable[str]
) -> dict[str, Kept]:
    """The copies of the columns whose change was cut off, by address. Mostly none is asked for.

    `moving` are addresses of lists' columns that are to give way to the site's.
    """
    library = existing.get(LEDGER_ADDRESS)
    columns = (a for a, one in desired.resources.items() if one.kind == "column")
    wanted = dict.fromkeys([*(a for a in columns if a.startswith("list:")), *moving])
    found: dict[str, Kept] = {}
    for own in wanted:
        if library is None or marker_address(own) not in existing:
            continue
        kept = await kept_copy(transport, existing["site"].ids["id"], library.ids["id"], own)
        if kept is not None:
            found[own] = kept
    return found

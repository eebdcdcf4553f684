"""What the rows of a list hold in one column: read before its type changes or it is removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.address import address as address_of
from provisioner.core.address import parent_of, split
from provisioner.core.resource import Existing
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.engine.desired import Desired
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.kinds.base import Scope
from provisioner.kinds.column_type import marker_name
from provisioner.kinds.item_values import canonical
from provisioner.kinds.requests import many, read_rest, rest_list_by_id, rows
from provisioner.ledger.state import LedgerState

_BY_ID = frozenset({"person", "lookup"})
_NEVER_STORED = frozenset({"calculated"})
_PAGE = 5000


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """One column of all rows of a list, by item id.

    `cells` holds the values in their normal form, of rows that have one; `modified` when each row
    was last changed, as SharePoint says.
    """

    cells: Mapping[int, Any]
    modified: Mapping[int, str]

    @property
    def count(self) -> int:
        """How many rows hold a value."""
        return len(self.cells)


def marker_address(address: str) -> str:
    """The address of the hidden column that says: a change of this column's type is unfinished."""
    return address_of("column", marker_name(split(address)[1]), parent_of(address))


def values_reading(column: Existing, list_id: str) -> Reading:
    """The reading of one column of all rows, in pages of 5,000.

    learn.microsoft.com, "Working with lists and list items with REST".
    """
    name = field_name(column.address, str(column.properties.get("type")))
    return read_rest(f"{rest_list_by_id(list_id)}/items?$select=Id,Modified,{name}&$top={_PAGE}")


def field_name(address: str, column_type: str) -> str:
    """What the column is called in a row: people and lookups by their ids, `_x` as `OData__x`."""
    plain = split(address)[1]
    name = f"OData_{plain}" if plain.startswith("_") else plain
    return f"{name}Id" if column_type in _BY_ID else name


def parsed(column: Existing, answer: Answer, scope: Scope) -> ColumnValues:
    """The values in an answer to `values_reading`."""
    kind = str(column.properties.get("type"))
    name = field_name(column.address, kind)
    shape = str(column.properties.get("format")) if kind == "dateTime" else kind
    found = {int(row["Id"]): row for row in rows(answer.body)}
    read = {item: _normal(row.get(name), shape, scope) for item, row in found.items()}
    return ColumnValues(
        {item: value for item, value in read.items() if value not in (None, "", [])},
        {item: str(row.get("Modified") or "") for item, row in found.items()},
    )


def _normal(value: Any, shape: str, scope: Scope) -> Any:
    if shape in _BY_ID:
        return sorted(many(value)) if isinstance(value, (list, dict)) else value
    if isinstance(value, str) and shape not in {"dateOnly", "dateTime", "hyperlink"}:
        return value  # every blank counts when a value is to be kept
    return canonical(value, shape, scope)


async def read_values(
    transport: Transport,
    desired: Desired,
    existing: Mapping[str, Existing],
    ledger: LedgerState,
    leaving: Collection[str] = (),
) -> dict[str, ColumnValues]:
    """The values of each list column whose type is to change, or that the file has dropped.

    `leaving` are addresses of those that are to give way to the site's. No request is sent where
    there is none. Raises what `Transport.read` raises.
    """
    asked = {
        one.address: values_reading(one, existing[parent_of(one.address)].ids["id"])
        for one in _in_question(desired, existing, ledger, leaving)
    }
    if not asked:
        return {}
    answers = await transport.read(list(dict.fromkeys(asked.values())))
    return {
        address: parsed(existing[address], answers[reading], desired.scope)
        for address, reading in asked.items()
    }


def _in_question(
    desired: Desired,
    existing: Mapping[str, Existing],
    ledger: LedgerState,
    leaving: Collection[str],
) -> Iterable[Existing]:
    for address, one in existing.items():
        if one.kind != "column" or parent_of(address) not in existing:
            continue
        if not address.startswith("list:") or one.properties.get("type") in _NEVER_STORED:
            continue
        wanted = desired.resources.get(address)
        if wanted is None:
            if address in leaving:
                yield one
            elif address in ledger.objects and LEDGER_ADDRESS in desired.resources:
                yield one  # dropped from the file; an import declares nothing and drops nothing
        elif marker_address(address) in existing or any(
            path in wanted.properties and wanted.properties[path] != one.properties.get(path)
            for path in ("type", "multiple")
        ):
            yield one

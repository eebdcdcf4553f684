"""Requests that change the type of a list's column in place.

`FieldTypeKind` of a field and `AllowMultipleValues` of a lookup or person field can be written
(learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference, "Fields REST API
reference"). The first and the last request make and remove a hidden column: while it is there, the
change is unfinished and the values stand in the ledger. What reads, compares and writes the values
between them is `engine/type_switch.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation, ref
from provisioner.kinds.column_requests import KEEP_INTERNAL_NAME, update
from provisioner.kinds.requests import VERBOSE, rest, rest_list

MARK, UNMARK = "Mark the change of", "Remove the mark of"
"""How `Operation.what` of the first and the last request begins."""
_KINDS = {
    "text": 2,
    "note": 3,
    "dateTime": 4,
    "choice": 6,
    "boolean": 8,
    "number": 9,
    "currency": 10,
}
_SEVERAL = 15
"""FieldTypeKind of a choice with several values (FieldType enumeration)."""
_LONGEST = 32
"""Characters of an internal name."""
_MARKER = "__was"
_SHAPE = ("type", "multiple")


def marker_name(name: str) -> str:
    """The internal name of the hidden column that says: this column's change is unfinished."""
    return f"{name[: _LONGEST - len(_MARKER)]}{_MARKER}"


def retype(change: Change, marker: str) -> Sequence[Operation]:
    """Mark; take the index away; the type; whatever else differs; remove the mark.

    `marker` is the internal name of the hidden column.
    """
    wanted, existing = change.desired, change.existing
    assert wanted is not None
    assert existing is not None
    own, there = change.address, existing.properties
    path = f"{rest_list(own)}/fields(guid'{ref(own)}')"
    made = [mark(own, marker)]
    shape = {word: wanted.properties[word] for word in _SHAPE}
    if any(wanted.properties[word] != there.get(word) for word in _SHAPE):
        if there.get("indexed"):
            made.append(_merge(own, path, "SP.Field", {"EnforceUniqueValues": False}))
            made.append(_merge(own, path, "SP.Field", {"Indexed": False}))
        made.append(_typed(own, path, wanted.properties))
    rest_of_it = replace(
        change,
        action=Action.UPDATE,
        fields=tuple(field for field in change.fields if field.path not in _SHAPE),
        existing=replace(existing, properties={**there, **shape}),
    )
    made += update(rest_of_it) if rest_of_it.fields else ()
    return [*made, unmark(own, marker)]


def mark(own: str, marker: str) -> Operation:
    """The request that makes the hidden column."""
    told = ET.Element(
        "Field",
        {
            "Type": "Note",
            "Name": marker,
            "StaticName": marker,
            "DisplayName": marker,
            "Hidden": "TRUE",
            "CanToggleHidden": "TRUE",
        },
    )
    body = {"SchemaXml": ET.tostring(told, encoding="unicode"), "Options": KEEP_INTERNAL_NAME}
    path = f"{rest_list(own)}/fields/CreateFieldAsXml"
    return rest("POST", path, own, {"parameters": body}, what=f"{MARK} {own}")


def unmark(own: str, marker: str) -> Operation:
    """The request that removes the hidden column."""
    path = f"{rest_list(own)}/fields/getbyinternalnameortitle('{marker}')"
    return rest("DELETE", path, own, tolerates=(404,), what=f"{UNMARK} {own}")


def _typed(own: str, path: str, wanted: Mapping[str, Any]) -> Operation:
    kind, several = str(wanted["type"]), bool(wanted.get("multiple"))
    if kind in {"person", "lookup"}:
        entity = "SP.FieldUser" if kind == "person" else "SP.FieldLookup"
        return _merge(own, path, entity, {"AllowMultipleValues": several})
    return _merge(own, path, "SP.Field", {"FieldTypeKind": _SEVERAL if several else _KINDS[kind]})


def _merge(own: str, path: str, entity: str, body: dict[str, Any]) -> Operation:
    typed = {"__metadata": {"type": entity}, **body}
    return rest("MERGE", path, own, typed, headers=VERBOSE, what=f"Change the type of {own}")


def cell_update(own: str, item: int, name: str, value: Any) -> Operation:
    """The request that writes one row's value in its new type."""
    body = {name: value}
    path = f"{rest_list(own)}/items({item})"
    told = rest("MERGE", path, own, body, permission="sharepoint:Sites.Selected/write")
    return replace(told, scope=f"{own}/{item}", what=f"Write item {item} of {own} again")

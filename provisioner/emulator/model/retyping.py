"""A column becomes another type in place: which can become which, and what its values turn into.

From which type to which: kivati.com, "Supported SharePoint field type conversions". What SharePoint
makes of the values is not documented; what people report is kept here: a number becomes text with
fourteen decimals, text that is no number is lost, and a date is written in the site's own way.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import field_rules as rules
from provisioner.emulator.model import fields
from provisioner.emulator.model.fields import Field
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

_TEXTS = frozenset({"Text", "Note", "Choice"})
_NUMBERS = frozenset({"Number", "Currency"})
_BECOMES = {
    "Text": _TEXTS | _NUMBERS | {"DateTime"},
    "Choice": _TEXTS | _NUMBERS | {"DateTime", "MultiChoice"},
    "MultiChoice": frozenset({"Choice"}),
    "Number": _TEXTS | _NUMBERS | {"Boolean"},
    "Currency": _TEXTS | _NUMBERS | {"Boolean"},
    "DateTime": _TEXTS,
    "Boolean": _TEXTS | _NUMBERS,
    "User": frozenset({"UserMulti"}),
    "UserMulti": frozenset({"User"}),
    "Lookup": frozenset({"LookupMulti"}),
    "LookupMulti": frozenset({"Lookup"}),
}
_NUMERAL = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T.*)?")
# What is said of a column whatever its type.
_KEPT = frozenset(
    {
        "Required",
        "Hidden",
        "ReadOnlyField",
        "Description",
        "Group",
        "StaticName",
        "SourceID",
        "CustomFormatter",
        "ShowInNewForm",
        "ShowInEditForm",
        "ShowInDisplayForm",
        "LookupList",
        "LookupField",
        "SelectionMode",
        "SelectionGroup",
    }
)


def by_number(field: Field, number: int) -> str:
    """The type a `FieldTypeKind` stands for; the field's own where it is that already."""
    if fields.KINDS.get(field.type) == number:
        return field.type
    return next((name for name, known in fields.KINDS.items() if known == number), "")


def retype(tenant: Tenant, field: Field, kind: str) -> Field:
    """Make the column a `kind`, and its values with it. Raises `Refusal` 400 where it cannot be.

    The rows are not changed by anybody: whether Modified moves is `retypingMovesModified`.
    """
    if kind == field.type:
        return field
    if kind not in _BECOMES.get(field.type, ()) or field.builtin or not field.list_id:
        raise _refused(f"The type of the column cannot be changed from {field.type} to {kind}.")
    if field.indexed and (kind not in rules.INDEXABLE or field.unique):
        raise _refused("The type of an indexed column cannot be changed to this type.")
    doc = {name: value for name, value in field.doc.items() if name in _KEPT}
    if field.indexed:
        doc["Indexed"] = True
    tenant.run(
        "UPDATE field SET type = ?, doc = ? WHERE list_id = ? AND id = ?",
        kind,
        json.dumps(doc),
        field.list_id,
        field.id,
    )
    for row in tenant.rows(
        "SELECT id, fields, modified FROM item WHERE list_id = ?", field.list_id
    ):
        values = json.loads(row["fields"])
        if values.get(field.internal_name) is not None:
            values[field.internal_name] = _value(values[field.internal_name], field.type, kind)
            text = json.dumps(values)
            moved = bool(tenant.setting("retypingMovesModified"))
            tenant.run(
                "UPDATE item SET fields = ?, modified = ? WHERE list_id = ? AND id = ?",
                text,
                tenant.stamp() if moved else row["modified"],
                field.list_id,
                row["id"],
            )
    return fields.get(tenant, field.site_id, field.list_id, field.id)


def _value(value: Any, before: str, kind: str) -> Any:
    if kind in ("MultiChoice", "UserMulti", "LookupMulti"):
        return [value]
    if isinstance(value, list):
        return value[0] if len(value) == 1 else None
    if kind in _TEXTS:
        return _text(value, before)
    if kind in _NUMBERS:
        return _number(value)
    if kind == "Boolean":
        return value != 0
    found = _DAY.fullmatch(str(value))
    return f"{found[1]}-{found[2]}-{found[3]}T00:00:00Z" if found else None


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return float(value) if _NUMERAL.fullmatch(value) else None
    return int(value) if isinstance(value, bool) else value


def _text(value: Any, before: str) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return f"{value:.14f}"
    if before == "DateTime":
        moment = datetime.fromisoformat(str(value))
        return f"{moment.month}/{moment.day}/{moment.year}"
    return str(value)


def _refused(message: str) -> Refusal:
    return Refusal(
        400, "invalidRequest", message, rest_code="-2130575273, Microsoft.SharePoint.SPException"
    )

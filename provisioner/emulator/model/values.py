"""Values of columns: what may be written, and the form it is stored in.

Stored: text, number, true/false, ISO instant; a person or lookup as its integer id; multi-values
as arrays; a hyperlink as ``{"Url", "Description"}``. None clears. Each face turns its own spelling
into these through the functions here.
"""

from __future__ import annotations

import re
from typing import Any

from provisioner.emulator.model import dates, principals
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import LOOKUPS, OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

_ARGUMENT = "-2147024809, System.ArgumentException"
_TEXT = "-2130575155, Microsoft.SharePoint.SPException"
_NUMBERS = frozenset({"Number", "Currency", "Integer"})
_WRITABLE = frozenset(
    {
        "Text",
        "Note",
        "Choice",
        "MultiChoice",
        "Number",
        "Currency",
        "Integer",
        "DateTime",
        "Boolean",
        "URL",
        "TaxonomyFieldType",
        "TaxonomyFieldTypeMulti",
        *LOOKUPS,
    }
)
_STRING = "Collection(Edm.String)"
_INT32 = "Collection(Edm.Int32)"


def invalid() -> Refusal:
    """The answer Graph gives to most values it cannot take (microsoft-graph-docs#2745)."""
    return Refusal(400, "invalidRequest", "Invalid request", rest_code=_ARGUMENT)


def _unknown(name: str) -> Refusal:
    return Refusal(
        400,
        "invalidRequest",
        f"Field '{name}' is not recognized",
        rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    )


def _writable(opened: OpenList, name: str) -> Field:
    field = opened.columns.get(name)
    if field is None:
        raise _unknown(name)
    if field.read_only or field.type not in _WRITABLE:
        raise Refusal(400, "invalidRequest", f"Field '{name}' is read-only", rest_code=_ARGUMENT)
    return field


def scalar(opened: OpenList, field: Field, value: Any) -> Any:
    """Store form of a single JSON value for `field`. Raises `Refusal` 400 for a wrong type."""
    if field.type in ("Text", "Choice"):
        if not isinstance(value, str):
            raise invalid()
        if len(value) > int(field.doc.get("MaxLength") or 255) or "\n" in value.strip("\n"):
            raise Refusal(
                400,
                "invalidRequest",
                "Invalid text value. A text field contains invalid data. Please check the value "
                "and try again.",
                rest_code=_TEXT,
            )
        return value or None
    if field.type in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise invalid()
        return value
    if field.type == "Boolean":
        if not isinstance(value, bool):
            raise invalid()
        return value
    if field.type == "DateTime":
        return _date(opened, field, value)
    if not isinstance(value, str):
        raise invalid()
    return value or None


def from_graph(tenant: Tenant, opened: OpenList, body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Graph write, by internal name.

    Raises `Refusal` 400: a bare array for a multi-choice value (learn.microsoft.com Q&A 813838), a
    person id that is no string (microsoft-graph-docs#19901), a hyperlink value
    (msgraph-sdk-dotnet#2957), an unknown or read-only column, a wrong type.
    """
    found: dict[str, Any] = {}
    for key, value in body.items():
        if "@odata." in key or key == "id":
            continue
        base = key.removesuffix("LookupId")
        if key not in opened.columns and base != key and base in opened.columns:
            field = _writable(opened, base)
            if field.type not in LOOKUPS:
                raise _unknown(key)
            found[base] = _graph_ids(tenant, field, value, body.get(f"{key}@odata.type"))
            continue
        if key == "ContentType" and isinstance(value, str):
            found["ContentTypeId"] = opened.find_type(value)
            continue
        if key == "FileLeafRef" and opened.library:
            found[key] = value
            continue
        field = _writable(opened, key)
        if field.type in LOOKUPS or field.type == "URL" or field.type.startswith("Taxonomy"):
            raise invalid()
        if value is None:
            found[key] = None
        elif field.type == "MultiChoice":
            found[key] = _strings(value, body.get(f"{key}@odata.type"))
        else:
            found[key] = scalar(opened, field, value)
    return found


def from_rest(tenant: Tenant, opened: OpenList, body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a SharePoint REST write, by internal name.

    People and lookups are ``<Name>Id``; arrays come bare or as ``{"results": [..]}``; a hyperlink
    is ``{"Url","Description"}`` (SP.FieldUrlValue). Raises `Refusal` 400.
    """
    found: dict[str, Any] = {}
    for key, value in body.items():
        if key == "__metadata" or "odata." in key:
            continue
        if key == "ContentTypeId":
            found[key] = opened.find_type(str(value))
            continue
        base = key.removesuffix("Id")
        if key not in opened.columns and base != key and base in opened.columns:
            field = _writable(opened, base)
            if field.type not in LOOKUPS:
                raise _no_property(key)
            found[base] = _rest_ids(tenant, field, value)
            continue
        if key not in opened.columns or opened.columns[key].type in LOOKUPS:
            raise _no_property(key)
        found[key] = _rest_value(opened, _writable(opened, key), value)
    return found


def _rest_value(opened: OpenList, field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.type == "MultiChoice":
        return _strings(_results(value), _STRING)
    return hyperlink(value) if field.type == "URL" else scalar(opened, field, value)


def hyperlink(value: Any) -> dict[str, str] | None:
    """Store form of an SP.FieldUrlValue; the description is the address when it is not given."""
    if not isinstance(value, dict) or not isinstance(value.get("Url"), str):
        raise invalid()
    address = value["Url"]
    if not address:
        return None
    if not re.match(r"(https?|ftp|file|mailto|news):|/", address, re.IGNORECASE):
        raise Refusal(
            400,
            "invalidRequest",
            "Invalid URL value.",
            rest_code=_TEXT,
        )
    return {"Url": address, "Description": str(value.get("Description") or address)}


def check_ids(tenant: Tenant, field: Field, ids: list[int]) -> None:
    """Raise `Refusal` 400 unless each id is a principal, or an item of the looked-up list."""
    for each in ids:
        if field.type.startswith("User"):
            row = principals.by_id(tenant, field.site_id, each)
            if row is None:
                raise Refusal(
                    400,
                    "invalidRequest",
                    "The user does not exist or is not unique.",
                    rest_code="-2146232832, Microsoft.SharePoint.SPException",
                )
        else:
            target = tenant.one(
                "SELECT 1 FROM item WHERE list_id = ? AND id = ? AND deleted = 0",
                field.lookup_list,
                each,
            )
            if target is None:
                raise Refusal(
                    400, "invalidRequest", "The lookup item does not exist.", rest_code=_ARGUMENT
                )


def _date(opened: OpenList, field: Field, value: Any) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str):
        raise invalid()
    try:
        return dates.from_iso(value, opened.zone, only_date=dates.date_only(field))
    except ValueError:
        raise invalid() from None


def _strings(value: Any, declared: Any) -> list[str] | None:
    if declared != _STRING or not isinstance(value, list):
        raise invalid()
    if not all(isinstance(each, str) for each in value):
        raise invalid()
    return list(dict.fromkeys(value)) or None


def _graph_ids(tenant: Tenant, field: Field, value: Any, declared: Any) -> Any:
    if field.multi:
        if value is None:
            return None
        if declared not in (_INT32, _STRING) or not isinstance(value, list):
            raise invalid()
        ids = [_number(each) for each in value]
        check_ids(tenant, field, ids)
        return list(dict.fromkeys(ids)) or None
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isdigit():
        raise Refusal(400, "generalException", "General exception while processing")
    check_ids(tenant, field, [int(value)])
    return int(value)


def _rest_ids(tenant: Tenant, field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.multi:
        value = _results(value)
        if not isinstance(value, list):
            raise invalid()
        ids = [_number(each) for each in value]
        check_ids(tenant, field, ids)
        return list(dict.fromkeys(ids)) or None
    number = _number(value)
    if number in (0, -1):
        return None
    check_ids(tenant, field, [number])
    return number


def _number(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise invalid()
    return int(value)


def _results(value: Any) -> Any:
    return value["results"] if isinstance(value, dict) and "results" in value else value


def _no_property(name: str) -> Refusal:
    return Refusal(
        400,
        "invalidRequest",
        f"The property '{name}' does not exist on type 'SP.ListItem'. Make sure to only use "
        "property names that are defined by the type.",
        rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    )

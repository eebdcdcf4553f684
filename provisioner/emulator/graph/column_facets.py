"""From Graph's `columnDefinition` to the columns as SharePoint keeps them.

Facets: learn.microsoft.com/graph/api/resources/columndefinition and the page of each facet.
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.graph.facet_readers import FACET_READERS, UNDETERMINED, bad
from provisioner.emulator.model.fields import Field

FACETS = frozenset(
    {
        "boolean",
        "calculated",
        "choice",
        "contentApprovalStatus",
        "currency",
        "dateTime",
        "geolocation",
        "hyperlinkOrPicture",
        "lookup",
        "number",
        "personOrGroup",
        "term",
        "text",
        "thumbnail",
    }
)
SETTABLE = frozenset(
    {
        "name",
        "displayName",
        "description",
        "columnGroup",
        "required",
        "hidden",
        "readOnly",
        "indexed",
        "enforceUniqueValues",
        "defaultValue",
        "validation",
        "propagateChanges",
    }
)
_BOOLEANS = {
    "required": "Required",
    "hidden": "Hidden",
    "readOnly": "ReadOnlyField",
    "indexed": "Indexed",
    "enforceUniqueValues": "EnforceUniqueValues",
}
# Which members each facet has: an unknown one is refused.
_MEMBERS = {
    "text": {
        "allowMultipleLines",
        "appendChangesToExistingText",
        "linesForEditing",
        "maxLength",
        "textType",
    },
    "choice": {"allowTextEntry", "choices", "displayAs"},
    "number": {"decimalPlaces", "displayAs", "maximum", "minimum"},
    "dateTime": {"displayAs", "format"},
    "boolean": set(),
    "personOrGroup": {"allowMultipleSelection", "chooseFromType", "displayAs"},
    "lookup": {
        "allowMultipleValues",
        "allowUnlimitedLength",
        "columnName",
        "listId",
        "primaryLookupColumnId",
    },
    "calculated": {"format", "formula", "outputType"},
}


def _checked(facet: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad(f"The facet '{facet}' is not an object.")
    members = {k: v for k, v in value.items() if not k.startswith("@")}
    for name in members:
        if name not in _MEMBERS[facet]:
            raise bad(f"The property '{name}' does not exist on the facet '{facet}'.")
    return members


def facet_of(body: dict[str, Any]) -> str:
    """The one type facet of a new column.

    Raises `Refusal` 400 for none, for two, for ``type`` (read-only), and for the facets the
    service refuses on list columns: currency (microsoftgraph/microsoft-graph-docs #1977, #3191,
    #8294, #17121); hyperlinkOrPicture, term and the rest, which nobody has shown to work.
    """
    if "type" in body:
        raise bad("The property 'type' is read-only.")
    present = sorted(name for name in FACETS if body.get(name) is not None)
    if len(present) != 1 or present[0] not in _MEMBERS:
        raise bad(UNDETERMINED)
    return present[0]


def to_store(
    body: dict[str, Any], facet: str, current: Field | None = None
) -> tuple[str, dict[str, Any]]:
    """(SharePoint type, properties under REST names) of a facet. Raises `Refusal` 400.

    With `current` only the members given are set and the type must stay what it is.
    """
    value = _checked(facet, body[facet])
    kind, doc = FACET_READERS[facet](value)
    if current is not None:
        kind = _same_type(current, facet, kind, value)
        doc = {k: v for k, v in doc.items() if k in _named_by(facet, value)}
    return kind, doc


def _same_type(current: Field, facet: str, kind: str, value: dict[str, Any]) -> str:
    family = {
        "Text": "text",
        "Note": "text",
        "Choice": "choice",
        "MultiChoice": "choice",
        "User": "personOrGroup",
        "UserMulti": "personOrGroup",
        "Lookup": "lookup",
        "LookupMulti": "lookup",
        "Number": "number",
        "DateTime": "dateTime",
        "Boolean": "boolean",
        "Calculated": "calculated",
    }
    if family.get(current.type) != facet:
        raise bad("The type of a column cannot be changed.")
    switches = {
        "text": "allowMultipleLines",
        "personOrGroup": "allowMultipleSelection",
        "lookup": "allowMultipleValues",
    }
    if switches.get(facet) in value and kind != current.type:
        raise bad("The type of a column cannot be changed.")
    return current.type


_NAMES = {
    ("text", "maxLength"): "MaxLength",
    ("text", "linesForEditing"): "NumberOfLines",
    ("text", "appendChangesToExistingText"): "AppendOnly",
    ("text", "textType"): "RichText",
    ("choice", "choices"): "Choices",
    ("choice", "allowTextEntry"): "FillInChoice",
    ("choice", "displayAs"): "EditFormat",
    ("number", "decimalPlaces"): "DisplayFormat",
    ("number", "displayAs"): "ShowAsPercentage",
    ("number", "minimum"): "MinimumValue",
    ("number", "maximum"): "MaximumValue",
    ("dateTime", "format"): "DisplayFormat",
    ("dateTime", "displayAs"): "FriendlyDisplayFormat",
    ("personOrGroup", "chooseFromType"): "SelectionMode",
    ("personOrGroup", "displayAs"): "_DisplayAs",
    ("lookup", "listId"): "LookupList",
    ("lookup", "columnName"): "LookupField",
    ("lookup", "allowUnlimitedLength"): "UnlimitedLengthInDocumentLibrary",
    ("lookup", "primaryLookupColumnId"): "PrimaryFieldId",
    ("calculated", "formula"): "Formula",
    ("calculated", "outputType"): "OutputType",
    ("calculated", "format"): "DateFormat",
}


def _named_by(facet: str, value: dict[str, Any]) -> set[str]:
    return {_NAMES[facet, name] for name in value if (facet, name) in _NAMES}


def common(body: dict[str, Any]) -> dict[str, Any]:
    """The properties every column has, under REST names. Raises `Refusal` 400."""
    doc: dict[str, Any] = {}
    for name, stored in _BOOLEANS.items():
        if body.get(name) is not None:
            if not isinstance(body[name], bool):
                raise bad(f"The property '{name}' must be true or false.")
            doc[stored] = body[name]
    if body.get("description") is not None:
        doc["Description"] = str(body["description"])
    if body.get("columnGroup") is not None:
        doc["Group"] = str(body["columnGroup"])
    if "defaultValue" in body:
        doc |= _default(body["defaultValue"])
    if body.get("validation") is not None:
        rule = body["validation"]
        words = rule.get("descriptions") or [{}]
        doc["ValidationFormula"] = rule.get("formula")
        doc["ValidationMessage"] = words[0].get("displayName")
    return doc


def _default(value: Any) -> dict[str, Any]:
    if value is None:
        return {"DefaultValue": None, "DefaultFormula": None}
    if not isinstance(value, dict) or not {"value", "formula"} >= {
        k for k in value if not k.startswith("@")
    }:
        raise bad("defaultValue has 'value' or 'formula'.")
    if value.get("value") is not None and not isinstance(value["value"], str):
        raise bad("defaultValue.value must be text.")
    return {"DefaultValue": value.get("value"), "DefaultFormula": value.get("formula")}


def unknown(body: dict[str, Any]) -> set[str]:
    """Members of the body a column does not have."""
    return {k for k in body if "@" not in k} - SETTABLE - FACETS - {"type", "id"}

"""From a column as SharePoint keeps it to Graph's `columnDefinition`.

The columnDefinition page (learn.microsoft.com/graph/api/resources/columndefinition) says what a
*response* never has: validation, hyperlinkOrPicture, term, type and more. So they are not given.
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.graph.facet_readers import DECIMALS, FRIENDLY, MAX_TEXT, OUTPUTS
from provisioner.emulator.graph.projection import Resource
from provisioner.emulator.model.fields import Field

_LARGEST = 1.7976931348623157e308
LOCALES = {
    1033: "en-us",
    1036: "fr-fr",
    1031: "de-de",
    2057: "en-gb",
    3082: "es-es",
    1043: "nl-nl",
}


def resource(field: Field, group: str) -> Resource:
    """A column as Graph answers it, without what it never gives back."""
    doc = field.doc
    entity: dict[str, Any] = {
        "id": field.id,
        "name": field.internal_name,
        "displayName": field.title,
        "description": doc.get("Description") or "",
        "columnGroup": doc.get("Group") or group,
        "enforceUniqueValues": field.unique,
        "hidden": field.hidden,
        "indexed": field.indexed,
        "readOnly": field.read_only,
        "required": field.required,
    }
    if doc.get("DefaultValue") is not None:
        entity["defaultValue"] = {"value": doc["DefaultValue"]}
    elif doc.get("DefaultFormula"):
        entity["defaultValue"] = {"formula": doc["DefaultFormula"]}
    return Resource(entity | _facet(field))


def _facet(field: Field) -> dict[str, Any]:
    if field.type in ("Lookup", "LookupMulti") and not field.lookup_list:
        return {}  # the built-in look-ups into the list's own data have no facet
    found = _FACETS.get(field.type)
    return {} if found is None else {found[0]: found[1](field)}


def _text(field: Field) -> dict[str, Any]:
    return {
        "allowMultipleLines": False,
        "appendChangesToExistingText": False,
        "linesForEditing": 0,
        "maxLength": field.doc.get("MaxLength", MAX_TEXT),
    }


def _note(field: Field) -> dict[str, Any]:
    return {
        "allowMultipleLines": True,
        "appendChangesToExistingText": bool(field.doc.get("AppendOnly")),
        "linesForEditing": field.doc.get("NumberOfLines", 6),
        "textType": "richText" if field.doc.get("RichText") else "plain",
    }


def _choice(field: Field) -> dict[str, Any]:
    shown = "radioButtons" if field.doc.get("EditFormat") == 1 else "dropDownMenu"
    return {
        "allowTextEntry": bool(field.doc.get("FillInChoice")),
        "choices": list(field.choices),
        "displayAs": "checkBoxes" if field.type == "MultiChoice" else shown,
    }


def _number(field: Field) -> dict[str, Any]:
    return {
        "decimalPlaces": _places(int(field.doc.get("DisplayFormat", -1))),
        "displayAs": "percentage" if field.doc.get("ShowAsPercentage") else "number",
        "maximum": field.doc.get("MaximumValue", _LARGEST),
        "minimum": field.doc.get("MinimumValue", -_LARGEST),
    }


def _date(field: Field) -> dict[str, Any]:
    names = {number: name for name, number in FRIENDLY.items()}
    return {
        "displayAs": names[int(field.doc.get("FriendlyDisplayFormat", 0))],
        "format": "dateOnly" if field.doc.get("DisplayFormat") == 0 else "dateTime",
    }


def _currency(field: Field) -> dict[str, Any]:
    return {"locale": LOCALES.get(field.doc.get("CurrencyLocaleId", 1033), "en-us")}


def _boolean(_field: Field) -> dict[str, Any]:
    return {}


def _person(field: Field) -> dict[str, Any]:
    only = field.doc.get("SelectionMode") == 0
    return {
        "allowMultipleSelection": field.multi,
        "chooseFromType": "peopleOnly" if only else "peopleAndGroups",
        "displayAs": field.doc.get("_DisplayAs", "nameWithPresence"),
    }


def _lookup(field: Field) -> dict[str, Any]:
    facet = {
        "allowMultipleValues": field.multi,
        "allowUnlimitedLength": bool(field.doc.get("UnlimitedLengthInDocumentLibrary")),
        "columnName": field.lookup_field,
        "listId": field.lookup_list,
    }
    if field.doc.get("PrimaryFieldId"):
        facet["primaryLookupColumnId"] = field.doc["PrimaryFieldId"]
    return facet


def _calculated(field: Field) -> dict[str, Any]:
    outputs = {number: name for name, number in OUTPUTS.items()}
    return {
        "format": "dateTime" if field.doc.get("DateFormat") == 1 else "dateOnly",
        "formula": field.doc.get("Formula", ""),
        "outputType": outputs[int(field.doc.get("OutputType", 2))],
    }


_FACETS = {
    "Text": ("text", _text),
    "Note": ("text", _note),
    "Choice": ("choice", _choice),
    "MultiChoice": ("choice", _choice),
    "Number": ("number", _number),
    "Currency": ("currency", _currency),
    "DateTime": ("dateTime", _date),
    "Boolean": ("boolean", _boolean),
    "User": ("personOrGroup", _person),
    "UserMulti": ("personOrGroup", _person),
    "Lookup": ("lookup", _lookup),
    "LookupMulti": ("lookup", _lookup),
    "Calculated": ("calculated", _calculated),
}


def _places(number: int) -> str:
    return DECIMALS[number] if 0 <= number < len(DECIMALS) else "automatic"

"""Column definitions as XML: read from ``CreateFieldAsXml`` and written for ``SchemaXml``.

Attributes are those of the Field element (learn.microsoft.com/sharepoint/dev/schema/
field-element-field); inside the emulator they live under their SharePoint REST names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.emulator.model.fields import KINDS
from provisioner.emulator.wire import Refusal

DECIMALS_AUTOMATIC = -1
_CALENDAR = {"DateOnly": 0, "DateTime": 1}
BEHAVIOURS = {0: "None", 1: "Cascade", 2: "Restrict"}
FRIENDLY = {"Unspecified": 0, "Disabled": 1, "Relaxed": 2}
FLAGS = {
    "Required": "Required",
    "Hidden": "Hidden",
    "ReadOnly": "ReadOnlyField",
    "Indexed": "Indexed",
    "EnforceUniqueValues": "EnforceUniqueValues",
    "FillInChoice": "FillInChoice",
    "RichText": "RichText",
    "AppendOnly": "AppendOnly",
    "Percentage": "ShowAsPercentage",
    "UnlimitedLengthInDocumentLibrary": "UnlimitedLengthInDocumentLibrary",
    "Sealed": "Sealed",
    "ShowInNewForm": "ShowInNewForm",
    "ShowInEditForm": "ShowInEditForm",
    "ShowInDisplayForm": "ShowInDisplayForm",
}
TEXTS = {
    "Description": "Description",
    "Group": "Group",
    "StaticName": "StaticName",
    "SourceID": "SourceID",
    "ShowField": "LookupField",
    "CustomFormatter": "CustomFormatter",
}
NUMBERS = {"MaxLength": "MaxLength", "NumLines": "NumberOfLines", "LCID": "CurrencyLocaleId"}
LIMITS = (("Min", "MinimumValue"), ("Max", "MaximumValue"))
CHILDREN = (
    ("Default", "DefaultValue"),
    ("DefaultFormula", "DefaultFormula"),
    ("Formula", "Formula"),
)
TERM = {
    "SspId": "",
    "TermSetId": "",
    "AnchorId": "00000000-0000-0000-0000-000000000000",
    "TextField": "",
    "Open": False,
    "UserCreated": False,
    "IsPathRendered": False,
    "IsKeyword": False,
}
_NUMBERED = re.compile(r"\d+")
OUTPUT = {"Text": 2, "DateTime": 4, "Boolean": 8, "Number": 9, "Currency": 10}


def _refuse(message: str) -> Refusal:
    return Refusal(
        400, "invalidRequest", message, rest_code="-2130575340, Microsoft.SharePoint.SPException"
    )


def _flag(value: str) -> bool:
    return value.strip().upper() in ("TRUE", "1")


def parse(text: str) -> tuple[str, str | None, str, str | None, dict[str, Any]]:
    """(type, internal name or None, title, id or None, properties) of a Field element.

    Raises `Refusal` 400 for bad XML, another element or a type that is not installed.
    """
    try:
        element = ET.fromstring(text)  # noqa: S314 - entities are refused below
    except ET.ParseError:
        raise _refuse("The field schema is not valid XML.") from None
    if element.tag != "Field" or "<!" in text:
        raise _refuse("The field schema must be a Field element.")
    given = element.attrib
    kind = given.get("Type", "")
    if kind in ("User", "Lookup") and _flag(given.get("Mult", "")):
        kind += "Multi"
    if kind not in KINDS or kind in ("Computed", "File", "Counter", "Attachments", "ModStat"):
        raise _refuse(
            f"Field type {kind} is not installed properly. Go to the list settings page to delete this field."
        )
    title = given.get("DisplayName") or given.get("Name")
    if not title:
        raise _refuse("The field schema has neither DisplayName nor Name.")
    doc: dict[str, Any] = {
        rest: _flag(given[name]) for name, rest in FLAGS.items() if name in given
    }
    doc |= {rest: given[name] for name, rest in TEXTS.items() if name in given}
    try:
        doc |= {rest: int(given[name]) for name, rest in NUMBERS.items() if name in given}
        doc |= _by_type(kind, element)
    except ValueError:
        raise _refuse("A number in the field schema is not a number.") from None
    _children(element, doc)
    if kind.startswith("Taxonomy"):
        doc |= _read_term(element)
    field_id = given.get("ID", "").strip("{}").lower() or None
    return kind, given.get("Name") or None, title, field_id, doc


def _by_type(kind: str, element: ET.Element) -> dict[str, Any]:
    reader = _READERS.get(kind.removesuffix("Multi"))
    return {} if reader is None else reader(element.attrib)


def _read_date(given: dict[str, str]) -> dict[str, Any]:
    return {
        "DisplayFormat": _CALENDAR.get(given.get("Format", ""), 1),
        "FriendlyDisplayFormat": FRIENDLY.get(given.get("FriendlyDisplayFormat", ""), 0),
    }


def _read_number(given: dict[str, str]) -> dict[str, Any]:
    limits = {rest: float(given[name]) for name, rest in LIMITS if name in given}
    return {"DisplayFormat": int(given.get("Decimals", DECIMALS_AUTOMATIC)), **limits}


def _read_lookup(given: dict[str, str]) -> dict[str, Any]:
    doc: dict[str, Any] = {"LookupList": given.get("List", "").strip("{}").lower()}
    if "FieldRef" in given:
        doc["PrimaryFieldId"] = given["FieldRef"].strip("{}").lower()
    if "RelationshipDeleteBehavior" in given:
        behaviours = {name: number for number, name in BEHAVIOURS.items()}
        doc["RelationshipDeleteBehavior"] = behaviours.get(given["RelationshipDeleteBehavior"], 0)
    return doc


def _read_calculated(given: dict[str, str]) -> dict[str, Any]:
    result = given.get("ResultType", "Text")
    if result not in OUTPUT:
        raise _refuse(f"The result type {result} is not known.")
    return {
        "OutputType": OUTPUT[result],
        "DateFormat": _CALENDAR.get(given.get("Format", ""), 0),
        "DisplayFormat": int(given.get("Decimals", DECIMALS_AUTOMATIC)),
    }


def _read_person(given: dict[str, str]) -> dict[str, Any]:
    scope = given.get("UserSelectionScope", "0")
    if not _NUMBERED.fullmatch(scope):
        raise _refuse("UserSelectionScope is not the id of a group.")
    return {
        "SelectionMode": int(given.get("UserSelectionMode") != "PeopleOnly"),
        "SelectionGroup": int(scope),
    }


def _read_term(element: ET.Element) -> dict[str, Any]:
    """The named values of `Customization`; guids without braces, flags as true and false."""
    doc: dict[str, Any] = dict(TERM)
    for one in element.findall("Customization/ArrayOfProperty/Property"):
        name = (one.findtext("Name") or "").strip()
        value = (one.findtext("Value") or "").strip()
        if name in TERM and value:
            flag = isinstance(TERM[name], bool)
            doc[name] = _flag(value) if flag else value.strip("{}").lower()
    return doc


_READERS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "DateTime": _read_date,
    "URL": lambda given: {"DisplayFormat": int(given.get("Format") == "Image")},
    "Choice": lambda given: {"EditFormat": int(given.get("Format") == "RadioButtons")},
    "Number": _read_number,
    "Currency": _read_number,
    "Lookup": _read_lookup,
    "User": _read_person,
    "Calculated": _read_calculated,
    "Note": lambda given: {
        "RestrictedMode": given.get("RichTextMode", "Compatible") == "Compatible"
    },
}


def _children(element: ET.Element, doc: dict[str, Any]) -> None:
    for child in element:
        if child.tag == "CHOICES":
            doc["Choices"] = [choice.text or "" for choice in child.findall("CHOICE")]
        elif child.tag == "Default":
            doc["DefaultValue"] = child.text
        elif child.tag == "DefaultFormula":
            doc["DefaultFormula"] = child.text
        elif child.tag == "Formula":
            doc["Formula"] = child.text or ""
        elif child.tag == "Validation":
            doc["ValidationFormula"] = child.text or ""
            doc["ValidationMessage"] = child.get("Message", "")

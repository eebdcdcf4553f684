"""Column definitions as XML: read from ``CreateFieldAsXml`` and written for ``SchemaXml``.

Attributes are those of the Field element (learn.microsoft.com/sharepoint/dev/schema/
field-element-field); inside the emulator they live under their SharePoint REST names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.emulator.model.fields import KINDS, Field
from provisioner.emulator.wire import Refusal

_DECIMALS_AUTOMATIC = -1
_CALENDAR = {"DateOnly": 0, "DateTime": 1}
_BEHAVIOURS = {0: "None", 1: "Cascade", 2: "Restrict"}
_FRIENDLY = {"Unspecified": 0, "Disabled": 1, "Relaxed": 2}
_FLAGS = {
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
_TEXTS = {
    "Description": "Description",
    "Group": "Group",
    "StaticName": "StaticName",
    "SourceID": "SourceID",
    "ShowField": "LookupField",
    "CustomFormatter": "CustomFormatter",
}
_NUMBERS = {"MaxLength": "MaxLength", "NumLines": "NumberOfLines", "LCID": "CurrencyLocaleId"}
_LIMITS = (("Min", "MinimumValue"), ("Max", "MaximumValue"))
_CHILDREN = (
    ("Default", "DefaultValue"),
    ("DefaultFormula", "DefaultFormula"),
    ("Formula", "Formula"),
)
_TERM = {
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
_OUTPUT = {"Text": 2, "DateTime": 4, "Boolean": 8, "Number": 9, "Currency": 10}


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
        rest: _flag(given[name]) for name, rest in _FLAGS.items() if name in given
    }
    doc |= {rest: given[name] for name, rest in _TEXTS.items() if name in given}
    try:
        doc |= {rest: int(given[name]) for name, rest in _NUMBERS.items() if name in given}
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
        "FriendlyDisplayFormat": _FRIENDLY.get(given.get("FriendlyDisplayFormat", ""), 0),
    }


def _read_number(given: dict[str, str]) -> dict[str, Any]:
    limits = {rest: float(given[name]) for name, rest in _LIMITS if name in given}
    return {"DisplayFormat": int(given.get("Decimals", _DECIMALS_AUTOMATIC)), **limits}


def _read_lookup(given: dict[str, str]) -> dict[str, Any]:
    doc: dict[str, Any] = {"LookupList": given.get("List", "").strip("{}").lower()}
    if "FieldRef" in given:
        doc["PrimaryFieldId"] = given["FieldRef"].strip("{}").lower()
    if "RelationshipDeleteBehavior" in given:
        behaviours = {name: number for number, name in _BEHAVIOURS.items()}
        doc["RelationshipDeleteBehavior"] = behaviours.get(given["RelationshipDeleteBehavior"], 0)
    return doc


def _read_calculated(given: dict[str, str]) -> dict[str, Any]:
    result = given.get("ResultType", "Text")
    if result not in _OUTPUT:
        raise _refuse(f"The result type {result} is not known.")
    return {
        "OutputType": _OUTPUT[result],
        "DateFormat": _CALENDAR.get(given.get("Format", ""), 0),
        "DisplayFormat": int(given.get("Decimals", _DECIMALS_AUTOMATIC)),
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
    doc: dict[str, Any] = dict(_TERM)
    for one in element.findall("Customization/ArrayOfProperty/Property"):
        name = (one.findtext("Name") or "").strip()
        value = (one.findtext("Value") or "").strip()
        if name in _TERM and value:
            flag = isinstance(_TERM[name], bool)
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


@lru_cache(maxsize=8192)
def render(field: Field) -> str:
    """The `SchemaXml` of a column, with only the attributes that apply to its type."""
    doc = field.doc
    kind = field.type
    element = ET.Element(
        "Field",
        {
            "ID": f"{{{field.id}}}",
            "Name": field.internal_name,
            "StaticName": str(doc.get("StaticName") or field.internal_name),
            "DisplayName": field.title,
            "Type": kind,
        },
    )
    if doc.get("SourceID"):
        element.set("SourceID", str(doc["SourceID"]))
    for name, rest in _FLAGS.items():
        if rest in doc:
            element.set(name, "TRUE" if doc[rest] else "FALSE")
    for name, rest in (_TEXTS | _NUMBERS).items():
        if doc.get(rest) not in (None, "") and name not in ("StaticName", "SourceID"):
            element.set(name, str(doc[rest]))
    writer = _WRITERS.get(kind.removesuffix("Multi"))
    for name, value in ({} if writer is None else writer(field)).items():
        element.set(name, value)
    if field.multi and kind != "MultiChoice":
        element.set("Mult", "TRUE")
    _render_children(element, field)
    return ET.tostring(element, encoding="unicode")


def _render_children(element: ET.Element, field: Field) -> None:
    doc = field.doc
    if field.type.startswith("Taxonomy"):
        listed = ET.SubElement(ET.SubElement(element, "Customization"), "ArrayOfProperty")
        for name, usual in _TERM.items():
            one = ET.SubElement(listed, "Property")
            ET.SubElement(one, "Name").text = name
            value = doc.get(name, usual)
            text = str(value).lower() if isinstance(value, bool) else str(value)
            ET.SubElement(one, "Value").text = f"{{{text}}}" if name == "TextField" else text
    if field.choices:
        choices = ET.SubElement(element, "CHOICES")
        for choice in field.choices:
            ET.SubElement(choices, "CHOICE").text = choice
    for tag, rest in _CHILDREN:
        if doc.get(rest) not in (None, ""):
            ET.SubElement(element, tag).text = str(doc[rest])
    if doc.get("ValidationFormula"):
        message = str(doc.get("ValidationMessage") or "")
        rule = ET.SubElement(element, "Validation", {"Message": message})
        rule.text = str(doc["ValidationFormula"])


def _write_date(field: Field) -> dict[str, str]:
    friendly = {number: name for name, number in _FRIENDLY.items()}
    return {
        "Format": "DateOnly" if field.doc.get("DisplayFormat") == 0 else "DateTime",
        "FriendlyDisplayFormat": friendly[int(field.doc.get("FriendlyDisplayFormat", 0))],
    }


def _write_number(field: Field) -> dict[str, str]:
    doc = field.doc
    found = {name: f"{doc[rest]:.15g}" for name, rest in _LIMITS if rest in doc}
    if int(doc.get("DisplayFormat", _DECIMALS_AUTOMATIC)) >= 0:
        found["Decimals"] = str(doc["DisplayFormat"])
    return found


def _write_lookup(field: Field) -> dict[str, str]:
    found = {"List": f"{{{field.lookup_list}}}" if field.lookup_list else ""}
    if field.doc.get("PrimaryFieldId"):
        found["FieldRef"] = str(field.doc["PrimaryFieldId"])
    if field.doc.get("RelationshipDeleteBehavior"):
        found["RelationshipDeleteBehavior"] = _BEHAVIOURS[field.doc["RelationshipDeleteBehavior"]]
    return found


def _write_person(field: Field) -> dict[str, str]:
    only = field.doc.get("SelectionMode") == 0
    return {
        "List": "UserInfo",
        "UserSelectionMode": "PeopleOnly" if only else "PeopleAndGroups",
        "UserSelectionScope": str(field.doc.get("SelectionGroup", 0)),
    }


def _write_calculated(field: Field) -> dict[str, str]:
    names = {number: name for name, number in _OUTPUT.items()}
    return {
        "ResultType": names[int(field.doc.get("OutputType", 2))],
        "Format": "DateTime" if field.doc.get("DateFormat") == 1 else "DateOnly",
        "ReadOnly": "TRUE",
        **_write_number(field),
    }


_WRITERS: dict[str, Callable[[Field], dict[str, str]]] = {
    "DateTime": _write_date,
    "URL": lambda field: {
        "Format": "Image" if field.doc.get("DisplayFormat") == 1 else "Hyperlink"
    },
    "Choice": lambda field: {
        "Format": "RadioButtons" if field.doc.get("EditFormat") == 1 else "Dropdown"
    },
    "Number": _write_number,
    "Currency": _write_number,
    "Lookup": _write_lookup,
    "User": _write_person,
    "Calculated": _write_calculated,
}

"""Columns written as the XML of SchemaXml."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from xml.etree import ElementTree as ET

from provisioner.emulator.model.field_xml import (
    BEHAVIOURS,
    CHILDREN,
    DECIMALS_AUTOMATIC,
    FLAGS,
    FRIENDLY,
    LIMITS,
    NUMBERS,
    OUTPUT,
    TERM,
    TEXTS,
)
from provisioner.emulator.model.fields import Field


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
    for name, rest in FLAGS.items():
        if rest in doc:
            element.set(name, "TRUE" if doc[rest] else "FALSE")
    for name, rest in (TEXTS | NUMBERS).items():
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
        for name, usual in TERM.items():
            one = ET.SubElement(listed, "Property")
            ET.SubElement(one, "Name").text = name
            value = doc.get(name, usual)
            text = str(value).lower() if isinstance(value, bool) else str(value)
            ET.SubElement(one, "Value").text = f"{{{text}}}" if name == "TextField" else text
    if field.choices:
        choices = ET.SubElement(element, "CHOICES")
        for choice in field.choices:
            ET.SubElement(choices, "CHOICE").text = choice
    for tag, rest in CHILDREN:
        if doc.get(rest) not in (None, ""):
            ET.SubElement(element, tag).text = str(doc[rest])
    if doc.get("ValidationFormula"):
        message = str(doc.get("ValidationMessage") or "")
        rule = ET.SubElement(element, "Validation", {"Message": message})
        rule.text = str(doc["ValidationFormula"])


def _write_date(field: Field) -> dict[str, str]:
    friendly = {number: name for name, number in FRIENDLY.items()}
    return {
        "Format": "DateOnly" if field.doc.get("DisplayFormat") == 0 else "DateTime",
        "FriendlyDisplayFormat": friendly[int(field.doc.get("FriendlyDisplayFormat", 0))],
    }


def _write_number(field: Field) -> dict[str, str]:
    doc = field.doc
    found = {name: f"{doc[rest]:.15g}" for name, rest in LIMITS if rest in doc}
    if int(doc.get("DisplayFormat", DECIMALS_AUTOMATIC)) >= 0:
        found["Decimals"] = str(doc["DisplayFormat"])
    return found


def _write_lookup(field: Field) -> dict[str, str]:
    found = {"List": f"{{{field.lookup_list}}}" if field.lookup_list else ""}
    if field.doc.get("PrimaryFieldId"):
        found["FieldRef"] = str(field.doc["PrimaryFieldId"])
    if field.doc.get("RelationshipDeleteBehavior"):
        found["RelationshipDeleteBehavior"] = BEHAVIOURS[field.doc["RelationshipDeleteBehavior"]]
    return found


def _write_person(field: Field) -> dict[str, str]:
    only = field.doc.get("SelectionMode") == 0
    return {
        "List": "UserInfo",
        "UserSelectionMode": "PeopleOnly" if only else "PeopleAndGroups",
        "UserSelectionScope": str(field.doc.get("SelectionGroup", 0)),
    }


def _write_calculated(field: Field) -> dict[str, str]:
    names = {number: name for name, number in OUTPUT.items()}
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

"""Columns that Graph cannot make, as SharePoint's Field element for `CreateFieldAsXml`.

Attributes: learn.microsoft.com, "Field element (Field)".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from provisioner.core.transport import ref
from provisioner.kinds.column_locales import LOCALES


def by_xml(properties: Mapping[str, Any]) -> bool:
    """Whether Graph cannot make such a column, so that it is made from its Field element.

    Graph answers `displayAs: checkBoxes` and `currency` with an error (github.com/microsoftgraph/
    microsoft-graph-docs, issues 21021 and 1977), does not give hyperlinks and terms back, and has
    no word for the group that people are chosen from.
    """
    several = properties.get("type") == "choice" and bool(properties.get("multiple"))
    of_group = properties.get("type") == "person" and bool(properties.get("fromGroup"))
    return several or of_group or properties.get("type") in {"currency", "hyperlink", "term"}


def field_element(name: str, properties: Mapping[str, Any]) -> str:
    """The Field element of a new column, for `CreateFieldAsXml`."""
    kind = str(properties["type"])
    field = ET.Element(
        "Field",
        {
            "Type": _TYPES[kind],
            "Name": name,
            "StaticName": name,
            "DisplayName": str(properties.get("displayName") or name),
            "Required": _said(properties.get("required")),
        },
    )
    _WRITE[kind](field, properties)
    for word, flag_name in (
        ("hidden", "Hidden"),
        ("readOnly", "ReadOnly"),
        ("indexed", "Indexed"),
        ("unique", "EnforceUniqueValues"),
    ):
        if properties.get(word):
            field.set(flag_name, "TRUE")
    for attribute in ("description", "group"):
        if properties.get(attribute):
            field.set(attribute.capitalize(), str(properties[attribute]))
    given = properties.get("default")
    if given:
        tag = "DefaultFormula" if str(given).startswith("=") else "Default"
        ET.SubElement(field, tag).text = str(given)
    rule = properties.get("validation")
    if rule:
        element = ET.SubElement(field, "Validation", {"Message": rule["message"]})
        element.text = rule["formula"]
    text = ET.tostring(field, encoding="unicode")
    scope = field.get("UserSelectionScope", "")
    return text.replace(escape(scope), scope) if "&" in scope else text


def _write_choices(field: ET.Element, properties: Mapping[str, Any]) -> None:
    field.set("FillInChoice", _said(properties.get("allowTextEntry")))
    choices = ET.SubElement(field, "CHOICES")
    for choice in properties.get("choices") or ():
        ET.SubElement(choices, "CHOICE").text = str(choice)


def _write_currency(field: ET.Element, properties: Mapping[str, Any]) -> None:
    field.set("LCID", str(LOCALES[properties["locale"]]))
    for word, attribute in (("decimals", "Decimals"), ("min", "Min"), ("max", "Max")):
        if properties.get(word) is not None:
            field.set(attribute, str(properties[word]))


def _write_hyperlink(field: ET.Element, properties: Mapping[str, Any]) -> None:
    field.set("Format", "Image" if properties.get("picture") else "Hyperlink")


def _write_person(field: ET.Element, properties: Mapping[str, Any]) -> None:
    if properties.get("multiple"):
        field.set("Type", "UserMulti")
        field.set("Mult", "TRUE")
    groups = properties.get("chooseFromType") == "peopleAndGroups"
    field.set("UserSelectionMode", "PeopleAndGroups" if groups else "PeopleOnly")
    field.set("UserSelectionScope", ref(str(properties["fromGroup"])))


_TYPES = {"currency": "Currency", "hyperlink": "URL", "choice": "MultiChoice", "person": "User"}
_WRITE: Mapping[str, Callable[[ET.Element, Mapping[str, Any]], None]] = {
    "choice": _write_choices,
    "currency": _write_currency,
    "hyperlink": _write_hyperlink,
    "person": _write_person,
}


def _said(value: Any) -> str:
    return "TRUE" if value else "FALSE"

"""Columns of managed terms: made for a term set that is there already, and read back.

Graph's `term` facet is never given back (github.com/microsoftgraph/microsoft-graph-docs, issue
20202) and nobody has shown that it makes a column, so the column is made as people's tools make it:
a hidden note column that keeps the labels, then the column itself from its Field element, which
names the note, the term store and the term set (Office365-REST-Python-Client, sharepoint/taxonomy;
pnp/PnP-Sites-Core, TaxonomyExtensions). The store's id is looked up, and the set too, so that a set
that does not exist is refused before anything is made: `/_api/v2.1/termStore`, the same store as Graph's
(learn.microsoft.com/graph/api/termstore-store-get), because Graph lets no application read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from provisioner.core.transport import Operation, ref
from provisioner.kinds.requests import rest

TERM_READ = "sharepoint:TermStore.Read.All"
_STORE = "/_api/v2.1/termStore"
_NOTES = UUID("5b0fd6f9-7f1e-4c36-9d3c-3f1f9e3bb8a4")
"""Our own namespace for the ids of hidden notes: the same column gets the same note when a run that
was cut off between the two is repeated."""
_NO_TERM = "00000000-0000-0000-0000-000000000000"
_KEEP_INTERNAL_NAME = 8
_THERE_ALREADY = (400, 409, 500)
"""What SharePoint may answer when the note is there, from a run that was cut off. Were it another
refusal, the column itself would be refused next, because its note is missing."""
_TYPED = "{http://www.w3.org/2001/XMLSchema-instance}type"


def note_id(address: str) -> str:
    """The id of the hidden note column that keeps the labels of the column at `address`."""
    return str(uuid5(_NOTES, address))


def create_term(
    own: str, home: str, name: str, properties: Mapping[str, Any]
) -> Sequence[Operation]:
    """Look up store and set, make the note, make the column."""
    label = note_id(own)
    note = ET.Element(
        "Field",
        {
            "Type": "Note",
            "ID": f"{{{label}}}",
            "Name": f"t{label.replace('-', '')[:31]}",
            "StaticName": f"t{label.replace('-', '')[:31]}",
            "DisplayName": f"{name}_0",
            "Hidden": "TRUE",
            "ShowInViewForms": "FALSE",
            "CanToggleHidden": "TRUE",
        },
    )
    looked_up = (
        rest(
            "GET",
            _STORE,
            own,
            permission=TERM_READ,
            cost=1,
            produces={"termStore": "/id"},
            what="Look up the term store",
        ),
        rest(
            "GET",
            f"{_STORE}/sets/{properties['termSet']}",
            own,
            permission=TERM_READ,
            cost=1,
            what=f"Look up the term set of {own}",
        ),
    )
    return (
        *(replace(one, alone=True) for one in looked_up),  # v2.1 is not for `_api/$batch`
        rest(
            "POST",
            f"{home}/fields/CreateFieldAsXml",
            own,
            _parameters(note),
            tolerates=_THERE_ALREADY,
            what=f"Create the hidden note of {own}",
        ),
        rest(
            "POST",
            f"{home}/fields/CreateFieldAsXml",
            own,
            _parameters(_element(own, name, properties, label)),
            produces={"id": "/Id"},
            what=f"Create {own}",
        ),
    )


def _parameters(element: ET.Element) -> dict[str, Any]:
    schema = ET.tostring(element, encoding="unicode")
    return {"parameters": {"SchemaXml": schema, "Options": _KEEP_INTERNAL_NAME}}


def _element(own: str, name: str, properties: Mapping[str, Any], label: str) -> ET.Element:
    several = bool(properties.get("multiple"))
    field = ET.Element(
        "Field",
        {
            "Type": "TaxonomyFieldTypeMulti" if several else "TaxonomyFieldType",
            "Name": name,
            "StaticName": name,
            "DisplayName": str(properties.get("displayName") or name),
            "Required": "TRUE" if properties.get("required") else "FALSE",
            "EnforceUniqueValues": "FALSE",
        },
    )
    if several:
        field.set("Mult", "TRUE")
        field.set("Sortable", "FALSE")
    for word, attribute in (("hidden", "Hidden"), ("readOnly", "ReadOnly")):
        if properties.get(word):
            field.set(attribute, "TRUE")
    for word in ("description", "group"):
        if properties.get(word):
            field.set(word.capitalize(), str(properties[word]))
    listed = ET.SubElement(ET.SubElement(field, "Customization"), "ArrayOfProperty")
    for word, sort, value in (
        ("SspId", "string", ref(own, "termStore")),
        ("TermSetId", "string", str(properties["termSet"])),
        ("AnchorId", "string", str(properties.get("parentTerm") or _NO_TERM)),
        ("UserCreated", "boolean", "false"),
        ("Open", "boolean", "false"),
        ("TextField", "string", f"{{{label}}}"),
        (
            "IsPathRendered",
            "boolean",
            "true" if properties.get("showFullyQualifiedName") else "false",
        ),
        ("IsKeyword", "boolean", "false"),
    ):
        one = ET.SubElement(listed, "Property")
        ET.SubElement(one, "Name").text = word
        told = ET.SubElement(one, "Value", {_TYPED: f"q1:{sort}"})
        told.set("xmlns:q1", "http://www.w3.org/2001/XMLSchema")
        told.text = value
    return field


def customization(field: ET.Element) -> dict[str, str]:
    """The named values inside a column's `Customization` element."""
    return {
        (one.findtext("Name") or "").strip(): (one.findtext("Value") or "").strip()
        for one in field.findall("Customization/ArrayOfProperty/Property")
    }


def read_term(field: ET.Element) -> dict[str, Any]:
    """What a file says of a column of terms, and `textField`, the id of its hidden note."""
    given = customization(field)
    anchor = _plain(given.get("AnchorId"))
    return {
        "termSet": _plain(given.get("TermSetId")),
        "parentTerm": None if anchor in {"", _NO_TERM} else anchor,
        "showFullyQualifiedName": given.get("IsPathRendered", "").lower() == "true",
        "textField": _plain(given.get("TextField")),
    }


def _plain(guid: str | None) -> str:
    return (guid or "").strip().strip("{}").lower()

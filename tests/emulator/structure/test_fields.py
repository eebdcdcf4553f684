"""Columns in SharePoint REST: made from XML, merged, deleted, on lists and on the site."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest


@pytest.fixture
def add(rest: Any, the_list: Any) -> Any:
    """``add(xml, options)`` makes a column of the list from its XML."""

    def make(xml: Any, options: Any = 8, scope: Any = the_list) -> Any:
        body = {"parameters": {"SchemaXml": xml, "Options": options}}
        return rest("POST", f"{scope}/fields/createfieldasxml", body)

    return make


def test_with_option_8_the_internal_name_is_name_and_without_it_follows_display_name(
    add: Any,
) -> None:
    """AddFieldInternalNameHint (pnp/cli-microsoft365 spo field add)."""
    xml = '<Field Type="Text" Name="ctl" DisplayName="Control id"/>'
    assert add(xml).json()["InternalName"] == "ctl"
    assert add(xml, 0).json()["InternalName"] == "Control_x0020_id"
    assert add(xml, 0).json()["InternalName"] == "Control_x0020_id0"


def test_a_long_display_name_is_cut_at_32_characters(add: Any) -> None:
    made = add(f'<Field Type="Text" DisplayName="{"a" * 40}"/>', 0).json()
    assert made["InternalName"] == "a" * 32


SAMPLES = {
    "Text": '<Field Type="Text" Name="X" DisplayName="X" MaxLength="50"/>',
    "Note": '<Field Type="Note" Name="X" DisplayName="X" NumLines="4" RichText="TRUE"/>',
    "DateTime": '<Field Type="DateTime" Name="X" DisplayName="X" Format="DateOnly"/>',
    "Choice": '<Field Type="Choice" Name="X" DisplayName="X" Format="RadioButtons" FillInChoice="TRUE">'
    "<Default>a</Default><CHOICES><CHOICE>a</CHOICE><CHOICE>b</CHOICE></CHOICES></Field>",
    "MultiChoice": '<Field Type="MultiChoice" Name="X" DisplayName="X"><CHOICES><CHOICE>a</CHOICE>'
    "</CHOICES></Field>",
    "Boolean": '<Field Type="Boolean" Name="X" DisplayName="X"><Default>1</Default></Field>',
    "Number": '<Field Type="Number" Name="X" DisplayName="X" Min="0" Max="5" Decimals="1"/>',
    "Currency": '<Field Type="Currency" Name="X" DisplayName="X" LCID="1033"/>',
    "URL": '<Field Type="URL" Format="Hyperlink" Name="X" DisplayName="X"/>',
    "User": '<Field Type="User" Name="X" DisplayName="X" UserSelectionMode="PeopleOnly"/>',
    "UserMulti": '<Field Type="UserMulti" Mult="TRUE" Name="X" DisplayName="X"/>',
    "Calculated": '<Field Type="Calculated" Name="X" DisplayName="X" ResultType="Number">'
    "<Formula>=[ID]*2</Formula></Field>",
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_field_of_each_type_is_made_and_its_schema_makes_it_again(
    rest: Any, add: Any, kind: Any
) -> None:
    made = add(SAMPLES[kind])
    assert made.status_code == 201, made.text
    field = made.json()
    assert field["TypeAsString"] == kind
    again = ET.fromstring(field["SchemaXml"])
    again.set("Name", "Y")
    del again.attrib["ID"], again.attrib["StaticName"]
    copy = add(ET.tostring(again, encoding="unicode"))
    assert copy.status_code == 201, copy.text
    own = {"Id", "InternalName", "StaticName", "EntityPropertyName", "SchemaXml"}
    assert {k: v for k, v in copy.json().items() if k not in own} == {
        k: v for k, v in field.items() if k not in own
    }


def test_what_a_type_says_of_itself(add: Any) -> None:
    assert (
        add(SAMPLES["Choice"]).json().items()
        >= {
            "Choices": ["a", "b"],
            "EditFormat": 1,
            "FillInChoice": True,
            "DefaultValue": "a",
            "FieldTypeKind": 6,
        }.items()
    )


def test_a_lookup_names_its_list_and_one_that_is_not_there_is_refused(
    add: Any, list_id: Any
) -> None:
    xml = '<Field Type="Lookup" Name="{0}" DisplayName="R" List="{{{1}}}" ShowField="Title"/>'
    made = add(xml.format("R", list_id.upper())).json()
    assert (made["LookupList"], made["LookupField"]) == (f"{{{list_id}}}", "Title")
    assert add(xml.format("S", "11111111-1111-1111-1111-111111111111")).status_code == 400


@pytest.mark.parametrize(
    "xml",
    [
        "<Field",
        "<View/>",
        '<Field Type="Text"/>',
        '<Field Type="Nope" Name="X" DisplayName="X"/>',
        '<Field Type="Number" Name="X" DisplayName="X" Min="low"/>',
        '<Field Type="Note" Name="X" DisplayName="X" Indexed="TRUE"/>',
        '<Field Type="Text" Name="X" DisplayName="X" EnforceUniqueValues="TRUE"/>',
        '<Field Type="Calculated" Name="X" DisplayName="X"><Formula>=[No]</Formula></Field>',
        '<!DOCTYPE a [<!ENTITY b "c">]><Field Type="Text" Name="X" DisplayName="&b;"/>',
    ],
)
def test_a_schema_the_service_cannot_use_is_refused(add: Any, xml: Any) -> None:
    """An unknown type: "field types are not installed" (-2130575340)."""
    assert add(xml).status_code == 400


def test_a_name_that_is_taken_is_refused_with_the_hint(add: Any) -> None:
    assert add(SAMPLES["Text"]).status_code == 201
    assert add(SAMPLES["Text"]).status_code == 409
    assert add('<Field Type="Text" Name="Y" DisplayName="X"/>', 8 | 32).status_code == 409


def test_option_16_puts_the_field_in_the_default_view(rest: Any, add: Any, the_list: Any) -> None:
    add('<Field Type="Text" Name="A" DisplayName="A"/>', 8)
    add('<Field Type="Text" Name="B" DisplayName="B"/>', 8 | 16)
    shown = rest("GET", f"{the_list}/DefaultView?$expand=ViewFields").json()["ViewFields"]["Items"]
    assert shown == ["LinkTitle", "B"]


def test_a_merge_sets_what_can_be_set(rest: Any, add: Any, the_list: Any) -> None:
    add(SAMPLES["Choice"])
    changes = {
        "Title": "New title",
        "Description": "d",
        "Required": True,
        "Hidden": True,
        "Indexed": True,
        "Choices": ["a", "b", "c"],
        "DefaultValue": "b",
        "CustomFormatter": json.dumps({"a": 1}),
        "ValidationFormula": "=LEN(New)>1",
        "ValidationMessage": "m",
        "Group": "Evidence",
    }
    address = f"{the_list}/fields/getbyinternalnameortitle('X')"
    refused = rest("PATCH", address, changes)
    assert refused.status_code == 400  # a formula may only name columns that exist
    changes["ValidationFormula"] = "=LEN([X])>1"
    assert rest("PATCH", address, changes).status_code == 204
    read = rest("GET", address).json()
    assert {k: read[k] for k in changes} == changes | {"ValidationFormula": "=LEN(X)>1"}


@pytest.mark.parametrize(
    "change",
    [
        {"InternalName": "Y"},
        {"TypeAsString": "Note"},
        {"Id": "x"},
        {"Required": "yes"},
        {"MaxLength": True},
        {"Choices": ["a"]},
        {"CustomFormatter": "{"},
        {"Nothing": 1},
        {"EnforceUniqueValues": True},
    ],
)
def test_what_a_merge_cannot_set_is_refused(
    rest: Any, add: Any, the_list: Any, change: Any
) -> None:
    add(SAMPLES["Text"])
    assert rest("PATCH", f"{the_list}/fields/getbytitle('X')", change).status_code == 400


def test_a_field_is_deleted_from_views_too_and_a_built_in_one_stays(
    rest: Any, add: Any, the_list: Any
) -> None:
    add('<Field Type="Text" Name="B" DisplayName="B"/>', 8 | 16)
    assert rest("DELETE", f"{the_list}/fields/getbytitle('B')").status_code == 200
    assert rest("GET", f"{the_list}/fields/getbytitle('B')").status_code == 404
    shown = rest("GET", f"{the_list}/DefaultView/ViewFields").json()["Items"]
    assert shown == ["LinkTitle"]
    assert rest("DELETE", f"{the_list}/fields/getbytitle('Title')").status_code == 400


def test_a_site_column_is_made_from_xml_and_read_in_graph(
    graph: Any, rest: Any, add: Any, site_id: Any
) -> None:
    made = add(
        '<Field Type="MultiChoice" Name="Tsc" DisplayName="TSC" Group="Evidence"><CHOICES>'
        "<CHOICE>CC1.1</CHOICE></CHOICES></Field>",
        8,
        "/_api/web",
    )
    assert made.status_code == 201, made.text
    read = graph("GET", f"/sites/{site_id}/columns/{made.json()['Id']}").json()
    assert (read["name"], read["columnGroup"]) == ("Tsc", "Evidence")
    assert (
        rest("PATCH", "/_api/web/fields/getbytitle('TSC')", {"Title": "Criteria"}).status_code
        == 204
    )
    assert rest("DELETE", f"/_api/web/fields(guid'{made.json()['Id']}')").status_code == 200


def test_a_site_column_added_by_its_schema_keeps_its_id_and_its_link(
    rest: Any, add: Any, the_list: Any
) -> None:
    """pnp/pnpcore#1294: SchemaXml with option 8 keeps SourceID."""
    site_field = add('<Field Type="Text" Name="Ctl" DisplayName="Ctl"/>', 8, "/_api/web").json()
    copy = add(site_field["SchemaXml"]).json()
    assert copy["Id"] == site_field["Id"]
    source = ET.fromstring(site_field["SchemaXml"]).get("SourceID")
    assert ET.fromstring(copy["SchemaXml"]).get("SourceID") == source


def test_fields_are_filtered_and_selected(rest: Any, the_list: Any) -> None:
    found = rest(
        "GET", f"{the_list}/fields?$filter=InternalName eq 'Title'&$select=InternalName,Required"
    )
    assert found.json()["value"] == [{"InternalName": "Title", "Required": True}]


def test_a_simple_field_is_made_from_its_kind(rest: Any, the_list: Any) -> None:
    """Kinds: Office365-REST-Python-Client sharepoint/fields/type.py."""
    body = {"Title": "Audit status", "FieldTypeKind": 15, "Choices": ["a", "b"]}
    made = rest("POST", f"{the_list}/fields", body)
    assert made.status_code == 201, made.text
    assert made.json()["TypeAsString"] == "MultiChoice"
    assert made.json()["InternalName"] == "Audit_x0020_status"
    for wrong in ({"FieldTypeKind": 17}, {"FieldTypeKind": 7}, {"Title": ""}, {"Nothing": 1}):
        assert rest("POST", f"{the_list}/fields", body | wrong).status_code == 400


def test_retitling_title_retitles_the_columns_that_link_to_it(rest: Any, the_list: Any) -> None:
    address = f"{the_list}/fields/getbyinternalnameortitle"
    assert rest("PATCH", f"{address}('Title')", {"Title": "Risk"}).status_code == 204
    assert rest("GET", f"{address}('LinkTitle')").json()["Title"] == "Risk"

"""Columns of terms, forms, relationships, and a type that changes in place, in SharePoint REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

SET = "8ed8c9ea-7052-4c1d-a4d7-b9c10bffea6f"
NOTE = "5b0fd6f9-7f1e-4c36-9d3c-3f1f9e3bb8a5"


@pytest.fixture
def add(rest: Any, the_list: str) -> Any:
    """``add(xml)`` makes a column of the list and keeps its internal name."""

    def make(xml: str) -> Any:
        body = {"parameters": {"SchemaXml": xml, "Options": 8}}
        return rest("POST", f"{the_list}/fields/createfieldasxml", body)

    return make


def terms(text_field: str = NOTE, **other: str) -> str:
    said = {"SspId": SET, "TermSetId": SET, "TextField": f"{{{text_field}}}", **other}
    inside = "".join(
        f"<Property><Name>{n}</Name><Value>{v}</Value></Property>" for n, v in said.items()
    )
    return (
        '<Field Type="TaxonomyFieldTypeMulti" Mult="TRUE" Name="Area" DisplayName="Area">'
        f"<Customization><ArrayOfProperty>{inside}</ArrayOfProperty></Customization></Field>"
    )


def test_the_term_store_says_its_id_and_which_sets_it_has(rest: Any, site: str) -> None:
    """learn.microsoft.com/graph/api/termstore-store-get, at its address in SharePoint."""
    assert site
    store = "/_api/v2.1/termStore"
    assert rest("GET", store).status_code == 403, "it takes TermStore.Read.All"
    assert len(rest("GET", store, app="provisioner").json()["id"]) == 36
    assert rest("GET", f"{store}/sets/{SET}", app="provisioner").json()["id"] == SET
    assert rest("GET", f"{store}/sets/{NOTE}", app="provisioner").status_code == 404


def test_a_column_of_terms_needs_its_hidden_note(add: Any, rest: Any, the_list: str) -> None:
    """Office365-REST-Python-Client, github.com/vgrem: sharepoint/taxonomy makes the note first."""
    assert add(terms()).status_code == 400
    note = add(f'<Field Type="Note" ID="{{{NOTE}}}" Name="n1" DisplayName="Area_0" Hidden="TRUE"/>')
    assert note.status_code in (200, 201)
    assert add(terms(TermSetId="")).status_code == 400
    made = add(terms(IsPathRendered="true")).json()
    read = rest("GET", f"{the_list}/fields(guid'{made['Id']}')").json()
    assert (read["TypeAsString"], read["FieldTypeKind"]) == ("TaxonomyFieldTypeMulti", 0)
    assert (read["TermSetId"], read["TextField"], read["IsPathRendered"]) == (SET, NOTE, True)
    assert f"<Name>TermSetId</Name><Value>{SET}</Value>" in read["SchemaXml"]


def test_a_column_is_shown_and_hidden_in_each_form(add: Any, rest: Any, the_list: str) -> None:
    """learn.microsoft.com, "Fields REST API reference": SetShowInNewForm."""
    made = add('<Field Type="Text" Name="T" DisplayName="T"/>').json()
    path = f"{the_list}/fields(guid'{made['Id']}')"
    assert rest("POST", f"{path}/setshowinnewform(false)").status_code == 200
    assert rest("POST", f"{path}/setshowineditform(perhaps)").status_code == 400
    schema = rest("GET", path).json()["SchemaXml"]
    assert 'ShowInNewForm="FALSE"' in schema
    assert "ShowInEditForm" not in schema


def test_a_relationship_needs_an_index(add: Any, rest: Any, the_list: str, list_id: str) -> None:
    """support.microsoft.com, "Create list relationships by using unique and lookup columns"."""
    made = add(f'<Field Type="Lookup" Name="L" DisplayName="L" List="{{{list_id}}}"/>').json()
    path = f"{the_list}/fields(guid'{made['Id']}')"
    restrict = {"RelationshipDeleteBehavior": 2}
    assert rest("PATCH", path, restrict).status_code == 400
    assert rest("PATCH", path, {"Indexed": True}).status_code == 204
    assert rest("PATCH", path, restrict).status_code == 204
    assert 'RelationshipDeleteBehavior="Restrict"' in rest("GET", path).json()["SchemaXml"]


CHANGES = {
    "number to text": ("Number", "", 4.5, 2, "Text", "4.50000000000000"),
    "text to number": ("Text", "", "4.5", 9, "Number", 4.5),
    "text that is no number": ("Text", "", "many", 9, "Number", None),
    "text to choice": ("Text", "", "Low", 6, "Choice", "Low"),
    "yes to text": ("Boolean", "", True, 2, "Text", "1"),
    "a date to text": ("DateTime", ' Format="DateOnly"', "2026-03-31T00:00:00Z", 2, "Text", "3/31/2026"),
    "choice to several": ("Choice", "", "Low", 15, "MultiChoice", ["Low"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_a_type_changes_in_place_and_bends_values(
    case: str, add: Any, rest: Any, the_list: str
) -> None:
    """kivati.com, support article 9988: supported conversions (values: not documented)."""
    kind, said, value, number, after, held = CHANGES[case]
    made = add(f'<Field Type="{kind}" Name="C" DisplayName="C"{said}/>').json()
    item = rest("POST", f"{the_list}/items", {"Title": "One", "C": value}).json()["Id"]
    path = f"{the_list}/fields(guid'{made['Id']}')"
    assert rest("PATCH", path, {"FieldTypeKind": number}).status_code == 204
    assert rest("GET", path).json()["TypeAsString"] == after
    assert rest("GET", f"{the_list}/items({item})").json()["C"] == held


@pytest.mark.parametrize(
    ("kind", "number"),
    [("Note", 2), ("Text", 20), ("User", 2), ("DateTime", 9), ("URL", 2), ("Text", 99)],
)
def test_other_types_do_not_change_in_place(
    kind: str, number: int, add: Any, rest: Any, the_list: str
) -> None:
    """kivati.com, support article 9988; not documented by Microsoft, so the stricter reading."""
    made = add(f'<Field Type="{kind}" Name="C" DisplayName="C"/>').json()
    path = f"{the_list}/fields(guid'{made['Id']}')"
    assert rest("PATCH", path, {"FieldTypeKind": number}).status_code == 400


def test_people_become_several_and_an_index_stands_in_the_way(
    add: Any, rest: Any, the_list: str
) -> None:
    """learn.microsoft.com, "Fields REST API reference": AllowMultipleValues of FieldLookup."""
    made = add('<Field Type="User" Name="P" DisplayName="P" Indexed="TRUE"/>').json()
    path = f"{the_list}/fields(guid'{made['Id']}')"
    assert rest("PATCH", path, {"AllowMultipleValues": True}).status_code == 400
    assert rest("PATCH", path, {"Indexed": False}).status_code == 204
    assert rest("PATCH", path, {"AllowMultipleValues": True}).status_code == 204
    assert rest("GET", path).json()["TypeAsString"] == "UserMulti"
    text = add('<Field Type="Text" Name="T" DisplayName="T"/>').json()
    told = {"AllowMultipleValues": True}
    assert rest("PATCH", f"{the_list}/fields(guid'{text['Id']}')", told).status_code == 400


def test_more_of_a_lookup_needs_that_lookup_beside_it(
    add: Any, graph: Any, columns: str, list_id: str, library_id: str
) -> None:
    """learn.microsoft.com/graph/api/resources/lookupcolumn: primaryLookupColumnId."""
    first = add(f'<Field Type="Lookup" Name="L" DisplayName="L" List="{{{list_id}}}"/>').json()[
        "Id"
    ]

    def more(name: str, target: str, primary: str) -> Any:
        lookup = {"listId": target, "columnName": "Title", "primaryLookupColumnId": primary}
        return graph("POST", columns, {"name": name, "lookup": lookup})

    assert more("M", list_id, list_id).status_code == 400
    assert more("M", library_id, first).status_code == 400
    made = more("M", list_id, first)
    assert made.status_code == 201
    assert made.json()["readOnly"] is True


@pytest.mark.parametrize("moves", [True, False])
def test_whether_modified_moves_with_the_type_is_a_setting(
    moves: bool, add: Any, rest: Any, the_list: str, emulator: Any
) -> None:
    """Nothing Microsoft publishes says which; the product must be right either way."""
    made = add('<Field Type="Number" Name="C" DisplayName="C"/>').json()
    item = rest("POST", f"{the_list}/items", {"Title": "One", "C": 4}).json()
    with emulator.tenant.lock:
        emulator.tenant.set_setting("retypingMovesModified", moves)
        emulator.tenant.set_clock(emulator.tenant.now() + timedelta(hours=1))
    path = f"{the_list}/fields(guid'{made['Id']}')"
    assert rest("PATCH", path, {"FieldTypeKind": 2}).status_code == 204
    now = rest("GET", f"{the_list}/items({item['Id']})").json()
    assert (now["Modified"] != item["Modified"]) is moves

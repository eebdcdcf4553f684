"""Columns type by type in Graph: what is made, what comes back, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

UNDETERMINED = "Unable to determine type of provided column definition"

TYPES = {
    "Text": (
        {"text": {"maxLength": 100}},
        {
            "text": {
                "allowMultipleLines": False,
                "appendChangesToExistingText": False,
                "linesForEditing": 0,
                "maxLength": 100,
            }
        },
    ),
    "Note": (
        {"text": {"allowMultipleLines": True, "textType": "richText", "linesForEditing": 8}},
        {
            "text": {
                "allowMultipleLines": True,
                "appendChangesToExistingText": False,
                "linesForEditing": 8,
                "textType": "richText",
            }
        },
    ),
    "Choice": (
        {"choice": {"choices": ["Open", "Closed"], "displayAs": "radioButtons"}},
        {
            "choice": {
                "allowTextEntry": False,
                "choices": ["Open", "Closed"],
                "displayAs": "radioButtons",
            }
        },
    ),
    "Number": (
        {"number": {"decimalPlaces": "two", "minimum": 0, "maximum": 25}},
        {
            "number": {
                "decimalPlaces": "two",
                "displayAs": "number",
                "maximum": 25.0,
                "minimum": 0.0,
            }
        },
    ),
    "DateTime": (
        {"dateTime": {"format": "dateOnly", "displayAs": "standard"}},
        {"dateTime": {"displayAs": "standard", "format": "dateOnly"}},
    ),
    "Boolean": (
        {"boolean": {}, "defaultValue": {"value": "0"}},
        {"boolean": {}, "defaultValue": {"value": "0"}},
    ),
    "User": (
        {"personOrGroup": {"chooseFromType": "peopleOnly"}},
        {
            "personOrGroup": {
                "allowMultipleSelection": False,
                "chooseFromType": "peopleOnly",
                "displayAs": "nameWithPresence",
            }
        },
    ),
    "UserMulti": (
        {"personOrGroup": {"allowMultipleSelection": True}},
        {
            "personOrGroup": {
                "allowMultipleSelection": True,
                "displayAs": "nameWithPresence",
                "chooseFromType": "peopleAndGroups",
            }
        },
    ),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_column_of_each_type_is_made_and_comes_back(
    graph: Any, rest: Any, columns: Any, the_list: Any, fits: Any, kind: Any
) -> None:
    sent, expected = TYPES[kind]
    answer = graph("POST", columns, {"name": "X1y", "displayName": "An x", "indexed": False} | sent)
    assert answer.status_code == 201, answer.text
    fits(answer.json(), "columnDefinition")
    read = graph("GET", f"{columns}/{answer.json()['id']}").json()
    assert expected.items() <= read.items()
    assert (read["name"], read["displayName"]) == ("X1y", "An x")
    field = rest("GET", f"{the_list}/fields/getbyinternalnameortitle('X1y')").json()
    assert (field["TypeAsString"], field["Title"]) == (kind, "An x")


@pytest.mark.parametrize(
    "body",
    [
        {"currency": {"locale": "en-us"}},
        {"choice": {"choices": ["a"], "displayAs": "checkBoxes"}},
        {"hyperlinkOrPicture": {"isPicture": False}},
        {"term": {"allowMultipleValues": False}},
        {"text": {}, "number": {}},
        {},
        {"thumbnail": {}},
        {"geolocation": {}},
    ],
    ids=["currency", "checkBoxes", "hyperlink", "term", "two", "none", "thumbnail", "geolocation"],
)
def test_a_facet_the_service_cannot_read_is_refused(graph: Any, columns: Any, body: Any) -> None:
    """currency: microsoftgraph/microsoft-graph-docs #1977, #3191, #8294, #17121; checkBoxes:
    #21021; hyperlinkOrPicture and term: unproven on lists, so the stricter answer."""
    answer = graph("POST", columns, {"name": "Xx"} | body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == UNDETERMINED


@pytest.mark.parametrize(
    "body",
    [
        {"type": "text", "text": {}},
        {"text": {"maxLength": 256}},
        {"text": {"maxLength": 0}},
        {"text": {"length": 3}},
        {"text": {}, "colour": "red"},
        {"choice": {"choices": "a"}},
        {"choice": {"choices": ["a", "A"]}},
        {"number": {"minimum": "0"}},
        {"text": {}, "required": "no"},
        {"number": {"decimalPlaces": "six"}},
        {"dateTime": {"format": "date"}},
        {"boolean": {}, "defaultValue": "0"},
        {"boolean": {}, "defaultValue": {"value": 0}},
        {"lookup": {}},
        {"lookup": {"listId": "11111111-1111-1111-1111-111111111111"}},
    ],
)
def test_a_malformed_column_is_refused(graph: Any, columns: Any, body: Any) -> None:
    answer = graph("POST", columns, {"name": "Xx"} | body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalidRequest")


@pytest.mark.parametrize(
    "name", ["Hey!", "1st", "-dash", "A1", "true", "Author", "Created", "Description", "title", " "]
)
def test_a_bad_or_reserved_name_is_refused(graph: Any, columns: Any, name: Any) -> None:
    """SharePoint/sp-dev-docs docs/embedded/build/container-metadata.md, column names."""
    assert graph("POST", columns, {"name": name, "text": {}}).status_code == 400


def test_a_name_that_is_taken_is_a_409(graph: Any, columns: Any) -> None:
    assert graph("POST", columns, {"name": "Owner", "text": {}}).status_code == 201
    again = graph("POST", columns, {"name": "owner", "number": {}})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "nameAlreadyExists")


def test_internal_names_are_escaped(graph: Any, columns: Any) -> None:
    """_xHHHH_ as in microsoftgraph/microsoft-graph-docs#3191 ("Picture_x0020_Column")."""
    made = graph("POST", columns, {"name": "Control Area", "text": {}}).json()
    assert (made["name"], made["displayName"]) == ("Control_x0020_Area", "Control Area")
    accented = graph("POST", columns, {"displayName": "Propriété", "text": {}}).json()
    assert accented["name"] == "Propri_x00e9_t_x00e9_"


def test_a_title_alone_gives_a_name_and_a_digit_when_it_is_taken(graph: Any, columns: Any) -> None:
    names = [
        graph("POST", columns, {"displayName": "Due", "dateTime": {}}).json()["name"]
        for _ in range(2)
    ]
    assert names == ["Due", "Due0"]


def test_a_twenty_first_index_is_refused(graph: Any, columns: Any) -> None:
    """At most 20 indexes a list (SharePoint/sp-dev-docs docs/schema/field-element-field.md)."""
    for number in range(20):
        body = {"name": f"Index_{number}", "number": {}, "indexed": True}
        assert graph("POST", columns, body).status_code == 201
    refused = graph("POST", columns, {"name": "Index_20", "number": {}, "indexed": True})
    assert refused.status_code == 400
    assert "already indexed" in refused.json()["error"]["message"]
    assert graph("POST", columns, {"name": "Index_20", "number": {}}).status_code == 201
    assert graph("PATCH", f"{columns}/Index_20", {"indexed": True}).status_code == 400


def test_unique_values_need_an_index_and_a_type_that_has_one(graph: Any, columns: Any) -> None:
    """SharePoint/sp-dev-docs docs/schema/field-element-field.md: unique values need an index."""
    unique = {"name": "Key", "enforceUniqueValues": True}
    assert graph("POST", columns, unique | {"text": {}}).status_code == 400
    assert graph("POST", columns, unique | {"text": {}, "indexed": True}).status_code == 201
    flag = {"name": "Flag", "boolean": {}, "indexed": True}
    assert graph("POST", columns, flag | {"enforceUniqueValues": True}).status_code == 400
    assert graph("POST", columns, flag).status_code == 201
    assert graph("PATCH", f"{columns}/Key", {"indexed": False}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"text": {"allowMultipleLines": True}},
        {"personOrGroup": {"allowMultipleSelection": True}},
        {"calculated": {"formula": "=[Title]"}},
    ],
)
def test_a_type_that_has_no_index_is_refused_one(graph: Any, columns: Any, body: Any) -> None:
    """docs/schema/field-element-field.md: multi-valued, note and calculated columns."""
    answer = graph("POST", columns, {"name": "Xx", "indexed": True} | body)
    assert answer.status_code == 400


def test_a_lookup_points_at_a_list_of_the_same_site(
    graph: Any, site_id: Any, columns: Any, list_id: Any, fits: Any
) -> None:
    other = graph("POST", f"/sites/{site_id}/lists", {"displayName": "Controls"}).json()["id"]
    lookup = {"listId": f"{{{other.upper()}}}", "columnName": "Title", "allowMultipleValues": True}
    made = graph("POST", columns, {"name": "Control", "lookup": lookup})
    assert made.status_code == 201, made.text
    fits(made.json(), "columnDefinition")
    assert made.json()["lookup"]["listId"] == other
    assert made.json()["lookup"]["allowMultipleValues"] is True
    bad = {"name": "Other", "lookup": {"listId": other, "columnName": "Nothing"}}
    assert graph("POST", columns, bad).status_code == 400
    assert (
        graph("POST", columns, {"name": "Self", "lookup": {"listId": list_id}}).status_code == 201
    )


def test_a_formula_is_normalised_and_its_columns_must_exist(graph: Any, columns: Any) -> None:
    """Not documented by Microsoft: a formula is stored in SharePoint's own spelling."""
    graph("POST", columns, {"name": "PeriodFrom", "displayName": "Period from", "dateTime": {}})
    graph("POST", columns, {"name": "Score", "number": {}})
    formula = '=if( [Score] > 3, text([Period from],"yyyy-mm-dd"), "-")'
    body = {"name": "Label", "calculated": {"formula": formula, "outputType": "text"}}
    made = graph("POST", columns, body).json()
    assert made["calculated"]["formula"] == '=IF(Score>3,TEXT([Period from],"yyyy-mm-dd"),"-")'
    assert made["readOnly"] is True
    for wrong in ("=[Nothing]*2", "=[Score", "=[Attachments]"):
        answer = graph("POST", columns, {"name": "Bad", "calculated": {"formula": wrong}})
        assert answer.status_code == 400, wrong


def test_some_facets_are_never_read_back(
    graph: Any, rest: Any, columns: Any, the_list: Any, fits: Any
) -> None:
    """The columnDefinition page: no validation, hyperlinkOrPicture, term or type in a response."""
    body = {
        "name": "Score",
        "number": {},
        "validation": {
            "formula": "=[Score]<26",
            "descriptions": [{"displayName": "Too much", "languageTag": "en-US"}],
        },
    }
    made = graph("POST", columns, body).json()
    fits(made, "columnDefinition")
    assert not {"validation", "type"} & set(made)
    field = rest("GET", f"{the_list}/fields/getbytitle('Score')").json()
    assert (field["ValidationFormula"], field["ValidationMessage"]) == ("=[Score]<26", "Too much")


def test_a_hyperlink_made_in_rest_has_no_facet_in_graph(
    graph: Any, rest: Any, columns: Any, the_list: Any, fits: Any
) -> None:
    """microsoftgraph/microsoft-graph-toolkit#1614."""
    xml = '<Field Type="URL" Format="Hyperlink" Name="Link" DisplayName="Link"/>'
    parameters = {"parameters": {"SchemaXml": xml, "Options": 8}}
    assert rest("POST", f"{the_list}/fields/CreateFieldAsXml", parameters).status_code == 201
    read = graph("GET", f"{columns}/Link").json()
    fits(read, "columnDefinition")
    assert not {"hyperlinkOrPicture", "text"} & set(read)


def test_a_multi_choice_made_in_rest_reads_as_check_boxes(
    graph: Any, rest: Any, columns: Any, the_list: Any, fits: Any
) -> None:
    """microsoftgraph/microsoft-graph-docs#2745."""
    xml = (
        '<Field Type="MultiChoice" Name="Criteria" DisplayName="Criteria"><CHOICES>'
        "<CHOICE>CC6.1</CHOICE><CHOICE>CC7.2</CHOICE></CHOICES></Field>"
    )
    parameters = {"parameters": {"SchemaXml": xml, "Options": 8}}
    assert rest("POST", f"{the_list}/fields/CreateFieldAsXml", parameters).status_code == 201
    read = graph("GET", f"{columns}/Criteria").json()
    fits(read, "columnDefinition")
    assert read["choice"]["displayAs"] == "checkBoxes"


def test_hidden_columns_are_listed_only_when_hidden_is_selected(graph: Any, columns: Any) -> None:
    """columnDefinition page: hidden columns "are not shown by default"."""
    graph("POST", columns, {"name": "Secret", "text": {}, "hidden": True})
    names = {c["name"] for c in graph("GET", columns).json()["value"]}
    assert "Secret" not in names
    every = graph("GET", f"{columns}?$select=name,hidden").json()["value"]
    assert "Secret" in {c["name"] for c in every}


def test_every_column_of_a_list_fits_microsofts_schema(graph: Any, columns: Any, fits: Any) -> None:
    fits(graph("GET", columns).json(), "columnDefinition")


def test_a_column_is_changed_but_not_its_name_nor_its_type(graph: Any, columns: Any) -> None:
    graph("POST", columns, {"name": "State", "choice": {"choices": ["a"]}, "description": "d"})
    changed = graph(
        "PATCH",
        f"{columns}/State",
        {
            "displayName": "Status",
            "required": True,
            "choice": {"choices": ["a", "b"]},
            "defaultValue": {"value": "a"},
        },
    )
    assert changed.status_code == 200
    assert changed.json()["choice"]["choices"] == ["a", "b"]
    assert (changed.json()["name"], changed.json()["displayName"]) == ("State", "Status")
    assert (changed.json()["description"], changed.json()["defaultValue"]) == ("d", {"value": "a"})
    for bad in (
        {"name": "Other"},
        {"text": {}},
        {"id": "x"},
        {"type": "text"},
        {"choice": {"displayAs": "checkBoxes"}},
    ):
        assert graph("PATCH", f"{columns}/State", bad).status_code == 400, bad


def test_a_column_is_deleted_and_a_built_in_one_is_not(graph: Any, columns: Any) -> None:
    graph("POST", columns, {"name": "State", "text": {}})
    assert graph("DELETE", f"{columns}/State").status_code == 204
    assert graph("GET", f"{columns}/State").status_code == 404
    assert graph("DELETE", f"{columns}/Title").status_code == 400


def test_a_site_column_is_made_changed_and_deleted(graph: Any, site_id: Any, fits: Any) -> None:
    address = f"/sites/{site_id}/columns"
    made = graph("POST", address, {"name": "ControlArea", "columnGroup": "Evidence", "text": {}})
    assert made.status_code == 201
    fits(made.json(), "columnDefinition")
    assert made.json()["columnGroup"] == "Evidence"
    one = f"{address}/{made.json()['id']}"
    assert graph("PATCH", one, {"required": True}).json()["required"] is True
    assert graph("DELETE", one).status_code == 204
    fits(graph("GET", address).json(), "columnDefinition")

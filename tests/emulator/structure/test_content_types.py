"""Content types: made in a site, given columns, copied into a list."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.fixture
def evidence(graph: Any, site_id: Any) -> Any:
    """The site content type "Evidence Document" with one column."""
    body = {
        "name": "Evidence Document",
        "description": "d",
        "group": "Compliance",
        "base": {"id": "0x0101", "name": "Document"},
    }
    made = graph("POST", f"/sites/{site_id}/contentTypes", body)
    assert made.status_code == 201, made.text
    column = graph("POST", f"/sites/{site_id}/columns", {"name": "ControlArea", "text": {}}).json()
    bound = bind(graph, site_id, made.json()["id"], column["id"])
    assert bound.status_code == 200, bound.text  # 200, not 201: contenttype-post-columns
    return made.json()


def bind(graph: Any, site_id: Any, type_id: Any, column_id: Any, **more: Any) -> Any:
    url = f"https://graph.microsoft.com/v1.0/sites/{site_id}/columns/{column_id}"
    address = f"/sites/{site_id}/contentTypes/{type_id}/columns"
    return graph("POST", address, {"sourceColumn@odata.bind": url} | more)


def copy(graph: Any, site_id: Any, list_id: Any, type_id: Any) -> Any:
    url = f"https://graph.microsoft.com/v1.0/sites/{site_id}/contentTypes/{type_id}"
    return graph(
        "POST", f"/sites/{site_id}/lists/{list_id}/contentTypes/addCopy", {"contentType": url}
    )


@pytest.fixture
def enabled(rest: Any, library_id: Any) -> Any:
    address = f"/_api/web/lists(guid'{library_id}')"
    assert rest("PATCH", address, {"ContentTypesEnabled": True}).status_code == 204
    return address


def test_a_new_content_type_gets_a_child_id_of_its_base(evidence: Any, fits: Any) -> None:
    fits(evidence, "contentType")
    assert re.fullmatch(r"0x010100[0-9A-F]{32}", evidence["id"])
    assert (evidence["group"], evidence["parentId"]) == ("Compliance", "0x0101")


def test_site_content_types_fit_microsofts_schema(
    graph: Any, site_id: Any, evidence: Any, fits: Any
) -> None:
    found = graph("GET", f"/sites/{site_id}/contentTypes?$expand=columns,base").json()
    fits(found, "contentType")
    assert {"Item", "Document", "Folder", "Evidence Document"} <= {
        t["name"] for t in found["value"]
    }


def test_its_columns_are_those_of_its_base_and_its_own(
    graph: Any, site_id: Any, evidence: Any, fits: Any
) -> None:
    found = graph("GET", f"/sites/{site_id}/contentTypes/{evidence['id']}/columns").json()
    fits(found, "columnDefinition")
    assert [c["name"] for c in found["value"]] == ["FileLeafRef", "Title", "ControlArea"]


def test_a_copy_in_a_list_has_a_child_id_and_brings_its_columns(
    graph: Any, rest: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any, fits: Any
) -> None:
    """learn.microsoft.com/graph/api/contenttype-addcopy; never the same id as the site's."""
    made = copy(graph, site_id, library_id, evidence["id"])
    assert made.status_code == 201, made.text
    fits(made.json(), "contentType")
    assert re.fullmatch(evidence["id"] + "00[0-9A-F]{32}", made.json()["id"])
    assert made.json()["inheritedFrom"]["id"] == evidence["id"]
    names = {
        c["name"]
        for c in graph("GET", f"/sites/{site_id}/lists/{library_id}/columns").json()["value"]
    }
    assert "ControlArea" in names
    listed = graph("GET", f"/sites/{site_id}/lists/{library_id}/contentTypes").json()
    fits(listed, "contentType")
    assert "Evidence Document" in {t["name"] for t in listed["value"]}
    assert copy(graph, site_id, library_id, evidence["id"]).status_code == 409


def test_a_copy_needs_content_types_enabled_and_a_canonical_url(
    graph: Any, rest: Any, site_id: Any, library_id: Any, evidence: Any
) -> None:
    address = f"/sites/{site_id}/lists/{library_id}/contentTypes/addCopy"
    assert copy(graph, site_id, library_id, evidence["id"]).status_code == 400
    assert graph("POST", address, {"contentType": evidence["id"]}).status_code == 400
    refused = rest(
        "POST",
        f"/_api/web/lists(guid'{library_id}')/ContentTypes/AddAvailableContentType",
        {"contentTypeId": evidence["id"]},
    )
    assert refused.status_code == 400


def test_rest_adds_it_too_and_the_first_in_order_is_the_default(
    graph: Any, rest: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any
) -> None:
    """pnp/cli-microsoft365 spo list contenttype add, default set."""
    made = rest(
        "POST", f"{enabled}/ContentTypes/AddAvailableContentType", {"contentTypeId": evidence["id"]}
    )
    assert made.status_code == 201, made.text
    child = made.json()["Id"]["StringValue"]
    order = {"UniqueContentTypeOrder": [{"StringValue": child}]}
    assert rest("PATCH", f"{enabled}/RootFolder", order).status_code == 204
    read = rest("GET", f"{enabled}/RootFolder?$select=UniqueContentTypeOrder,Name").json()
    assert read["UniqueContentTypeOrder"] == [{"StringValue": child}]
    types = graph("GET", f"/sites/{site_id}/lists/{library_id}/contentTypes").json()["value"]
    assert next(t for t in types if t["id"] == child)["order"] == {"default": True, "position": 0}
    unknown = {"UniqueContentTypeOrder": [{"StringValue": "0x0199"}]}
    assert rest("PATCH", f"{enabled}/RootFolder", unknown).status_code == 400


def test_rest_shows_its_fields_and_links(rest: Any, evidence: Any, site: Any) -> None:
    address = f"/_api/web/contenttypes('{evidence['id']}')?$expand=Fields,FieldLinks"
    read = rest("GET", address).json()
    assert read["Id"]["StringValue"] == evidence["id"]
    assert "ControlArea" in [f["InternalName"] for f in read["Fields"]]
    assert "ControlArea" in [link["Name"] for link in read["FieldLinks"]]


def test_a_change_reaches_lists_only_when_it_is_propagated(
    graph: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any
) -> None:
    child = copy(graph, site_id, library_id, evidence["id"]).json()["id"]
    one = f"/sites/{site_id}/contentTypes/{evidence['id']}"
    in_list = f"/sites/{site_id}/lists/{library_id}/contentTypes/{child}"
    column = graph("POST", f"/sites/{site_id}/columns", {"name": "Reviewer", "text": {}}).json()[
        "id"
    ]
    bind(graph, site_id, evidence["id"], column)
    assert graph("PATCH", one, {"description": "new"}).status_code == 200
    assert graph("GET", in_list).json()["description"] == "d"
    names = {c["name"] for c in graph("GET", f"{in_list}/columns").json()["value"]}
    assert "Reviewer" not in names
    assert graph("PATCH", one, {"description": "new", "propagateChanges": True}).status_code == 200
    assert graph("GET", in_list).json()["description"] == "new"
    assert "Reviewer" in {c["name"] for c in graph("GET", f"{in_list}/columns").json()["value"]}
    other = graph("POST", f"/sites/{site_id}/columns", {"name": "Approver", "text": {}}).json()[
        "id"
    ]
    bind(graph, site_id, evidence["id"], other, propagateChanges=True)
    names = {c["name"] for c in graph("GET", f"{in_list}/columns").json()["value"]}
    assert "Approver" in names


def test_a_propagated_column_comes_to_what_is_based_on_the_content_type_too(
    graph: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any
) -> None:
    """learn.microsoft.com/graph/api/resources/contenttype, propagateChanges."""
    types = f"/sites/{site_id}/contentTypes"
    base = {"id": evidence["id"], "name": evidence["name"]}
    below = graph("POST", types, {"name": "Heir", "base": base}).json()["id"]
    child = copy(graph, site_id, library_id, below).json()["id"]
    column = graph("POST", f"/sites/{site_id}/columns", {"name": "Late", "text": {}}).json()["id"]
    bind(graph, site_id, evidence["id"], column)
    places = [f"{types}/{below}", f"/sites/{site_id}/lists/{library_id}/contentTypes/{child}"]

    def having() -> list[bool]:
        answers = [graph("GET", f"{place}/columns").json()["value"] for place in places]
        return ["Late" in {c["name"] for c in answer} for answer in answers]

    assert having() == [False, False]
    graph("PATCH", f"{types}/{evidence['id']}", {"description": "n", "propagateChanges": True})
    assert having() == [True, True]


def test_a_column_added_to_a_lists_content_type_comes_into_the_list(
    graph: Any, rest: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any, emulator: Any
) -> None:
    """learn.microsoft.com/graph/api/contenttype-post-columns; it keeps the site column's id."""
    child = copy(graph, site_id, library_id, evidence["id"]).json()["id"]
    made = f"/sites/{site_id}/columns"
    first, second = (
        graph("POST", made, {"name": name, "text": {}}).json()["id"] for name in ("One", "Two")
    )
    base = f"/sites/{site_id}/lists/{library_id}/contentTypes/{child}/columns"

    def bring(column: str) -> Any:
        url = f"https://graph.microsoft.com/v1.0/sites/{site_id}/columns/{column}"
        return graph("POST", base, {"sourceColumn@odata.bind": url})

    assert bring(first).status_code == 200
    assert bring(first).status_code == 409
    with emulator.tenant.lock:
        emulator.tenant.set_setting("arrivingNamesGetDigit", True)
    assert bring(second).status_code == 200
    listed = rest("GET", f"{enabled}/fields").json()["value"]
    names = {one["Id"]: one["InternalName"] for one in listed}
    assert (names[first], names[second]) == ("One", "Two0")


def test_inside_a_content_type_only_required_and_hidden_change(
    graph: Any, site_id: Any, evidence: Any
) -> None:
    """learn.microsoft.com/graph/api/columndefinition-update."""
    one = f"/sites/{site_id}/contentTypes/{evidence['id']}/columns/ControlArea"
    assert graph("PATCH", one, {"required": True}).json()["required"] is True
    assert graph("PATCH", one, {"displayName": "x"}).status_code == 400
    assert graph("DELETE", one).status_code == 204
    assert graph("DELETE", one).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "A"},
        {"base": {"id": "0x0101"}},
        {"name": "A/B", "base": {"id": "0x0101"}},
        {"name": "A", "base": {"id": "0x0101"}, "colour": "red"},
        {"name": "A", "base": {"id": "0x0101"}, "id": "0x010199"},
    ],
)
def test_a_malformed_content_type_is_refused(graph: Any, site_id: Any, body: Any) -> None:
    assert graph("POST", f"/sites/{site_id}/contentTypes", body).status_code == 400


def test_a_name_that_is_taken_and_a_column_that_is_bound_are_409s(
    graph: Any, site_id: Any, evidence: Any
) -> None:
    body = {"name": "evidence document", "base": {"id": "0x01"}}
    assert graph("POST", f"/sites/{site_id}/contentTypes", body).status_code == 409
    column = graph("GET", f"/sites/{site_id}/columns/ControlArea").json()["id"]
    assert bind(graph, site_id, evidence["id"], column).status_code == 409


def test_a_column_of_no_site_is_refused_in_the_services_words(
    graph: Any, site_id: Any, evidence: Any
) -> None:
    """microsoftgraph/microsoft-graph-docs-contrib#7750."""
    answer = bind(graph, site_id, evidence["id"], "11111111-1111-1111-1111-111111111111")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "The referenced column does not exist"


def test_what_is_in_use_or_built_in_is_not_deleted(
    graph: Any, site_id: Any, library_id: Any, evidence: Any, enabled: Any
) -> None:
    one = f"/sites/{site_id}/contentTypes/{evidence['id']}"
    child = copy(graph, site_id, library_id, evidence["id"]).json()["id"]
    assert graph("DELETE", one).status_code == 400
    assert graph("DELETE", f"/sites/{site_id}/contentTypes/0x0101").status_code == 400
    assert graph("DELETE", f"/sites/{site_id}/columns/ControlArea").status_code == 400
    assert (
        graph("DELETE", f"/sites/{site_id}/lists/{library_id}/contentTypes/{child}").status_code
        == 204
    )
    assert graph("DELETE", one).status_code == 204

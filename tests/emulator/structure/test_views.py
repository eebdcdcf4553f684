"""Views: SharePoint REST only. Made, read with their columns, changed, reordered, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.fixture
def view(rest: Any, the_list: Any, graph: Any, columns: Any) -> Any:
    """A view "Stale" of the list, with its columns; gives its REST address."""
    for name in ("Status", "Due"):
        assert graph("POST", columns, {"name": name, "text": {}}).status_code == 201
    body = {
        "parameters": {
            "Title": "Stale",
            "ViewFields": {"results": ["LinkTitle", "Status"]},
            "RowLimit": 100,
            "Query": '<Where><Eq><FieldRef Name="Status"/><Value Type="Text">Stale</Value></Eq></Where>',
            "Paged": True,
            "PersonalView": False,
            "SetAsDefaultView": False,
            "ViewTypeKind": 1,
        }
    }
    verbose = {"Content-Type": "application/json;odata=verbose"}
    made = rest("POST", f"{the_list}/views/add", body, headers=verbose)
    assert made.status_code == 200, made.text
    return f"{the_list}/views/GetById('{made.json()['Id']}')"


def shown(rest: Any, view: Any) -> Any:
    return rest("GET", f"{view}/ViewFields").json()["Items"]


def test_a_view_is_read_with_its_columns(rest: Any, the_list: Any, view: Any) -> None:
    found = rest("GET", f"{the_list}/views?$expand=ViewFields").json()["value"]
    stale = next(v for v in found if v["Title"] == "Stale")
    assert stale["ViewFields"]["Items"] == ["LinkTitle", "Status"]
    assert (
        stale["ViewFields"]["SchemaXml"]
        == '<FieldRef Name="LinkTitle" /><FieldRef Name="Status" />'
    )
    assert stale["ViewQuery"].startswith("<Where><Eq>")
    assert (stale["RowLimit"], stale["DefaultView"], stale["PersonalView"]) == (100, False, False)
    assert stale["ServerRelativeUrl"] == "/sites/acme/Lists/Risk Register/Stale.aspx"


def test_a_new_list_has_its_default_view(rest: Any, the_list: Any, library_id: Any) -> None:
    (only,) = rest("GET", f"{the_list}/views").json()["value"]
    assert (only["Title"], only["DefaultView"]) == ("All Items", True)
    documents = rest("GET", f"/_api/web/lists(guid'{library_id}')/DefaultView").json()
    assert documents["Title"] == "All Documents"
    assert documents["ServerRelativeUrl"] == "/sites/acme/Evidence/Forms/AllItems.aspx"


def test_a_view_is_changed(rest: Any, view: Any) -> None:
    changes = {
        "Title": "Stale evidence",
        "ViewQuery": '<OrderBy><FieldRef Name="Due" /></OrderBy>',
        "RowLimit": 50,
        "Hidden": True,
        "CustomFormatter": json.dumps({"a": 1}),
        "Scope": 1,
        "Paged": False,
    }
    assert rest("PATCH", view, changes).status_code == 204
    read = rest("GET", view).json()
    assert {k: read[k] for k in changes} == changes
    assert rest("GET", view).json()["ServerRelativeUrl"].endswith("/Stale.aspx")


def test_only_one_view_is_the_default(rest: Any, the_list: Any, view: Any) -> None:
    assert rest("PATCH", view, {"DefaultView": True}).status_code == 204
    found = rest("GET", f"{the_list}/views").json()["value"]
    assert [v["Title"] for v in found if v["DefaultView"]] == ["Stale"]
    assert rest("PATCH", view, {"DefaultView": False}).status_code == 400
    assert rest("DELETE", view).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"RowLimit": 0},
        {"RowLimit": 5001},
        {"RowLimit": "10"},
        {"Scope": 9},
        {"Nothing": 1},
        {"ViewQuery": "<Where><Eq>"},
        {"ViewQuery": "<Select/>"},
        {"CustomFormatter": "{"},
        {"Id": "x"},
        {"DefaultView": "yes"},
    ],
)
def test_what_a_view_cannot_take_is_refused(rest: Any, view: Any, change: Any) -> None:
    assert rest("PATCH", view, change).status_code == 400


def test_a_view_with_an_unknown_column_or_property_is_refused(rest: Any, the_list: Any) -> None:
    for wrong in ({"ViewFields": ["Nothing"]}, {"Colour": "red"}, {"Query": "<Where>"}):
        body = {"parameters": {"Title": "V", "ViewFields": []} | wrong}
        assert rest("POST", f"{the_list}/views/add", body).status_code == 400
    assert len(rest("GET", f"{the_list}/views").json()["value"]) == 1


def test_columns_are_added_moved_and_removed(rest: Any, view: Any) -> None:
    """pnp/cli-microsoft365 spo list view field add, set, remove."""
    fields = f"{view}/viewfields"
    assert rest("POST", f"{fields}/addviewfield('Due')").status_code == 200
    assert shown(rest, view) == ["LinkTitle", "Status", "Due"]
    assert (
        rest("POST", f"{fields}/moveviewfieldto", {"field": "Due", "index": 0}).status_code == 200
    )
    assert shown(rest, view) == ["Due", "LinkTitle", "Status"]
    assert rest("POST", f"{fields}/removeviewfield('Status')").status_code == 200
    assert shown(rest, view) == ["Due", "LinkTitle"]
    assert rest("POST", f"{fields}/removeallviewfields").status_code == 200
    assert shown(rest, view) == []
    assert rest("POST", f"{fields}/addviewfield('Nothing')").status_code == 400
    assert (
        rest("POST", f"{fields}/moveviewfieldto", {"field": "Due", "index": 0}).status_code == 400
    )


def test_a_view_is_found_by_title_and_deleted(rest: Any, the_list: Any, view: Any) -> None:
    assert rest("GET", f"{the_list}/views/getbytitle('Stale')").status_code == 200
    assert rest("DELETE", view).status_code == 200
    assert rest("GET", view).status_code == 404


def test_columns_made_with_a_list_are_in_its_default_view_and_later_ones_are_not(
    graph: Any, rest: Any, site_id: Any
) -> None:
    body = {"displayName": "Audits", "columns": [{"name": "Period", "text": {}}]}
    made = graph("POST", f"/sites/{site_id}/lists", body).json()["id"]
    graph("POST", f"/sites/{site_id}/lists/{made}/columns", {"name": "Later", "text": {}})
    address = f"/_api/web/lists(guid'{made}')/DefaultView"
    assert shown(rest, address) == ["LinkTitle", "Period"]


def test_a_query_reads_back_written_anew(rest: Any, view: Any) -> None:
    """``<FieldRef Name="ID" />`` in the answers of pnp/cli-microsoft365 spo list view get."""
    sent = {"ViewQuery": "<OrderBy><FieldRef Name='Due' Ascending='FALSE'/></OrderBy>"}
    assert rest("PATCH", view, sent).status_code == 204
    read = rest("GET", f"{view}?$select=ViewQuery").json()["ViewQuery"]
    assert read == '<OrderBy><FieldRef Name="Due" Ascending="FALSE" /></OrderBy>'
    wrapped = {"ViewQuery": f"<Query>{read}</Query>"}
    assert rest("PATCH", view, wrapped).status_code == 400

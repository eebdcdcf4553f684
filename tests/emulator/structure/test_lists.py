"""Lists and libraries: made in Graph or REST, set in REST, read in both."""

from __future__ import annotations

from typing import Any

import pytest


def make(graph: Any, site_id: Any, **body: Any) -> Any:
    return graph("POST", f"/sites/{site_id}/lists", body)


def code(answer: Any) -> Any:
    error = answer.json()["error"]
    return answer.status_code, error["code"]


def test_a_new_list_is_answered_whole(graph: Any, site_id: Any, fits: Any) -> None:
    body = {
        "displayName": "Risk Register",
        "description": "Risks",
        "list": {"template": "genericList"},
        "columns": [{"name": "ControlId", "text": {}}, {"name": "Score", "number": {}}],
    }
    answer = graph("POST", f"/sites/{site_id}/lists", body)
    assert answer.status_code == 201
    made = answer.json()
    fits(made, "list")
    assert made["name"] == "Risk Register"
    assert made["webUrl"].endswith("/sites/acme/Lists/Risk%20Register")
    assert made["parentReference"]["siteId"] == site_id
    read = graph("GET", f"/sites/{site_id}/lists/{made['id']}?$expand=columns,contentTypes").json()
    fits(read, "list")
    assert {"ControlId", "Score", "Title"} <= {c["name"] for c in read["columns"]}
    assert graph("GET", f"/sites/{site_id}/lists/Risk Register").json()["id"] == made["id"]


def test_the_documented_example_with_a_column_named_author_is_answered_201(
    graph: Any, site_id: Any
) -> None:
    """learn.microsoft.com/graph/api/list-create, "Books"; the built-in name takes a digit."""
    columns = [{"name": "Author", "text": {}}, {"name": "PageCount", "number": {}}]
    answer = make(
        graph, site_id, displayName="Books", columns=columns, list={"template": "genericList"}
    )
    assert answer.status_code == 201
    names = [
        c["name"] for c in graph("GET", f"/sites/{site_id}/lists/Books/columns").json()["value"]
    ]
    assert "Author0" in names


def test_a_library_has_a_drive(graph: Any, site_id: Any, library_id: Any, fits: Any) -> None:
    found = graph("GET", f"/sites/{site_id}/lists/{library_id}?$expand=drive").json()
    fits(found, "list")
    assert found["drive"]["id"].startswith("b!")
    assert found["list"]["template"] == "documentLibrary"
    assert (
        graph("GET", f"/sites/{site_id}/lists/Site Pages").json()["list"]["template"]
        == "webPageLibrary"
    )


def test_a_name_on_list_create_is_refused(graph: Any, site_id: Any) -> None:
    """microsoftgraph/microsoft-graph-docs#1484."""
    answer = make(graph, site_id, displayName="X", name="X")
    assert code(answer) == (400, "invalidRequest")
    assert answer.json()["error"]["message"].startswith("Cannot define a 'name' for a list")


def test_an_unknown_template_is_refused_and_an_unbuilt_one_is_501(graph: Any, site_id: Any) -> None:
    """microsoftgraph/microsoft-graph-docs#2663."""
    answer = make(graph, site_id, displayName="X", list={"template": "generic"})
    assert code(answer) == (400, "invalidRequest")
    assert answer.json()["error"]["message"] == "One of the provided arguments is not acceptable."
    assert make(graph, site_id, displayName="X", list={"template": "survey"}).status_code == 501


def test_a_title_that_is_taken_is_a_409_whatever_its_case(
    graph: Any, rest: Any, site_id: Any, list_id: Any
) -> None:
    """opf/openproject#20390: a shipping client matches this 409."""
    assert code(make(graph, site_id, displayName="risk register")) == (409, "nameAlreadyExists")
    again = rest("POST", "/_api/web/lists", {"Title": "Risk Register", "BaseTemplate": 100})
    assert again.status_code == 409
    assert again.json()["odata.error"]["code"].startswith("-2130575342")


def test_a_failed_inline_column_leaves_no_list_behind(graph: Any, site_id: Any) -> None:
    answer = make(
        graph, site_id, displayName="Half", columns=[{"name": "A", "text": {}}, {"name": "B"}]
    )
    assert answer.status_code == 400
    assert graph("GET", f"/sites/{site_id}/lists/Half").status_code == 404


def test_a_url_that_is_taken_gets_a_digit(
    graph: Any, rest: Any, site_id: Any, list_id: Any, the_list: Any
) -> None:
    assert rest("PATCH", the_list, {"Title": "Risks of 2026"}).status_code == 204
    second = make(graph, site_id, displayName="Risk Register").json()
    assert second["name"] == "Risk Register1"
    first = graph("GET", f"/sites/{site_id}/lists/{list_id}").json()
    assert (first["name"], first["displayName"]) == ("Risk Register", "Risks of 2026")


def test_system_lists_are_shown_only_when_system_is_selected(
    graph: Any, site_id: Any, list_id: Any, fits: Any
) -> None:
    """learn.microsoft.com/graph/api/list-list: "include system in your $select"."""
    shown = graph("GET", f"/sites/{site_id}/lists").json()
    fits(shown, "list")
    assert "User Information List" not in {each["displayName"] for each in shown["value"]}
    every = graph("GET", f"/sites/{site_id}/lists?$select=displayName,system").json()["value"]
    assert {"displayName": "User Information List", "system": {}}.items() <= next(
        each for each in every if "system" in each
    ).items()


def test_lists_come_in_pages_with_a_link_to_follow(
    graph: Any, site_id: Any, http: Any, emulator: Any
) -> None:
    first = graph("GET", f"/sites/{site_id}/lists?$top=2").json()
    assert len(first["value"]) == 2
    path = first["@odata.nextLink"].split("/v1.0")[1]
    rest_of = graph("GET", path).json()
    every = graph("GET", f"/sites/{site_id}/lists").json()["value"]
    assert [e["id"] for e in first["value"] + rest_of["value"]] == [e["id"] for e in every]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_graph_has_no_documented_way_to_change_or_delete_a_list(
    graph: Any, site_id: Any, list_id: Any, method: Any
) -> None:
    """No page at learn.microsoft.com/graph/api and no permission row: 501, never a pretence."""
    answer = graph(method, f"/sites/{site_id}/lists/{list_id}", {"displayName": "x"})
    assert code(answer) == (501, "notImplemented")
    assert "documents neither" in answer.json()["error"]["message"]


def test_a_list_that_is_not_there_is_a_404_on_both_faces(
    graph: Any, rest: Any, site_id: Any
) -> None:
    assert code(graph("GET", f"/sites/{site_id}/lists/Nothing")) == (404, "itemNotFound")
    answer = rest("GET", "/_api/web/lists/getbytitle('Nothing')")
    assert answer.status_code == 404
    assert answer.json()["odata.error"]["code"] == "-1, System.ArgumentException"


def test_settings_are_merged_and_read_back(rest: Any, library_id: Any, site: Any) -> None:
    address = f"/_api/web/lists(guid'{library_id}')"
    settings = {
        "EnableVersioning": True,
        "MajorVersionLimit": 300,
        "EnableMinorVersions": True,
        "MajorWithMinorVersionsLimit": 5,
        "EnableModeration": True,
        "DraftVersionVisibility": 2,
        "ForceCheckout": True,
        "EnableFolderCreation": False,
        "OnQuickLaunch": True,
        "NoCrawl": True,
        "ContentTypesEnabled": True,
        "Title": "Access Evidence",
        "Description": "What we kept",
        "Hidden": True,
    }
    assert rest("PATCH", address, settings).status_code == 204
    read = rest("GET", f"{address}?$select={','.join(settings)}").json()
    assert {k: read[k] for k in settings} == settings


def test_some_list_properties_come_only_when_they_are_named(rest: Any, the_list: Any) -> None:
    whole = rest("GET", the_list).json()
    assert not {"OnQuickLaunch", "ValidationFormula", "HasUniqueRoleAssignments"} & set(whole)
    named = rest("GET", f"{the_list}?$select=OnQuickLaunch,HasUniqueRoleAssignments").json()
    assert (named["OnQuickLaunch"], named["HasUniqueRoleAssignments"]) == (False, False)


@pytest.mark.parametrize(
    "setting",
    [
        {"Versioning": True},
        {"EnableVersioning": "yes"},
        {"MajorVersionLimit": True},
        {"EnableMinorVersions": True},
        {"ForceCheckout": True},
        {"DraftVersionVisibility": 3},
        {"MajorVersionLimit": 50_001},
        {"MajorVersionLimit": 0},
        {"EnableVersioning": False, "MajorVersionLimit": 10},
        {"ValidationFormula": "=[Nothing]>1"},
    ],
)
def test_a_setting_a_list_cannot_take_is_refused(rest: Any, the_list: Any, setting: Any) -> None:
    """Names: pnp/cli-microsoft365 spo list set; wrong combinations: the stricter answer."""
    answer = rest("PATCH", the_list, setting)
    assert answer.status_code == 400, answer.text


def test_a_library_takes_no_attachments_and_keeps_at_least_100_versions(
    rest: Any, library_id: Any
) -> None:
    address = f"/_api/web/lists(guid'{library_id}')"
    assert rest("PATCH", address, {"EnableAttachments": True}).status_code == 400
    assert rest("PATCH", address, {"MajorVersionLimit": 99}).status_code == 400
    assert rest("PATCH", address, {"MajorVersionLimit": 100}).status_code == 204


def test_a_list_rule_is_kept_with_its_message(rest: Any, the_list: Any) -> None:
    rule = {"ValidationFormula": "=LEN([Title])>3", "ValidationMessage": "Too short"}
    assert rest("PATCH", the_list, rule).status_code == 204
    read = rest("GET", f"{the_list}?$select=ValidationFormula,ValidationMessage").json()
    assert read["ValidationMessage"] == "Too short"
    assert read["ValidationFormula"] == "=LEN(Title)>3"


def test_every_change_moves_the_etag_and_a_stale_if_match_is_412(
    graph: Any, rest: Any, site_id: Any, list_id: Any, the_list: Any
) -> None:
    before = rest("GET", the_list).headers["ETag"]
    assert graph("GET", f"/sites/{site_id}/lists/{list_id}").json()["eTag"] == before
    assert (
        rest("PATCH", the_list, {"Description": "a"}, headers={"If-Match": before}).status_code
        == 204
    )
    stale = rest("PATCH", the_list, {"Description": "b"}, headers={"If-Match": before})
    assert stale.status_code == 412
    assert (
        rest("PATCH", the_list, {"Description": "b"}, headers={"If-Match": "*"}).status_code == 204
    )


def test_what_hangs_on_a_list_is_expanded_and_selected(rest: Any, the_list: Any) -> None:
    address = f"{the_list}?$select=Title,Views/Title,RootFolder/ServerRelativeUrl&$expand=Views,RootFolder"
    found = rest("GET", address).json()
    assert found["Title"] == "Risk Register"
    assert found["Views"] == [{"Title": "All Items"}]
    assert found["RootFolder"] == {"ServerRelativeUrl": "/sites/acme/Lists/Risk Register"}
    nested = rest(
        "GET", f"{the_list}?$select=Id&$expand=Views/ViewFields,Views&$select=Id,Views"
    ).json()
    assert nested["Views"][0]["ViewFields"]["Items"] == ["LinkTitle"]
    members = rest("GET", f"{the_list}?$expand=RoleAssignments/Member,RoleAssignments").json()
    assert members["RoleAssignments"][0]["Member"]["LoginName"]


@pytest.mark.parametrize("query", ["$select=Nothing", "$expand=Nothing", "$select=Views/Title"])
def test_a_property_that_does_not_exist_is_refused(rest: Any, the_list: Any, query: Any) -> None:
    assert rest("GET", f"{the_list}?{query}").status_code == 400


def test_a_body_with_metadata_must_be_verbose_and_a_verbose_body_must_have_it(
    rest: Any, the_list: Any
) -> None:
    """ "The property '__metadata' does not exist on type …" is what the service says."""
    typed = {"__metadata": {"type": "SP.List"}, "Description": "x"}
    verbose = {"Content-Type": "application/json;odata=verbose"}
    assert rest("PATCH", the_list, typed).status_code == 400
    assert rest("PATCH", the_list, {"Description": "x"}, headers=verbose).status_code == 400
    assert rest("PATCH", the_list, typed, headers=verbose).status_code == 204


def test_a_recycled_list_is_gone_and_its_title_is_free(
    graph: Any, rest: Any, site_id: Any, list_id: Any, the_list: Any
) -> None:
    assert rest("POST", f"{the_list}/recycle").status_code == 200
    assert rest("GET", the_list).status_code == 404
    assert make(graph, site_id, displayName="Risk Register").json()["name"] == "Risk Register"


def test_a_deleted_list_is_gone_and_a_system_list_stays(rest: Any, the_list: Any) -> None:
    assert rest("DELETE", the_list, headers={"If-Match": "*"}).status_code == 200
    assert rest("GET", the_list).status_code == 404
    users = "/_api/web/lists/getbytitle('User Information List')"
    assert rest("DELETE", users).status_code == 403


def test_a_list_made_in_rest_is_read_in_graph(
    graph: Any, rest: Any, site_id: Any, fits: Any
) -> None:
    made = rest(
        "POST", "/_api/web/lists", {"Title": "Waivers", "BaseTemplate": 100, "Hidden": True}
    )
    assert made.status_code == 201
    read = graph("GET", f"/sites/{site_id}/lists/{made.json()['Id']}").json()
    fits(read, "list")
    assert read["list"]["hidden"] is True
    assert made.json()["ListItemEntityTypeFullName"] == "SP.Data.WaiversListItem"


def test_a_sites_selected_write_grant_cannot_create_a_list(
    graph: Any, site_id: Any, grant: Any
) -> None:
    """microsoftgraph/msgraph-sdk-dotnet#1034: 403; manage can."""
    grant("sync", "write")
    refused = graph("POST", f"/sites/{site_id}/lists", {"displayName": "A"}, app="sync")
    assert refused.status_code == 403


def test_without_versions_the_limit_reads_0_and_comes_back_at_its_default(
    rest: Any, library_id: Any
) -> None:
    address = f"/_api/web/lists(guid'{library_id}')"
    off = {"EnableVersioning": False, "MajorVersionLimit": 0}
    assert rest("PATCH", address, off).status_code == 204
    assert rest("GET", address).json()["MajorVersionLimit"] == 0
    assert rest("PATCH", address, {"EnableVersioning": True}).status_code == 204
    assert rest("GET", address).json()["MajorVersionLimit"] == 500

"""Application permissions on one list: "List permissions" in Microsoft Graph v1.0 (2026-06)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from provisioner.emulator.seeds import APPS, identifier

Send = Callable[..., Any]
APP = {"application": {"id": identifier("app:list-sync"), "displayName": "list-sync"}}


@pytest.fixture
def lists(graph: Send, site: str) -> dict[str, str]:
    """Addresses of two lists and a library."""
    address = f"/sites/contoso.sharepoint.com:{site}:/lists"
    made = {}
    for name, template in (("A", "genericList"), ("B", "genericList"), ("L", "documentLibrary")):
        body = {"displayName": name, "list": {"template": template}}
        made[name] = f"{address}/{graph('POST', address, body).json()['id']}"
    return made


def give(graph: Send, address: str, role: str = "write", **body: Any) -> Any:
    return graph("POST", f"{address}/permissions", {"roles": [role], "grantedToV2": APP} | body)


def post(graph: Send, address: str) -> int:
    body = {"fields": {"Title": "x"}}
    return int(graph("POST", f"{address}/items", body, app="list-sync").status_code)


def test_there_is_an_app_with_the_list_permission_alone() -> None:
    (app,) = (app for app in APPS if app.name == "list-sync")
    assert app.graph_roles == ("Lists.SelectedOperations.Selected",)
    assert app.sharepoint_roles == ()


def test_a_grant_opens_one_list_and_no_other(graph: Send, lists: dict[str, str]) -> None:
    """ "Overview of Selected permissions" (learn.microsoft.com/graph)."""
    assert post(graph, lists["A"]) == 403
    answer = give(graph, lists["A"])
    assert answer.status_code == 201
    assert answer.json()["roles"] == ["write"]
    assert answer.json()["grantedToV2"] == APP
    assert post(graph, lists["A"]) == 201
    assert post(graph, lists["B"]) == 403
    site = lists["A"].rpartition("/lists")[0]
    assert graph("GET", site, app="list-sync").status_code == 403
    assert graph("GET", f"{site}/lists", app="list-sync").status_code == 403


def test_a_grant_on_a_library_opens_its_drive(graph: Send, lists: dict[str, str]) -> None:
    drive = graph("GET", f"{lists['L']}/drive").json()["id"]
    path = f"/drives/{drive}/root:/a.txt:/content"
    assert graph("PUT", path, content=b"x", app="list-sync").status_code == 403
    give(graph, lists["L"])
    assert graph("PUT", path, content=b"x", app="list-sync").status_code == 201
    below = f"{lists['L']}/drive/root:/a.txt"
    assert graph("GET", below, app="list-sync").status_code == 200


def test_a_role_gives_what_it_says_and_no_more(graph: Send, lists: dict[str, str]) -> None:
    made = give(graph, lists["A"], "read").json()
    assert graph("GET", f"{lists['A']}/items", app="list-sync").status_code == 200
    assert post(graph, lists["A"]) == 403
    column = {"name": "Score", "number": {}}
    assert graph("POST", f"{lists['A']}/columns", column, app="list-sync").status_code == 403
    one = f"{lists['A']}/permissions/{made['id']}"
    assert graph("PATCH", one, {"roles": ["manage"]}).json()["roles"] == ["manage"]
    assert graph("POST", f"{lists['A']}/columns", column, app="list-sync").status_code == 201
    assert graph("DELETE", one).status_code == 204
    assert graph("GET", f"{lists['A']}/items", app="list-sync").status_code == 403


def test_a_grant_on_a_list_stops_the_list_from_inheriting(
    graph: Send, rest: Send, lists: dict[str, str]
) -> None:
    """ "Overview of Selected permissions": a permission on a list breaks inheritance."""
    unique = f"/_api/web/lists('{lists['A'].rpartition('/')[2]}')?$select=HasUniqueRoleAssignments"
    assert rest("GET", unique).json()["HasUniqueRoleAssignments"] is False
    give(graph, lists["A"])
    assert rest("GET", unique).json()["HasUniqueRoleAssignments"] is True


def test_a_user_in_a_list_permission_is_refused(graph: Send, lists: dict[str, str]) -> None:
    """ "You can't use it to create a new list permission for a user" (list-post-permissions)."""
    person = {"user": {"id": identifier("user:iam@contoso.example")}}
    for identity in (person, APP | person):
        answer = give(graph, lists["A"], grantedToV2=identity)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "invalidRequest"
    assert graph("GET", f"{lists['A']}/permissions").json()["value"] == []


@pytest.mark.parametrize("role", ["manage", "fullcontrol", "owner", "boss"])
def test_more_than_write_cannot_be_posted_on_a_list(
    graph: Send, lists: dict[str, str], role: str
) -> None:
    """ "Invalid value for role": github.com/microsoftgraph/microsoft-graph-docs issue 11814."""
    answer = give(graph, lists["A"], role)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Invalid value for role"


def test_who_may_grant(graph: Send, grant: Send, lists: dict[str, str]) -> None:
    """Full control, or a Sites.Selected grant of it; the table of permissions is kinder."""
    for app, role, status in (
        ("reader", "", 403),
        ("provisioner", "manage", 403),
        ("provisioner", "fullcontrol", 201),
    ):
        if role:
            grant(app, role)
        body = {"roles": ["read"], "grantedToV2": APP}
        answer = graph("POST", f"{lists['A']}/permissions", body, app=app)
        assert answer.status_code == status, app


def test_lists_and_sites_keep_their_grants_apart(
    graph: Send, lists: dict[str, str], fits: Send
) -> None:
    made = give(graph, lists["A"]).json()
    fits(made, "permission")
    site = lists["A"].rpartition("/lists")[0]
    assert graph("GET", f"{site}/permissions").json()["value"] == []
    listed = graph("GET", f"{lists['A']}/permissions").json()["value"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert graph("GET", f"{lists['A']}/permissions/{made['id']}").json() == made
    assert graph("GET", f"{lists['B']}/permissions/{made['id']}").status_code == 404


def test_sharepoint_rest_has_no_list_permission(
    graph: Send, rest: Send, lists: dict[str, str]
) -> None:
    give(graph, lists["A"])
    path = f"/_api/web/lists('{lists['A'].rpartition('/')[2]}')/items"
    assert rest("GET", path, app="list-sync").status_code == 403

"""Permissions of files: invitations, links, and what of them can be changed."""

from __future__ import annotations

from typing import Any

import pytest

PERSON = "iam@contoso.example"


@pytest.fixture
def one(library: Any, upload: Any) -> str:
    return f"{library.drive}/items/{upload('a.txt', b'one')['id']}"


def invite(graph: Any, one: str, role: str = "read", **changes: Any) -> Any:
    body = {"recipients": [{"email": PERSON}], "roles": [role], "requireSignIn": True}
    return graph("POST", f"{one}/invite", body | changes)


def test_inherited_permissions_are_told_without_where_from(graph: Any, one: str) -> None:
    """SharePoint libraries do not return `inheritedFrom` (resources/permission)."""
    found = graph("GET", f"{one}/permissions").json()["value"]
    told = {each["grantedToV2"]["siteGroup"]["displayName"]: each["roles"] for each in found}
    assert told == {
        "Acme Owners": ["owner"],
        "Acme Visitors": ["read"],
        "Acme Members": ["write"],
    }
    assert all("inheritedFrom" not in each for each in found)


def test_an_invited_person_has_the_role(graph: Any, rest: Any, library: Any, one: str) -> None:
    answer = invite(graph, one)
    assert answer.status_code == 200, answer.text
    (permission,) = answer.json()["value"]
    assert permission["roles"] == ["read"]
    assert permission["grantedToV2"]["siteUser"]["loginName"].endswith(PERSON)
    same = graph("GET", f"{one}/permissions/{permission['id']}").json()
    assert same == permission
    item = rest("GET", f"{library.rest}/items(1)?$select=HasUniqueRoleAssignments").json()
    assert item["HasUniqueRoleAssignments"] is True


def test_roles_alone_can_be_changed(graph: Any, one: str) -> None:
    (permission,) = invite(graph, one).json()["value"]
    address = f"{one}/permissions/{permission['id']}"
    assert graph("PATCH", address, {"roles": ["write"]}).json()["roles"] == ["write"]
    assert (
        graph("PATCH", address, {"expirationDateTime": "2030-01-01T00:00:00Z"}).status_code == 400
    )
    assert graph("PATCH", address, {"roles": ["owner"]}).status_code == 400


def test_a_permission_can_be_taken_away(graph: Any, one: str) -> None:
    (permission,) = invite(graph, one).json()["value"]
    address = f"{one}/permissions/{permission['id']}"
    assert graph("DELETE", address).status_code == 204
    assert graph("GET", address).status_code == 404


def test_an_inherited_permission_cannot_be_taken_away(graph: Any, one: str) -> None:
    permission = graph("GET", f"{one}/permissions").json()["value"][0]
    assert graph("DELETE", f"{one}/permissions/{permission['id']}").status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"roles": ["fullcontrol"]},
        {"roles": ["read", "write"]},
        {"recipients": []},
        {"recipients": [{"email": "nobody@contoso.example"}]},
    ],
    ids=str,
)
def test_what_an_invitation_may_not_be(graph: Any, one: str, change: dict[str, Any]) -> None:
    assert invite(graph, one, **change).status_code == 400


def test_a_link_is_made_once(graph: Any, one: str) -> None:
    body = {"type": "view", "scope": "organization"}
    made = graph("POST", f"{one}/createLink", body)
    assert made.status_code == 201
    assert made.json()["link"]["type"] == "view"
    assert made.json()["roles"] == ["read"]
    again = graph("POST", f"{one}/createLink", body)
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    listed = graph("GET", f"{one}/permissions").json()["value"]
    assert made.json() in listed
    assert graph("DELETE", f"{one}/permissions/{made.json()['id']}").status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"type": "embed"},
        {"type": "view", "scope": "everybody"},
        {"type": "view", "expirationDateTime": "2001-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_what_a_link_may_not_be(graph: Any, one: str, body: dict[str, Any]) -> None:
    assert graph("POST", f"{one}/createLink", body).status_code == 400


def test_an_invitation_may_be_mailed(graph: Any, http: Any, one: str) -> None:
    assert invite(graph, one, sendInvitation=True, message="Please look").status_code == 200
    (mail,) = http.get("/_emulator/outbox").json()
    (to,) = mail["message"]["toRecipients"]
    assert to["emailAddress"]["address"] == PERSON


@pytest.mark.parametrize("verb", ["invite", "createLink", "permissions"])
def test_everything_about_permissions_costs_five_units(
    graph: Any, http: Any, one: str, verb: str
) -> None:
    """ "5 resource units: any permission operation" (how-to-avoid-getting-throttled)."""
    http.delete("/_emulator/requests")
    graph("GET" if verb == "permissions" else "POST", f"{one}/{verb}")
    (row,) = (r for r in http.get("/_emulator/requests").json() if r["path"].endswith(verb))
    assert row["resourceUnits"] == 5

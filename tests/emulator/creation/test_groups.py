"""Microsoft 365 groups and the site that comes with one (group-post-groups)."""

from __future__ import annotations

from typing import Any

import pytest

OWNER = "vciso@contoso.example"
MEMBER = "iam@contoso.example"


@pytest.fixture
def user_url(graph: Any) -> Any:
    def of(upn: str) -> str:
        return (
            "https://graph.microsoft.com/v1.0/users/" + graph("GET", f"/users/{upn}").json()["id"]
        )

    return of


def group(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "displayName": "Audit 2026",
        "mailNickname": "audit-2026",
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "securityEnabled": False,
        "visibility": "Private",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def test_a_group_with_owners_gets_a_site_after_a_while(
    graph: Any, rest: Any, http: Any, user_url: Any
) -> None:
    http.put("/_emulator/settings", json={"provisioningDelayMs": 60_000})
    people = {"owners@odata.bind": [user_url(OWNER)], "members@odata.bind": [user_url(MEMBER)]}
    made = graph("POST", "/groups", group(**people))
    assert made.status_code == 201, made.text
    root = f"/groups/{made.json()['id']}/sites/root"
    early = graph("GET", root)
    assert early.status_code == 404
    assert early.json()["error"]["code"] == "ResourceNotFound"
    assert "Resource provisioning is in progress" in early.json()["error"]["message"]
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 61})
    site = graph("GET", root)
    assert site.status_code == 200
    assert site.json()["webUrl"].endswith("/sites/audit-2026")
    rest_site = rest("GET", "/_api/site", site="/sites/audit-2026").json()
    assert rest_site["GroupId"] == made.json()["id"]
    owners = rest("GET", "/_api/web/sitegroups(3)/users", site="/sites/audit-2026").json()["value"]
    assert any(each["LoginName"].endswith(f"|{made.json()['id']}_o") for each in owners)


def test_without_owners_no_site_is_made(graph: Any, http: Any) -> None:
    """ "associated SharePoint Online site not being created automatically" (group-post-groups)."""
    made = graph("POST", "/groups", group())
    assert made.status_code == 201
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 86_400})
    assert graph("GET", f"/groups/{made.json()['id']}/sites/root").status_code == 404
    assert graph("GET", "/sites/contoso.sharepoint.com:/sites/audit-2026").status_code == 404


def test_a_security_group_has_no_site(graph: Any, user_url: Any) -> None:
    body = group(groupTypes=[], mailEnabled=False, securityEnabled=True)
    made = graph("POST", "/groups", body | {"owners@odata.bind": [user_url(OWNER)]})
    assert made.status_code == 201
    assert made.json()["groupTypes"] == []
    assert graph("GET", f"/groups/{made.json()['id']}/sites/root").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"displayName": ""},
        {"mailNickname": None},
        {"mailNickname": "with space"},
        {"mailNickname": "x" * 65},
        {"mailEnabled": None},
        {"mailEnabled": False},
        {"groupTypes": ["DynamicMembership"]},
        {"groupTypes": [], "mailEnabled": True, "securityEnabled": True},
        {"visibility": "Secret"},
        {"owners@odata.bind": ["vciso@contoso.example"]},
    ],
    ids=str,
)
def test_what_a_new_group_may_not_be(graph: Any, change: dict[str, Any]) -> None:
    answer = graph("POST", "/groups", group(**change))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "Request_BadRequest"


def test_a_taken_nickname_is_refused(graph: Any) -> None:
    assert graph("POST", "/groups", group()).status_code == 201
    assert graph("POST", "/groups", group(displayName="Other")).status_code == 400


def test_an_unknown_owner_is_not_found(graph: Any) -> None:
    nobody = "https://graph.microsoft.com/v1.0/users/00000000-0000-0000-0000-000000000001"
    answer = graph("POST", "/groups", group(**{"owners@odata.bind": [nobody]}))
    assert answer.status_code == 404


def test_only_who_may_create_groups(graph: Any) -> None:
    for app in ("provisioner", "reader", "sync", "none"):
        assert graph("POST", "/groups", group(), app=app).status_code == 403

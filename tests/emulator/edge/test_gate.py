from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from provisioner.emulator.seeds import identifier
from provisioner.emulator.server import RunningEmulator

Send = Callable[..., Any]

PROVISIONER = identifier("app:provisioner")


def asked(role: str, app: str = PROVISIONER) -> dict[str, Any]:
    return {"roles": [role], "grantedToIdentities": [{"application": {"id": app}}]}


def test_sites_selected_without_a_grant_gives_nothing(rest: Send, graph: Send, site: str) -> None:
    """Source: learn.microsoft.com/graph/permissions-selected-overview."""
    refused = rest("GET", "/_api/web/sitegroups", app="provisioner")
    assert refused.status_code == 403
    assert refused.json()["odata.error"]["code"].startswith("-2147024891, System.Unauthorized")
    refused = graph("GET", "/sites/contoso.sharepoint.com:/sites/acme", app="sync")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "accessDenied"


@pytest.mark.parametrize("role", ["read", "write", "manage"])
def test_less_than_full_control_cannot_touch_groups(rest: Send, grant: Send, role: str) -> None:
    grant("provisioner", role)
    assert rest("GET", "/_api/web/sitegroups", app="provisioner").status_code == 200
    made = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}, app="provisioner")
    assert made.status_code == 403


@pytest.mark.parametrize("role", ["owner", "fullcontrol"])
def test_full_control_on_the_site_suffices_for_groups(rest: Send, grant: Send, role: str) -> None:
    grant("provisioner", role)
    made = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}, app="provisioner")
    assert made.status_code == 201


def test_a_grant_on_one_site_is_none_on_another(rest: Send, grant: Send) -> None:
    grant("provisioner", "fullcontrol")
    assert rest("GET", "/_api/web/sitegroups", app="provisioner", site="").status_code == 403


def test_a_write_grant_cannot_create_a_list(rest: Send, grant: Send) -> None:
    """Observed 403 (github.com/microsoftgraph/msgraph-sdk-dotnet issue 1034)."""
    body = {"Title": "Risks", "BaseTemplate": 100}
    grant("provisioner", "write")
    assert rest("POST", "/_api/web/lists", body, app="provisioner").status_code == 403
    grant("provisioner", "manage")
    assert rest("POST", "/_api/web/lists", body, app="provisioner").status_code == 201


def test_a_reader_of_all_sites_cannot_write(rest: Send, site: str) -> None:
    assert rest("GET", "/_api/web/sitegroups", app="reader").status_code == 200
    made = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}, app="reader")
    assert made.status_code == 403


def test_an_app_without_any_permission_gets_403(rest: Send, graph: Send, site: str) -> None:
    """learn.microsoft.com/graph/permissions-reference; the body: terraform-provider-msgraph#130."""
    assert rest("GET", "/_api/web/sitegroups", app="none").status_code == 403
    assert graph("GET", "/sites/root", app="none").status_code == 403


def test_a_site_that_is_not_there_is_404_in_rest(rest: Send, emulator: RunningEmulator) -> None:
    answer = rest("GET", "/_api/web/sitegroups", site="/sites/nowhere")
    assert answer.status_code == 404


def test_what_is_not_built_says_501_and_what(rest: Send, graph: Send, site: str) -> None:
    answer = graph("GET", "/communications/calls")
    assert answer.status_code == 501
    assert answer.json()["error"] | {"innerError": {}} == {
        "code": "notImplemented",
        "message": "The emulator does not build GET /communications/calls.",
        "innerError": {},
    }
    answer = rest("POST", "/_api/web/magic('x')")
    assert answer.status_code == 501
    assert "POST /sites/acme/_api/web/magic" in answer.json()["odata.error"]["message"]["value"]


def test_write_is_granted_by_post_and_full_control_by_patch(
    graph: Send, rest: Send, site: str
) -> None:
    """Source: microsoft-graph-docs issue 11814; CLI for Microsoft 365 does it in two steps."""
    path = "/sites/contoso.sharepoint.com:/sites/acme:/permissions"
    for role in ("manage", "fullcontrol", "owner"):
        refused = graph("POST", path, asked(role))
        assert refused.status_code == 400
        assert refused.json()["error"]["message"] == "Invalid value for role"
    made = graph("POST", path, asked("write"))
    assert made.status_code == 201
    assert made.json()["roles"] == ["write"]
    one = f"{path}/{made.json()['id']}"
    raised = graph("PATCH", one, {"roles": ["fullcontrol"]})
    assert (raised.status_code, raised.json()["roles"]) == (200, ["fullcontrol"])
    group = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}, app="provisioner")
    assert group.status_code == 201
    assert graph("GET", one).json()["roles"] == ["fullcontrol"]
    assert graph("DELETE", one).status_code == 204
    assert graph("GET", one).status_code == 404
    assert rest("GET", "/_api/web/sitegroups", app="provisioner").status_code == 403


def test_listing_grants_leaves_their_roles_out(graph: Send, site: str, grant: Send) -> None:
    """Source: github.com/pnp/powershell issue 917."""
    grant("provisioner", "write")
    path = "/sites/contoso.sharepoint.com:/sites/acme:/permissions"
    (listed,) = graph("GET", path).json()["value"]
    assert "roles" not in listed
    assert graph("GET", f"{path}/{listed['id']}").json()["roles"] == ["write"]


def test_a_person_cannot_be_granted_a_site_permission(graph: Send, site: str) -> None:
    """Applications only (learn.microsoft.com/graph/api/site-post-permissions)."""
    path = "/sites/contoso.sharepoint.com:/sites/acme:/permissions"
    body = {"roles": ["write"], "grantedToIdentities": [{"user": {"id": "1"}}]}
    assert graph("POST", path, body).status_code == 400


def test_only_full_control_of_all_sites_may_grant(graph: Send, site: str, grant: Send) -> None:
    grant("provisioner", "fullcontrol")
    path = "/sites/contoso.sharepoint.com:/sites/acme:/permissions"
    assert graph("POST", path, asked("read"), app="provisioner").status_code == 403


@pytest.mark.parametrize("same", [True, False])
def test_two_schema_writes_of_one_list_at_once_answer_409(
    graph: Send, rest: Send, site: str, same: bool
) -> None:
    """Source: github.com/pnp/pnpjs issue 2324, "Save Conflict"."""
    for title in ("Risks", "Vendors"):
        assert rest("POST", "/_api/web/lists", {"Title": title, "BaseTemplate": 100}).is_success
    root = "/sites/contoso.sharepoint.com:/sites/acme:/lists/"
    lists = ("Risks", "Risks") if same else ("Risks", "Vendors")
    requests = [
        {
            "id": str(number),
            "method": "POST",
            "url": f"{root}{title}/columns",
            "headers": {"Content-Type": "application/json"},
            "body": {"name": f"Column{number}", "text": {}},
        }
        for number, title in enumerate(lists)
    ]
    answer = graph("POST", "/$batch", {"requests": requests}).json()
    statuses = sorted(part["status"] for part in answer["responses"])
    assert statuses == ([201, 409] if same else [201, 201])


@pytest.mark.parametrize("other", ["navigation", "lists"])
def test_two_navigation_writes_of_one_site_at_once_answer_409(
    rest: Send, http: httpx.Client, token: Send, site: str, other: str
) -> None:
    """Source: github.com/pnp/pnpjs issue 2324, "Save Conflict"; a list is another scope."""
    token("full-control", "sharepoint")
    http.put("/_emulator/settings", json={"serviceMs": {"write": 250}})
    node = ("/_api/web/navigation/quicklaunch", {"Title": "Home", "Url": "/sites/acme"})
    made = ("/_api/web/lists", {"Title": "Risks", "BaseTemplate": 100})
    second = node if other == "navigation" else made
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: rest("POST", *one).status_code, [node, second]))
    assert sorted(answers) == ([201, 409] if other == "navigation" else [201, 201])

"""Sites through SPSiteManager: learn.microsoft.com/sharepoint/dev/apis/site-creation-rest."""

from __future__ import annotations

from typing import Any

import pytest

OWNER = "vciso@contoso.example"
URL = "https://contoso.sharepoint.com/sites/made"


def request(**changes: Any) -> dict[str, Any]:
    body = {"Title": "Made", "Url": URL, "Lcid": 1033, "WebTemplate": "STS#3", "Owner": OWNER}
    return {"request": body | changes}


@pytest.fixture
def manager(rest: Any) -> Any:
    def send(verb: str, body: Any = None, **options: Any) -> Any:
        method = "GET" if verb.startswith("status") else "POST"
        return rest(method, f"/_api/SPSiteManager/{verb}", body, site="", **options)

    return send


def test_a_site_is_made_and_found(manager: Any, rest: Any) -> None:
    made = manager("create", request())
    assert made.status_code == 200
    assert made.json()["SiteStatus"] == 2
    web = rest("GET", "/_api/web", site="/sites/made").json()
    assert (web["Title"], web["WebTemplate"], web["Configuration"]) == ("Made", "STS", 3)


def test_it_takes_a_while(manager: Any, rest: Any, http: Any) -> None:
    http.put("/_emulator/settings", json={"provisioningDelayMs": 60_000})
    assert manager("create", request()).json()["SiteStatus"] == 1
    assert manager(f"status?url='{URL}'").json()["SiteStatus"] == 1
    assert rest("GET", "/_api/web", site="/sites/made").status_code == 404
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 61})
    answer = manager(f"status?url='{URL}'").json()
    assert answer["SiteStatus"] == 2
    assert answer["SiteUrl"].endswith("/sites/made")


def test_a_taken_address_is_a_status(manager: Any) -> None:
    manager("create", request())
    again = manager("create", request(Title="Again"))
    assert (again.status_code, again.json()["SiteStatus"]) == (200, 4)


def test_an_address_without_a_site_is_status_0(manager: Any) -> None:
    assert manager(f"status?url='{URL}'").json()["SiteStatus"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"Owner": ""},
        {"Owner": "nobody@contoso.example"},
        {"Title": ""},
        {"Url": "https://elsewhere.example/sites/x"},
        {"Url": "https://contoso.sharepoint.com/sites/x/y"},
        {"WebTemplate": "GROUP#0"},
        {"Lcid": 9999},
        {"Colour": "red"},
    ],
    ids=str,
)
def test_what_creation_refuses(manager: Any, change: dict[str, Any]) -> None:
    assert manager("create", request(**change)).status_code == 400


@pytest.mark.parametrize("app", ["provisioner", "reader", "sync", "none"])
def test_only_full_control_of_all_sites_may(manager: Any, app: str) -> None:
    """ "older APIs required Sites.FullControl.All" (devblogs.microsoft.com, 2025-11-24)."""
    assert manager("create", request(), app=app).status_code == 403


def test_a_deleted_site_is_gone_and_its_address_stays_taken(manager: Any, rest: Any) -> None:
    site_id = manager("create", request()).json()["SiteId"]
    rest("POST", "/_api/web/lists", {"Title": "Board", "BaseTemplate": 100}, site="/sites/made")
    assert manager("delete", {"siteId": site_id}).status_code == 200
    assert rest("GET", "/_api/web", site="/sites/made").status_code == 404
    assert manager("create", request()).json()["SiteStatus"] == 4
    assert manager("delete", {"siteId": site_id}).status_code == 404


def test_graph_refuses_the_address_of_a_deleted_site(manager: Any, graph: Any) -> None:
    site_id = manager("create", request()).json()["SiteId"]
    manager("delete", {"siteId": site_id})
    body = {
        "name": "Made",
        "webUrl": URL,
        "locale": "en-US",
        "template": "sts",
        "ownerIdentityToResolve": {"email": OWNER},
    }
    assert graph("POST", "/sites", body, version="beta").status_code == 409


def test_the_root_site_cannot_be_deleted(manager: Any, rest: Any) -> None:
    root = rest("GET", "/_api/site", site="").json()["Id"]
    assert manager("delete", {"siteId": root}).status_code == 400


def test_a_verbose_client_reads_create(manager: Any) -> None:
    answer = manager("create", request(), accept="application/json;odata=verbose")
    assert answer.json()["d"]["Create"]["SiteStatus"] == 2

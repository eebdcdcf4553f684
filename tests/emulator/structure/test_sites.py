"""Sites: three ways to find one, one way to make one, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

NEW = {
    "name": "Client",
    "webUrl": "https://contoso.sharepoint.com/sites/client",
    "locale": "en-US",
    "shareByEmailEnabled": False,
    "description": "Evidence",
    "template": "sts",
}


@pytest.fixture
def owner(emulator: Any) -> dict[str, Any]:
    from provisioner.emulator.seeds import ADMINISTRATOR

    return {"ownerIdentityToResolve": {"email": ADMINISTRATOR}}


def test_a_site_is_found_by_path_by_id_and_by_its_guid_alone(
    graph: Any, site: Any, fits: Any
) -> None:
    by_path = graph("GET", f"/sites/contoso.sharepoint.com:{site}").json()
    fits(by_path, "site")
    host, guid, _ = by_path["id"].split(",")
    assert host == "contoso.sharepoint.com"
    for reference in (by_path["id"], guid, f"contoso.sharepoint.com:{site}:"):
        assert graph("GET", f"/sites/{reference}").json()["id"] == by_path["id"]
    assert by_path["webUrl"].endswith(site)
    assert by_path["displayName"] == "Acme"


def test_the_root_site_has_a_name_of_its_own(graph: Any, emulator: Any) -> None:
    assert (
        graph("GET", "/sites/root").json() == graph("GET", "/sites/contoso.sharepoint.com").json()
    )


def test_what_follows_a_path_and_a_colon_is_of_that_site(
    graph: Any, site: Any, site_id: Any
) -> None:
    by_path = graph("GET", f"/sites/contoso.sharepoint.com:{site}:/lists").json()["value"]
    by_id = graph("GET", f"/sites/{site_id}/lists").json()["value"]
    assert [found["id"] for found in by_path] == [found["id"] for found in by_id]


def test_a_site_that_is_not_there_is_a_404_and_a_foreign_host_a_400(
    graph: Any, emulator: Any
) -> None:
    missing = graph("GET", "/sites/contoso.sharepoint.com:/sites/nowhere")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "itemNotFound")
    assert graph("GET", "/sites/fabrikam.sharepoint.com:/sites/acme").status_code == 400


def test_sites_are_searched_by_title(graph: Any, site: Any) -> None:
    found = graph("GET", "/sites?search=acme").json()["value"]
    assert [each["displayName"] for each in found] == ["Acme"]


def test_a_new_site_is_accepted_provisioned_later_and_404_until_then(
    graph: Any, emulator: Any, owner: Any, fits: Any
) -> None:
    """202, Location, polling (learn.microsoft.com/graph/api/site-post-sites, beta); the 404 and its
    words: microsoftgraph/microsoft-graph-docs-contrib#8215."""
    with emulator.tenant.lock:
        emulator.tenant.set_setting("provisioningDelayMs", 60_000)
    made = graph("POST", "/sites", NEW | owner, version="beta")
    assert made.status_code == 202, made.text
    operation = made.headers["Location"].split("/beta")[1]
    assert graph("GET", operation, version="beta").json()["status"] == "running"
    waiting = graph("GET", "/sites/contoso.sharepoint.com:/sites/client")
    assert waiting.status_code == 404
    assert waiting.json()["error"]["message"].startswith("Resource provisioning is in progress")
    with emulator.tenant.lock:
        emulator.tenant.set_clock(emulator.tenant.now() + timedelta(minutes=2))
    done = graph("GET", operation, version="beta").json()
    fits(done, "richLongRunningOperation")
    ready = graph("GET", "/sites/contoso.sharepoint.com:/sites/client").json()
    assert (done["status"], done["resourceId"]) == ("succeeded", ready["id"])


def test_creating_a_site_is_beta_only(graph: Any, emulator: Any, owner: Any) -> None:
    assert graph("POST", "/sites", NEW | owner).status_code == 501


@pytest.mark.parametrize(
    "change",
    [
        {"webUrl": "https://fabrikam.sharepoint.com/sites/x"},
        {"webUrl": "https://contoso.sharepoint.com/x"},
        {"template": "group"},
        {"template": None},
        {"name": ""},
        {"locale": "xx-XX"},
        {"lcid": 1033},
        {"ownerIdentityToResolve": None},
        {"ownerIdentityToResolve": {"email": "nobody@nowhere.example"}},
    ],
)
def test_a_site_without_owner_or_with_a_bad_value_is_refused(
    graph: Any, emulator: Any, owner: Any, change: Any
) -> None:
    """`ownerIdentityToResolve` is required app-only (learn.microsoft.com/graph/api/site-post-sites)."""
    answer = graph("POST", "/sites", NEW | owner | change, version="beta")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalidRequest")


def test_a_url_that_is_taken_is_refused(graph: Any, site: Any, owner: Any) -> None:
    body = NEW | owner | {"webUrl": f"https://contoso.sharepoint.com{site}"}
    assert graph("POST", "/sites", body, version="beta").status_code == 409


def test_a_french_site_has_french_names_and_the_same_addresses(
    graph: Any, rest: Any, emulator: Any, owner: Any
) -> None:
    """Localised names: an English title finds nothing there (SharePoint/PnP-Sites-Core#2604 et al.)."""
    assert (
        graph("POST", "/sites", NEW | owner | {"locale": "fr-FR"}, version="beta").status_code
        == 202
    )
    found = rest(
        "GET",
        "/_api/web/lists?$expand=RootFolder,DefaultView&$filter=BaseTemplate eq 101",
        site="/sites/client",
    ).json()["value"]
    documents = next(each for each in found if each["Title"] == "Documents")
    assert documents["RootFolder"]["ServerRelativeUrl"] == "/sites/client/Documents partages"
    assert documents["DefaultView"]["Title"] == "Tous les documents"
    missing = rest("GET", "/_api/web/lists/getbytitle('Site Pages')", site="/sites/client")
    assert missing.status_code == 404


def test_the_web_is_read_and_retitled(rest: Any, site: Any) -> None:
    assert (
        rest("PATCH", "/_api/web", {"Title": "Acme SOC 2", "QuickLaunchEnabled": False}).status_code
        == 204
    )
    web = rest("GET", "/_api/web?$select=Title,QuickLaunchEnabled,ServerRelativeUrl").json()
    assert web == {"Title": "Acme SOC 2", "QuickLaunchEnabled": False, "ServerRelativeUrl": site}


def test_a_property_the_web_does_not_have_is_refused(rest: Any, site: Any) -> None:
    answer = rest("PATCH", "/_api/web", {"Titel": "x"})
    assert answer.status_code == 400
    assert "does not exist on type 'SP.Web'" in answer.text


def test_the_home_page_is_the_root_folders_welcome_page(rest: Any, site: Any) -> None:
    made = rest("POST", "/_api/sitepages/pages", {"Name": "Home2.aspx", "Title": "Home"})
    assert made.status_code == 201, made.text
    body = {"WelcomePage": "SitePages/Home2.aspx"}
    assert rest("PATCH", "/_api/web/rootfolder", body).status_code == 204
    assert rest("GET", "/_api/web/rootfolder").json()["WelcomePage"] == body["WelcomePage"]


def test_a_home_page_that_is_not_there_is_refused(rest: Any, site: Any) -> None:
    answer = rest("PATCH", "/_api/web/rootfolder", {"WelcomePage": "SitePages/Nowhere.aspx"})
    assert answer.status_code == 404
    assert rest("GET", "/_api/web").json()["Title"]


def test_the_time_zone_is_told(rest: Any, site: Any) -> None:
    zone = rest("GET", "/_api/web/regionalsettings?$expand=TimeZone").json()["TimeZone"]
    assert zone["Id"] == 93


def test_the_app_that_makes_a_site_gets_full_control_of_it(
    graph: Any, rest: Any, emulator: Any, owner: Any
) -> None:
    """Sites.Create.All with Sites.Selected (devblogs.microsoft.com, "SharePoint Site Creation in
    Microsoft Graph", 2025-11-24)."""
    made = graph("POST", "/sites", NEW | owner, version="beta", app="provisioner")
    assert made.status_code == 202, made.text
    operation = made.headers["Location"].split("/beta")[1]
    assert graph("GET", operation, version="beta", app="provisioner").status_code == 200
    address = "/sites/contoso.sharepoint.com:/sites/client"
    listed = graph("POST", f"{address}:/lists", {"displayName": "A"}, app="provisioner")
    assert listed.status_code == 201, listed.text
    users = rest("GET", "/_api/web/roleassignments", site="/sites/client", app="provisioner")
    assert users.status_code == 200
    assert graph("GET", address, app="sync").status_code == 403


def test_an_app_without_create_rights_cannot_make_a_site(graph: Any, owner: Any) -> None:
    refused = graph("POST", "/sites", NEW | owner, version="beta", app="sync")
    assert refused.status_code == 403


def test_the_user_list_says_who_has_which_id(graph: Any, site_id: Any) -> None:
    """The site-local id of a person, as person columns need it."""
    found = graph("GET", f"/sites/{site_id}/lists?$select=id,displayName,system").json()["value"]
    users = next(each for each in found if "system" in each)
    names = {
        c["name"]
        for c in graph("GET", f"/sites/{site_id}/lists/{users['id']}/columns").json()["value"]
    }
    assert {"Name", "EMail", "UserName"} <= names

"""How a site looks, who may share from it, its regional settings and its hub."""

from __future__ import annotations

import json
from typing import Any

import pytest

LOOK = (
    "/_api/web?$select=PrimaryColor,MembersCanShare,HeaderLayout,FooterEnabled,"
    "AssociatedMemberGroup/AllowMembersEditMembership&$expand=AssociatedMemberGroup"
)
NO_HUB = "00000000-0000-0000-0000-000000000000"
MERGE = {"X-HTTP-Method": "MERGE", "If-Match": "*"}


def merge(rest: Any, path: str, body: Any, **more: Any) -> Any:
    return rest("POST", path, body, headers=MERGE, **more)


def theme(colour: Any) -> dict[str, str]:
    return {"name": "Ours", "themeJson": json.dumps({"palette": {"themePrimary": colour}})}


def test_what_is_set_reads_back_in_a_german_site_too(rest: Any, emulator: Any) -> None:
    request = {
        "Title": "Nachweise",
        "Url": "https://contoso.sharepoint.com/sites/nachweise",
        "Lcid": 1031,
        "Owner": "vciso@contoso.example",
        "ShareByEmailEnabled": True,
    }
    rest("POST", "/_api/SPSiteManager/create", {"request": request}, site="")
    at = {"site": "/sites/nachweise"}
    assert rest("GET", "/_api/site", **at).json()["ShareByEmailEnabled"] is True
    assert "PrimaryColor" not in rest("GET", "/_api/web", **at).json()
    chrome = {"headerLayout": 2, "footerEnabled": True}
    assert rest("POST", "/_api/web/SetChromeOptions", chrome, **at).status_code == 200
    colour = {"R": 11, "G": 106, "B": 11, "A": 255}
    assert rest("POST", "/_api/ThemeManager/ApplyTheme", theme(colour), **at).status_code == 200
    assert merge(rest, "/_api/web", {"MembersCanShare": False}, **at).status_code == 204
    adds = {"AllowMembersEditMembership": True}
    assert merge(rest, "/_api/web/AssociatedMemberGroup", adds, **at).status_code == 204
    assert rest("GET", LOOK, **at).json() == {
        "PrimaryColor": "#0b6a0b",
        "MembersCanShare": False,
        "HeaderLayout": 2,
        "FooterEnabled": True,
        "AssociatedMemberGroup": {"AllowMembersEditMembership": True},
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_api/web/SetChromeOptions", {"headerLayout": 5}),
        ("/_api/web/SetChromeOptions", {"headerColour": 1}),
        ("/_api/ThemeManager/ApplyTheme", theme("green")),
        ("/_api/ThemeManager/ApplyTheme", theme({"R": 256, "G": 0, "B": 0})),
        ("/_api/ThemeManager/ApplyTheme", {"name": "Ours", "themeJson": "{}"}),
        ("/_api/ThemeManager/ApplyTheme", {"themeJson": "{}"}),
    ],
    ids=str,
)
def test_what_the_look_refuses(rest: Any, site: str, path: str, body: Any) -> None:
    assert rest("POST", path, body).status_code == 400


@pytest.mark.parametrize(
    "body", [{"SearchScope": 4}, {"MegaMenuEnabled": "yes"}, {"SiteLogoUrl": 1}, {"PrimaryColor": "#0b6a0b"}]
)  # fmt: skip
def test_what_the_web_refuses(rest: Any, site: str, body: Any) -> None:
    assert merge(rest, "/_api/web", body).status_code == 400


def test_regional_settings_cannot_be_patched(rest: Any, site: str) -> None:
    """The words are those of vgrem/office365-rest-python-client#426."""
    answer = merge(rest, "/_api/web/RegionalSettings", {"Time24": True})
    assert answer.status_code == 400
    assert "does not support HTTP PATCH method" in answer.text


def test_a_site_joins_a_hub_and_leaves_it(rest: Any, graph: Any, site: str, http: Any) -> None:
    """learn.microsoft.com/sharepoint/dev/features/hub-site: the zero GUID leaves."""
    root = graph("GET", "/sites/root?$select=sharepointIds").json()["sharepointIds"]["siteId"]
    assert rest("GET", "/_api/web/HubSiteData(false)").json() == {"odata.null": True}
    assert rest("POST", f"/_api/site/JoinHubSite('{root}')").status_code == 404
    hub = rest("POST", "/_api/site/RegisterHubSite", site="").json()
    assert hub["ID"] == root
    assert rest("GET", "/_api/HubSites").json()["value"][0]["ID"] == root
    assert rest("POST", f"/_api/site/JoinHubSite('{root}')").status_code == 204
    told = json.loads(rest("GET", "/_api/web/HubSiteData(false)").json()["value"])
    assert told["url"].rstrip("/") == str(http.base_url).rstrip("/")
    of_the_site = rest("GET", "/_api/site").json()
    assert (of_the_site["HubSiteId"], of_the_site["IsHubSite"]) == (root, False)
    assert rest("POST", "/_api/site/RegisterHubSite").status_code == 400
    assert rest("POST", f"/_api/site/JoinHubSite('{NO_HUB}')", site="").status_code == 400
    assert rest("POST", f"/_api/site/JoinHubSite('{NO_HUB}')").status_code == 204
    assert rest("GET", "/_api/site").json()["HubSiteId"] == NO_HUB


def test_hubs_take_full_control_of_all_sites(rest: Any, site: str, grant: Any) -> None:
    """pnp/cli-microsoft365 names it for ``spo site hubsite connect``, github.com/pnp."""
    grant("provisioner", "fullcontrol")
    join = f"/_api/site/JoinHubSite('{NO_HUB}')"
    assert rest("POST", join, app="provisioner").status_code == 403


def test_a_site_of_a_group_shows_the_groups_picture(graph: Any, rest: Any) -> None:
    """A web of a group in the answers of pnp/cli-microsoft365 ``spo web get``, github.com/pnp."""
    user = graph("GET", "/users/vciso@contoso.example").json()["id"]
    body = {
        "displayName": "Audit",
        "mailNickname": "audit",
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "securityEnabled": False,
        "owners@odata.bind": [f"https://graph.microsoft.com/v1.0/users/{user}"],
    }
    graph("POST", "/groups", body)
    at = {"site": "/sites/audit"}
    assert merge(rest, "/_api/web", {"SiteLogoUrl": "/a.png"}, **at).status_code == 204
    assert "GetGroupImage" in rest("GET", "/_api/web", **at).json()["SiteLogoUrl"]


def test_a_web_without_its_members_group_is_read_all_the_same(rest: Any, site: str) -> None:
    """Nobody says what the service gives then; not documented, and null is what expands to nothing."""
    assert rest("POST", "/_api/web/sitegroups/removebyid(5)").status_code == 200
    assert rest("GET", LOOK).json()["AssociatedMemberGroup"] is None
    assert merge(rest, "/_api/web/AssociatedMemberGroup", {}).status_code == 404

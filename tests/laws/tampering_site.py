"""How somebody else changes the site, its groups and levels, access, rows, pages and links."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from outsider import Send
from tampering import At, Outcome, Why, tampers

# -- site -----------------------------------------------------------------------------------------


@tampers("site", "title", "description")
def _site(at: At) -> Outcome:
    return [Send("MERGE", "/_api/web", {at.path.capitalize(): "Anders & autre"})]


_WEB = {
    "quickLaunch": "QuickLaunchEnabled",
    "megaMenu": "MegaMenuEnabled",
    "footer": "FooterEnabled",
}


@tampers("site", *_WEB)
def _site_flag(at: At) -> Outcome:
    return [Send("MERGE", "/_api/web", {_WEB[at.path]: not at.value})]


@tampers("site", "searchScope", "logo", "sharing")
def _site_choice(at: At) -> Outcome:
    body = {
        "searchScope": {"SearchScope": 2 if at.value == "tenant" else 1},
        "logo": {"SiteLogoUrl": "/sites/marque/SiteAssets/a.png"},
        "sharing": {"MembersCanShare": at.value == "ownersOnly"},
    }[at.path]
    return [Send("MERGE", "/_api/web", body)]


@tampers("site", "headerLayout", "headerEmphasis")
def _chrome(at: At) -> Outcome:
    number = 3 if at.path == "headerLayout" else 1
    if at.value in {"minimal", "light"}:
        number = 2
    return [Send("POST", "/_api/web/SetChromeOptions", {at.path: number})]


@tampers("site", "themeColor")
def _theme(_at: At) -> Outcome:
    theme = {"palette": {"themePrimary": {"R": 200, "G": 0, "B": 0, "A": 255}}}
    body = {"name": "Rouge", "themeJson": json.dumps(theme)}
    return [Send("POST", "/_api/ThemeManager/ApplyTheme", body)]


@tampers("site", "hub")
def _hub(at: At) -> Outcome:
    if at.value != "none":
        return [Send("POST", f"/_api/site/JoinHubSite('{UUID(int=0)}')")]
    number = at.id("site").split(",")[1]
    return [
        Send("POST", "/_api/site/RegisterHubSite"),
        Send("POST", f"/_api/site/JoinHubSite('{number}')"),
    ]


# -- levels and groups ----------------------------------------------------------------------------


@tampers("role", "name", "description", "permissions")
def _role(at: At) -> Outcome:
    path = f"/_api/web/roledefinitions({at.id()})"
    if at.path == "permissions":
        masks = at.ask(Send("GET", path))["BasePermissions"]
        more = {"High": masks["High"], "Low": str(int(masks["Low"]) ^ 0x8)}  # DeleteListItems
        return [Send("MERGE", path, {"BasePermissions": more})]
    return [Send("MERGE", path, {at.path.capitalize(): "Autre nom"})]


_GROUP = {
    "name": "Title",
    "description": "Description",
    "onlyMembersView": "OnlyAllowMembersViewMembership",
    "membersEdit": "AllowMembersEditMembership",
    "requestToJoin": "AllowRequestToJoinLeave",
    "acceptRequests": "AutoAcceptRequestToJoinLeave",
}


@tampers("group", *_GROUP)
def _group(at: At) -> Outcome:
    value = not at.value if isinstance(at.value, bool) else f"{at.value} (ancien)"
    return [Send("MERGE", f"/_api/web/sitegroups({at.id()})", {_GROUP[at.path]: value})]


@tampers("group", "members")
def _members(at: At) -> Outcome:
    login = "i:0#.f|membership|cto@contoso.example"
    return [Send("POST", f"/_api/web/sitegroups({at.id()})/users", {"LoginName": login})]


@tampers("group", "owner")
def _owner(at: At) -> Outcome:
    who = "iam" if at.value == "user:cto@contoso.example" else "cto"
    login = {"logonName": f"i:0#.f|membership|{who}@contoso.example"}
    other = Send("POST", "/_api/web/ensureuser", login)
    number = at.ask(other)["Id"]
    return [Send("POST", f"/_api/web/sitegroups({at.id()})/setuserasowner({number})")]


@tampers("group", "role")
def _group_role(at: At) -> Outcome:
    level = at.id(f"role:{at.value}") if (f"role:{at.value}", "id") in at.ids else ""
    level = level or at.id(
        next(a for a, r in at.resources.items() if r.properties.get("name") == at.value)
    )
    gone = f"removeroleassignment(principalid={at.id()},roledefid={level})"
    return [Send("POST", f"/_api/web/roleassignments/{gone}")]


# -- access ---------------------------------------------------------------------------------------


def _secured(at: At) -> str:
    """REST path of what these permissions are of: the web, a list, a folder or a row."""
    above = at.address.rpartition("/")[0]
    if not above or above == at.list:
        return at.home
    if above.rpartition("/")[2].startswith("item:"):
        return f"{at.home}/items({at.id(above)})"
    folder = f"{at.graph}/drive/items/{at.id(above)}/listItem?$select=id"
    return f"{at.home}/items({at.ask(Send('GET', folder))['id']})"


@tampers("permissions", "inherit")
def _inherit(at: At) -> Outcome:
    if at.value:
        broken = "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"
        return [Send("POST", f"{_secured(at)}/{broken}")]
    return [Send("POST", f"{_secured(at)}/resetroleinheritance")]


@tampers("permissions", "grants")
def _grants(at: At) -> Outcome:
    if at.said("inherit"):
        return Why("while the site's permissions hold, there are none of its own")
    group = [one for one in at.resources if one.startswith("group:")][-1]
    role = "role:Contribute" if "Edit" in at.value.get(group, ()) else "role:Edit"
    given = f"addroleassignment(principalid={at.id(group)},roledefid={at.id(role)})"
    return [Send("POST", f"{_secured(at)}/roleassignments/{given}")]


# -- rows -----------------------------------------------------------------------------------------


@tampers("item", "*")
def _row(at: At) -> Outcome:
    value: Any = at.value
    if isinstance(value, bool):
        value = not value
    elif isinstance(value, int | float):
        value = value + 1
    elif isinstance(value, list | tuple):
        value = {"results": list(value)[:1]}
    elif isinstance(value, dict):
        value = {"Url": "https://example.com/b", "Description": "B"}
    elif re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]+Z)?", str(value)):
        value = "2027-01-05T00:00:00Z"
    else:
        value = f"{value} neu"
    name = at.path
    kind = at.resources.get(f"{at.list}/column:{name}")
    if kind is not None and kind.properties.get("type") == "choice" and isinstance(value, str):
        value = next(one for one in kind.properties["choices"] if one != at.value)
    return [Send("MERGE", f"{at.home}/items({at.id()})", {name: value})]


# -- pages and navigation -------------------------------------------------------------------------

_SAVED = {
    "title": {"Title": "Autre page"},
    "description": {"Description": "Autre chose"},
    "titleArea": {"LayoutWebpartsContent": "[]"},
    "sections": {"CanvasContent1": "[]"},
}


@tampers("page", "title", "description", "titleArea", "sections", "published")
def _page(at: At) -> Outcome:
    page = f"/_api/sitepages/pages({at.id(attribute='number')})"
    body = _SAVED.get(at.path, {"Title": at.said("title")})
    if at.path == "titleArea" and at.value["layout"] == "imageAndTitle":  # as a page has none
        body = {"LayoutWebpartsContent": json.dumps([{"properties": {"layoutType": "ColorBlock"}}])}
    sends = [Send("POST", f"{page}/checkoutpage"), Send("POST", f"{page}/SavePage", body)]
    return sends if at.path == "published" else [*sends, Send("POST", f"{page}/publish")]


@tampers("page", "home")
def _home(_at: At) -> Outcome:
    return [Send("MERGE", "/_api/web/rootfolder", {"WelcomePage": "SitePages/Home.aspx"})]


@tampers("topNavigation", "title", "link")
@tampers("navigation", "title", "link")
@tampers("topNavigation", "title", "link")
def _link(at: At) -> Outcome:
    node = f"/_api/web/navigation/GetNodeById({at.id()})"
    if at.path == "title":
        return [Send("MERGE", node, {"Title": f"{at.value} 2"})]
    return [Send("MERGE", node, {"Url": "https://elsewhere.example/x", "IsExternal": True})]


@tampers("navigationBar", "order")
def _order(at: At) -> Outcome:
    tops = [one for one in at.value if "/" not in one]
    if len(tops) < 2:
        return Why("a bar with one entry has no order")
    bar = "quicklaunch" if at.address.endswith("quickLaunch") else "topnavigationbar"
    call = f"MoveAfter(nodeId={at.id(tops[0])},previousNodeId={at.id(tops[-1])})"
    return [Send("POST", f"/_api/web/navigation/{bar}/{call}")]


@tampers("navigationBar", "extras")
def _extra(at: At) -> Outcome:
    bar = "quicklaunch" if at.address.endswith("quickLaunch") else "topnavigationbar"
    body = {"Title": "Autre", "Url": "https://autre.example/", "IsExternal": True}
    return [Send("POST", f"/_api/web/navigation/{bar}", body)]

"""How a site looks, who may share from it and which hub it belongs to: read, compared, written.

Reads and writes as pnp/cli-microsoft365 makes them: `spo web set` (MERGE of the web), `spo site
chrome set` (`SetChromeOptions`, for the header), `spo site sharingpermission set` (the web and its
members group), `spo theme apply`, `spo hubsite data get` and `spo site hubsite connect`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from provisioner.core.address import SITE
from provisioner.core.resource import FieldChange
from provisioner.core.site_role import role_of
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Scope
from provisioner.kinds.links import parts_of
from provisioner.kinds.requests import GRAPH_WRITE, REST_MANAGE, read_rest, rest
from provisioner.kinds.site_theme import spelled, theme_body

FULL_CONTROL = "sharepoint:Sites.FullControl.All"
NONE = "none"
LAYOUTS = ("standard", "compact", "minimal", "extended")
EMPHASES = ("lightest", "light", "dark", "darkest")
SEARCH_SCOPES = ("default", "tenant", "hub", "site")
_NO_HUB = "00000000-0000-0000-0000-000000000000"
GROUP_LOGO = "group"
"""The logo of a site that shows the picture of its group, which is the group's business."""
_GROUP_PICTURE = "/_api/groupservice/getgroupimage"
_WEB: Mapping[str, tuple[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "title": ("Title", lambda value: value or ""),
        "description": ("Description", lambda value: value or ""),
        "quickLaunch": ("QuickLaunchEnabled", bool),
        "megaMenu": ("MegaMenuEnabled", bool),
        "footer": ("FooterEnabled", bool),
        "searchScope": ("SearchScope", SEARCH_SCOPES.index),
        "logo": ("SiteLogoUrl", lambda value: "" if value == NONE else quote(str(value))),
        "sharing": ("MembersCanShare", lambda value: value != "ownersOnly"),
    }
)
"""What a MERGE of the web sets: our word, its name, and its value for ours."""
_CHROME: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "headerLayout": lambda value: LAYOUTS.index(value) + 1,
        "headerEmphasis": EMPHASES.index,
    }
)
"""What `SetChromeOptions` sets, under our own words."""
_SHARING = {(True, True): "full", (True, False): "limited", (False, False): "ownersOnly"}
_ODD_SHARING = "membersAddMembers"
"""Members may not share but may add members: the site says it, a file cannot."""

WEB = read_rest(
    "/_api/web?$select=Title,Description,Language,ServerRelativeUrl,QuickLaunchEnabled,"
    "MegaMenuEnabled,HeaderLayout,HeaderEmphasis,FooterEnabled,SearchScope,SiteLogoUrl,"
    "PrimaryColor,MembersCanShare,EffectiveBasePermissions,"
    "AssociatedMemberGroup/AllowMembersEditMembership"
    "&$expand=AssociatedMemberGroup",
    cost=1,
    pages=False,
    absent_ok=True,
)
COLLECTION = read_rest(
    "/_api/site?$select=ShareByEmailEnabled,ShareByLinkEnabled",
    cost=1,
    pages=False,
    absent_ok=True,
)
HUB = read_rest("/_api/web/HubSiteData(false)", cost=1, pages=False, absent_ok=True)
EXTERNAL, JOINED = "external", "hub"


def words_asked(spec: object) -> frozenset[str]:
    """What the declaration of a site says that takes a request of its own to read."""
    said = {
        EXTERNAL: ("guest_invitations", "anonymous_links"),
        JOINED: ("hub",),
    }
    return frozenset(
        word
        for word, names in said.items()
        if any(getattr(spec, name, None) is not None for name in names)
    )


def settings_readings(scope: Scope) -> tuple[Reading, ...]:
    """The web, and beyond it only what the file speaks of; an import asks for all."""
    everything = "*" in scope.site_words
    made = [WEB]
    if everything or EXTERNAL in scope.site_words:
        made.append(COLLECTION)
    if everything or JOINED in scope.site_words:
        made.append(HUB)
    return tuple(made)


def own_role(answers: Answers) -> str:
    """What the app may do on the site, by the site's own account; "" where it does not say."""
    return role_of(_body(answers, WEB).get("EffectiveBasePermissions"))


def settings_of(scope: Scope, answers: Answers) -> dict[str, Any]:
    """What the site is set to, by the file's words; None where the site does not say."""
    web, collection = _body(answers, WEB), _body(answers, COLLECTION)
    members = web.get("AssociatedMemberGroup")
    adds = members.get("AllowMembersEditMembership") if isinstance(members, Mapping) else False
    return {
        "logo": _logo(web.get("SiteLogoUrl")) if web else None,
        "themeColor": spelled(web.get("PrimaryColor")),
        "quickLaunch": web.get("QuickLaunchEnabled"),
        "megaMenu": web.get("MegaMenuEnabled"),
        "footer": web.get("FooterEnabled"),
        "headerLayout": _word(LAYOUTS, web.get("HeaderLayout"), 1),
        "headerEmphasis": _word(EMPHASES, web.get("HeaderEmphasis"), 0),
        "searchScope": _word(SEARCH_SCOPES, web.get("SearchScope"), 0),
        "sharing": _sharing(web.get("MembersCanShare"), adds),
        "guestInvitations": collection.get("ShareByEmailEnabled"),
        "anonymousLinks": collection.get("ShareByLinkEnabled"),
        "hub": _hub(_body(answers, HUB), scope) if HUB in answers else None,
    }


def settings_operations(
    fields: Sequence[FieldChange], logo: bytes | None = None
) -> list[Operation]:
    """The requests that make these properties what the file says; others are left alone.

    `logo` is the picture to upload, where the logo is one from beside the file.
    """
    wanted = {field.path: field.after for field in fields}
    made = _uploading(str(wanted["logo"]), logo) if "logo" in wanted and logo is not None else []
    web = {name: how(wanted[word]) for word, (name, how) in _WEB.items() if word in wanted}
    if web:
        made.append(_send("MERGE", "/_api/web", web, "Update the site"))
    if "sharing" in wanted:
        body = {"AllowMembersEditMembership": wanted["sharing"] == "full"}
        path = "/_api/web/AssociatedMemberGroup"
        made.append(_send("MERGE", path, body, "Say who may share the site"))
    chrome = {word: how(wanted[word]) for word, how in _CHROME.items() if word in wanted}
    if chrome:
        made.append(_send("POST", "/_api/web/SetChromeOptions", chrome, "Set the header"))
    if "themeColor" in wanted:
        body_of_theme = theme_body(str(wanted["themeColor"]))
        path = "/_api/ThemeManager/ApplyTheme"
        made.append(_send("POST", path, body_of_theme, "Apply the colours"))
    if "hub" in wanted:
        made += _joining(str(wanted["hub"]))
    return made


def host_path(value: str, hostname: str) -> str | None:
    """The path of an address on the host, decoded; None for one that is elsewhere or no address."""
    parts = parts_of(value)
    if parts is None:
        return None
    if value.startswith("/") and not value.startswith("//"):
        return unquote(parts.path).rstrip("/")
    if parts.scheme == "https" and (parts.hostname or "") == hostname.lower():
        return unquote(parts.path).rstrip("/")
    return None


def _send(method: str, path: str, body: Any, what: str) -> Operation:
    return rest(method, path, SITE, body, permission=REST_MANAGE, what=what)


def _uploading(place: str, content: bytes) -> list[Operation]:
    """Put the picture into Site Assets, made where the site has none yet.

    learn.microsoft.com, "SPListCollection.EnsureSiteAssetsLibrary".
    """
    path = f"/sites/{ref(SITE)}/lists/{ref(SITE, 'assets')}/drive/root:/{place.rpartition('/')[2]}"
    return [
        rest(
            "POST",
            "/_api/web/lists/EnsureSiteAssetsLibrary",
            SITE,
            permission=REST_MANAGE,
            produces={"assets": "/Id"},
            what="Look up the library Site Assets",
        ),
        Operation(
            audience="graph",
            method="PUT",
            path=f"{path}:/content",
            address=SITE,
            scope="site",
            body=content,
            headers={"Content-Type": "application/octet-stream"},
            permission=GRAPH_WRITE,
            alone=True,
            what="Upload the logo",
        ),
    ]


def _joining(hub: str) -> list[Operation]:
    """Join the hub at a path, whose id is the id of its site collection; or leave the hub."""
    if hub == NONE:
        path = f"/_api/site/JoinHubSite('{_NO_HUB}')"
        return [rest("POST", path, SITE, permission=FULL_CONTROL, what="Leave the hub")]
    # By SharePoint, like the joining: an app that may join sees the hub there, and seldom by Graph.
    look_up = rest(
        "GET",
        f"{quote(hub)}/_api/site?$select=Id",
        SITE,
        cost=1,
        permission=FULL_CONTROL,
        produces={"hub": "/Id"},
        what=f"Look up the hub {hub}",
    )
    look_up = replace(look_up, at="root", alone=True)
    join = f"/_api/site/JoinHubSite('{ref(SITE, 'hub')}')"
    return [look_up, rest("POST", join, SITE, permission=FULL_CONTROL, what="Join the hub")]


def _body(answers: Answers, reading: Reading) -> Mapping[str, Any]:
    answer = answers.get(reading)
    found = answer.body if answer is not None and answer.status == 200 else None
    return found if isinstance(found, Mapping) else {}


def _word(words: tuple[str, ...], number: Any, first: int) -> str | None:
    at = number - first if isinstance(number, int) else -1
    return words[at] if 0 <= at < len(words) else None


def _sharing(members_share: Any, members_add: Any) -> str | None:
    if members_share is None:
        return None
    return _SHARING.get((bool(members_share), bool(members_add)), _ODD_SHARING)


def _logo(url: Any) -> str:
    """The logo's path on the host; "none" for the default one, "group" for the group's picture."""
    text = str(url or "").strip()
    if not text:
        return NONE
    parts = parts_of(text)
    path = text if parts is None else unquote(parts.path)
    return GROUP_LOGO if path.casefold().endswith(_GROUP_PICTURE) else path


def _hub(answer: Mapping[str, Any], scope: Scope) -> str:
    """The path of the hub the site has joined; "none" for none, and for a hub itself."""
    try:
        told = json.loads(answer.get("value") or "null")
    except ValueError:
        return NONE
    url = told.get("url") if isinstance(told, dict) else None
    path = unquote(urlsplit(str(url or "")).path).rstrip("/")
    return NONE if not path or path.casefold() == scope.site_path.casefold() else path

"""How a missing site is made: the way is chosen by what the app may do.

- `communication`, `team`: Graph (beta) where the app has Sites.Create.All there
  (learn.microsoft.com/graph/api/site-post-sites); else `SPSiteManager` of SharePoint's root site,
  which takes Sites.FullControl.All (learn.microsoft.com/sharepoint/dev/apis/site-creation-rest).
- `group`: a private Microsoft 365 group, whose site comes with it
  (learn.microsoft.com/graph/api/group-post-groups). Without an owner it would come without a site.

What the app may do is read from the roles in its own tokens. Where they are not known, Graph is
asked, whose answer then names what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from provisioner.core.address import SITE
from provisioner.core.resource import Resource
from provisioner.core.transport import Operation, Poll, ref
from provisioner.kinds.base import Capabilities, Scope
from provisioner.kinds.requests import CREATE_SITE, GRAPH_ROOT, graph
from provisioner.kinds.site_language import LCIDS
from provisioner.kinds.site_settings import FULL_CONTROL

GRAPH_TEMPLATES = {"communication": "sitepagepublishing", "team": "sts"}
_REST_TEMPLATES = {"communication": "SITEPAGEPUBLISHING#0", "team": "STS#3"}
_BY_GRAPH = frozenset({CREATE_SITE, "graph:Sites.FullControl.All"})
_BY_SHAREPOINT = frozenset({FULL_CONTROL})
_BY_GROUP = (
    ("graph:Group.Create", "graph:Group.ReadWrite.All", "graph:Directory.ReadWrite.All"),
    (
        "graph:User.ReadBasic.All",
        "graph:User.Read.All",
        "graph:User.ReadWrite.All",
        "graph:Directory.Read.All",
        "graph:Directory.ReadWrite.All",
    ),
    ("graph:Sites.Manage.All", "graph:Sites.FullControl.All"),
)
"""To make a group, to look up its owner, to reach a site nobody has granted yet; least first."""


def refused(create: str, can: Capabilities) -> tuple[str, str] | None:
    """Why the app cannot make such a site, and what to do; None where it can or is not known."""
    if not any(name.startswith(("graph:", "sharepoint:")) for name in can):
        return None
    if create == "group":
        missing = [ways[0].partition(":")[2] for ways in _BY_GROUP if not can.intersection(ways)]
        if not missing:
            return None
        why = f"The app may not make a site with a Microsoft 365 group: it lacks {', '.join(missing)}."
        return why, (
            "Grant the app Group.Create, User.ReadBasic.All and Sites.Manage.All on Microsoft "
            "Graph; or have an administrator make the site and say `create: never`."
        )
    if not any(name.startswith("sharepoint:Sites.") for name in can):
        return (
            (
                "The app could make the site and do nothing in it: nobody has consented to Sites.Selected "
                "on SharePoint."
            ),
            (
                "Have an administrator consent to Sites.Selected on SharePoint; `provisioner permissions` "
                "writes what is needed. Or have the site made, and say `create: never`."
            ),
        )
    if can & (_BY_GRAPH | _BY_SHAREPOINT):
        return None
    why = (
        "The app may not make sites: it has neither Sites.Create.All on Microsoft Graph nor "
        "Sites.FullControl.All on SharePoint."
    )
    return why, (
        "Grant the app Sites.Create.All on Microsoft Graph; or have an administrator make the "
        "site, grant it to the app, and say `create: never`."
    )


def creation(wanted: Resource, scope: Scope, can: Capabilities) -> Sequence[Operation]:
    """The requests that make the site, by the way the app may take."""
    create = str(wanted.extra["create"])
    if create == "never":
        return ()
    if create == "group":
        return _by_group(wanted)
    if can & _BY_SHAREPOINT and not can & _BY_GRAPH:
        return (_by_site_manager(wanted, scope),)
    return (_by_graph(wanted, scope),)


def _by_graph(wanted: Resource, scope: Scope) -> Operation:
    properties = wanted.properties
    body = {
        "name": properties["title"],
        "webUrl": _url(wanted, scope),
        "description": properties.get("description") or "",
        "locale": properties.get("locale") or scope.locale,
        "shareByEmailEnabled": bool(properties.get("guestInvitations")),
        "template": GRAPH_TEMPLATES[str(wanted.extra["create"])],
        "ownerIdentityToResolve": {"email": wanted.extra["owner"]},
    }
    return Operation(
        audience="graph",
        method="POST",
        path="/beta/sites",
        address=SITE,
        scope="site",
        body=body,
        permission=CREATE_SITE,
        produces={"id": "/resourceId"},
        poll=Poll(),
        alone=True,
        what="Create the site",
    )


def _by_site_manager(wanted: Resource, scope: Scope) -> Operation:
    properties = wanted.properties
    request = {
        "Title": properties["title"],
        "Url": _url(wanted, scope),
        "Lcid": LCIDS[str(properties.get("locale") or scope.locale)],
        "ShareByEmailEnabled": bool(properties.get("guestInvitations")),
        "Description": properties.get("description") or "",
        "WebTemplate": _REST_TEMPLATES[str(wanted.extra["create"])],
        "Owner": wanted.extra["owner"],
    }
    asked = quote(_url(wanted, scope), safe="")
    return Operation(
        audience="sharepoint",
        method="POST",
        path="/_api/SPSiteManager/create",
        address=SITE,
        scope="site",
        body={"request": request},
        permission=FULL_CONTROL,
        poll=Poll(
            status_pointer="/SiteStatus",
            done=("2",),
            failed=("3", "4"),
            path=f"/_api/SPSiteManager/status?url='{asked}'",
            reasons={
                "3": "SharePoint could not make the site",
                "4": f"the address {properties['url']} is taken, perhaps by a deleted site",
            },
        ),
        alone=True,
        at="root",
        what="Create the site",
    )


def _by_group(wanted: Resource) -> Sequence[Operation]:
    """The owner's id, the group, and its site once it is there, which must be where we said."""
    properties, owner = wanted.properties, str(wanted.extra["owner"])
    path = str(properties["url"])
    body = {
        "displayName": properties["title"],
        "groupTypes": ["Unified"],
        "mailEnabled": True,
        "mailNickname": path.rpartition("/")[2],
        "securityEnabled": False,
        "visibility": "Private",
        "owners@odata.bind": [f"{GRAPH_ROOT}/users/{ref(SITE, 'owner')}"],
    }
    if properties.get("description"):
        body["description"] = properties["description"]
    return (
        graph(
            "GET",
            f"/users?$filter={quote(_mail_is(owner))}&$select=id",
            SITE,
            cost=1,
            permission="graph:User.ReadBasic.All",
            produces={"owner": "/value/0/id"},
            what=f"Look up the owner {owner}",
        ),
        Operation(
            audience="graph",
            method="POST",
            path="/groups",
            address=SITE,
            scope="site",
            body=body,
            permission="graph:Group.Create",
            produces={"group": "/id"},
            alone=True,
            what="Create the Microsoft 365 group",
        ),
        Operation(
            audience="graph",
            method="GET",
            path=f"/groups/{ref(SITE, 'group')}/sites/root",
            address=SITE,
            scope="site",
            cost=1,
            permission="graph:Sites.Manage.All",
            produces={"id": "/id"},
            poll=Poll(
                status_pointer="/webUrl",
                done=(path,),
                failed=("*",),
                path="",
                reasons={
                    "*": f"the group is made, but its site is at * and not at {path}; write that "
                    "address in the file, or delete the group and choose another one"
                },
            ),
            alone=True,
            what="Wait for the group's site",
        ),
    )


def _mail_is(owner: str) -> str:
    text = owner.replace("'", "''")
    return f"mail eq '{text}'"


def _url(wanted: Resource, scope: Scope) -> str:
    return f"https://{scope.hostname}{wanted.properties['url']}"

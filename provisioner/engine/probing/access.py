"""What the app may do, and what becomes of permissions."""

from __future__ import annotations

from typing import Any

from provisioner.engine.fitness import OWN_RIGHTS
from provisioner.engine.probing.behaviour import Behaviour
from provisioner.engine.probing.ground import PREFIX, Ground, Untried, answer_of, told

_SELECTED = "learn.microsoft.com/graph/permissions-selected-overview"
_REST = (
    "learn.microsoft.com/sharepoint/dev/sp-add-ins/set-custom-permissions-on-a-list-by-using-the-"
    "rest-interface"
)
_LIST_PART = "f92bf067-bc19-489e-a556-7fe95f508720"
_NOBODY = "00000000-0000-4000-8000-00000000f00d"


async def _grants(ground: Ground, home: str) -> list[dict[str, Any]]:
    asked = await ground.rest("GET", f"{home}/roleassignments?$expand=RoleDefinitionBindings")
    rows: list[dict[str, Any]] = ground.must(asked, "a reading of the grants").body["value"]
    return rows


async def _break(ground: Ground, name: str, arguments: str) -> str:
    home = await ground.rest_path(name)
    done = await ground.rest("POST", f"{home}/breakroleinheritance({arguments})")
    if done.state != "done":
        return told(done)
    rows = await _grants(ground, home)
    return "the caller keeps a grant" if rows else "nobody keeps a grant"


async def _broken(ground: Ground) -> str:
    return await _break(ground, "Broken", "false")


async def _broken_by_name(ground: Ground) -> str:
    return await _break(ground, "Broken2", "copyRoleAssignments=false,clearSubscopes=true")


async def _list_grant(ground: Ground) -> str:
    """A grant to an app that nobody has registered, so that it opens nothing."""
    body = {"roles": ["read"], "grantedToV2": {"application": {"id": _NOBODY, "displayName": "a"}}}
    path = f"{await ground.list_path('Granted')}/permissions"
    return answer_of(await ground.graph("POST", path, body))


async def _full_control(ground: Ground) -> str:
    """A grant of full control in one step; taken back at once where it is given."""
    app = {"application": {"id": _NOBODY, "displayName": "a"}}
    body = {"roles": ["fullcontrol"], "grantedToIdentities": [app]}
    done = await ground.graph("POST", f"{ground.site}/permissions", body)
    if done.state != "done":
        return "refused"
    path = f"{ground.site}/permissions/{done.body['id']}"
    ground.must(await ground.graph("DELETE", path), "the end of a grant")
    return "granted"


async def _own_rights(ground: Ground) -> str:
    asked = await ground.rest("GET", "/_api/web/EffectiveBasePermissions")
    body = ground.must(asked, "a reading").body
    return "everything" if str(body.get("Low")) == "4294967295" else "less than everything"


async def _terms(ground: Ground) -> str:
    return answer_of(await ground.graph("GET", f"{ground.site}/termStore/groups"))


async def _create_all(ground: Ground) -> str:
    if "graph:Sites.Create.All" not in await ground.transport.app_roles():
        raise Untried("nobody has consented to Sites.Create.All for this app")
    return "the token carries it"


async def _page(ground: Ground) -> str:
    """A page by SharePoint REST, which is deleted at once."""
    body = {"PageLayoutType": "Article", "PromotedState": 0, "Title": PREFIX}
    made = await ground.rest("POST", "/_api/sitepages/pages", body)
    if made.state != "done":
        return answer_of(made)
    gone = await ground.rest("DELETE", f"/_api/sitepages/pages({made.body['Id']})")
    return "made" if gone.state == "done" else "made, and not deleted again"


async def _graph_page(ground: Ground) -> str:
    """A page with a list on it by Graph, which is deleted at once where it is made."""
    part = {
        "@odata.type": "#microsoft.graph.standardWebPart",
        "webPartType": _LIST_PART,
        "data": {},
    }
    column = {"id": "1", "width": 12, "webparts": [part]}
    section = {"id": "1", "layout": "oneColumn", "columns": [column]}
    body = {
        "@odata.type": "#microsoft.graph.sitePage",
        "name": f"{PREFIX}.aspx",
        "title": PREFIX,
        "pageLayout": "article",
        "canvasLayout": {"horizontalSections": [section]},
    }
    made = await ground.graph("POST", f"{ground.site}/pages", body)
    if made.state == "done":
        await ground.graph("DELETE", f"{ground.site}/pages/{made.body['id']}")
    return told(made)


ACCESS = (
    Behaviour(
        "access-create-all",
        "Can an app be given Sites.Create.All?",
        "the token carries it",
        "devblogs.microsoft.com, SharePoint Site Creation in Microsoft Graph",
        _create_all,
    ),
    Behaviour(
        "access-own-rights",
        "What may the app do on the site, by its own account (EffectiveBasePermissions)?",
        "everything",
        _SELECTED,
        _own_rights,
        OWN_RIGHTS,
        frozenset({"everything"}),
    ),
    Behaviour(
        "access-terms",
        "May an app read the term store by Graph?",
        "501 notImplemented",
        "learn.microsoft.com/graph/api/termstore-group-list",
        _terms,
    ),
    Behaviour(
        "access-full-control",
        "Can full control of a site be granted in one step?",
        "refused",
        "microsoftgraph/microsoft-graph-docs#11814",
        _full_control,
    ),
    Behaviour(
        "access-list-grant",
        "What answers a grant of a list to an app that nobody registered?",
        "400 invalidRequest",
        _SELECTED,
        _list_grant,
    ),
    Behaviour(
        "access-broken",
        "Who keeps a grant where an app has a list inherit no more?",
        "the caller keeps a grant",
        _REST,
        _broken,
    ),
    Behaviour(
        "access-broken-by-name",
        "Does breakroleinheritance take its arguments by name?",
        "the caller keeps a grant",
        _REST,
        _broken_by_name,
    ),
    Behaviour(
        "page-rest",
        "May the app make a page by SharePoint REST?",
        "made",
        "pnp/cli-microsoft365, spo page add",
        _page,
    ),
    Behaviour(
        "page-list-part",
        "Does Graph make a page with a list on it?",
        "400 invalidRequest",
        "learn.microsoft.com/graph/api/sitepage-create",
        _graph_page,
    ),
)

"""What becomes of lists, their content types and their address."""

from __future__ import annotations

from typing import Any

from provisioner.core.transport import Outcome
from provisioner.engine.asking import TOGETHER
from provisioner.engine.probing.behaviour import Behaviour
from provisioner.engine.probing.ground import MARK, PREFIX, Ground, told

_LIST = "learn.microsoft.com/graph/api/list-create"
_DOCUMENT = "https://graph.microsoft.com/v1.0{site}/contentTypes/0x0101"


async def _make(ground: Ground, body: dict[str, Any]) -> Outcome:
    return await ground.graph("POST", f"{ground.site}/lists", {"description": MARK, **body})


async def _named(ground: Ground) -> str:
    body = {
        "name": f"{PREFIX}Name",
        "displayName": f"{PREFIX}Name",
        "list": {"template": "genericList"},
    }
    return told(await _make(ground, body))


async def _twice(ground: Ground) -> str:
    await ground.list_id("Rows")
    body = {"displayName": f"{PREFIX}Rows", "list": {"template": "genericList"}}
    return told(await _make(ground, body))


async def _template(ground: Ground) -> str:
    body = {"displayName": f"{PREFIX}Template", "list": {"template": "generic"}}
    return told(await _make(ground, body))


async def _reserved_along(ground: Ground) -> str:
    """A reserved column name among the columns of a new list, as the documented example has it."""
    body = {
        "displayName": f"{PREFIX}Books",
        "columns": [{"name": "Author", "text": {}}],
        "list": {"template": "genericList"},
    }
    made = await _make(ground, body)
    if made.state != "done":
        return told(made)
    asked = await ground.graph("GET", f"{ground.site}/lists/{made.body['id']}/columns")
    names = [str(one.get("name")) for one in ground.must(asked, "a reading").body["value"]]
    return "made, with a digit" if "Author0" in names else "made, without a digit"


async def _side_by_side(ground: Ground) -> str:
    bodies = [
        {
            "displayName": f"{PREFIX}Beside{n}",
            "description": MARK,
            "list": {"template": "genericList"},
        }
        for n in (1, 2)
    ]
    outcomes = await ground.side_by_side(f"{ground.site}/lists", bodies)
    refused = [one for one in outcomes if one.state != "done"]
    return told(refused[0]) if refused else "both made"


async def _patch(ground: Ground) -> str:
    body = {"displayName": f"{PREFIX}Columns2"}
    done = await ground.graph("PATCH", await ground.list_path("Columns"), body)
    if done.state != "done":
        return told(done)
    asked = await ground.rest("GET", f"{await ground.rest_path('Columns')}?$select=Title")
    kept = ground.must(asked, "a reading").body.get("Title") == body["displayName"]
    return "renamed" if kept else "taken, and not kept"


async def _delete(ground: Ground) -> str:
    made = await _make(
        ground, {"displayName": f"{PREFIX}Gone", "list": {"template": "genericList"}}
    )
    list_id = ground.must(made, "a scratch list").body["id"]
    return told(await ground.graph("DELETE", f"{ground.site}/lists/{list_id}"))


async def _no_digest(ground: Ground) -> str:
    body = {"NoCrawl": True}
    return told(await ground.rest("MERGE", await ground.rest_path("Columns"), body))


async def _version_limit(ground: Ground) -> str:
    home = f"/_api/web/lists(guid'{await ground.list_id('Files', 'documentLibrary')}')"
    body = {"EnableVersioning": True, "MajorVersionLimit": 7}  # below what a library may keep
    done = await ground.rest("MERGE", home, body)
    if done.state != "done":
        return told(done)
    asked = await ground.rest("GET", f"{home}?$select=MajorVersionLimit")
    return f"kept at {int(ground.must(asked, 'a reading').body['MajorVersionLimit'])}"


async def _move(ground: Ground) -> str:
    made = await _make(
        ground, {"displayName": f"{PREFIX}Here", "list": {"template": "genericList"}}
    )
    list_id = ground.must(made, "a scratch list").body["id"]
    new = f"{ground.transport.site_path}/Lists/{PREFIX}There"
    path = f"/_api/web/lists(guid'{list_id}')/RootFolder"
    done = await ground.rest("POST", f"{path}/MoveTo", {"newUrl": new})
    if done.state != "done":
        return told(done)
    asked = await ground.rest("GET", f"{path}?$select=ServerRelativeUrl")
    url = str(ground.must(asked, "a reading").body["ServerRelativeUrl"])
    return "moved" if url.casefold() == new.casefold() else "taken, and not moved"


async def _expand(ground: Ground) -> str:
    parts = "Fields,Views,ContentTypes,RoleAssignments,RoleAssignments/Member"
    chosen = "Fields/Id,Views,ContentTypes,RoleAssignments"
    asked = await ground.rest(
        "GET", f"{await ground.rest_path('Rows')}?$select=Id,{chosen}&$expand={parts}"
    )
    if asked.state != "done":
        return told(asked)
    there = all(asked.body.get(name) for name in ("Fields", "Views", "RoleAssignments"))
    return "all of them" if there else "only some of them"


async def _by_path(ground: Ground) -> str:
    await ground.list_id("Files", "documentLibrary")
    host, path = ground.transport.hostname, ground.transport.site_path
    drive = f"/sites/{host}:{path}:/lists/{PREFIX}Files/drive"
    return told(await ground.graph("GET", f"{drive}/root?$select=id"))


async def _type_by_id(ground: Ground) -> str:
    path = f"{await ground.list_path('Columns')}/contentTypes/addCopy"
    return told(await ground.graph("POST", path, {"contentType": "0x0101"}))


async def _type_while_off(ground: Ground) -> str:
    """A content type for a list whose content types are switched off."""
    body = {"contentType": _DOCUMENT.format(site=ground.site).replace("0x0101", "0x0105")}
    path = f"{await ground.list_path('Rows')}/contentTypes/addCopy"
    return told(await ground.graph("POST", path, body))


LISTS = (
    Behaviour(
        "list-name",
        "Does Graph take a `name` for a new list?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#1484",
        _named,
    ),
    Behaviour(
        "list-twice",
        "Does Graph make a second list of one title?",
        "409 nameAlreadyExists",
        "opf/openproject#20390",
        _twice,
    ),
    Behaviour(
        "list-template",
        "Does Graph make a list of a template that nobody knows?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#2663",
        _template,
    ),
    Behaviour(
        "list-reserved-column",
        "What becomes of the column `Author` that a new list is to have?",
        "made, with a digit",
        _LIST,
        _reserved_along,
    ),
    Behaviour(
        "lists-side-by-side",
        "Are two lists of one site made at the same moment?",
        "409 conflict",
        "pnp/pnpjs#2324",
        _side_by_side,
    ),
    Behaviour(
        "list-patch",
        "Does Graph change a list?",
        "501 notImplemented",
        "learn.microsoft.com/graph/api/resources/list",
        _patch,
    ),
    Behaviour(
        "list-delete",
        "Does Graph delete a list?",
        "501 notImplemented",
        "learn.microsoft.com/graph/api/resources/list",
        _delete,
    ),
    Behaviour(
        "digest",
        "Does SharePoint take a change without a form digest, with a token alone?",
        "204",
        "learn.microsoft.com/sharepoint/dev/sp-add-ins/complete-basic-operations-using-sharepoint"
        "-rest-endpoints",
        _no_digest,
    ),
    Behaviour(
        "version-limit",
        "Does a library keep 7 major versions, where it is told to?",
        "400 System.ArgumentException",
        "pnp/cli-microsoft365, spo list set",
        _version_limit,
    ),
    Behaviour(
        "list-move",
        "Does SharePoint give a list another address (RootFolder/MoveTo)?",
        "moved",
        "PnP PowerShell, Set-PnPList -Path",
        _move,
        "list-move",
        frozenset({"moved"}),
    ),
    Behaviour(
        "expand-together",
        "Does one SharePoint request give a list with columns, views, types and grants?",
        "all of them",
        "learn.microsoft.com/sharepoint/dev/sp-add-ins/use-odata-query-operations-in-sharepoint"
        "-rest-requests",
        _expand,
        TOGETHER,
        frozenset({"all of them"}),
    ),
    Behaviour(
        "path-addressing",
        "Does Graph find the drive of a library by the paths of site and list?",
        "200",
        "learn.microsoft.com/graph/api/resources/sharepoint",
        _by_path,
    ),
    Behaviour(
        "content-type-by-id",
        "Does Graph add a content type that is named by its id, not its address?",
        "400 invalidRequest",
        "learn.microsoft.com/graph/api/contenttype-addcopy",
        _type_by_id,
    ),
    Behaviour(
        "content-type-while-off",
        "Does Graph add a content type to a list whose content types are off?",
        "400 invalidRequest",
        "learn.microsoft.com/graph/api/contenttype-addcopy",
        _type_while_off,
    ),
)

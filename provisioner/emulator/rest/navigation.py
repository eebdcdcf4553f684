"""SharePoint REST for the quick launch and the top navigation bar.

Bodies: pnp/cli-microsoft365 ``spo navigation node``.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import navigation, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
BAR = r"/_api/web/navigation/(?P<bar>quicklaunch|topnavigationbar)"
NODE = r"/_api/web/navigation/(?:quicklaunch|topnavigationbar)\((?P<node>\d+)\)"
BY_ID = r"/_api/web/navigation/getnodebyid(?:\((?:id=)?(?P<node>\d+)\))?"
_SOURCE = "pnp/cli-microsoft365 spo navigation node"
_MOVING = "pnp/pnpjs @pnp/sp navigation; CSOM NavigationNodeCollection.MoveAfter"
_WRITABLE = {"Title": "title", "Url": "url", "IsExternal": "external"}


def node_of(tenant: Tenant, row: sqlite3.Row) -> Node:
    """A navigation node; what stands below it with ``$expand=Children``."""
    site = tenant.one("SELECT lcid FROM site WHERE id = ?", row["site_id"])
    entity: dict[str, Any] = {
        "odata.type": "SP.NavigationNode",
        "AudienceIds": None,
        "CurrentLCID": site["lcid"] if site is not None else 1033,
        "Id": row["id"],
        "IsDocLib": False,
        "IsExternal": bool(row["external"]),
        "IsVisible": True,
        "ListTemplateType": 0,
        "Title": row["title"],
        "Url": row["url"],
    }
    return Node(
        entity,
        {
            "Children": lambda: [
                node_of(tenant, child)
                for child in navigation.children(tenant, row["site_id"], row["bar"], row["id"])
            ],
        },
    )


def _answer(tenant: Tenant, call: Call, row: sqlite3.Row, status: int = 200) -> Reply:
    node = node_of(tenant, row)
    return Reply(status, shape(call, node.entity, node.expandable), kind="SP.NavigationNode")


def _node(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    site = sites.by_path(tenant, call.site_path)
    number = match.get("node") or str(argument(call, "id", ""))
    if not number.isdigit():
        raise Refusal(400, "invalidRequest", "The id of a navigation node is a number.")
    return navigation.get(tenant, site["id"], int(number))


def _add(tenant: Tenant, call: Call, bar: str, parent_id: int) -> Reply:
    site = sites.by_path(tenant, call.site_path)
    body = bodies.entity(call, "SP.NavigationNode")
    unknown = set(body) - {
        "Title",
        "Url",
        "IsExternal",
        "AsLastNode",
        "PreviousNode",
        "AudienceIds",
        "IsVisible",
    }
    if unknown:
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '{min(unknown)}' does not exist on type 'SP.NavigationNode'. Make sure "
            "to only use property names that are defined by the type.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    external = bool(body.get("IsExternal", False))
    url = navigation.checked_url(
        tenant, site, str(body.get("Url") or ""), external=external, base_url=call.base_url
    )
    row = navigation.add(
        tenant,
        site,
        bar=bar,
        parent_id=parent_id,
        title=str(body.get("Title") or ""),
        url=url,
        external=external,
    )
    return _answer(tenant, call, row, 201)


@ROUTES.add(
    "GET",
    BAR,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List navigation nodes",
    source=_SOURCE,
)
def get_bar(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The nodes of the quick launch or the top bar, in order."""
    site = sites.by_path(tenant, call.site_path)
    rows = navigation.children(tenant, site["id"], match["bar"].lower())
    return Reply(
        200, collection(call, [node_of(tenant, r) for r in rows]), kind="SP.NavigationNode"
    )


@ROUTES.add(
    "POST",
    BAR,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a navigation node",
    source=_SOURCE,
    schema_scope="navigation",
)
def add(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"Title","Url","IsExternal"}`` -> 201, the node at the end of the bar."""
    return _add(tenant, call, match["bar"].lower(), 0)


@ROUTES.add(
    "GET",
    BY_ID + "/children",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a node's children",
    source=_SOURCE,
)
def get_children(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """What stands below a node, or in a bar by the bar's own id (1025, 1002)."""
    site = sites.by_path(tenant, call.site_path)
    bars = {number: bar for bar, number in navigation.BARS.items()}
    number = int(match["node"])
    if number in bars:
        rows = navigation.children(tenant, site["id"], bars[number])
    else:
        row = navigation.get(tenant, site["id"], number)
        rows = navigation.children(tenant, site["id"], row["bar"], number)
    return Reply(
        200, collection(call, [node_of(tenant, r) for r in rows]), kind="SP.NavigationNode"
    )


@ROUTES.add(
    "POST",
    BY_ID + "/children",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a child node",
    source=_SOURCE,
    schema_scope="navigation",
)
def add_child(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A node below another -> 201."""
    bars = {number: bar for bar, number in navigation.BARS.items()}
    number = int(match["node"])
    if number in bars:
        return _add(tenant, call, bars[number], 0)
    row = _node(tenant, call, match)
    return _add(tenant, call, row["bar"], row["id"])


def _move(tenant: Tenant, call: Call, bar: str, parent_id: int) -> Reply:
    numbers = [str(argument(call, name, "", position=at)) for at, name in
               enumerate(("nodeId", "previousNodeId"))]  # fmt: skip
    if not all(number.isdigit() for number in numbers):
        raise Refusal(400, "invalidRequest", "The ids of navigation nodes are numbers.")
    site = sites.by_path(tenant, call.site_path)
    navigation.move_after(tenant, site["id"], bar, parent_id, int(numbers[0]), int(numbers[1]))
    return Reply(200, {"odata.null": True})


@ROUTES.add(
    "POST",
    BAR + "/moveafter",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Move a navigation node",
    source=_MOVING,
    schema_scope="navigation",
)
def move(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``MoveAfter(nodeId, previousNodeId)``: both stand in the bar."""
    return _move(tenant, call, match["bar"].lower(), 0)


@ROUTES.add(
    "POST",
    BY_ID + "/children/moveafter",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Move a navigation node below another",
    source=_MOVING,
    schema_scope="navigation",
)
def move_child(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``MoveAfter(nodeId, previousNodeId)``: both stand below this node."""
    row = _node(tenant, call, match)
    return _move(tenant, call, row["bar"], row["id"])


def _patch(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    row = _node(tenant, call, match)
    site = sites.by_path(tenant, call.site_path)
    body = bodies.entity(call, "SP.NavigationNode")
    unknown = set(body) - set(_WRITABLE)
    if unknown:
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '{min(unknown)}' does not exist on type 'SP.NavigationNode' or is "
            "read-only.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    changes = {_WRITABLE[name]: value for name, value in body.items()}
    if "url" in changes:
        external = bool(changes.get("external", row["external"]))
        changes["url"] = navigation.checked_url(
            tenant, site, str(changes["url"]), external=external, base_url=call.base_url
        )
    navigation.change(tenant, row, changes)
    return Reply(204)


@ROUTES.add(
    "PATCH",
    NODE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a navigation node",
    source=_SOURCE,
    schema_scope="navigation",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Title, Url or IsExternal -> 204."""
    return _patch(tenant, call, match)


@ROUTES.add(
    "DELETE",
    NODE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a navigation node",
    source=_SOURCE,
    schema_scope="navigation",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The node and all below it go -> 200."""
    navigation.delete(tenant, _node(tenant, call, match))
    return Reply(200)


@ROUTES.add(
    "GET",
    BY_ID,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a navigation node",
    source=_SOURCE,
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One node by its id."""
    return _answer(tenant, call, _node(tenant, call, match))


@ROUTES.add(
    "PATCH",
    BY_ID,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a navigation node by id",
    source=_SOURCE,
    schema_scope="navigation",
)
def update_by_id(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Title, Url or IsExternal -> 204."""
    return _patch(tenant, call, match)


@ROUTES.add(
    "DELETE",
    BY_ID,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a navigation node by id",
    source=_SOURCE,
    schema_scope="navigation",
)
def delete_by_id(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The node and all below it go -> 200."""
    return delete(tenant, call, match)

"""SharePoint REST for the quick launch and the top navigation bar.

Bodies: pnp/cli-microsoft365 ``spo navigation node``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.emulator.model import navigation, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest.navigation_nodes import (
    added,
    answer,
    moved,
    node_named,
    node_of,
    patched,
)
from provisioner.emulator.rest.shape import collection
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
BAR = r"/_api/web/navigation/(?P<bar>quicklaunch|topnavigationbar)"
NODE = r"/_api/web/navigation/(?:quicklaunch|topnavigationbar)\((?P<node>\d+)\)"
BY_ID = r"/_api/web/navigation/getnodebyid(?:\((?:id=)?(?P<node>\d+)\))?"
_SOURCE = "pnp/cli-microsoft365 spo navigation node"
_MOVING = "pnp/pnpjs @pnp/sp navigation; CSOM NavigationNodeCollection.MoveAfter"


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
    return added(tenant, call, match["bar"].lower(), 0)


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
        return added(tenant, call, bars[number], 0)
    row = node_named(tenant, call, match)
    return added(tenant, call, row["bar"], row["id"])


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
    return moved(tenant, call, match["bar"].lower(), 0)


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
    row = node_named(tenant, call, match)
    return moved(tenant, call, row["bar"], row["id"])


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
    return patched(tenant, call, match)


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
    navigation.delete(tenant, node_named(tenant, call, match))
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
    return answer(tenant, call, node_named(tenant, call, match))


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
    return patched(tenant, call, match)


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

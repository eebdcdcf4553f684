"""One entry of a navigation in SharePoint REST: shown, added, moved and changed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import navigation, sites
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, shape
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant


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


def answer(tenant: Tenant, call: Call, row: sqlite3.Row, status: int = 200) -> Reply:
    """The answer that shows one."""
    node = node_of(tenant, row)
    return Reply(status, shape(call, node.entity, node.expandable), kind="SP.NavigationNode")


def node_named(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    """The one that an address names. Raises `Refusal` 404."""
    site = sites.by_path(tenant, call.site_path)
    number = match.get("node") or str(argument(call, "id", ""))
    if not number.isdigit():
        raise Refusal(400, "invalidRequest", "The id of a navigation node is a number.")
    return navigation.get(tenant, site["id"], int(number))


def added(tenant: Tenant, call: Call, bar: str, parent_id: int) -> Reply:
    """Add one at the end of a bar, or below another one."""
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
    return answer(tenant, call, row, 201)


def moved(tenant: Tenant, call: Call, bar: str, parent_id: int) -> Reply:
    """Move one behind another of the same level."""
    numbers = [str(argument(call, name, "", position=at)) for at, name in
               enumerate(("nodeId", "previousNodeId"))]  # fmt: skip
    if not all(number.isdigit() for number in numbers):
        raise Refusal(400, "invalidRequest", "The ids of navigation nodes are numbers.")
    site = sites.by_path(tenant, call.site_path)
    navigation.move_after(tenant, site["id"], bar, parent_id, int(numbers[0]), int(numbers[1]))
    return Reply(200, {"odata.null": True})


def patched(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Change what a body says of one."""
    row = node_named(tenant, call, match)
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

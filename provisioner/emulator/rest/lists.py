"""SharePoint REST for lists: read, create, settings, recycle and delete.

Bodies and answers: "Working with lists and list items with REST"
(learn.microsoft.com/sharepoint/dev/sp-add-ins) and pnp/cli-microsoft365 ``spo list``.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from provisioner.emulator.model import list_content_types, list_moves, lists, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies, entities
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
_PARTS = frozenset({"fields", "views", "contenttypes", "roleassignments"})
LIST = r"/_api/web/lists\((?P<list>[^()]*)\)"
_SOURCE = (
    "learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest"
)


def list_of(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    """The list a path addresses. Raises `Refusal` 404."""
    site = sites.by_path(tenant, call.site_path)
    return lists.resolve(tenant, site["id"], match["list"])


def check_etag(call: Call, row: sqlite3.Row) -> None:
    """Refuse with 412 an ``If-Match`` that is neither ``*`` nor the list's ETag."""
    wanted = call.headers.get("if-match", "*").strip()
    if wanted not in ("*", lists.etag(row)):
        raise Refusal(
            412,
            "resourceModified",
            "The request ETag value does not match the object's ETag.",
            rest_code="-1, Microsoft.SharePoint.Client.ClientServiceException",
        )


@ROUTES.add(
    "GET",
    "/_api/web/lists",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the lists",
    source=_SOURCE,
)
def get_lists(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Every list of the site, hidden ones too."""
    site = sites.by_path(tenant, call.site_path)
    rows = lists.all_of(tenant, site["id"])
    return Reply(
        200, collection(call, [entities.list_node(tenant, r) for r in rows]), kind="SP.List"
    )


@ROUTES.add(
    "POST",
    "/_api/web/lists",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list",
    source=_SOURCE,
    schema_scope="site",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"Title","BaseTemplate",…settings}`` -> 201."""
    site = sites.by_path(tenant, call.site_path)
    body = bodies.entity(call, "SP.List")
    template = body.pop("BaseTemplate", 100)
    if template not in (100, 101):
        raise Refusal(
            501, "notImplemented", f"The emulator does not build lists of template {template}."
        )
    title = str(body.pop("Title", ""))
    description = str(body.pop("Description", "") or "")
    row = lists.create_list(
        tenant, site, title=title, template=int(template), description=description, changes=body
    )
    node = entities.list_node(tenant, row)
    return Reply(201, shape(call, node.entity, node.expandable, node.explicit), kind="SP.List")


@ROUTES.add(
    "GET", LIST, cost=1, permissions=READ, selected_role="read", title="Get a list", source=_SOURCE
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One list by id, title or server-relative URL."""
    row = list_of(tenant, call, match)
    parts = {one.strip().lower() for one in call.query.get("$expand", "").split(",")} & _PARTS
    if len(parts) > 1 and not tenant.setting("expandTogether"):
        raise Refusal(400, "invalidRequest", "The query cannot expand several collections.")
    node = entities.list_node(tenant, row)
    body = shape(call, node.entity, node.expandable, node.explicit)
    return Reply(200, body, {"ETag": lists.etag(row)}, kind="SP.List")


@ROUTES.add(
    "PATCH",
    LIST,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update list settings",
    source=_SOURCE,
    schema_scope="list",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """MERGE of settings -> 204; an unknown property is refused."""
    row = list_of(tenant, call, match)
    check_etag(call, row)
    lists.change(tenant, row, bodies.entity(call, "SP.List"))
    return Reply(204)


@ROUTES.add(
    "DELETE",
    LIST,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a list",
    source=_SOURCE,
    schema_scope="list",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete for good -> 200, as the service answers a DELETE of a list."""
    row = list_of(tenant, call, match)
    check_etag(call, row)
    lists.delete(tenant, row)
    return Reply(200)


@ROUTES.add(
    "POST",
    LIST + "/recycle",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Send a list to the recycle bin",
    source=_SOURCE,
    schema_scope="list",
)
def recycle(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The list goes to the recycle bin -> the id of its entry there."""
    lists.delete(tenant, list_of(tenant, call, match))
    return Reply(200, {"value": tenant.guid()})


@ROUTES.add(
    "GET",
    LIST + "/rootfolder",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list's root folder",
    source=_SOURCE,
)
def root_folder(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The folder behind the list, with its server-relative URL."""
    node = entities.root_folder_node(tenant, list_of(tenant, call, match))
    return Reply(200, shape(call, node.entity, node.expandable, node.explicit), kind="SP.Folder")


@ROUTES.add(
    "POST",
    LIST + "/rootfolder/moveto",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Move a list to another address",
    source="PnP PowerShell Set-PnPList -Path; Folder.MoveTo (learn.microsoft.com)",
    schema_scope="site",
)
def move(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"newUrl":"/sites/acme/Proof"}`` -> 200; 409 where another list has that address."""
    list_moves.move(tenant, list_of(tenant, call, match), str(argument(call, "newUrl", "")))
    return Reply(200, {"odata.null": True})


@ROUTES.add(
    "PATCH",
    LIST + "/rootfolder",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Order a list's content types",
    source="pnp/cli-microsoft365 spo list contenttype default set",
    schema_scope="list",
)
def order_content_types(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"UniqueContentTypeOrder":[{"StringValue":"0x…"}]}`` -> 204; the first is the default."""
    row = list_of(tenant, call, match)
    body = bodies.entity(call, "SP.Folder")
    order = body.pop("UniqueContentTypeOrder", None)
    if body or not isinstance(order, list):
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '{next(iter(body), 'UniqueContentTypeOrder')}' cannot be set on "
            "the root folder of a list.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    type_ids = [str(entry.get("StringValue", "")) for entry in order]
    list_content_types.set_order(tenant, row["site_id"], row["id"], type_ids)
    doc = lists.settings(row) | {"UniqueContentTypeOrder": type_ids}
    tenant.run("UPDATE list SET doc = ? WHERE id = ?", json.dumps(doc), row["id"])
    lists.touch(tenant, row["id"])
    return Reply(204)

"""Graph: content types of a site and of a list.

learn.microsoft.com/graph/api/site-post-contenttypes, contenttype-addcopy,
contenttype-post-columns, contenttype-update, contenttype-delete.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.clouds import is_foreign
from provisioner.emulator.graph import columns
from provisioner.emulator.graph.columns import LIST, body_of, scope
from provisioner.emulator.graph.projection import Resource, many, one
from provisioner.emulator.model import (
    content_type_fields,
    content_types,
    list_content_types,
    lists,
    sites,
)
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.model.localised import by_lcid
from provisioner.emulator.model.sites import SITE
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("graph")
_KIND = "microsoft.graph.contentType"
_DOCS = "learn.microsoft.com/graph/api/"
_ONE = "/contentTypes/(?P<type>0x[0-9A-Fa-f]+)"
SITE_ONE, LIST_ONE = SITE + _ONE, LIST + _ONE
_WRITABLE = {
    "name": "name",
    "description": "description",
    "group": "group_name",
    "hidden": "hidden",
}


def bad(message: str) -> Refusal:
    """A 400 ``invalidRequest``."""
    return Refusal(400, "invalidRequest", message)


def resource(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> Resource:
    """A content type as Graph answers it; its columns and base come when expanded."""
    entity: dict[str, Any] = {
        "id": row["id"],
        "description": row["description"],
        "group": row["group_name"],
        "hidden": bool(row["hidden"]),
        "isBuiltIn": content_types.builtin(row),
        "name": row["name"],
        "parentId": row["parent_id"],
        "readOnly": False,
        "sealed": bool(row["sealed"]),
    }
    if row["list_id"]:
        entity["inheritedFrom"] = _inherited(tenant, call, site, row)
        entity["order"] = _order(tenant, row)
    return Resource(
        entity,
        {
            "columns": lambda: columns.resources(site, content_type_fields.linked(tenant, row)),
            "columnLinks": lambda: [
                Resource({"id": f.id, "name": f.internal_name})
                for f in content_type_fields.linked(tenant, row)
            ],
            "base": lambda: _base(tenant, call, site, row),
        },
    )


def _inherited(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    parent = tenant.one(
        "SELECT name FROM content_type WHERE site_id = ? AND list_id = '' AND id = ?",
        site["id"],
        row["parent_id"],
    )
    return {
        "id": row["parent_id"],
        "name": parent["name"] if parent is not None else "",
        "path": sites.url(tenant, site, call.base_url),
        "siteId": sites.full_id(tenant, site),
    }


def _order(tenant: Tenant, row: sqlite3.Row) -> dict[str, Any]:
    rows = content_types.all_of(tenant, row["site_id"], row["list_id"])
    shown = [r["id"] for r in rows if not r["id"].startswith(content_types.FOLDER)]
    position = shown.index(row["id"]) if row["id"] in shown else -1
    return {"default": position == 0, "position": max(position, 0)}


def _base(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> Resource | None:
    if row["parent_id"] == "0x":
        return None
    return resource(tenant, call, site, content_types.get(tenant, site["id"], "", row["parent_id"]))


def type_of(tenant: Tenant, match: dict[str, str]) -> tuple[sqlite3.Row, sqlite3.Row]:
    """The site and the content type a path addresses. Raises `Refusal` 404."""
    site, list_id = scope(tenant, match)
    return site, content_types.get(tenant, site["id"], list_id, match["type"])


def _answer(
    tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row, status: int = 200
) -> Reply:
    body = one(call, resource(tenant, call, site, row), "contentTypes")
    return Reply(status, body, kind=_KIND)


@ROUTES.add(
    "GET",
    LIST + "/contentTypes",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a list's content types",
    source=_DOCS + "list-list-contenttypes",
)
@ROUTES.add(
    "GET",
    SITE + "/contentTypes",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List site content types",
    source=_DOCS + "site-list-contenttypes",
)
def get_types(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The content types, a list's in its order."""
    site, list_id = scope(tenant, match)
    rows = content_types.all_of(tenant, site["id"], list_id)
    found = [resource(tenant, call, site, row) for row in rows]
    body = many(call, found, "contentTypes", int(tenant.setting("pageSize")))
    return Reply(200, body, kind=f"Collection({_KIND})")


@ROUTES.add(
    "POST",
    SITE + "/contentTypes",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a content type",
    source=_DOCS + "site-post-contenttypes",
    schema_scope="site",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"name","description","group","base":{"id"}}`` -> 201."""
    site, _ = scope(tenant, match)
    body = {k: v for k, v in body_of(call).items() if "@" not in k}
    unknown = set(body) - {"name", "description", "group", "base", "hidden", "parentId", "id"}
    if unknown:
        raise bad(f"The property '{min(unknown)}' does not exist on type '{_KIND}'.")
    base = body.get("base")
    parent = base.get("id") if isinstance(base, dict) else body.get("parentId")
    if not isinstance(body.get("name"), str) or not isinstance(parent, str) or "id" in body:
        raise bad("A content type needs a name and a base with an id, and is given its own id.")
    group = by_lcid(int(site["lcid"]))("Custom Content Types")
    row = content_types.create(
        tenant,
        site["id"],
        name=body["name"],
        description=str(body.get("description") or ""),
        group=str(body.get("group") or group),
        parent_id=parent,
        hidden=bool(body.get("hidden", False)),
    )
    return _answer(tenant, call, site, row, 201)


@ROUTES.add(
    "GET",
    LIST_ONE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list content type",
    source=_DOCS + "contenttype-get",
)
@ROUTES.add(
    "GET",
    SITE_ONE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a site content type",
    source=_DOCS + "contenttype-get",
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One content type by id."""
    site, row = type_of(tenant, match)
    return _answer(tenant, call, site, row)


@ROUTES.add(
    "PATCH",
    LIST_ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a list content type",
    source=_DOCS + "contenttype-update",
    schema_scope="list",
)
@ROUTES.add(
    "PATCH",
    SITE_ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a site content type",
    source=_DOCS + "contenttype-update",
    schema_scope="site",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Name, description, group or hidden -> 200; ``propagateChanges`` pushes to lists."""
    site, row = type_of(tenant, match)
    body = {k: v for k, v in body_of(call).items() if "@" not in k}
    push = bool(body.pop("propagateChanges", False))
    unknown = set(body) - set(_WRITABLE)
    if unknown:
        raise bad(f"The property '{min(unknown)}' cannot be set on a content type.")
    changes = {_WRITABLE[name]: value for name, value in body.items()}
    return _answer(tenant, call, site, content_types.change(tenant, row, changes, push=push))


@ROUTES.add(
    "DELETE",
    LIST_ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a list content type",
    source=_DOCS + "contenttype-delete",
    schema_scope="list",
)
@ROUTES.add(
    "DELETE",
    SITE_ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a site content type",
    source=_DOCS + "contenttype-delete",
    schema_scope="site",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Delete a content type -> 204; one in use is refused."""
    _, row = type_of(tenant, match)
    content_types.delete(tenant, row)
    return Reply(204)


@ROUTES.add(
    "POST",
    LIST + "/contentTypes/addCopy",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a content type to a list",
    source=_DOCS + "contenttype-addcopy",
    schema_scope="list",
)
def add_copy(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"contentType": canonical URL}`` -> 201, the child the list got.

    Refused while content types are not enabled on the list; what the service says then is not
    documented, so the stricter answer is given.
    """
    site, list_id = scope(tenant, match)
    row = lists.get(tenant, list_id)
    url = body_of(call).get("contentType")
    found = re.search(r"/sites/([^/]+)/contentTypes/(0x[0-9A-Fa-f]+)/?\Z", str(url))
    cloud = str(tenant.setting("cloud"))
    if found is None or not str(url).startswith("https://") or is_foreign(cloud, str(url)):
        raise bad("The parameter contentType is the canonical URL of a site content type.")
    if sites.by_ref(tenant, found[1])["id"] != site["id"]:
        raise bad("The content type belongs to another site.")
    if not lists.settings(row)["ContentTypesEnabled"]:
        raise bad("Content types are not enabled on this list.")
    source = content_types.get(tenant, site["id"], "", found[2])
    child = list_content_types.copy_to_list(tenant, source, list_id)
    lists.touch(tenant, list_id)
    return _answer(tenant, call, site, child, 201)

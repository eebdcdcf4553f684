"""Graph: the columns of a content type.

learn.microsoft.com/graph/api/contenttype-post-columns, columndefinition-update.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from provisioner.emulator.clouds import is_foreign
from provisioner.emulator.graph import columns
from provisioner.emulator.graph.columns import body_of
from provisioner.emulator.graph.content_types import LIST_ONE, SITE_ONE, bad, type_of
from provisioner.emulator.graph.projection import Resource, many, one
from provisioner.emulator.model import content_type_fields, field_copies, fields, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("graph")
_DOCS = "learn.microsoft.com/graph/api/"


@ROUTES.add(
    "GET",
    LIST_ONE + "/columns",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a list content type's columns",
    source=_DOCS + "contenttype-list-columns",
)
@ROUTES.add(
    "GET",
    SITE_ONE + "/columns",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a content type's columns",
    source=_DOCS + "contenttype-list-columns",
)
def get_columns(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The columns of a content type; required and hidden as they are inside it."""
    site, row = type_of(tenant, match)
    found = _columns(tenant, site, row)
    body = many(call, found, "columns", int(tenant.setting("pageSize")))
    return Reply(200, body, kind="Collection(microsoft.graph.columnDefinition)")


def _columns(tenant: Tenant, site: sqlite3.Row, row: sqlite3.Row) -> list[Resource]:
    joins = {join["field_id"]: join for join in content_type_fields.links(tenant, row)}
    found = []
    for column in columns.resources(site, content_type_fields.linked(tenant, row)):
        join = joins[column.entity["id"]]
        shown = {"required": bool(join["required"]), "hidden": bool(join["hidden"])}
        found.append(Resource({**column.entity, **shown}))
    return found


@ROUTES.add(
    "POST",
    LIST_ONE + "/columns",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a site column to a list's content type",
    source=_DOCS + "contenttype-post-columns",
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE_ONE + "/columns",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a site column to a content type",
    source=_DOCS + "contenttype-post-columns",
    schema_scope="site",
)
def add_column(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"sourceColumn@odata.bind": URL of a site column}`` -> 200, not 201.

    In a list's content type the site column comes into the list as well.
    """
    site, row = type_of(tenant, match)
    body = body_of(call)
    url = body.get("sourceColumn@odata.bind")
    found = re.search(r"/sites/([^/]+)/columns/([^/]+)/?\Z", str(url))
    cloud = str(tenant.setting("cloud"))
    if found is None or not str(url).startswith("https://") or is_foreign(cloud, str(url)):
        raise bad("sourceColumn@odata.bind must be the URL of a site column.")
    if sites.by_ref(tenant, found[1])["id"] != site["id"]:
        raise bad("The column belongs to another site.")
    field = fields.find(tenant, site["id"], "", found[2])
    if field is None:
        raise Refusal(404, "itemNotFound", "The referenced column does not exist")
    if any(f.id == field.id for f in content_type_fields.linked(tenant, row)):
        raise Refusal(409, "nameAlreadyExists", "The column already exists in the content type.")
    if row["list_id"]:
        field = field_copies.copy_to_list(tenant, field, row["list_id"])
    content_type_fields.add_field(
        tenant, row, field, push=bool(body.get("propagateChanges", False))
    )
    column = next(c for c in _columns(tenant, site, row) if c.entity["id"] == field.id)
    return Reply(200, one(call, column, "columns"), kind="microsoft.graph.columnDefinition")


@ROUTES.add(
    "PATCH",
    SITE_ONE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a content type's column",
    source=_DOCS + "columndefinition-update",
    schema_scope="site",
)
@ROUTES.add(
    "PATCH",
    LIST_ONE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a list content type's column",
    source=_DOCS + "columndefinition-update",
    schema_scope="list",
)
def update_column(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Inside a content type only ``required`` and ``hidden`` can be changed -> 200.

    With ``propagateChanges`` the content types of lists that were made from it change too.
    """
    site, row = type_of(tenant, match)
    body = {k: v for k, v in body_of(call).items() if "@" not in k}
    push = bool(body.pop("propagateChanges", False))
    if set(body) - {"required", "hidden"} or not all(isinstance(v, bool) for v in body.values()):
        raise bad("Only required and hidden can be changed on a column of a content type.")
    field = _linked(tenant, row, match["column"])
    content_type_fields.set_link(tenant, row, field, body, push=push)
    column = next(c for c in _columns(tenant, site, row) if c.entity["id"] == field)
    return Reply(200, one(call, column, "columns"), kind="microsoft.graph.columnDefinition")


@ROUTES.add(
    "DELETE",
    SITE_ONE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Remove a column from a content type",
    source=_DOCS + "columndefinition-delete",
    schema_scope="site",
)
@ROUTES.add(
    "DELETE",
    LIST_ONE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Remove a column from a list content type",
    source=_DOCS + "columndefinition-delete",
    schema_scope="list",
)
def delete_column(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The content type loses the column -> 204; site and list keep it."""
    _, row = type_of(tenant, match)
    content_type_fields.unlink(tenant, row, _linked(tenant, row, match["column"]))
    return Reply(204)


def _linked(tenant: Tenant, row: sqlite3.Row, column: str) -> str:
    for field in content_type_fields.linked(tenant, row):
        if column.lower() in (field.id, field.internal_name.lower()):
            return field.id
    raise Refusal(404, "itemNotFound", "The referenced column does not exist")

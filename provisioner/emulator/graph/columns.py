"""Graph: columns of a site and of a list.

learn.microsoft.com/graph/api/list-post-columns, site-post-columns, columndefinition-update,
columndefinition-delete.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.graph import column_facets as facets
from provisioner.emulator.graph import column_view, facet_readers
from provisioner.emulator.graph.projection import Resource, many, one
from provisioner.emulator.graph.refused_facets import taken
from provisioner.emulator.model import (
    content_types,
    field_changes,
    field_rules,
    fields,
    lists,
    sites,
)
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.model.builtin_fields import RESERVED_NAMES
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.localised import by_lcid
from provisioner.emulator.model.sites import SITE
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("graph")
LIST = SITE + r"/lists/(?P<list>[^/]+)"
_KIND = "microsoft.graph.columnDefinition"
_DOCS = "learn.microsoft.com/graph/api/"


def scope(tenant: Tenant, match: dict[str, str]) -> tuple[sqlite3.Row, str]:
    """The site's row and the list's id, "" where the path names no list."""
    site = sites.by_ref(tenant, match["site"])
    if not match.get("list"):
        return site, ""
    return site, str(lists.resolve(tenant, site["id"], match["list"])["id"])


def body_of(call: Call) -> dict[str, Any]:
    """The body as an object. Raises `Refusal` 400 for anything else."""
    body = call.json()
    if not isinstance(body, dict):
        raise facet_readers.bad("The request body is not a JSON object.")
    return body


def resources(site: sqlite3.Row, columns: list[Field]) -> list[Resource]:
    """Columns as Graph answers them."""
    group = by_lcid(int(site["lcid"]))("Custom Columns")
    return [column_view.resource(column, group) for column in columns]


def visible(call: Call, columns: list[Field]) -> list[Field]:
    """The columns without the hidden ones, unless ``$select`` names ``hidden``.

    The columnDefinition page: "definitions … for hidden columns are not shown by default".
    """
    if "hidden" in [name.strip() for name in call.query.get("$select", "").split(",")]:
        return columns
    return [column for column in columns if not column.hidden]


def create_column(
    tenant: Tenant, site: sqlite3.Row, list_id: str, body: dict[str, Any], *, inline: bool = False
) -> Field:
    """Make a column from a `columnDefinition`. Raises `Refusal` 400 or 409.

    `inline` columns of a new list may ask for a built-in name: the documented example of
    list-create asks for "Author" and is answered 201, so they get a digit after it.
    """
    unknown = facets.unknown(body)
    if unknown:
        raise facet_readers.bad(f"The property '{min(unknown)}' does not exist on type '{_KIND}'.")
    given = taken(tenant, body) or facets.to_store(body, facets.facet_of(body))
    title = str(body.get("displayName") or body.get("name") or "")
    name = str(body.get("name") or "")
    if name:
        field_rules.check_graph_name(name, reserved=not inline)
        internal = field_rules.escape_name(name)
        if inline and name.lower() in RESERVED_NAMES:
            internal = fields.free_name(tenant, site["id"], list_id, name)
    elif title.strip():
        internal = fields.free_name(tenant, site["id"], list_id, title)
    else:
        raise facet_readers.bad("A column needs a name.")
    kind, doc = given
    field = fields.add(
        tenant,
        site_id=site["id"],
        list_id=list_id,
        internal_name=internal,
        title=title,
        type=kind,
        doc=doc | facets.common(body),
    )
    if list_id:
        content_types.link_new_field(tenant, field)
        lists.touch(tenant, list_id)
    return field


def _get(tenant: Tenant, match: dict[str, str]) -> tuple[sqlite3.Row, Field]:
    site, list_id = scope(tenant, match)
    return site, fields.get(tenant, site["id"], list_id, match["column"])


def _answer(call: Call, site: sqlite3.Row, field: Field, status: int = 200) -> Reply:
    group = by_lcid(int(site["lcid"]))("Custom Columns")
    return Reply(status, one(call, column_view.resource(field, group), "columns"), kind=_KIND)


@ROUTES.add(
    "GET",
    LIST + "/columns",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a list's columns",
    source=_DOCS + "list-list-columns",
)
@ROUTES.add(
    "GET",
    SITE + "/columns",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List site columns",
    source=_DOCS + "site-list-columns",
)
def get_columns(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The columns, hidden ones only when ``hidden`` is selected."""
    site, list_id = scope(tenant, match)
    columns = visible(call, fields.of(tenant, site["id"], list_id))
    body = many(call, resources(site, columns), "columns", int(tenant.setting("pageSize")))
    return Reply(200, body, kind=f"Collection({_KIND})")


@ROUTES.add(
    "POST",
    LIST + "/columns",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list column",
    source=_DOCS + "list-post-columns",
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE + "/columns",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a site column",
    source=_DOCS + "site-post-columns",
    schema_scope="site",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A `columnDefinition` -> 201."""
    site, list_id = scope(tenant, match)
    return _answer(call, site, create_column(tenant, site, list_id, body_of(call)), 201)


@ROUTES.add(
    "GET",
    LIST + "/columns/(?P<column>[^/]+)",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list column",
    source=_DOCS + "columndefinition-get",
)
@ROUTES.add(
    "GET",
    SITE + "/columns/(?P<column>[^/]+)",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a site column",
    source=_DOCS + "columndefinition-get",
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One column by id or name."""
    site, field = _get(tenant, match)
    return _answer(call, site, field)


@ROUTES.add(
    "PATCH",
    LIST + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a list column",
    source=_DOCS + "columndefinition-update",
    schema_scope="list",
)
@ROUTES.add(
    "PATCH",
    SITE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a site column",
    source=_DOCS + "columndefinition-update",
    schema_scope="site",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Any property but id, name and type -> 200."""
    site, field = _get(tenant, match)
    body = body_of(call)
    unknown = facets.unknown(body)
    if unknown or "id" in body or "type" in body:
        name = min(unknown | ({"id", "type"} & set(body)))
        raise facet_readers.bad(f"The property '{name}' cannot be set on a column.")
    if "name" in body and body["name"] != field.internal_name:
        raise facet_readers.bad("The name of a column cannot be changed.")
    changes = facets.common(body)
    present = [name for name in facets.FACETS if body.get(name) is not None]
    if len(present) > 1:
        raise facet_readers.bad(facet_readers.UNDETERMINED)
    if present:
        if present[0] not in (
            "text",
            "choice",
            "number",
            "dateTime",
            "boolean",
            "personOrGroup",
            "lookup",
            "calculated",
        ):
            raise facet_readers.bad(facet_readers.UNDETERMINED)
        changes |= facets.to_store(body, present[0], field)[1]
    title = str(body["displayName"]) if body.get("displayName") else None
    changed = field_changes.change(tenant, field, title=title, changes=changes)
    if field.list_id:
        lists.touch(tenant, field.list_id)
    elif body.get("propagateChanges"):
        _propagate(tenant, changed, title, changes)
    return _answer(call, site, changed)


def _propagate(tenant: Tenant, field: Field, title: str | None, changes: dict[str, Any]) -> None:
    """Push a site column's change to the lists that have the column."""
    rows = tenant.rows(
        "SELECT list_id FROM field WHERE site_id = ? AND id = ? AND list_id <> ''",
        field.site_id,
        field.id,
    )
    for row in rows:
        copy = fields.get(tenant, field.site_id, row["list_id"], field.id)
        field_changes.change(tenant, copy, title=title, changes=changes)
        lists.touch(tenant, row["list_id"])


@ROUTES.add(
    "DELETE",
    LIST + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a list column",
    source=_DOCS + "columndefinition-delete",
    schema_scope="list",
)
@ROUTES.add(
    "DELETE",
    SITE + "/columns/(?P<column>[^/]+)",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a site column",
    source=_DOCS + "columndefinition-delete",
    schema_scope="site",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Delete a column -> 204; built-in ones are refused."""
    _, field = _get(tenant, match)
    try:
        field_changes.remove(tenant, field)
    except Refusal as refusal:
        raise Refusal(refusal.status, "invalidRequest", refusal.message) from None
    if field.list_id:
        lists.touch(tenant, field.list_id)
    return Reply(204)

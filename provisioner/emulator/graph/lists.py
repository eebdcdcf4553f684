"""Graph: lists and libraries.

learn.microsoft.com/graph/api/list-create, list-list, list-get. Updating and deleting a list has no
page there, so the emulator does not build it: SharePoint REST does both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from provisioner.emulator.graph import columns
from provisioner.emulator.graph.columns import LIST, body_of
from provisioner.emulator.graph.projection import Paged, Resource, many, one
from provisioner.emulator.model import content_types, fields, lists, sites, views
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.model.sites import SITE
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("graph")
_KIND = "microsoft.graph.list"
_DOCS = "learn.microsoft.com/graph/api/"
_CREATE = frozenset({"displayName", "description", "columns", "list"})
_UNDOCUMENTED = (
    "The emulator does not build {method} of a list: Microsoft Graph documents neither update nor "
    "delete of a list. Use SharePoint REST."
)


def resource(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> Resource:
    """A list as Graph answers it; columns, content types and drive come when expanded."""
    doc = lists.settings(row)
    entity: dict[str, Any] = {
        "@odata.etag": lists.etag(row),
        "createdDateTime": row["created"],
        "description": doc["Description"],
        "eTag": lists.etag(row),
        "id": row["id"],
        "lastModifiedDateTime": row["modified"],
        "name": row["url"].rsplit("/", 1)[-1],
        "webUrl": sites.url(tenant, site, call.base_url).removesuffix(site["path"])
        + quote(row["url"]),
        "displayName": row["title"],
        "parentReference": {"siteId": sites.full_id(tenant, site)},
        "list": {
            "contentTypesEnabled": bool(doc["ContentTypesEnabled"]),
            "hidden": bool(row["hidden"]),
            "template": lists.template_name(row),
        },
    }
    ids = {
        "listId": row["id"],
        "siteId": site["id"],
        "webId": site["web_id"],
        "siteUrl": sites.url(tenant, site, call.base_url),
    }
    explicit: dict[str, Any] = {"sharepointIds": ids}
    if row["system"]:
        explicit["system"] = {}
    return Resource(entity, _expandable(tenant, call, site, row), explicit)


def _expandable(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    # Imported late: the content types' module reads this one's neighbours.
    from provisioner.emulator.graph import content_types as graph_types  # noqa: PLC0415

    found: dict[str, Any] = {
        "columns": lambda: columns.resources(
            site, [f for f in fields.of_list(tenant, row["id"]) if not f.hidden]
        ),
        "contentTypes": lambda: [
            graph_types.resource(tenant, call, site, r)
            for r in content_types.all_of(tenant, site["id"], row["id"])
        ],
    }
    found["items"] = lambda: Paged(lambda options: _items(tenant, call, site, row, options))
    if row["drive_id"]:
        found["drive"] = lambda: drive(tenant, call, site, row)
    return found


def _items(
    tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row, options: Mapping[str, str]
) -> tuple[list[Any], str]:
    """The first page of a list's items as the options of ``$expand=items(…)`` ask for them."""
    # Imported late: items read lists.
    from provisioner.emulator.graph import items as graph_items  # noqa: PLC0415

    path = f"/sites/{sites.full_id(tenant, site)}/lists/{row['id']}/items"
    inner = replace(call, path=path, query=dict(options))
    body = graph_items.list_items(tenant, inner, {"site": site["id"], "list": row["id"]}).body
    return body["value"], body.get("@odata.nextLink", "")


def drive(tenant: Tenant, call: Call, site: sqlite3.Row, row: sqlite3.Row) -> Resource:
    """A library's drive, as far as a list's expansion shows it."""
    web = sites.url(tenant, site, call.base_url).removesuffix(site["path"])
    return Resource(
        {
            "id": row["drive_id"],
            "driveType": "documentLibrary",
            "name": row["title"],
            "description": lists.settings(row)["Description"],
            "webUrl": web + quote(row["url"]),
            "createdDateTime": row["created"],
            "lastModifiedDateTime": row["modified"],
        }
    )


def _row(tenant: Tenant, match: dict[str, str]) -> tuple[sqlite3.Row, sqlite3.Row]:
    site = sites.by_ref(tenant, match["site"])
    return site, lists.resolve(tenant, site["id"], match["list"])


@ROUTES.add(
    "GET",
    SITE + "/lists",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the lists of a site",
    source=_DOCS + "list-list",
)
def get_lists(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The site's lists; system ones only when ``$select`` names ``system``."""
    site = sites.by_ref(tenant, match["site"])
    selected = [name.strip() for name in call.query.get("$select", "").split(",")]
    rows = [
        row for row in lists.all_of(tenant, site["id"]) if "system" in selected or not row["system"]
    ]
    found = [resource(tenant, call, site, row) for row in rows]
    return Reply(
        200,
        many(call, found, "lists", int(tenant.setting("pageSize"))),
        kind=f"Collection({_KIND})",
    )


def _template(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    info = body.get("list")
    if info is None:
        return lists.TEMPLATES["genericList"], {}
    if not isinstance(info, dict):
        raise Refusal(400, "invalidRequest", "One of the provided arguments is not acceptable.")
    name = info.get("template", "genericList")
    if name in lists.KNOWN_TEMPLATES:
        raise Refusal(
            501, "notImplemented", f"The emulator does not build lists of template '{name}'."
        )
    unknown = {k for k in info if not k.startswith("@")} - {
        "template",
        "contentTypesEnabled",
        "hidden",
    }
    if name not in lists.TEMPLATES or unknown:
        raise Refusal(400, "invalidRequest", "One of the provided arguments is not acceptable.")
    changes = {
        rest: bool(info[graph])
        for graph, rest in (("contentTypesEnabled", "ContentTypesEnabled"), ("hidden", "Hidden"))
        if info.get(graph) is not None
    }
    return lists.TEMPLATES[name], changes


@ROUTES.add(
    "POST",
    SITE + "/lists",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a list or library",
    source=_DOCS + "list-create",
    schema_scope="site",
    permission_note="Stricter than the table: write access was seen to be refused "
    "(github.com/microsoftgraph/msgraph-sdk-dotnet issue 1034).",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"displayName","columns","list":{"template"}}`` -> 201.

    ``name`` is refused in the service's words (microsoftgraph/microsoft-graph-docs #1484), an
    unknown template too (#2663), a title that is taken with 409 (opf/openproject #20390).
    """
    site = sites.by_ref(tenant, match["site"])
    body = {k: v for k, v in body_of(call).items() if not k.startswith("@")}
    if body.get("name") is not None:
        raise Refusal(
            400,
            "invalidRequest",
            "Cannot define a 'name' for a list as it is assigned by the server. Instead, provide "
            "'displayName'",
        )
    unknown = set(body) - _CREATE - {"name"}
    if unknown:
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '{min(unknown)}' does not exist on type '{_KIND}' or is read-only.",
        )
    template, changes = _template(body)
    title = body.get("displayName")
    if not isinstance(title, str) or not title.strip():
        raise Refusal(400, "invalidRequest", "A list needs a displayName.")
    row = lists.create_list(
        tenant,
        site,
        title=title,
        template=template,
        description=str(body.get("description") or ""),
        changes=changes,
    )
    for column in body.get("columns") or []:
        field = columns.create_column(tenant, site, row["id"], column, inline=True)
        # Not documented: columns made with a list are shown in its default view.
        views.add_field(tenant, views.default(tenant, row["id"]), field.internal_name)
    made = resource(tenant, call, site, lists.get(tenant, row["id"]))
    answer = one(call, made, "lists")
    return Reply(
        201,
        answer,
        {"Location": f"{call.base_url}/v1.0/sites/{site['id']}/lists/{row['id']}"},
        kind=_KIND,
    )


@ROUTES.add(
    "GET",
    LIST,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list",
    source=_DOCS + "list-get",
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One list by id or title, with ``$expand=columns,contentTypes,drive``."""
    site, row = _row(tenant, match)
    return Reply(200, one(call, resource(tenant, call, site, row), "lists"), kind=_KIND)


@ROUTES.add(
    "PATCH",
    LIST,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a list (undocumented in Graph: answers 501)",
    source=_DOCS + "list-get",
    permission_note="No row, and no page: the address is in the SDKs only. Asks for what other changes of a "
    "list's structure ask for.",
)
@ROUTES.add(
    "DELETE",
    LIST,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a list (undocumented in Graph: answers 501)",
    source=_DOCS + "list-get",
    permission_note="No row, and no page: the address is in the SDKs only. Asks for what other changes of a "
    "list's structure ask for.",
)
def undocumented(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Neither has a documentation page or a row in Graph's permission tables."""
    _row(tenant, match)
    raise Refusal(501, "notImplemented", _UNDOCUMENTED.format(method=call.method))

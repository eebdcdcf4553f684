"""Graph: sites, found in three ways and made in one (beta).

learn.microsoft.com/graph/api/site-get, site-getbypath, site-search; beta: site-post-sites,
site-getoperationstatus.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from provisioner.emulator.graph.columns import body_of
from provisioner.emulator.graph.projection import Resource, many, one
from provisioner.emulator.model import lists, sites
from provisioner.emulator.model.app_roles import CREATE_SITE, READ
from provisioner.emulator.model.localised import by_tag
from provisioner.emulator.model.sites import SITE
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("graph")
_KIND = "microsoft.graph.site"
_DOCS = "learn.microsoft.com/graph/api/"
_CREATE = frozenset(
    {
        "name",
        "webUrl",
        "locale",
        "shareByEmailEnabled",
        "description",
        "template",
        "ownerIdentityToResolve",
    }
)


def resource(tenant: Tenant, call: Call, row: sqlite3.Row) -> Resource:
    """A site as Graph answers it."""
    entity: dict[str, Any] = {
        "createdDateTime": row["created"],
        "description": row["description"],
        "id": sites.full_id(tenant, row),
        "lastModifiedDateTime": row["modified"],
        "name": row["path"].rsplit("/", 1)[-1],
        "webUrl": sites.url(tenant, row, call.base_url),
        "displayName": row["title"],
        "root": {},
        "siteCollection": {"hostname": tenant.setting("hostname")},
    }
    ids = {
        "siteId": row["id"],
        "webId": row["web_id"],
        "siteUrl": sites.url(tenant, row, call.base_url),
    }
    return Resource(
        entity,
        {"lists": lambda: _lists(tenant, call, row)},
        {"sharepointIds": ids},
    )


def _lists(tenant: Tenant, call: Call, row: sqlite3.Row) -> list[Resource]:
    from provisioner.emulator.graph.lists import resource as list_resource  # noqa: PLC0415

    return [
        list_resource(tenant, call, row, found)
        for found in lists.all_of(tenant, row["id"])
        if not found["system"]
    ]


@ROUTES.add(
    "GET",
    "/sites",
    cost=2,
    permissions=READ,
    selected_role="",
    title="Search for sites",
    source=_DOCS + "site-search",
)
def search(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``/sites?search=text`` finds sites by title, path or description."""
    text = call.query.get("search", call.query.get("$search", "")).strip('"* ').lower()
    if "search" not in call.query and "$search" not in call.query:
        raise Refusal(400, "invalidRequest", "Enumerating sites needs the query parameter search.")
    found = [
        row
        for row in sites.all_ready(tenant)
        if text in f"{row['title']} {row['path']} {row['description']}".lower()
    ]
    return _collection(tenant, call, found)


@ROUTES.add(
    "GET",
    "/sites/getAllSites",
    cost=2,
    permissions=READ,
    selected_role="",
    title="List all sites",
    source=_DOCS + "site-getallsites",
)
def get_all(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Every site of the tenant."""
    return _collection(tenant, call, sites.all_ready(tenant))


def _collection(tenant: Tenant, call: Call, rows: list[sqlite3.Row]) -> Reply:
    found = [resource(tenant, call, row) for row in rows]
    body = many(call, found, "sites", int(tenant.setting("pageSize")))
    return Reply(200, body, kind=f"Collection({_KIND})")


@ROUTES.add(
    "GET",
    r"/sites/getOperationStatus\(operationId='(?P<operation>[^']*)'\)",
    cost=1,
    permissions=CREATE_SITE,
    selected_role="",
    title="Poll site creation",
    source=_DOCS + "site-getoperationstatus?view=graph-rest-beta",
    version="beta",
    permission_note="The table does not know Sites.Create.All (2025-11): learn.microsoft.com/graph/api/"
    "site-post-sites (beta) names it the least privileged.",
)
def operation_status(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """How far a site's creation is: ``running``, then ``succeeded`` with the site's id."""
    row = tenant.one("SELECT * FROM site_operation WHERE id = ?", match["operation"])
    if row is None:
        raise Refusal(404, "itemNotFound", "The operation does not exist.")
    body: dict[str, Any] = {
        "@odata.context": f"{call.base_url}/beta/$metadata#microsoft.graph.richLongRunningOperation",
        "id": row["id"],
        "createdDateTime": row["created"],
        "status": "running",
    }
    if datetime.fromisoformat(row["ready_at"]) <= tenant.now():
        site = sites.by_id(tenant, row["site_id"])
        site_id = sites.full_id(tenant, site)
        body |= {
            "lastActionDateTime": row["created"],
            "resourceId": site_id,
            "resourceLocation": f"{call.base_url}/beta/sites/{site_id}",
            "status": "succeeded",
        }
    return Reply(200, body, kind="microsoft.graph.richLongRunningOperation")


@ROUTES.add(
    "POST",
    "/sites",
    cost=2,
    permissions=CREATE_SITE,
    selected_role="",
    title="Create a site",
    source=_DOCS + "site-post-sites?view=graph-rest-beta",
    version="beta",
    permission_note="The table does not know Sites.Create.All (2025-11): learn.microsoft.com/graph/api/"
    "site-post-sites (beta) names it the least privileged.",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """202 with the operation's address in Location; the site answers 404 until it is ready.

    An app with Sites.Create.All and Sites.Selected is granted full control of what it makes
    (devblogs.microsoft.com, "SharePoint Site Creation in Microsoft Graph", 2025-11-24).
    """
    body = {k: v for k, v in body_of(call).items() if not k.startswith("@")}
    unknown = set(body) - _CREATE
    if unknown:
        raise Refusal(400, "invalidRequest", f"The property '{min(unknown)}' is not valid.")
    for name in ("name", "webUrl", "template"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise Refusal(400, "invalidRequest", f"The property '{name}' is required.")
    if body["template"] not in sites.TEMPLATES:
        raise Refusal(400, "invalidRequest", f"The template '{body['template']}' is not valid.")
    path = sites.path_of_url(tenant, body["webUrl"])
    delay = int(tenant.setting("provisioningDelayMs"))
    row = sites.create_site(
        tenant,
        path=path,
        title=body["name"],
        template=sites.TEMPLATES[body["template"]],
        lcid=by_tag(str(body.get("locale") or tenant.setting("locale"))).lcid,
        owner_upn=_owner(tenant, body),
        time_zone=str(tenant.setting("timeZone")),
        description=str(body.get("description") or ""),
        delay_ms=delay,
    )
    shared = bool(body.get("shareByEmailEnabled"))
    sites.update(tenant, row["id"], doc={"ShareByEmailEnabled": shared})
    _grant(tenant, call, row)
    operation = tenant.guid()
    ready = (tenant.now() + timedelta(milliseconds=delay)).isoformat()
    tenant.run(
        "INSERT INTO site_operation (id, site_id, created, ready_at) VALUES (?,?,?,?)",
        operation,
        row["id"],
        tenant.stamp(),
        ready,
    )
    location = f"{call.base_url}/beta/sites/getOperationStatus(operationId='{operation}')"
    return Reply(202, None, {"Location": location})


def _owner(tenant: Tenant, body: dict[str, Any]) -> str:
    owner = body.get("ownerIdentityToResolve")
    email = owner.get("email") if isinstance(owner, dict) else None
    if not isinstance(email, str) or not email:
        raise Refusal(
            400,
            "invalidRequest",
            "The property 'ownerIdentityToResolve' is required for app-only requests.",
        )
    user = tenant.one(
        "SELECT upn FROM user WHERE upn = ? COLLATE NOCASE OR mail = ? COLLATE NOCASE", email, email
    )
    if user is None:
        raise Refusal(400, "invalidRequest", f"The owner '{email}' could not be resolved.")
    return str(user["upn"])


def _grant(tenant: Tenant, call: Call, row: sqlite3.Row) -> None:
    if call.caller is not None and "Sites.Selected" in call.caller.roles:
        tenant.run(
            "INSERT INTO app_grant (id, site_id, app_id, role) VALUES (?,?,?,'fullcontrol')",
            tenant.guid(),
            row["id"],
            call.caller.app_id,
        )


@ROUTES.add(
    "GET",
    SITE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a site",
    source=_DOCS + "site-get",
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A site by id, by ``host:/path``, by host, or ``root``."""
    row = sites.by_ref(tenant, match["site"])
    return Reply(200, one(call, resource(tenant, call, row), "sites"), kind=_KIND)

"""Grants of a site to an application: what ``Sites.Selected`` rests on.

Sources: "Create permission" on a site (learn.microsoft.com/graph/api/site-post-permissions:
applications only, not users); "manage" and "fullcontrol" are refused on POST with "Invalid value
for role" (github.com/microsoftgraph/microsoft-graph-docs issue 11814) and reached by PATCH, as
CLI for Microsoft 365 does (``spo site apppermission add``).
"""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import sites
from provisioner.emulator.model.app_roles import FULL_CONTROL
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_AT_ONCE = frozenset({"read", "write"})
_BY_UPDATE = frozenset({"read", "write", "manage", "owner", "fullcontrol"})
_COST = 5  # every operation on permissions, whatever it does
_SOURCE = "learn.microsoft.com/graph/api/site-{}-permission"


def _route(method: str, below: str, title: str, page: str) -> Callable[[Handler], Handler]:
    return ROUTES.add(
        method,
        sites.SITE + "/permissions" + below,
        cost=_COST,
        permissions=FULL_CONTROL,
        selected_role="",
        title=title,
        source=_SOURCE.format(page),
    )


@_route("GET", "", "List the site's application permissions", "list")
def list_grants(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """All grants of the site; roles are told by GET of one only (github.com/pnp/powershell 917)."""
    site = sites.by_ref(tenant, groups["site"])
    rows = tenant.rows(
        "SELECT * FROM app_grant WHERE site_id = ? AND list_id IS NULL ORDER BY id", site["id"]
    )
    value = [_permission(tenant, row) for row in rows]
    for permission in value:
        del permission["roles"]
    return Reply(200, {"value": value})


@_route("POST", "", "Grant an application a role on the site", "post")
def add_grant(tenant: Tenant, call: Call, groups: dict[str, str]) -> Reply:
    """Grant read or write to an application; 400 for anything more, and for users."""
    site = sites.by_ref(tenant, groups["site"])
    body = call.json()
    role = _role(body, _AT_ONCE)
    app_id = _application(tenant, body)
    tenant.run(
        "DELETE FROM app_grant WHERE site_id = ? AND app_id = ? AND list_id IS NULL",
        site["id"],
        app_id,
    )
    grant_id = tenant.guid()
    tenant.run(
        "INSERT INTO app_grant (id, site_id, app_id, role) VALUES (?, ?, ?, ?)",
        grant_id,
        site["id"],
        app_id,
        role,
    )
    return Reply(201, _permission(tenant, _grant(tenant, site["id"], grant_id)))


@_route("GET", "/(?P<grant>[^/]+)", "Get an application permission", "get")
def get_grant(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """One grant with its roles."""
    site = sites.by_ref(tenant, groups["site"])
    return Reply(200, _permission(tenant, _grant(tenant, site["id"], groups["grant"])))


@_route("PATCH", "/(?P<grant>[^/]+)", "Change an application's role on the site", "update")
def change_grant(tenant: Tenant, call: Call, groups: dict[str, str]) -> Reply:
    """Raise or lower the role; here every role is accepted."""
    site = sites.by_ref(tenant, groups["site"])
    row = _grant(tenant, site["id"], groups["grant"])
    role = _role(call.json(), _BY_UPDATE)
    tenant.run("UPDATE app_grant SET role = ? WHERE id = ?", role, row["id"])
    return Reply(200, _permission(tenant, _grant(tenant, site["id"], row["id"])))


@_route("DELETE", "/(?P<grant>[^/]+)", "Take an application's role away", "delete")
def remove_grant(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """Remove the grant."""
    site = sites.by_ref(tenant, groups["site"])
    row = _grant(tenant, site["id"], groups["grant"])
    tenant.run("DELETE FROM app_grant WHERE id = ?", row["id"])
    return Reply(204)


def _grant(tenant: Tenant, site_id: str, grant_id: str) -> Row:
    row = tenant.one(
        "SELECT * FROM app_grant WHERE site_id = ? AND id = ? AND list_id IS NULL",
        site_id,
        grant_id,
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "The permission does not exist.")
    return row


def _permission(tenant: Tenant, row: Row) -> dict[str, Any]:
    app = tenant.one("SELECT name FROM app WHERE app_id = ?", row["app_id"])
    name = app["name"] if app is not None else ""
    identity = {"application": {"id": row["app_id"], "displayName": name}}
    return {
        "id": row["id"],
        "roles": [row["role"]],
        "grantedToIdentities": [identity],
        "grantedToIdentitiesV2": [identity],
    }


def _role(body: Any, allowed: frozenset[str]) -> str:
    roles = body.get("roles") if isinstance(body, dict) else None
    if not isinstance(roles, list) or len(roles) != 1 or roles[0] not in allowed:
        raise Refusal(400, "invalidRequest", "Invalid value for role")
    return str(roles[0])


def _application(tenant: Tenant, body: dict[str, Any]) -> str:
    granted = body.get("grantedToIdentities") or body.get("grantedToIdentitiesV2") or []
    identity = granted[0] if isinstance(granted, list) and len(granted) == 1 else None
    application = identity.get("application") if isinstance(identity, dict) else None
    if not isinstance(application, dict) or len(identity or {}) != 1:
        raise Refusal(
            400, "invalidRequest", "A site permission can be granted to one application only."
        )
    row = tenant.one("SELECT app_id FROM app WHERE app_id = ?", str(application.get("id", "")))
    if row is None:
        raise Refusal(400, "invalidRequest", "The application could not be found.")
    return str(row["app_id"])

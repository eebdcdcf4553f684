"""Grants of a site or a list to an application: what the ``…Selected`` permissions rest on.

Sources: "Create permission" on a site and on a list (learn.microsoft.com/graph/api/
site-post-permissions and list-post-permissions, 2026-06: applications only, "you can't use it to
create a new list permission for a user"); roles: see `model.grants`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import grants, lists, sites
from provisioner.emulator.model.app_roles import FULL_CONTROL
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_COST = 5  # every operation on permissions, whatever it does
_GRANT = "/(?P<grant>[^/]+)"
_LIST_NOTE = (
    "The table says Sites.ReadWrite.All, the overview of Selected permissions full control; "
    "the stricter is built."
)


def _route(method: str, below: str, title: str, verb: str) -> Callable[[Handler], Handler]:
    """Register a handler for sites and for lists."""
    plural = "s" if verb == "post" else ""

    def register(handler: Handler) -> Handler:
        ROUTES.add(
            method,
            sites.SITE + "/permissions" + below,
            cost=_COST,
            permissions=FULL_CONTROL,
            selected_role="",
            title=f"{title} a site",
            source=f"learn.microsoft.com/graph/api/site-{verb}-permission{plural}",
        )(handler)
        return ROUTES.add(
            method,
            sites.SITE + "/lists/(?P<list>[^/]+)/permissions" + below,
            cost=_COST,
            permissions=FULL_CONTROL,
            selected_role="fullcontrol",
            title=f"{title} a list",
            source=f"learn.microsoft.com/graph/api/list-{verb}-permission{plural}",
            permission_note=_LIST_NOTE,
        )(handler)

    return register


@dataclass(frozen=True, slots=True)
class _Place:
    """A site, or a list of it."""

    site_id: str
    list_id: str | None

    def entity(self, tenant: Tenant, row: Row) -> dict[str, Any]:
        """A grant as Graph gives it: a site's names many identities, a list's one."""
        app = tenant.one("SELECT name FROM app WHERE app_id = ?", row["app_id"])
        name = app["name"] if app is not None else ""
        identity = {"application": {"id": row["app_id"], "displayName": name}}
        found: dict[str, Any] = {"id": row["id"], "roles": [row["role"]]}
        if self.list_id is None:
            return found | {
                "grantedToIdentities": [identity],
                "grantedToIdentitiesV2": [identity],
            }
        return found | {"grantedTo": identity, "grantedToV2": identity}


def _place(tenant: Tenant, groups: dict[str, str]) -> _Place:
    site_id = str(sites.by_ref(tenant, groups["site"])["id"])
    if "list" not in groups:
        return _Place(site_id, None)
    return _Place(site_id, str(lists.resolve(tenant, site_id, groups["list"])["id"]))


@_route("GET", "", "List the application permissions of", "list")
def list_grants(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """All grants; roles are told by GET of one only (github.com/pnp/powershell issue 917)."""
    place = _place(tenant, groups)
    value = [place.entity(tenant, row) for row in grants.of(tenant, place.site_id, place.list_id)]
    for permission in value:
        del permission["roles"]
    return Reply(200, {"value": value}, kind="microsoft.graph.permission")


@_route("POST", "", "Grant an application a role on", "post")
def add_grant(tenant: Tenant, call: Call, groups: dict[str, str]) -> Reply:
    """Grant read or write to an application; 400 for anything more, and for users."""
    place, body = _place(tenant, groups), call.json()
    role = _role(body, grants.AT_ONCE)
    row = grants.give(tenant, place.site_id, place.list_id, _application(tenant, body, place), role)
    return Reply(201, place.entity(tenant, row), kind="microsoft.graph.permission")


@_route("GET", _GRANT, "Get an application permission of", "get")
def get_grant(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """One grant with its roles."""
    place = _place(tenant, groups)
    row = grants.get(tenant, place.site_id, place.list_id, groups["grant"])
    return Reply(200, place.entity(tenant, row), kind="microsoft.graph.permission")


@_route("PATCH", _GRANT, "Change the role of an application on", "update")
def change_grant(tenant: Tenant, call: Call, groups: dict[str, str]) -> Reply:
    """Raise or lower the role; here every role is accepted."""
    place = _place(tenant, groups)
    row = grants.get(tenant, place.site_id, place.list_id, groups["grant"])
    row = grants.change(tenant, row, _role(call.json(), grants.BY_UPDATE))
    return Reply(200, place.entity(tenant, row), kind="microsoft.graph.permission")


@_route("DELETE", _GRANT, "Take the role of an application on", "delete")
def remove_grant(tenant: Tenant, _call: Call, groups: dict[str, str]) -> Reply:
    """Remove the grant; a list goes on not inheriting."""
    place = _place(tenant, groups)
    grants.take(tenant, grants.get(tenant, place.site_id, place.list_id, groups["grant"]))
    return Reply(204)


def _role(body: Any, allowed: frozenset[str]) -> str:
    roles = body.get("roles") if isinstance(body, dict) else None
    if not isinstance(roles, list) or len(roles) != 1 or roles[0] not in allowed:
        raise Refusal(400, "invalidRequest", "Invalid value for role")
    return str(roles[0])


def _application(tenant: Tenant, body: dict[str, Any], place: _Place) -> str:
    if place.list_id is None:
        granted = body.get("grantedToIdentities") or body.get("grantedToIdentitiesV2") or []
        identity = granted[0] if isinstance(granted, list) and len(granted) == 1 else None
    else:
        identity = body.get("grantedToV2") or body.get("grantedTo")
    application = identity.get("application") if isinstance(identity, dict) else None
    if not isinstance(application, dict) or len(identity or {}) != 1:
        what = "site" if place.list_id is None else "list"
        raise Refusal(
            400, "invalidRequest", f"A {what} permission can be granted to one application only."
        )
    row = tenant.one("SELECT app_id FROM app WHERE app_id = ?", str(application.get("id", "")))
    if row is None:
        raise Refusal(400, "invalidRequest", "The application could not be found.")
    return str(row["app_id"])

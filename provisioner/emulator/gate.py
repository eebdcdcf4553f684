"""The gate: may this app do that, here?

An app role of the audience suffices as the route states it (facts: "Microsoft Graph permissions
reference", learn.microsoft.com/graph/permissions-reference). ``Sites.Selected`` gives nothing by
itself: the app needs a grant on the site, of at least the role the route names ("Overview of
Selected permissions in OneDrive and SharePoint", learn.microsoft.com/graph). ``write`` cannot
create lists (observed, github.com/microsoftgraph/msgraph-sdk-dotnet issue 1034).
"""

from __future__ import annotations

from provisioner.emulator import delegated
from provisioner.emulator.places import site_of
from provisioner.emulator.routing import Route
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

ROLE_RANK = {"read": 1, "write": 2, "manage": 3, "owner": 4, "fullcontrol": 4}


def admit(tenant: Tenant, route: Route, call: Call) -> None:
    """Let the call pass or raise `Refusal` 403.

    A Graph site that does not exist is left to the handler, which answers 404.
    """
    caller = call.caller
    assert caller is not None, "the face verifies the token first"
    if call.face == "rest" and site_of(tenant, call) is None:
        raise Refusal(404, "itemNotFound", f"There is no site at {call.site_path or '/'}.")
    if caller.user is not None:
        delegated.admit(tenant, route, call)
        return
    if any(role in caller.roles for role in route.permissions):
        return
    if route.selected_role and "Sites.Selected" in caller.roles:
        site = site_of(tenant, call)
        if site is None:
            return
        if granted_rank(tenant, site["id"], caller.app_id) >= ROLE_RANK[route.selected_role]:
            return
    raise Refusal(
        403,
        "accessDenied",
        "Access denied",
        rest_code="-2147024891, System.UnauthorizedAccessException",
    )


def granted_rank(tenant: Tenant, site_id: str, app_id: str) -> int:
    """The rank of the highest role the app holds on the whole site; 0 for none."""
    rows = tenant.rows(
        "SELECT role FROM app_grant WHERE site_id = ? AND app_id = ? AND list_id IS NULL",
        site_id,
        app_id,
    )
    return max((ROLE_RANK.get(row["role"], 0) for row in rows), default=0)

"""The gate: may this app do that, here?

An app role of the audience suffices as the route states it (facts: "Microsoft Graph permissions
reference", learn.microsoft.com/graph/permissions-reference). ``Sites.Selected`` gives nothing by
itself: the app needs a grant on the site, of at least the role the route names ("Overview of
Selected permissions in OneDrive and SharePoint", learn.microsoft.com/graph). ``write`` cannot
create lists (observed, github.com/microsoftgraph/msgraph-sdk-dotnet issue 1034).
``Lists.SelectedOperations.Selected`` rests on grants of a list in the same way; SharePoint REST
has no such permission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from provisioner.emulator import delegated
from provisioner.emulator.places import list_of, site_of
from provisioner.emulator.routing import Route
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

# The directory has words of its own for a refusal (learn.microsoft.com/graph/errors).
_DIRECTORY = re.compile(r"/(?:users|groups)(?:/[^/]+)?(?:/(?:members|owners))?/?\Z", re.IGNORECASE)
LIST_SELECTED = "Lists.SelectedOperations.Selected"
ROLE_RANK = {"read": 1, "write": 2, "manage": 3, "owner": 4, "fullcontrol": 4}


def admit(tenant: Tenant, route: Route, call: Call, groups: Mapping[str, str]) -> None:
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
    if route.selected_role and LIST_SELECTED in caller.roles:
        list_id = list_of(tenant, call, groups)
        if granted_rank(tenant, None, caller.app_id, list_id) >= ROLE_RANK[route.selected_role]:
            return
    if call.face == "graph" and _DIRECTORY.match(call.path):
        raise Refusal(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    raise Refusal(
        403,
        "accessDenied",
        "Access denied",
        rest_code="-2147024891, System.UnauthorizedAccessException",
    )


def granted_rank(
    tenant: Tenant, site_id: str | None, app_id: str, list_id: str | None = None
) -> int:
    """The rank of the highest role the app holds on the list, or on the whole site; 0 for none."""
    rows = tenant.rows(
        "SELECT role FROM app_grant WHERE app_id = ? AND "
        "(list_id = ? OR (list_id IS NULL AND site_id = ?))",
        app_id,
        list_id,
        site_id,
    )
    return max((ROLE_RANK.get(row["role"], 0) for row in rows), default=0)

"""What the caller itself may do on a site: `_api/web/EffectiveBasePermissions`.

"Web.EffectiveBasePermissions property" (learn.microsoft.com/dotnet/api/
microsoft.sharepoint.client.web.effectivebasepermissions). What an app sees there is not documented;
here it is the permission level that is like its role.
"""

from __future__ import annotations

from sqlite3 import Row

from provisioner.emulator.gate import ROLE_RANK, granted_rank
from provisioner.emulator.model import roles, sites, user_rights
from provisioner.emulator.model.app_roles import FULL_CONTROL, MANAGE, READ, WRITE
from provisioner.emulator.rest.shape import Node, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Reply

ROUTES = Routes("rest")
_RIGHTS = {
    4: (2147483647, 4294967295),
    3: (432, 1012866047),
    2: (432, 1011028719),
    1: (176, 138612833),
}
"""High and low of Full Control, Design, Contribute and Read, by the rank of a role."""


@ROUTES.add(
    "GET",
    "/_api/web/effectivebasepermissions",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the caller's own rights",
    source="learn.microsoft.com/dotnet/api/microsoft.sharepoint.client.web.effectivebasepermissions",
)
def get_rights(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """`SP.BasePermissions`: two numbers as text, High and Low."""
    rights = rights_of(tenant, call, sites.by_path(tenant, call.site_path))
    node = Node({"odata.type": "SP.BasePermissions", **rights})
    return Reply(200, shape(call, node.entity, node.expandable), kind="SP.BasePermissions")


def rights_of(tenant: Tenant, call: Call, site: Row) -> dict[str, str]:
    """The caller's own rights on a site: `High` and `Low`."""
    caller = call.caller
    assert caller is not None, "the face verifies the token first"
    if caller.user is not None:
        bits = user_rights.mask(tenant, site["id"], roles.WEB, caller.user)
        high, low = bits >> 32, bits & 0xFFFFFFFF
    else:
        rank = granted_rank(tenant, site["id"], caller.app_id)
        for least, among in (("read", READ), ("write", WRITE), ("manage", MANAGE)):
            if caller.roles & set(among):
                rank = max(rank, ROLE_RANK[least])
        if caller.roles & set(FULL_CONTROL):
            rank = ROLE_RANK["fullcontrol"]
        high, low = _RIGHTS[max(rank, 1)]
    return {"High": str(high), "Low": str(low)}

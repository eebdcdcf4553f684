"""``/me``: the person who signed in (learn.microsoft.com/graph/api/user-get)."""

from __future__ import annotations

from provisioner.emulator.graph import directory
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")


@ROUTES.add(
    "GET",
    "/me",
    cost=1,
    permissions=("User.Read", "User.ReadWrite", "User.ReadBasic.All", "User.Read.All"),
    selected_role="",
    title="Get the signed-in person",
    source="learn.microsoft.com/graph/api/user-get",
    permission_note="Delegated permissions: an application has no /me.",
)
def me(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The user behind a delegated token; an app on its own gets 400."""
    if call.caller is None or call.caller.user is None:
        raise Refusal(
            400,
            "BadRequest",
            "/me request is only valid with delegated authentication flow.",
        )
    return directory.get_user(tenant, call, {"user": call.caller.user})

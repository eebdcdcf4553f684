"""Graph subscriptions: change notifications of a list or a library.

learn.microsoft.com/graph/api/ subscription-post-subscriptions, -update, -delete, -get, -list;
resources/subscription: lists and drive roots take `updated` only, for at most 42,300 minutes. The
app sees its own subscriptions.
"""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any

from provisioner.emulator import webhooks
from provisioner.emulator.gate import ROLE_RANK, granted_rank
from provisioner.emulator.graph.drive_places import DRIVE, library
from provisioner.emulator.model import lists, sites
from provisioner.emulator.model.app_roles import FILES_WRITE, WRITE
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_API = "learn.microsoft.com/graph/api/"
_ONE = r"/subscriptions/(?P<subscription>[^/]+)"
_KIND = "microsoft.graph.subscription"
_LONGEST_MINUTES = 42_300
_LONGEST_STATE = 128
_LIST = re.compile(sites.SITE + r"/lists/(?P<list>[^/]+)/?\Z", re.IGNORECASE)
_ROOT = re.compile(DRIVE + r"/root/?\Z", re.IGNORECASE)
_KNOWN = frozenset(
    {
        "changeType",
        "notificationUrl",
        "resource",
        "expirationDateTime",
        "clientState",
        "latestSupportedTlsVersion",
        "includeResourceData",
    }
)
_NOTE = (
    "No row. A list needs Sites.ReadWrite.All, a drive Files.ReadWrite.All "
    "(subscription-post-subscriptions); Sites.Selected needs write on the site."
)


async def _ask_the_receiver(tenant: Tenant, call: Call, match: dict[str, str]) -> None:  # noqa: ARG001
    """Check the body first, then let the receiver say that it is there."""
    with tenant.lock:
        body = _body(call)
        _resource(tenant, call, body)
        webhooks.expiration(tenant, body.get("expirationDateTime"), _LONGEST_MINUTES)
        token = f"Validation: {tenant.guid()}"
    await webhooks.validate(str(body["notificationUrl"]), "validationToken", token)


@ROUTES.add(
    "POST",
    "/subscriptions",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Subscribe to changes",
    source=_API + "subscription-post-subscriptions",
    permission_note=_NOTE,
    before=_ask_the_receiver,
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """201 once the receiver has echoed the validation token."""
    body = _body(call)
    row = _resource(tenant, call, body)
    expires = webhooks.expiration(tenant, body.get("expirationDateTime"), _LONGEST_MINUTES)
    identifier = tenant.guid()
    doc = {
        "changeType": "updated",
        "resource": body["resource"],
        "notificationUrl": body["notificationUrl"],
        "clientState": body.get("clientState"),
        "seq": webhooks.last_change(tenant, row["id"]),
    }
    tenant.run(
        "INSERT INTO subscription VALUES (?, 'graph', ?, ?, ?, ?, ?)",
        identifier,
        row["site_id"],
        row["id"],
        _app(call),
        expires,
        json.dumps(doc),
    )
    return Reply(201, _entity(call, _own(tenant, call, identifier)), kind=_KIND)


@ROUTES.add(
    "GET",
    "/subscriptions",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="List the app's subscriptions",
    source=_API + "subscription-list",
    permission_note=_NOTE,
)
def list_all(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Those that have not expired."""
    rows = tenant.rows(
        "SELECT * FROM subscription WHERE face = 'graph' AND app_id = ? AND expires > ? "
        "ORDER BY rowid",
        _app(call),
        tenant.now().isoformat(),
    )
    return Reply(200, {"value": [_entity(call, row) for row in rows]}, kind=_KIND)


@ROUTES.add(
    "GET",
    _ONE,
    cost=1,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Get a subscription",
    source=_API + "subscription-get",
    permission_note=_NOTE,
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One subscription of the app's own."""
    return Reply(200, _entity(call, _own(tenant, call, match["subscription"])), kind=_KIND)


@ROUTES.add(
    "PATCH",
    _ONE,
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Renew a subscription",
    source=_API + "subscription-update",
    permission_note=_NOTE,
)
def renew(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"expirationDateTime"}``; an expired one cannot be renewed."""
    row, body = _own(tenant, call, match["subscription"]), call.json()
    if {key for key in body if "@" not in key} != {"expirationDateTime"}:
        raise Refusal(
            400, "ValidationError", "Of a subscription only expirationDateTime can be changed."
        )
    expires = webhooks.expiration(tenant, body["expirationDateTime"], _LONGEST_MINUTES)
    tenant.run("UPDATE subscription SET expires = ? WHERE id = ?", expires, row["id"])
    return Reply(200, _entity(call, _own(tenant, call, row["id"])), kind=_KIND)


@ROUTES.add(
    "DELETE",
    _ONE,
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Delete a subscription",
    source=_API + "subscription-delete",
    permission_note=_NOTE,
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204."""
    row = _own(tenant, call, match["subscription"])
    tenant.run("DELETE FROM subscription WHERE id = ?", row["id"])
    return Reply(204)


def _app(call: Call) -> str:
    assert call.caller is not None
    if call.caller.user is not None:
        raise _denied()  # whose right on which list that would be is not told by the address
    return call.caller.app_id


def _own(tenant: Tenant, call: Call, identifier: str) -> Row:
    row = tenant.one(
        "SELECT * FROM subscription WHERE id = ? AND face = 'graph' AND app_id = ? AND expires > ?",
        identifier.lower(),
        _app(call),
        tenant.now().isoformat(),
    )
    if row is None:
        raise Refusal(404, "ResourceNotFound", "The object was not found.")
    return row


def _body(call: Call) -> dict[str, Any]:
    body = {k: v for k, v in call.json().items() if not k.startswith("@")}
    _app(call)
    unknown = set(body) - _KNOWN
    if unknown:
        raise Refusal(501, "notImplemented", f"The emulator keeps no '{min(unknown)}'.")
    if not isinstance(body.get("resource"), str) or not body["resource"]:
        raise Refusal(400, "ValidationError", "The property 'resource' is required.")
    if body.get("changeType") != "updated":
        raise Refusal(
            400, "ValidationError", "Lists and drives can be subscribed to with 'updated' only."
        )
    if body.get("includeResourceData"):
        raise Refusal(400, "ValidationError", "Resource data cannot be included for lists.")
    state = body.get("clientState")
    if state is not None and (not isinstance(state, str) or len(state) > _LONGEST_STATE):
        raise Refusal(400, "ValidationError", "clientState has at most 128 characters.")
    webhooks.check_receiver(body.get("notificationUrl"))
    return body


def _resource(tenant: Tenant, call: Call, body: dict[str, Any]) -> Row:
    """The list behind the subscribed resource. Raises `Refusal` 400, 403 or 404."""
    path = "/" + str(body["resource"]).strip("/")
    on_list, on_drive = _LIST.match(path), _ROOT.match(path)
    if on_list:
        site = sites.by_ref(tenant, on_list["site"])
        row = lists.resolve(tenant, str(site["id"]), on_list["list"])
    elif on_drive:
        groups = {name: value for name, value in on_drive.groupdict().items() if value}
        row = library(tenant, groups).row
    else:
        raise Refusal(
            400,
            "ValidationError",
            f"The emulator has changes of lists and of drive roots, not of '{body['resource']}'.",
        )
    _allow(tenant, call, row, WRITE if on_list else FILES_WRITE)
    return row


def _allow(tenant: Tenant, call: Call, row: Row, enough: tuple[str, ...]) -> None:
    caller = call.caller
    assert caller is not None
    if caller.roles & set(enough):
        return
    selected = "Sites.Selected" in caller.roles
    rank = granted_rank(tenant, row["site_id"], caller.app_id)
    if not selected or rank < ROLE_RANK["write"]:
        raise _denied()


def _denied() -> Refusal:
    return Refusal(403, "accessDenied", "Access denied")


def _entity(call: Call, row: Row) -> dict[str, Any]:
    doc = json.loads(row["doc"])
    return {
        "@odata.context": f"{call.base_url}/{call.version}/$metadata#subscriptions/$entity",
        "id": row["id"],
        "resource": doc["resource"],
        "applicationId": row["app_id"],
        "changeType": doc["changeType"],
        "clientState": doc["clientState"],
        "notificationUrl": doc["notificationUrl"],
        "expirationDateTime": row["expires"],
        "creatorId": row["app_id"],
        "latestSupportedTlsVersion": "v1_2",
        "includeResourceData": None,
        "lifecycleNotificationUrl": None,
    }

"""SharePoint webhooks: list subscriptions through REST.

learn.microsoft.com/sharepoint/dev/apis/webhooks/lists/ create-subscription, get-subscription,
update-subscription, delete-subscription: at most 180 days, the receiver echoes ``validationtoken``
within 5 seconds (here within 10), a notification tells which list changed and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from sqlite3 import Row
from typing import Any

from provisioner.emulator import webhooks
from provisioner.emulator.model import lists, sites
from provisioner.emulator.model.app_roles import MANAGE
from provisioner.emulator.rest import bodies
from provisioner.emulator.routing import Before, Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_SUBSCRIPTIONS = r"/_api/web/lists\((?P<list>[^()]*)\)/subscriptions"
_KIND = "Microsoft.SharePoint.Webhooks.Subscription"
_LONGEST_MINUTES = 180 * 24 * 60
_KNOWN = frozenset({"resource", "notificationUrl", "expirationDateTime", "clientState"})
_ARGUMENT = "-2147024809, System.ArgumentException"


def _route(
    method: str, title: str, page: str, before: Before | None = None
) -> Callable[[Handler], Handler]:
    return ROUTES.add(
        method,
        _SUBSCRIPTIONS,
        cost=1 if method == "GET" else 2,
        permissions=MANAGE,
        selected_role="manage",
        title=title,
        source=f"learn.microsoft.com/sharepoint/dev/apis/webhooks/lists/{page}-subscription",
        before=before,
    )


async def _ask_the_receiver(tenant: Tenant, call: Call, match: dict[str, str]) -> None:
    with tenant.lock:
        body = _body(call)
        _list(tenant, call, match)
        webhooks.expiration(tenant, body.get("expirationDateTime"), _LONGEST_MINUTES)
        token = tenant.guid()
    await webhooks.validate(str(body["notificationUrl"]), "validationtoken", token)


@_route("POST", "Subscribe to a list", "create", _ask_the_receiver)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """201 once the receiver has echoed the validation token."""
    body, row = _body(call), _list(tenant, call, match)
    expires = webhooks.expiration(tenant, body.get("expirationDateTime"), _LONGEST_MINUTES)
    identifier = tenant.guid()
    doc = {
        "resource": row["id"],
        "notificationUrl": body["notificationUrl"],
        "clientState": body.get("clientState"),
        "seq": webhooks.last_change(tenant, row["id"]),
    }
    tenant.run(
        "INSERT INTO subscription VALUES (?, 'rest', ?, ?, ?, ?, ?)",
        identifier,
        row["site_id"],
        row["id"],
        _app(call),
        expires,
        json.dumps(doc),
    )
    return Reply(201, _entity(_own(tenant, call, row, identifier)), kind=_KIND)


@_route("GET", "List subscriptions of a list, or get one", "get")
def read(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``subscriptions`` or ``subscriptions('id')``."""
    row = _list(tenant, call, match)
    if call.args:
        return Reply(200, _entity(_own(tenant, call, row, call.args["0"])), kind=_KIND)
    rows = tenant.rows(
        "SELECT * FROM subscription WHERE face = 'rest' AND list_id = ? AND app_id = ? "
        "AND expires > ? ORDER BY rowid",
        row["id"],
        _app(call),
        tenant.now().isoformat(),
    )
    return Reply(200, {"value": [_entity(each) for each in rows]}, kind=_KIND)


@_route("PATCH", "Renew a list's subscription", "update")
def renew(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"expirationDateTime"}`` -> 204."""
    kept = _own(tenant, call, _list(tenant, call, match), call.args.get("0", ""))
    body = bodies.entity(call, _KIND)
    if not set(body) <= {"expirationDateTime", "clientState"} or not body:
        raise Refusal(
            400,
            "invalidRequest",
            "Only expirationDateTime and clientState can be changed.",
            rest_code=_ARGUMENT,
        )
    doc, expires = json.loads(kept["doc"]), kept["expires"]
    if "expirationDateTime" in body:
        expires = webhooks.expiration(tenant, body["expirationDateTime"], _LONGEST_MINUTES)
    doc["clientState"] = body.get("clientState", doc["clientState"])
    tenant.run(
        "UPDATE subscription SET expires = ?, doc = ? WHERE id = ?",
        expires,
        json.dumps(doc),
        kept["id"],
    )
    return Reply(204)


@_route("DELETE", "Delete a list's subscription", "delete")
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204."""
    kept = _own(tenant, call, _list(tenant, call, match), call.args.get("0", ""))
    tenant.run("DELETE FROM subscription WHERE id = ?", kept["id"])
    return Reply(204)


def _list(tenant: Tenant, call: Call, match: dict[str, str]) -> Row:
    site = sites.by_path(tenant, call.site_path)
    return lists.resolve(tenant, str(site["id"]), match["list"])


def _body(call: Call) -> dict[str, Any]:
    body = bodies.entity(call, _KIND)
    if set(body) - _KNOWN or not isinstance(body.get("resource"), str):
        raise Refusal(
            400,
            "invalidRequest",
            "A subscription has resource, notificationUrl, expirationDateTime and clientState.",
            rest_code=_ARGUMENT,
        )
    webhooks.check_receiver(body.get("notificationUrl"))
    return body


def _app(call: Call) -> str:
    assert call.caller is not None
    return call.caller.app_id


def _own(tenant: Tenant, call: Call, row: Row, identifier: str) -> Row:
    found = tenant.one(
        "SELECT * FROM subscription WHERE id = ? AND face = 'rest' AND list_id = ? AND app_id = ? "
        "AND expires > ?",
        identifier.lower(),
        row["id"],
        _app(call),
        tenant.now().isoformat(),
    )
    if found is None:
        raise Refusal(
            404,
            "itemNotFound",
            "The subscription does not exist.",
            rest_code="-1, System.ArgumentException",
        )
    return found


def _entity(row: Row) -> dict[str, Any]:
    doc = json.loads(row["doc"])
    return {
        "clientState": doc["clientState"],
        "expirationDateTime": row["expires"],
        "id": row["id"],
        "notificationUrl": doc["notificationUrl"],
        "resource": doc["resource"],
        "resourceData": None,
        "scenarios": None,
    }

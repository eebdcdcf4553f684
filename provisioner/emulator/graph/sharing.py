"""Graph: permissions of files and folders, invitations and sharing links; five units each.

learn.microsoft.com/graph/api/ driveitem-list-permissions, driveitem-invite, driveitem-createlink,
permission-update (roles only), permission-delete. An invitation breaks inheritance and assigns a
level, as in SharePoint. A link does so too, for the hidden group it makes (learn.microsoft.com/answers
/questions/605521, "break the permission inheritance of the file"); that stays when the link goes.
Libraries of SharePoint do not tell `inheritedFrom`
(resources/permission).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_places import NODE, Place, place
from provisioner.emulator.graph.sharing_view import (
    LINKS,
    all_of,
    as_id,
    link_shown,
    links_of,
    one_of,
)
from provisioner.emulator.model import (
    link_groups,
    principals,
    role_names,
    roles,
)
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_API = "learn.microsoft.com/graph/api/"
_KIND = "microsoft.graph.permission"
_ONE = NODE + r"/permissions/(?P<permission>[^/]+)"
_LEVELS = {"read": role_names.READ, "write": role_names.CONTRIBUTE}
_SCOPES = ("anonymous", "organization", "users")


def _route(
    method: str, pattern: str, title: str, page: str, *, note: str = ""
) -> Callable[[Handler], Handler]:
    reads = method == "GET"
    return ROUTES.add(
        method,
        pattern,
        cost=5,
        permissions=FILES_READ if reads else FILES_WRITE,
        selected_role="read" if reads else "write",
        title=title,
        source=_API + page,
        permission_note=note,
    )


@_route(
    "GET", NODE + "/permissions", "List the permissions of a file", "driveitem-list-permissions"
)
def list_permissions(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Role assignments in force, inherited or not, and sharing links."""
    found = _found(tenant, match)
    return Reply(200, {"value": all_of(tenant, call, found)}, kind=_KIND)


@_route("GET", _ONE, "Get a permission of a file", "permission-get")
def get_permission(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One permission."""
    return Reply(200, one_of(tenant, call, _found(tenant, match), match["permission"]), kind=_KIND)


@_route("POST", NODE + "/invite", "Share a file with people", "driveitem-invite")
def invite(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"recipients": [{"email"}], "roles": ["read"]}`` -> a permission for each."""
    found, body = _found(tenant, match), call.json()
    role = _role(body.get("roles"))
    recipients = body.get("recipients")
    if not isinstance(recipients, list) or not recipients:
        raise Refusal(400, "invalidRequest", "At least one recipient is needed.")
    if body.get("password") or body.get("expirationDateTime"):
        raise Refusal(501, "notImplemented", "The emulator keeps no end or password of a share.")
    people = [_recipient(tenant, found, each) for each in recipients]
    scope = _break(tenant, call, found)
    site_id = found.opened.site_id
    for principal in people:
        _assign(tenant, site_id, scope, int(principal["id"]), role)
    if body.get("sendInvitation"):
        _mail(tenant, call, found, people, str(body.get("message") or ""))
    wanted = {as_id(str(principal["login"])) for principal in people}
    given = [each for each in all_of(tenant, call, found) if each["id"] in wanted]
    return Reply(200, {"value": given}, kind=_KIND)


@_route("POST", NODE + "/createLink", "Create a sharing link", "driveitem-createlink")
def create_link(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """201 with a new link, 200 with the one that is there already."""
    found, body = _found(tenant, match), call.json()
    kind, scope = body.get("type", "view"), body.get("scope", "organization")
    if kind not in LINKS:
        raise Refusal(400, "invalidRequest", f"A link of type '{kind}' cannot be made here.")
    if scope not in _SCOPES:
        raise Refusal(400, "invalidRequest", f"The scope '{scope}' is not valid.")
    end = body.get("expirationDateTime")
    if end is not None:
        _moment(tenant, end)
    row = found.existing()
    doc = {"type": kind, "scope": scope, "end": end, "password": bool(body.get("password"))}
    for kept in links_of(tenant, found):
        if json.loads(kept["doc"]) == doc:
            return Reply(200, link_shown(tenant, call, found, kept), kind=_KIND)
    identifier = tenant.guid()
    tenant.run(
        "INSERT INTO sharing VALUES (?, ?, ?, ?)",
        identifier,
        found.opened.id,
        row["id"],
        json.dumps(doc),
    )
    group = link_groups.make(
        tenant, found.opened.site_id, str(row["guid"]), str(scope), str(kind), identifier
    )
    broken = _break(tenant, call, found)
    _assign(tenant, found.opened.site_id, broken, group, LINKS[kind])
    made = tenant.one("SELECT * FROM sharing WHERE id = ?", identifier)
    assert made is not None
    return Reply(201, link_shown(tenant, call, found, made), kind=_KIND)


@_route("PATCH", _ONE, "Change a permission of a file", "permission-update")
def update_permission(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"roles": ["write"]}``; of a link nothing can be changed."""
    found, body = _found(tenant, match), call.json()
    if set(body) - {"roles", "@odata.type"}:
        raise Refusal(400, "invalidRequest", "Only the roles of a permission can be changed.")
    role = _role(body.get("roles"))
    principal = _principal(tenant, call, found, match["permission"])
    scope = _break(tenant, call, found)
    roles.remove(tenant, found.opened.site_id, scope, principal)
    _assign(tenant, found.opened.site_id, scope, principal, role)
    return Reply(200, one_of(tenant, call, found, match["permission"]), kind=_KIND)


@_route("DELETE", _ONE, "Take a permission of a file away", "permission-delete")
def delete_permission(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204; what is inherited cannot be taken away here."""
    found, wanted = _found(tenant, match), match["permission"]
    if any(kept["id"] == wanted for kept in links_of(tenant, found)):
        tenant.run("DELETE FROM sharing WHERE id = ?", wanted)
        link_groups.remove(tenant, found.opened.site_id, wanted)
        return Reply(204)
    principal = _principal(tenant, call, found, wanted)
    scope = roles.item_scope(found.opened.id, int(found.existing()["id"]))
    if not roles.has_unique(tenant, scope):
        raise Refusal(400, "invalidRequest", "An inherited permission cannot be deleted.")
    roles.remove(tenant, found.opened.site_id, scope, principal)
    return Reply(204)


def _found(tenant: Tenant, match: dict[str, str]) -> Place:
    found = place(tenant, match)
    if found.is_root:
        raise Refusal(501, "notImplemented", "The emulator shares files and folders, not the root.")
    found.existing()
    return found


def _role(given: Any) -> str:
    if not isinstance(given, list) or len(given) != 1 or given[0] not in _LEVELS:
        raise Refusal(400, "invalidRequest", "Invalid value for role")
    return str(given[0])


def _recipient(tenant: Tenant, found: Place, given: Any) -> Row:
    given = given if isinstance(given, dict) else {}
    name = given.get("email") or given.get("alias")
    if given.get("objectId"):
        user = tenant.one("SELECT upn FROM user WHERE id = ?", str(given["objectId"]).lower())
        name = user["upn"] if user is not None else None
    if not isinstance(name, str):
        raise Refusal(400, "invalidRequest", "A recipient could not be resolved.")
    try:
        return principals.ensure_user(tenant, found.opened.site_id, name)
    except Refusal:
        raise Refusal(
            400,
            "invalidRequest",
            f"The recipient {name} could not be resolved.",
            inner="noResolvedUsers",
        ) from None


def _principal(tenant: Tenant, call: Call, found: Place, identifier: str) -> int:
    for row in tenant.rows("SELECT * FROM principal WHERE site_id = ?", found.opened.site_id):
        if as_id(str(row["login"])) == identifier:
            one_of(tenant, call, found, identifier)
            return int(row["id"])
    if any(kept["id"] == identifier for kept in links_of(tenant, found)):
        raise Refusal(400, "invalidRequest", "The roles of a link cannot be changed.")
    raise Refusal(404, "itemNotFound", "The permission does not exist.")


def _break(tenant: Tenant, call: Call, found: Place) -> str:
    scope = roles.item_scope(found.opened.id, int(found.existing()["id"]))
    roles.breakup(
        tenant, found.opened.site_id, scope, copy=True, clear_subscopes=False, caller=call.caller
    )
    return scope


def _assign(tenant: Tenant, site_id: str, scope: str, principal: int, role: str) -> None:
    roles.add(tenant, site_id, scope, principal, _LEVELS[role])


def _mail(tenant: Tenant, call: Call, found: Place, people: list[Row], message: str) -> None:
    doc = {
        "from": call.caller.user if call.caller is not None else None,
        "message": {
            "subject": f"{found.existing()['name']} was shared with you",
            "body": {"contentType": "Text", "content": message},
            "toRecipients": [{"emailAddress": {"address": row["email"]}} for row in people],
        },
    }
    tenant.run(
        "INSERT INTO outbox (kind, at, doc) VALUES ('mail', ?, ?)", tenant.stamp(), json.dumps(doc)
    )


def _moment(tenant: Tenant, text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Refusal(400, "invalidRequest", "expirationDateTime is not a time.") from None
    if moment.tzinfo is None or moment <= tenant.now():
        raise Refusal(400, "invalidRequest", "expirationDateTime must lie ahead, with a zone.")
    return moment

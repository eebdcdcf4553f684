"""Graph: permissions of files and folders, invitations and sharing links; five units each.

learn.microsoft.com/graph/api/ driveitem-list-permissions, driveitem-invite, driveitem-createlink,
permission-update (roles only), permission-delete. An invitation breaks inheritance and assigns a
level, as in SharePoint. A link does so too, for the hidden group it makes (learn.microsoft.com/answers
/questions/605521, "break the permission inheritance of the file"); that stays when the link goes.
Libraries of SharePoint do not tell `inheritedFrom`
(resources/permission).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drives import NODE, Place, place
from provisioner.emulator.model import link_groups, principals, role_names, roles, sites
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE
from provisioner.emulator.model.logins import USER
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_API = "learn.microsoft.com/graph/api/"
_KIND = "microsoft.graph.permission"
_ONE = NODE + r"/permissions/(?P<permission>[^/]+)"
_LEVELS = {"read": role_names.READ, "write": role_names.CONTRIBUTE}
_LINKS = {"view": "read", "edit": "write"}
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
    return Reply(200, {"value": _all(tenant, call, found)}, kind=_KIND)


@_route("GET", _ONE, "Get a permission of a file", "permission-get")
def get_permission(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One permission."""
    return Reply(200, _one(tenant, call, _found(tenant, match), match["permission"]), kind=_KIND)


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
    wanted = {_identifier(str(principal["login"])) for principal in people}
    given = [each for each in _all(tenant, call, found) if each["id"] in wanted]
    return Reply(200, {"value": given}, kind=_KIND)


@_route("POST", NODE + "/createLink", "Create a sharing link", "driveitem-createlink")
def create_link(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """201 with a new link, 200 with the one that is there already."""
    found, body = _found(tenant, match), call.json()
    kind, scope = body.get("type", "view"), body.get("scope", "organization")
    if kind not in _LINKS:
        raise Refusal(400, "invalidRequest", f"A link of type '{kind}' cannot be made here.")
    if scope not in _SCOPES:
        raise Refusal(400, "invalidRequest", f"The scope '{scope}' is not valid.")
    end = body.get("expirationDateTime")
    if end is not None:
        _moment(tenant, end)
    row = found.existing()
    doc = {"type": kind, "scope": scope, "end": end, "password": bool(body.get("password"))}
    for kept in _links(tenant, found):
        if json.loads(kept["doc"]) == doc:
            return Reply(200, _link(tenant, call, found, kept), kind=_KIND)
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
    _assign(tenant, found.opened.site_id, broken, group, _LINKS[kind])
    made = tenant.one("SELECT * FROM sharing WHERE id = ?", identifier)
    assert made is not None
    return Reply(201, _link(tenant, call, found, made), kind=_KIND)


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
    return Reply(200, _one(tenant, call, found, match["permission"]), kind=_KIND)


@_route("DELETE", _ONE, "Take a permission of a file away", "permission-delete")
def delete_permission(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204; what is inherited cannot be taken away here."""
    found, wanted = _found(tenant, match), match["permission"]
    if any(kept["id"] == wanted for kept in _links(tenant, found)):
        tenant.run("DELETE FROM sharing WHERE id = ?", wanted)
        link_groups.remove(tenant, found.opened.site_id, wanted)
        return Reply(204)
    principal = _principal(tenant, call, found, wanted)
    scope = roles.item_scope(found.opened.id, int(found.existing()["id"]))
    if not roles.has_unique(tenant, found.opened.site_id, scope):
        raise Refusal(400, "invalidRequest", "An inherited permission cannot be deleted.")
    roles.remove(tenant, found.opened.site_id, scope, principal)
    return Reply(204)


def _found(tenant: Tenant, match: dict[str, str]) -> Place:
    found = place(tenant, match)
    if found.is_root:
        raise Refusal(501, "notImplemented", "The emulator shares files and folders, not the root.")
    found.existing()
    return found


def _identifier(login: str) -> str:
    return base64.b64encode(login.encode()).decode().rstrip("=")


def _all(tenant: Tenant, call: Call, found: Place) -> list[dict[str, Any]]:
    row = found.existing()
    scope = roles.item_scope(found.opened.id, int(row["id"]))
    value: list[dict[str, Any]] = []
    for assignment in roles.assignments(tenant, found.opened.site_id, scope):
        if link_groups.is_one(str(assignment["Member"]["Title"])):
            continue  # told of as a link
        told = _told(assignment["RoleDefinitionBindings"])
        if told:
            value.append(_permission(tenant, found, int(assignment["PrincipalId"]), told))
    return value + [_link(tenant, call, found, kept) for kept in _links(tenant, found)]


def _one(tenant: Tenant, call: Call, found: Place, identifier: str) -> dict[str, Any]:
    for each in _all(tenant, call, found):
        if each["id"] == identifier:
            return each
    raise Refusal(404, "itemNotFound", "The permission does not exist.")


def _told(bindings: list[dict[str, Any]]) -> list[str]:
    """SharePoint's levels in Graph's words; Limited Access is not told."""
    found: set[str] = set()
    for level in bindings:
        bits = int(level["BasePermissions"]["Low"])
        if level["Id"] == role_names.LIMITED_ACCESS:
            continue
        if level["Id"] == role_names.FULL_CONTROL:
            found.add("owner")
        else:
            found.add("write" if bits & 0x4 else "read")
    order = ("owner", "write", "read")
    return [name for name in order if name in found][:1]


def _permission(tenant: Tenant, found: Place, principal_id: int, told: list[str]) -> dict[str, Any]:
    site_id = found.opened.site_id
    row = principals.by_id(tenant, site_id, principal_id)
    assert row is not None, "assignments name principals of the site"
    login, title = str(row["login"]), str(row["title"])
    known = {"displayName": title, "id": str(principal_id), "loginName": login}
    if row["type"] == principals.SHAREPOINT_GROUP:
        granted: dict[str, Any] = {"siteGroup": known}
    else:
        granted = principals.identity(tenant, site_id, principal_id) | {"siteUser": known}
        if row["type"] != USER:
            group_id = json.loads(row["doc"]).get("GroupId")
            granted = {"group": {"displayName": title, "id": group_id}, "siteUser": known}
    old = {"user": {"displayName": title}}
    return {
        "id": _identifier(login),
        "roles": told,
        "grantedTo": old,
        "grantedToV2": granted,
    }


def _links(tenant: Tenant, found: Place) -> list[Row]:
    return tenant.rows(
        "SELECT * FROM sharing WHERE list_id = ? AND item_id = ? ORDER BY rowid",
        found.opened.id,
        found.existing()["id"],
    )


def _link(tenant: Tenant, call: Call, found: Place, kept: Row) -> dict[str, Any]:
    doc: dict[str, Any] = json.loads(kept["doc"])
    base = sites.host_url(tenant, call.base_url)
    token = _identifier(str(kept["id"]))
    letter = "f" if found.existing()["kind"] == "folder" else "b"
    permission: dict[str, Any] = {
        "id": kept["id"],
        "roles": [_LINKS[doc["type"]]],
        "shareId": f"u!{token}",
        "hasPassword": doc["password"],
        "grantedToIdentities": [],
        "grantedToIdentitiesV2": [],
        "link": {
            "scope": doc["scope"],
            "type": doc["type"],
            "webUrl": f"{base}/:{letter}:{found.opened.site['path']}/{token}",
            "preventsDownload": False,
        },
    }
    if doc["end"]:
        permission["expirationDateTime"] = doc["end"]
    return permission


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
        if _identifier(str(row["login"])) == identifier:
            _one(tenant, call, found, identifier)
            return int(row["id"])
    if any(kept["id"] == identifier for kept in _links(tenant, found)):
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

"""Users, groups and mail as far as an evidence workspace needs them.

Requests and answers: learn.microsoft.com/graph/api/user-get, user-list, group-get, group-list,
group-list-members, user-sendmail. A mail is kept in the outbox and goes nowhere.
"""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.queries import link, option, page_size, skip_token
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_USERS = (
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "User.ReadWrite.CrossCloud",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
_GROUPS = (
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Group.ManageProtection.All",
    "Group-NestingSupport.ReadWrite.All",
    "Group-PreferredDataLocation.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
_ONE_GROUP = (*_GROUPS, "Group-XTenantIdentitySync.Read.All")
# What suffices for members and for owners alike.
_MEMBERS = (
    "GroupMember.Read.All",
    "Group.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
)
_API = "learn.microsoft.com/graph/api/"
_EQUALS = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*\Z")
_STARTS = re.compile(r"\s*startswith\((\w+),\s*'((?:[^']|'')*)'\)\s*\Z", re.IGNORECASE)
_USER_COLUMNS = {
    "userPrincipalName": "upn",
    "displayName": "display_name",
    "mail": "mail",
    "id": "id",
}
_GROUP_COLUMNS = {"displayName": "display_name", "mailNickname": "mail_nickname", "id": "id"}


def _user(row: Row) -> dict[str, Any]:
    return {
        "businessPhones": [],
        "displayName": row["display_name"],
        "givenName": None,
        "jobTitle": None,
        "mail": row["mail"],
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": None,
        "userPrincipalName": row["upn"],
        "id": row["id"],
    }


def _user_more(row: Row) -> dict[str, Any]:
    """Properties given only when they are selected."""
    kind = "Guest" if row["guest"] else "Member"
    return {"accountEnabled": bool(row["enabled"]), "userType": kind}


def _group(row: Row) -> dict[str, Any]:
    doc: dict[str, Any] = json.loads(row["doc"])
    unified = bool(row["unified"])
    return {
        "id": row["id"],
        "displayName": row["display_name"],
        "description": doc.get("description"),
        "groupTypes": ["Unified"] if unified else [],
        "mailEnabled": unified,
        "mailNickname": row["mail_nickname"],
        "securityEnabled": not unified,
        "visibility": doc.get("visibility"),
    }


def _selected(call: Call, entity: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    select = option(call, "select")
    if not select:
        return entity
    everything = entity | more
    names = [name.strip() for name in select.split(",")]
    return {name: everything[name] for name in names if name in everything}


def _condition(call: Call, columns: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    text = option(call, "filter")
    if not text:
        return "1 = 1", ()
    for pattern, sql in ((_EQUALS, "{} = ? COLLATE NOCASE"), (_STARTS, "{} LIKE ? || '%'")):
        match = pattern.match(text)
        if match and match[1] in columns:
            return sql.format(columns[match[1]]), (match[2].replace("''", "'"),)
    raise Refusal(
        400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified."
    )


def _page(
    tenant: Tenant, call: Call, table: str, columns: dict[str, str]
) -> tuple[list[Row], str | None]:
    where, given = _condition(call, columns)
    size = min(page_size(tenant, call), 999)
    offset = skip_token(call, "p_Skip")
    rows = tenant.rows(
        f"SELECT * FROM {table} WHERE {where} ORDER BY display_name, id LIMIT ? OFFSET ?",  # noqa: S608 - closed set
        *given,
        size + 1,
        offset,
    )
    following = link(call, skiptoken=f"p_Skip={offset + size}") if len(rows) > size else None
    return rows[:size], following


def _found(value: list[dict[str, Any]], following: str | None, kind: str) -> Reply:
    body: dict[str, Any] = {"value": value}
    if following:
        body["@odata.nextLink"] = following
    return Reply(200, body, kind=kind)


@ROUTES.add(
    "GET",
    "/users",
    cost=2,
    permissions=_USERS,
    selected_role="",
    title="List users",
    source=_API + "user-list",
)
def list_users(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Users, filtered by one `eq` or `startswith`."""
    rows, following = _page(tenant, call, "user", _USER_COLUMNS)
    found = [_selected(call, _user(row), _user_more(row)) for row in rows]
    return _found(found, following, "microsoft.graph.user")


@ROUTES.add(
    "GET",
    r"/users/(?P<user>[^/]+)",
    cost=1,
    permissions=_USERS,
    selected_role="",
    title="Get a user",
    source=_API + "user-get",
)
def get_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One user by id or user principal name."""
    row = _one_user(tenant, match["user"])
    return Reply(200, _selected(call, _user(row), _user_more(row)), kind="microsoft.graph.user")


@ROUTES.add(
    "GET",
    "/groups",
    cost=2,
    permissions=_GROUPS,
    selected_role="",
    title="List groups",
    source=_API + "group-list",
)
def list_groups(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Groups, filtered by one `eq` or `startswith`."""
    rows, following = _page(tenant, call, "entra_group", _GROUP_COLUMNS)
    found = [_selected(call, _group(row), {}) for row in rows]
    return _found(found, following, "microsoft.graph.group")


@ROUTES.add(
    "GET",
    r"/groups/(?P<group>[^/]+)",
    cost=1,
    permissions=_ONE_GROUP,
    selected_role="",
    title="Get a group",
    source=_API + "group-get",
)
def get_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One group by id."""
    row = _one_group(tenant, match["group"])
    return Reply(200, _selected(call, _group(row), {}), kind="microsoft.graph.group")


@ROUTES.add(
    "GET",
    r"/groups/(?P<group>[^/]+)/(?P<side>members|owners)",
    cost=2,
    permissions=_MEMBERS,
    selected_role="",
    title="List members or owners of a group",
    source=_API + "group-list-members",
)
def list_members(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Users who are members, or owners, of a group."""
    group = _one_group(tenant, match["group"])
    rows = tenant.rows(
        "SELECT u.* FROM entra_group_member m JOIN user u ON u.id = m.member_id "
        "WHERE m.group_id = ? AND m.owner = ? ORDER BY u.display_name",
        group["id"],
        int(match["side"] == "owners"),
    )
    found = [
        {"@odata.type": "#microsoft.graph.user", **_selected(call, _user(row), _user_more(row))}
        for row in rows
    ]
    return Reply(200, {"value": found}, kind="microsoft.graph.directoryObject")


@ROUTES.add(
    "POST",
    r"/users/(?P<user>[^/]+)/sendMail",
    cost=2,
    permissions=("Mail.Send",),
    selected_role="",
    title="Send a mail",
    source=_API + "user-sendmail",
)
def send_mail(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """202 and an entry in the outbox. Raises `Refusal` for no recipients or an unknown sender."""
    user, body = _one_user(tenant, match["user"]), call.json()
    message = body.get("message")
    if not isinstance(message, dict):
        raise Refusal(400, "ErrorInvalidParameter", "The message is missing.")
    recipients = [
        each.get("emailAddress", {}).get("address")
        for side in ("toRecipients", "ccRecipients", "bccRecipients")
        for each in message.get(side) or []
    ]
    if not recipients:
        raise Refusal(
            400, "ErrorInvalidRecipients", "At least one recipient is needed to send the message."
        )
    if not all(isinstance(each, str) and "@" in each for each in recipients):
        raise Refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
    doc = {
        "from": user["upn"],
        "message": message,
        "saveToSentItems": bool(body.get("saveToSentItems", True)),
    }
    tenant.run(
        "INSERT INTO outbox (kind, at, doc) VALUES ('mail', ?, ?)",
        tenant.stamp(),
        json.dumps(doc, ensure_ascii=False),
    )
    return Reply(202)


def _one_user(tenant: Tenant, name: str) -> Row:
    row = tenant.one("SELECT * FROM user WHERE id = ? OR upn = ?", name.lower(), name)
    if row is None:
        raise _not_found(name)
    return row


def _one_group(tenant: Tenant, name: str) -> Row:
    row = tenant.one("SELECT * FROM entra_group WHERE id = ?", name.lower())
    if row is None:
        raise _not_found(name)
    return row


def _not_found(name: str) -> Refusal:
    return Refusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects are "
        "not present.",
    )

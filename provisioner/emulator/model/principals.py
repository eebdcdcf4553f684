"""Site users and SharePoint groups: the integer ids that person columns and role assignments use.

A person has one id per site, given when a site first meets them (`EnsureUser`). An app that calls
has one too: what it makes is authored by a "SharePoint App" principal.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from provisioner.emulator.model import logins
from provisioner.emulator.model.logins import USER
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Caller, Refusal

SHAREPOINT_GROUP = 8
APP_LOGIN = "i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"
_FIRST_USER = 6  # 3, 4 and 5 are the default groups of a new site
_USER_INFORMATION_LIST = 112
GROUP_FLAGS = (
    "AllowMembersEditMembership",
    "AllowRequestToJoinLeave",
    "AutoAcceptRequestToJoinLeave",
    "OnlyAllowMembersViewMembership",
)


def by_id(tenant: Tenant, site_id: str, principal_id: int) -> sqlite3.Row | None:
    """The principal row with this id, or None."""
    return tenant.one("SELECT * FROM principal WHERE site_id = ? AND id = ?", site_id, principal_id)


def by_login(tenant: Tenant, site_id: str, login: str) -> sqlite3.Row | None:
    """The principal row with this login name, or None."""
    return tenant.one(
        "SELECT * FROM principal WHERE site_id = ? AND login = ? AND login <> ?",
        site_id,
        login,
        APP_LOGIN,
    )


def ensure_user(tenant: Tenant, site_id: str, login_or_upn: str) -> sqlite3.Row:
    """The site's principal for a person or directory group, made when the site meets it first.

    Takes a claims login name, a user principal name or a mail address. Raises `Refusal` 400
    "The specified user … could not be found." as SharePoint words it (pnp/powershell#4143).
    """
    named = logins.resolve(tenant, login_or_upn.strip())
    found = by_login(tenant, site_id, named.login)
    if found is not None:
        return found
    return _insert(
        tenant, site_id, named.type, named.login, named.title, email=named.email, doc=named.doc
    )


def caller_principal(tenant: Tenant, site_id: str, caller: Caller | None) -> int:
    """The principal id that authors what `caller` writes; made on first use.

    An app without a user writes as "SharePoint App" (pnp/pnpcore#907); here it carries the name of
    the app registration so that two apps can be told apart.
    """
    if caller is not None and caller.user:
        return int(ensure_user(tenant, site_id, caller.user)["id"])
    app_id = caller.app_id if caller is not None else ""
    row = tenant.one(
        "SELECT id FROM principal WHERE site_id = ? AND login = ? "
        "AND json_extract(doc, '$.AppId') = ?",
        site_id,
        APP_LOGIN,
        app_id,
    )
    if row is None:
        app = tenant.one("SELECT name FROM app WHERE app_id = ?", app_id)
        title = str(app["name"]) if app is not None else "SharePoint App"
        row = _insert(tenant, site_id, USER, APP_LOGIN, title, email="", doc={"AppId": app_id})
    return int(row["id"])


def create_group(
    tenant: Tenant, site_id: str, title: str, properties: dict[str, Any], owner_id: int
) -> sqlite3.Row:
    """A new SharePoint group. Raises `Refusal` when the title is empty or taken on this site."""
    title = title.strip()
    if not title:
        raise Refusal(400, "invalidRequest", "The group name is empty.", rest_code=_EXCEPTION)
    _refuse_taken(tenant, site_id, title, 0)
    doc = group_doc({**properties, "OwnerId": owner_id})
    return _insert(tenant, site_id, SHAREPOINT_GROUP, title, title, email="", doc=doc)


_NO_NAME = frozenset("\"/\\[]:|<>+=;,?*'@")


def refuse_name(title: str) -> None:
    """Refuses a title with a sign that no group's may have (pnp/PnP-Sites-Core#2566 met one)."""
    if _NO_NAME & set(title):
        raise Refusal(
            400,
            "invalidRequest",
            "The group name is empty, or you are using one or more of the following invalid "
            "characters: \" / \\ [ ] : | < > + = ; , ? * ' @",
            rest_code=_EXCEPTION,
        )


def default_group(tenant: Tenant, site_id: str, which: str) -> sqlite3.Row | None:
    """The group that came with the site: "owner", "visitor" or "member"; None once it is deleted."""
    number = {"owner": 3, "visitor": 4, "member": 5}[which]
    row = by_id(tenant, site_id, number)
    return row if row is not None and row["type"] == SHAREPOINT_GROUP else None


def set_administrator(tenant: Tenant, user: sqlite3.Row, *, administrator: bool) -> None:
    """Make a user an administrator of the site collection, or take it away."""
    doc = {**json.loads(user["doc"]), "IsSiteAdmin": administrator}
    tenant.run(
        "UPDATE principal SET doc = ? WHERE site_id = ? AND id = ?",
        json.dumps(doc),
        user["site_id"],
        user["id"],
    )


def update_group(tenant: Tenant, group: sqlite3.Row, properties: dict[str, Any]) -> None:
    """Apply a MERGE to a group.

    `Owner` is taken and changes nothing, which is what SharePoint does (sp-dev-docs#5031).
    """
    site_id, group_id = str(group["site_id"]), int(group["id"])
    title = str(properties.get("Title", group["title"])).strip()
    _refuse_taken(tenant, site_id, title, group_id)
    doc = {**json.loads(group["doc"])}
    for name in (*GROUP_FLAGS, "Description"):
        if name in properties:
            doc[name] = properties[name]
    tenant.run(
        "UPDATE principal SET login = ?, title = ?, doc = ? WHERE site_id = ? AND id = ?",
        title,
        title,
        json.dumps(doc),
        site_id,
        group_id,
    )


def set_owner(tenant: Tenant, group: sqlite3.Row, user_id: int) -> None:
    """Make a user the owner of a group.

    Raises `Refusal` for a group id: `SetUserAsOwner` works for users only (sp-dev-docs#5031).
    """
    owner = by_id(tenant, str(group["site_id"]), user_id)
    if owner is None or owner["type"] == SHAREPOINT_GROUP:
        raise Refusal(
            404,
            "itemNotFound",
            "User cannot be found.",
            rest_code="-2146232832, Microsoft.SharePoint.SPException",
        )
    doc = {**json.loads(group["doc"]), "OwnerId": user_id}
    tenant.run(
        "UPDATE principal SET doc = ? WHERE site_id = ? AND id = ?",
        json.dumps(doc),
        group["site_id"],
        group["id"],
    )


def delete_principal(tenant: Tenant, site_id: str, principal_id: int) -> None:
    """Take a user or group off the site, with memberships and role assignments."""
    tenant.run("DELETE FROM principal WHERE site_id = ? AND id = ?", site_id, principal_id)
    tenant.run(
        "DELETE FROM group_member WHERE site_id = ? AND (group_id = ? OR principal_id = ?)",
        site_id,
        principal_id,
        principal_id,
    )
    tenant.run(
        "DELETE FROM role_assignment WHERE site_id = ? AND principal_id = ?", site_id, principal_id
    )


def members(tenant: Tenant, site_id: str, group_id: int) -> list[sqlite3.Row]:
    """The members of a SharePoint group, by id."""
    return tenant.rows(
        "SELECT p.* FROM group_member m JOIN principal p "
        "ON p.site_id = m.site_id AND p.id = m.principal_id "
        "WHERE m.site_id = ? AND m.group_id = ? ORDER BY p.id",
        site_id,
        group_id,
    )


def _insert(
    tenant: Tenant,
    site_id: str,
    kind: int,
    login: str,
    title: str,
    *,
    email: str,
    doc: dict[str, Any],
) -> sqlite3.Row:
    principal_id = tenant.next_id(f"principal:{site_id}", _FIRST_USER)
    tenant.run(
        "INSERT INTO principal VALUES (?, ?, ?, ?, ?, ?, ?)",
        site_id,
        principal_id,
        kind,
        login,
        title,
        email,
        json.dumps(doc),
    )
    to_user_information(tenant, site_id, principal_id, login, title, email=email)
    row = by_id(tenant, site_id, principal_id)
    assert row is not None
    return row


def to_user_information(
    tenant: Tenant, site_id: str, principal_id: int, login: str, title: str, *, email: str
) -> None:
    """Mirror a principal in the site's hidden User Information List, where Graph reads ids."""
    target = tenant.one(
        "SELECT id FROM list WHERE site_id = ? AND template = ?", site_id, _USER_INFORMATION_LIST
    )
    if target is None:
        return
    fields = {"Title": title, "Name": login, "EMail": email, "UserName": login.rsplit("|", 1)[-1]}
    stamp = tenant.stamp()
    tenant.run(
        "INSERT OR REPLACE INTO item "
        "(list_id, id, guid, content_type_id, fields, created, modified) VALUES (?, ?, ?, '0x010A', ?, ?, ?)",
        target["id"],
        principal_id,
        tenant.guid(),
        json.dumps(fields),
        stamp,
        stamp,
    )


def _refuse_taken(tenant: Tenant, site_id: str, title: str, but_id: int) -> None:
    taken = tenant.one(
        "SELECT id FROM principal WHERE site_id = ? AND type = ? AND title = ? COLLATE NOCASE "
        "AND id <> ?",
        site_id,
        SHAREPOINT_GROUP,
        title,
        but_id,
    )
    if taken is not None:
        raise Refusal(
            500,
            "nameAlreadyExists",
            "The specified name is already in use.",
            rest_code="-2130575293, Microsoft.SharePoint.SPException",
        )


def group_doc(properties: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a new group besides its names, with the flags it was made with."""
    doc: dict[str, Any] = {name: bool(properties.get(name, False)) for name in GROUP_FLAGS}
    # A group made without the flag hides its members from others (learn.microsoft.com, SP.Group).
    doc["OnlyAllowMembersViewMembership"] = bool(
        properties.get("OnlyAllowMembersViewMembership", True)
    )
    doc["Description"] = properties.get("Description") or ""
    doc["OwnerId"] = int(properties["OwnerId"])
    return doc

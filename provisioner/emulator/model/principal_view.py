"""Principals as Graph and SharePoint REST show them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from provisioner.emulator.model.logins import USER
from provisioner.emulator.model.principals import APP_LOGIN, GROUP_FLAGS, SHAREPOINT_GROUP, by_id
from provisioner.emulator.tenant import Tenant


def entity(row: sqlite3.Row) -> dict[str, Any]:
    """A user or group as SharePoint REST gives it (SP.User, SP.Group)."""
    doc: dict[str, Any] = json.loads(row["doc"])
    common: dict[str, Any] = {
        "Id": int(row["id"]),
        "IsHiddenInUI": False,
        "LoginName": row["login"],
        "Title": row["title"],
        "PrincipalType": int(row["type"]),
    }
    if row["type"] == SHAREPOINT_GROUP:
        return {
            **common,
            **{name: bool(doc.get(name, False)) for name in GROUP_FLAGS},
            "Description": doc.get("Description") or None,
            "OwnerTitle": doc.get("OwnerTitle", ""),
            "RequestToJoinLeaveEmailSetting": "",
        }
    upn = row["login"].rsplit("|", 1)[-1] if row["type"] == USER else None
    return {
        **common,
        "Email": row["email"],
        "Expiration": "",
        "IsEmailAuthenticationGuestUser": False,
        "IsShareByEmailGuestUser": False,
        "IsSiteAdmin": bool(doc.get("IsSiteAdmin", False)),
        "UserId": None,
        "UserPrincipalName": None if row["login"] == APP_LOGIN else upn,
    }


def owner_of(tenant: Tenant, group: sqlite3.Row) -> sqlite3.Row | None:
    """The row of a group's owner."""
    return by_id(tenant, str(group["site_id"]), int(json.loads(group["doc"]).get("OwnerId", 0)))


def titles(tenant: Tenant, site_id: str) -> dict[int, tuple[str, str]]:
    """Title and mail of every principal of a site, for pages of items."""
    rows = tenant.rows("SELECT id, title, email FROM principal WHERE site_id = ?", site_id)
    return {int(row["id"]): (str(row["title"]), str(row["email"])) for row in rows}


def identity(tenant: Tenant, site_id: str, principal_id: int) -> dict[str, Any]:
    """`createdBy`/`lastModifiedBy` as Graph gives it: an application or a user."""
    row = by_id(tenant, site_id, principal_id)
    if row is None:
        return {"user": {"displayName": "System Account"}}
    if row["login"] == APP_LOGIN:
        app_id = json.loads(row["doc"])["AppId"]
        return {
            "application": {"id": app_id, "displayName": row["title"]},
            "user": {"displayName": "SharePoint App"},
        }
    user = tenant.one("SELECT id FROM user WHERE upn = ?", row["login"].rsplit("|", 1)[-1])
    found: dict[str, Any] = {"displayName": row["title"]}
    if user is not None:
        found["id"] = user["id"]
    return {"user": found}

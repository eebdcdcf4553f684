"""Permissions of a file or folder as Graph shows them."""

from __future__ import annotations

import base64
import json
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_places import Place
from provisioner.emulator.model import (
    link_groups,
    principal_view,
    principals,
    role_names,
    roles,
    sites,
)
from provisioner.emulator.model.logins import USER
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

LINKS = {"view": "read", "edit": "write"}


def as_id(login: str) -> str:
    """The id of a principal's permission: its login in base 64."""
    return base64.b64encode(login.encode()).decode().rstrip("=")


def all_of(tenant: Tenant, call: Call, found: Place) -> list[dict[str, Any]]:
    """Every permission of an item, inherited ones and links among them."""
    row = found.existing()
    scope = roles.item_scope(found.opened.id, int(row["id"]))
    value: list[dict[str, Any]] = []
    for assignment in roles.assignments(tenant, found.opened.site_id, scope):
        if link_groups.is_one(str(assignment["Member"]["Title"])):
            continue  # told of as a link
        told = _told(assignment["RoleDefinitionBindings"])
        if told:
            value.append(_permission(tenant, found, int(assignment["PrincipalId"]), told))
    return value + [link_shown(tenant, call, found, kept) for kept in links_of(tenant, found)]


def one_of(tenant: Tenant, call: Call, found: Place, identifier: str) -> dict[str, Any]:
    """The permission of that id. Raises `Refusal` 404."""
    for each in all_of(tenant, call, found):
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
        granted = principal_view.identity(tenant, site_id, principal_id) | {"siteUser": known}
        if row["type"] != USER:
            group_id = json.loads(row["doc"]).get("GroupId")
            granted = {"group": {"displayName": title, "id": group_id}, "siteUser": known}
    old = {"user": {"displayName": title}}
    return {
        "id": as_id(login),
        "roles": told,
        "grantedTo": old,
        "grantedToV2": granted,
    }


def links_of(tenant: Tenant, found: Place) -> list[Row]:
    """The sharing links of an item, in the order they were made."""
    return tenant.rows(
        "SELECT * FROM sharing WHERE list_id = ? AND item_id = ? ORDER BY rowid",
        found.opened.id,
        found.existing()["id"],
    )


def link_shown(tenant: Tenant, call: Call, found: Place, kept: Row) -> dict[str, Any]:
    """A sharing link as a permission."""
    doc: dict[str, Any] = json.loads(kept["doc"])
    base = sites.host_url(tenant, call.base_url)
    token = as_id(str(kept["id"]))
    letter = "f" if found.existing()["kind"] == "folder" else "b"
    permission: dict[str, Any] = {
        "id": kept["id"],
        "roles": [LINKS[doc["type"]]],
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

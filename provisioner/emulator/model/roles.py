"""Role inheritance and role assignments of webs, lists and items.

A scope is 'web', 'list:<guid>' or 'item:<list guid>:<id>'. What inherits has no assignments of its
own: it reads those of the nearest scope above that has (folder, list, web).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from provisioner.emulator.model import levels, principal_view, principals
from provisioner.emulator.model.role_names import FULL_CONTROL, LIMITED_ACCESS
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Caller, Refusal

WEB = "web"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"
_INVALID_OPERATION = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"


def list_scope(list_id: str) -> str:
    """The scope name of a list."""
    return f"list:{list_id}"


def item_scope(list_id: str, item_id: int) -> str:
    """The scope name of an item, file or folder."""
    return f"item:{list_id}:{item_id}"


def has_unique(tenant: Tenant, scope: str) -> bool:
    """Whether the object has role assignments of its own; the root web of a site always has."""
    if scope == WEB:
        return True
    kind, list_id, item_id = _parts(scope)
    if kind == "list":
        row = tenant.one("SELECT unique_permissions AS u FROM list WHERE id = ?", list_id)
    else:
        row = tenant.one(
            "SELECT unique_permissions AS u FROM item WHERE list_id = ? AND id = ?",
            list_id,
            item_id,
        )
    return row is not None and bool(row["u"])


def breakup(
    tenant: Tenant,
    site_id: str,
    scope: str,
    *,
    copy: bool,
    clear_subscopes: bool,
    caller: Caller | None,
) -> None:
    """Stop inheriting. With `copy` the assignments in force are kept, without it none but one.

    Without `copy` SharePoint gives the object to the user who breaks it; whether an app-only
    caller is given it too is not documented, so the stricter case is built: the caller's principal
    gets Full Control and has to be taken off (learn.microsoft.com, SPSecurableObject
    .BreakRoleInheritance: "the current user" is the only one kept).
    """
    if not has_unique(tenant, scope):
        inherited = _stored(tenant, site_id, _effective(tenant, scope))
        _mark(tenant, scope, unique=True)
        if copy:
            for row in inherited:
                if row["role_id"] != LIMITED_ACCESS:
                    _insert(tenant, site_id, scope, row["principal_id"], row["role_id"])
        else:
            own = principals.caller_principal(tenant, site_id, caller)
            _insert(tenant, site_id, scope, own, FULL_CONTROL)
            _limited_above(tenant, site_id, scope, own)
    if clear_subscopes:
        _clear_below(tenant, site_id, scope)


def reset(tenant: Tenant, site_id: str, scope: str) -> None:
    """Inherit again: own assignments go. Raises `Refusal` for the root web, which has no parent."""
    if scope == WEB:
        raise Refusal(
            400,
            "invalidRequest",
            "Cannot reset role inheritance of the root web of a site.",
            rest_code=_INVALID_OPERATION,
        )
    tenant.run("DELETE FROM role_assignment WHERE site_id = ? AND scope = ?", site_id, scope)
    _mark(tenant, scope, unique=False)


def add(tenant: Tenant, site_id: str, scope: str, principal_id: int, role_id: int) -> None:
    """Assign a level to a principal; assigning it again changes nothing.

    Below the web the principal gets Limited Access above, as SharePoint does by itself
    (learn.microsoft.com "Understanding permission levels": Limited Access is given automatically).
    Raises `Refusal` for an unknown principal (404) or level, or on an object that inherits.
    """
    _must_be_unique(tenant, scope)
    if principals.by_id(tenant, site_id, principal_id) is None:
        raise _no_principal(principal_id)
    levels.get(tenant, site_id, f"id={role_id}")
    if role_id == LIMITED_ACCESS:
        raise Refusal(
            400,
            "invalidRequest",
            "Cannot grant a user or group the Limited Access permission level.",
            rest_code=_EXCEPTION,
        )
    _insert(tenant, site_id, scope, principal_id, role_id)
    _limited_above(tenant, site_id, scope, principal_id)


def remove(
    tenant: Tenant, site_id: str, scope: str, principal_id: int, role_id: int | None = None
) -> None:
    """Take one level, or all of them, from a principal. Raises `Refusal` 404 if it has none."""
    _must_be_unique(tenant, scope)
    sql = "DELETE FROM role_assignment WHERE site_id = ? AND scope = ? AND principal_id = ?"
    if not tenant.one(sql.replace("DELETE", "SELECT 1"), site_id, scope, principal_id):
        raise _no_principal(principal_id)
    if role_id is None:
        tenant.run(sql, site_id, scope, principal_id)
        return
    levels.get(tenant, site_id, f"id={role_id}")
    tenant.run(sql + " AND role_id = ?", site_id, scope, principal_id, role_id)


def assignments(tenant: Tenant, site_id: str, scope: str) -> list[dict[str, Any]]:
    """The role assignments in force on an object, as SharePoint REST gives them, both expanded.

    Shape: ``{"PrincipalId", "Member": {SP.User or SP.Group}, "RoleDefinitionBindings": [..]}``.
    """
    known = {int(row["id"]): levels.entity(row) for row in levels.all_of(tenant, site_id)}
    found: dict[int, dict[str, Any]] = {}
    for row in _stored(tenant, site_id, _effective(tenant, scope)):
        principal_id = int(row["principal_id"])
        if principal_id not in found:
            member = principals.by_id(tenant, site_id, principal_id)
            if member is None:
                continue
            found[principal_id] = {
                "PrincipalId": principal_id,
                "Member": principal_view.entity(member),
                "RoleDefinitionBindings": [],
            }
        found[principal_id]["RoleDefinitionBindings"].append(known[int(row["role_id"])])
    return list(found.values())


def _parts(scope: str) -> tuple[str, str, int]:
    kind, list_id, *rest = scope.split(":")
    return kind, list_id, int(rest[0]) if rest else 0


def _effective(tenant: Tenant, scope: str) -> str:
    """The scope whose assignments are in force for `scope`."""
    if scope == WEB:
        return WEB
    kind, list_id, item_id = _parts(scope)
    if kind == "item":
        row = tenant.one("SELECT * FROM item WHERE list_id = ? AND id = ?", list_id, item_id)
        while row is not None:
            if row["unique_permissions"]:
                return item_scope(list_id, int(row["id"]))
            parent, _, name = str(row["parent_path"]).rpartition("/")
            row = tenant.one(
                "SELECT * FROM item WHERE list_id = ? AND parent_path = ? AND name = ? "
                "AND kind = 'folder' AND deleted = 0",
                list_id,
                parent,
                name,
            )
    own = tenant.one("SELECT unique_permissions AS u FROM list WHERE id = ?", list_id)
    return list_scope(list_id) if own is not None and own["u"] else WEB


def _stored(tenant: Tenant, site_id: str, scope: str) -> list[sqlite3.Row]:
    return tenant.rows(
        "SELECT * FROM role_assignment WHERE site_id = ? AND scope = ? "
        "ORDER BY principal_id, role_id",
        site_id,
        scope,
    )


def _insert(tenant: Tenant, site_id: str, scope: str, principal_id: int, role_id: int) -> None:
    tenant.run(
        "INSERT OR IGNORE INTO role_assignment VALUES (?, ?, ?, ?)",
        site_id,
        scope,
        principal_id,
        role_id,
    )


def _limited_above(tenant: Tenant, site_id: str, scope: str, principal_id: int) -> None:
    above = [] if scope == WEB else [WEB]
    kind, list_id, _ = _parts(scope) if scope != WEB else ("", "", 0)
    if kind == "item" and has_unique(tenant, list_scope(list_id)):
        above.append(list_scope(list_id))
    for parent in above:
        held = tenant.one(
            "SELECT 1 FROM role_assignment WHERE site_id = ? AND scope = ? AND principal_id = ?",
            site_id,
            parent,
            principal_id,
        )
        if held is None:
            _insert(tenant, site_id, parent, principal_id, LIMITED_ACCESS)


def _clear_below(tenant: Tenant, site_id: str, scope: str) -> None:
    if scope == WEB:
        below = tenant.rows("SELECT id FROM list WHERE site_id = ?", site_id)
        for row in below:
            reset(tenant, site_id, list_scope(row["id"]))
            _clear_below(tenant, site_id, list_scope(row["id"]))
        return
    kind, list_id, item_id = _parts(scope)
    within = "1 = 1"
    values: tuple[Any, ...] = (list_id,)
    if kind == "item":
        folder = tenant.one("SELECT * FROM item WHERE list_id = ? AND id = ?", list_id, item_id)
        if folder is None or folder["kind"] != "folder":
            return
        path = f"{folder['parent_path']}/{folder['name']}"
        within = "(parent_path = ? OR substr(parent_path, 1, ?) = ?)"
        values = (list_id, path, len(path) + 1, path + "/")
    rows = tenant.rows(
        f"SELECT id FROM item WHERE list_id = ? AND unique_permissions = 1 AND {within}",  # noqa: S608 - closed set
        *values,
    )
    for row in rows:
        reset(tenant, site_id, item_scope(list_id, int(row["id"])))


def _mark(tenant: Tenant, scope: str, *, unique: bool) -> None:
    if scope == WEB:
        return
    kind, list_id, item_id = _parts(scope)
    if kind == "list":
        tenant.run("UPDATE list SET unique_permissions = ? WHERE id = ?", int(unique), list_id)
    else:
        tenant.run(
            "UPDATE item SET unique_permissions = ? WHERE list_id = ? AND id = ?",
            int(unique),
            list_id,
            item_id,
        )


def _must_be_unique(tenant: Tenant, scope: str) -> None:
    if not has_unique(tenant, scope):
        raise Refusal(
            400,
            "invalidRequest",
            "This operation is not allowed on an object that inherits permissions.",
            rest_code="-2146233079, System.InvalidOperationException",
        )


def _no_principal(principal_id: int) -> Refusal:
    return Refusal(
        404,
        "itemNotFound",
        f"Can not find the principal with id: {principal_id}.",
        rest_code=_EXCEPTION,
    )

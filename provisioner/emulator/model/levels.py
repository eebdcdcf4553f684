"""Permission levels (SharePoint calls them role definitions): built in or made on a site."""

from __future__ import annotations

import sqlite3
from typing import Any

from provisioner.emulator.model.role_names import FULL_CONTROL, LIMITED_ACCESS
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"
_ARGUMENT = "-2147024809, System.ArgumentException"
_FIRST_CUSTOM_ROLE = 1073741927


def all_of(tenant: Tenant, site_id: str) -> list[sqlite3.Row]:
    """The permission levels of a site in their order."""
    return tenant.rows(
        "SELECT * FROM role_definition WHERE site_id = ? ORDER BY position, id", site_id
    )


def get(tenant: Tenant, site_id: str, selector: str) -> sqlite3.Row:
    """One permission level by "id=", "name=" or "type=" (RoleTypeKind). Raises `Refusal` 404."""
    key, _, value = selector.partition("=")
    column = {"id": "id", "name": "name", "type": "kind"}[key]
    row = tenant.one(
        f"SELECT * FROM role_definition WHERE site_id = ? AND {column} = ?",  # noqa: S608 - closed set
        site_id,
        value if key == "name" else int(value) if value.isdigit() else -1,
    )
    if row is None:
        words = (
            f"Cannot find permission level with name {value}."
            if key == "name"
            else f"Can not find the permission level with id: {value}."
        )
        raise Refusal(404, "itemNotFound", words, rest_code=_EXCEPTION)
    return row


def entity(row: sqlite3.Row) -> dict[str, Any]:
    """A permission level as SharePoint REST gives it; 64-bit halves are strings."""
    return {
        "BasePermissions": {"High": str(row["high"]), "Low": str(row["low"])},
        "Description": row["description"],
        "Hidden": bool(row["hidden"]),
        "Id": int(row["id"]),
        "Name": row["name"],
        "Order": int(row["position"]),
        "RoleTypeKind": int(row["kind"]),
    }


def create(tenant: Tenant, site_id: str, body: dict[str, Any]) -> sqlite3.Row:
    """A new permission level. Raises `Refusal` for a name that is empty or taken."""
    name = str(body.get("Name") or "").strip()
    if not name:
        raise Refusal(
            400, "invalidRequest", "The permission level needs a name.", rest_code=_ARGUMENT
        )
    if tenant.one("SELECT 1 FROM role_definition WHERE site_id = ? AND name = ?", site_id, name):
        raise Refusal(
            500,
            "nameAlreadyExists",
            "A permission level with this name already exists. Choose another name.",
            rest_code="-2130575245, Microsoft.SharePoint.SPException",
        )
    high, low = _base_permissions(body.get("BasePermissions") or {"High": "0", "Low": "0"})
    role_id = tenant.next_id(f"role:{site_id}", _FIRST_CUSTOM_ROLE)
    tenant.run(
        "INSERT INTO role_definition VALUES (?, ?, ?, ?, 0, ?, ?, 0, ?)",
        site_id,
        role_id,
        name,
        str(body.get("Description") or ""),
        high,
        low,
        int(body.get("Order") or 2147483647),
    )
    return get(tenant, site_id, f"id={role_id}")


def update(tenant: Tenant, row: sqlite3.Row, body: dict[str, Any]) -> None:
    """Apply a MERGE to a permission level; Full Control and Limited Access cannot be changed."""
    if row["id"] in (FULL_CONTROL, LIMITED_ACCESS):
        raise Refusal(
            400, "invalidRequest", "This permission level cannot be changed.", rest_code=_EXCEPTION
        )
    high, low = int(row["high"]), int(row["low"])
    if "BasePermissions" in body:
        high, low = _base_permissions(body["BasePermissions"])
    tenant.run(
        "UPDATE role_definition SET name = ?, description = ?, high = ?, low = ?, position = ? "
        "WHERE site_id = ? AND id = ?",
        str(body.get("Name", row["name"])),
        str(body.get("Description", row["description"])),
        high,
        low,
        int(body.get("Order", row["position"])),
        row["site_id"],
        row["id"],
    )


def delete(tenant: Tenant, row: sqlite3.Row) -> None:
    """Delete a permission level and its assignments; the two fixed ones are refused."""
    if row["id"] in (FULL_CONTROL, LIMITED_ACCESS):
        raise Refusal(
            400, "invalidRequest", "This permission level cannot be deleted.", rest_code=_EXCEPTION
        )
    for table, column in (("role_assignment", "role_id"), ("role_definition", "id")):
        tenant.run(
            f"DELETE FROM {table} WHERE site_id = ? AND {column} = ?",  # noqa: S608 - closed set
            row["site_id"],
            row["id"],
        )


def _base_permissions(value: Any) -> tuple[int, int]:
    try:
        high, low = int(value["High"]), int(value["Low"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(
            400, "invalidRequest", "BasePermissions needs High and Low.", rest_code=_ARGUMENT
        ) from None
    return high, low

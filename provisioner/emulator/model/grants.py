"""Roles of applications on sites and lists: what the ``…Selected`` permissions rest on.

Source: "Overview of Selected permissions in OneDrive and SharePoint"
(learn.microsoft.com/graph/permissions-selected-overview): the permission alone gives nothing; a
grant on a list stops the list from inheriting.
"""

from __future__ import annotations

from sqlite3 import Row

from provisioner.emulator.model import roles
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

# What POST takes: "manage" and "fullcontrol" are refused with "Invalid value for role"
# (github.com/microsoftgraph/microsoft-graph-docs issue 11814) and reached by PATCH, as CLI for
# Microsoft 365 does (``spo site apppermission add``).
AT_ONCE = frozenset({"read", "write"})
BY_UPDATE = frozenset({"read", "write", "manage", "owner", "fullcontrol"})


def of(tenant: Tenant, site_id: str, list_id: str | None) -> list[Row]:
    """The grants on a list, or on the site itself."""
    return tenant.rows(
        "SELECT * FROM app_grant WHERE site_id = ? AND list_id IS ? ORDER BY id", site_id, list_id
    )


def get(tenant: Tenant, site_id: str, list_id: str | None, grant_id: str) -> Row:
    """One grant. Raises `Refusal` 404."""
    row = tenant.one(
        "SELECT * FROM app_grant WHERE site_id = ? AND list_id IS ? AND id = ?",
        site_id,
        list_id,
        grant_id,
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "The permission does not exist.")
    return row


def give(tenant: Tenant, site_id: str, list_id: str | None, app_id: str, role: str) -> Row:
    """Grant a role to an app, instead of one it has; a list stops inheriting."""
    tenant.run(
        "DELETE FROM app_grant WHERE site_id = ? AND list_id IS ? AND app_id = ?",
        site_id,
        list_id,
        app_id,
    )
    if list_id is not None:
        scope = roles.list_scope(list_id)
        roles.breakup(tenant, site_id, scope, copy=True, clear_subscopes=False, caller=None)
    grant_id = tenant.guid()
    tenant.run(
        "INSERT INTO app_grant (id, site_id, list_id, app_id, role) VALUES (?, ?, ?, ?, ?)",
        grant_id,
        site_id,
        list_id,
        app_id,
        role,
    )
    return get(tenant, site_id, list_id, grant_id)


def change(tenant: Tenant, row: Row, role: str) -> Row:
    """Raise or lower the role of a grant."""
    tenant.run("UPDATE app_grant SET role = ? WHERE id = ?", role, row["id"])
    return get(tenant, row["site_id"], row["list_id"], row["id"])


def take(tenant: Tenant, row: Row) -> None:
    """Take a grant away."""
    tenant.run("DELETE FROM app_grant WHERE id = ?", row["id"])

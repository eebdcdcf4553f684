"""Deleting a site: everything in it goes, and its address stays taken, as in the recycle bin.

A deleted site is kept in the tenant's recycle bin for 93 days and its address cannot be used again
until it is purged (learn.microsoft.com/sharepoint/delete-site-collection). Nothing purges it here
but a reset.
"""

from __future__ import annotations

from sqlite3 import Row

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal


def remove(tenant: Tenant, site: Row) -> None:
    """Delete a site and all in it. The root site is refused."""
    if not site["path"]:
        raise Refusal(
            400,
            "invalidRequest",
            "The root site cannot be deleted.",
            rest_code="-2147024809, System.ArgumentException",
        )
    tables = [
        row["name"] for row in tenant.rows("SELECT name FROM sqlite_schema WHERE type='table'")
    ]
    columns = {
        table: {row["name"] for row in tenant.rows(f'PRAGMA table_info("{table}")')}
        for table in tables
    }
    # What belongs to a list goes while the list still says to which site it belongs.
    for table in (name for name in tables if "list_id" in columns[name]):
        tenant.run(
            f'DELETE FROM "{table}" WHERE list_id IN (SELECT id FROM list WHERE site_id = ?)',  # noqa: S608 - our own tables
            site["id"],
        )
    for table in (name for name in tables if "site_id" in columns[name]):
        tenant.run(f'DELETE FROM "{table}" WHERE site_id = ?', site["id"])  # noqa: S608 - the same
    tenant.run("DELETE FROM site WHERE id = ?", site["id"])
    tenant.run(
        "INSERT INTO deleted_site VALUES (?, ?, ?)", site["path"], site["id"], tenant.stamp()
    )


def is_taken(tenant: Tenant, path: str) -> bool:
    """Whether a deleted site still holds this address."""
    return tenant.one("SELECT 1 FROM deleted_site WHERE path = ?", path) is not None

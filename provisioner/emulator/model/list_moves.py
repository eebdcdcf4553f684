"""A list at another address: its root folder is moved, and what lies in it goes with it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

_ILLEGAL = frozenset('"*:<>?\\|#%')


def move(tenant: Tenant, row: sqlite3.Row, url: str) -> None:
    """Give a list another server-relative URL; views go along, links elsewhere do not.

    A library stays directly below the site and a list below its ``Lists``: what the service does
    with others is not documented. Raises `Refusal` 400 for such an address, 409 for one in use.
    """
    home, _, segment = url.rpartition("/")
    if home != str(row["url"]).rpartition("/")[0] or not segment or _ILLEGAL & set(segment):
        raise Refusal(
            400,
            "invalidRequest",
            f"Cannot move the list to '{url}'.",
            rest_code="-2147024809, System.ArgumentException",
        )
    taken = tenant.one(
        "SELECT 1 FROM list WHERE site_id = ? AND lower(url) = lower(?) AND id <> ? AND deleted = 0",
        row["site_id"],
        url,
        row["id"],
    )
    if taken is not None or row["system"]:
        raise Refusal(
            409,
            "nameAlreadyExists",
            f"The destination '{url}' already exists.",
            rest_code="-2130575257, Microsoft.SharePoint.SPException",
        )
    tenant.run("UPDATE list SET url = ?, modified = ? WHERE id = ?", url, tenant.stamp(), row["id"])
    for view in tenant.rows("SELECT id, doc FROM view WHERE list_id = ?", row["id"]):
        doc = json.loads(view["doc"])
        before = str(doc["ServerRelativeUrl"])
        doc["ServerRelativeUrl"] = url + before.removeprefix(str(row["url"]))
        tenant.run("UPDATE view SET doc = ? WHERE id = ?", json.dumps(doc), view["id"])

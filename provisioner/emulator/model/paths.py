"""A file or folder by its server-relative path, `/sites/acme/Evidence/2026/Q1`."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal


def list_and_item(tenant: Tenant, site_id: Any, path: str, kind: str) -> tuple[Row, Row]:
    """The rows of the list and of the file or folder in it; `kind` is "file" or "folder".

    Raises `Refusal` 404 "File Not Found." for what is not there, and for the root of a library,
    which is no item of it.
    """
    for found in tenant.rows(
        "SELECT * FROM list WHERE site_id = ? AND deleted = 0 ORDER BY length(url) DESC", site_id
    ):
        root = str(found["url"])
        if not path.lower().startswith(f"{root.lower()}/"):
            continue
        parent, _, name = path[len(root) :].rstrip("/").rpartition("/")
        row = tenant.one(
            "SELECT * FROM item WHERE list_id = ? AND parent_path = ? COLLATE NOCASE "
            "AND name = ? COLLATE NOCASE AND kind = ? AND deleted = 0",
            found["id"],
            parent,
            name,
            kind,
        )
        if row is not None:
            return found, row
    raise Refusal(
        404,
        "itemNotFound",
        "File Not Found.",
        rest_code="-2147024894, System.IO.FileNotFoundException",
    )

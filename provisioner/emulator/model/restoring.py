"""Making an old version of an item or file the newest one."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import item_versions, items
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal


def version(tenant: Tenant, opened: OpenList, row: Row, label: str) -> dict[str, Any]:
    """One version by its label, "2.0": see `items.versions`. Raises `Refusal` 404."""
    for each in item_versions.versions(tenant, opened, row):
        if each["label"] == label:
            return each
    raise Refusal(404, "itemNotFound", f"The version {label} does not exist.")


def restore(tenant: Tenant, opened: OpenList, row: Row, label: str, *, editor: int) -> Row:
    """Copy an old version on top: a new version with its fields and its content.

    Raises `Refusal` 404 for no such version and 400 for the present one.
    """
    wanted = version(tenant, opened, row, label)
    stored: dict[str, Any] = dict(wanted["fields"])
    present = item_versions.versions(tenant, opened, row)[0]
    if present["label"] == label:
        raise Refusal(400, "invalidRequest", "The current version cannot be restored.")
    stored[item_versions.UI_VERSION] = present["fields"].get(item_versions.UI_VERSION, 512)
    record: dict[str, Any] = {}
    if row["kind"] == "file" and wanted["blob"] != row["blob"]:
        record = {
            "blob": wanted["blob"],
            "hash": wanted["hash"],
            "size": wanted["size"],
            "content_version": int(row["content_version"]) + 1,
        }
    return items.change(tenant, opened, row, stored, record, editor=editor)

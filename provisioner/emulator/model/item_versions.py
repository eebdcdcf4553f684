"""Versions of a row: their labels, and what is kept of each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant

UI_VERSION = "_UIVersion"


def versions(tenant: Tenant, opened: OpenList, row: sqlite3.Row) -> list[dict[str, Any]]:
    """The item's versions, newest first: label, modified, editor, fields, size, hash, blob."""
    current = {
        "label": label(json.loads(row["fields"])),
        "modified": row["modified"],
        "editor": row["editor"],
        "fields": json.loads(row["fields"]),
        "size": row["size"],
        "hash": row["hash"],
        "blob": row["blob"],
    }
    older = tenant.rows(
        "SELECT * FROM item_version WHERE list_id = ? AND item_id = ? ORDER BY position DESC",
        opened.id,
        row["id"],
    )
    return [current, *({**dict(each), "fields": json.loads(each["fields"])} for each in older)]


def label(stored: Mapping[str, Any]) -> str:
    """The version label, "3.0" or "0.4", of stored fields."""
    number = int(stored.get(UI_VERSION, 512))
    return f"{number // 512}.{number % 512}"


def keep_version(tenant: Tenant, row: sqlite3.Row) -> None:
    """Keep what the row is now, before it changes."""
    tenant.run(
        "INSERT INTO item_version "
        "SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1, ?, ?, ?, ?, ?, ?, ? "
        "FROM item_version WHERE list_id = ? AND item_id = ?",
        row["list_id"],
        row["id"],
        label(json.loads(row["fields"])),
        row["modified"],
        row["editor"],
        row["size"],
        row["hash"],
        row["blob"],
        row["fields"],
        row["moderation"],
        row["list_id"],
        row["id"],
    )

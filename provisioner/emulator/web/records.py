"""Items with every column filled in: what is stored, what the row itself says, what is calculated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import item_versions
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web import formulas

APPROVAL = {0: "Approved", 1: "Rejected", 2: "Pending", 3: "Draft"}


@dataclass(frozen=True, slots=True)
class Record:
    """An item's row and its values by internal name, in the form they are stored in."""

    row: Row
    values: dict[str, Any]

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return bool(self.row["kind"] == "folder")

    @property
    def path(self) -> str:
        """Where it lies below the root of its list: "/2026/Q1/scan.pdf", "" for an item."""
        return f"{self.row['parent_path']}/{self.row['name']}" if self.row["name"] else ""


def records(tenant: Tenant, opened: OpenList) -> list[Record]:
    """Every item of a list that is not deleted, by id."""
    rows = tenant.rows(
        "SELECT * FROM item WHERE list_id = ? AND deleted = 0 ORDER BY id", opened.id
    )
    return [record(opened, row) for row in rows]


def record(opened: OpenList, row: Row) -> Record:
    """One item."""
    stored: dict[str, Any] = json.loads(row["fields"])
    values = stored | _of_row(opened, row, stored)
    for name, field in opened.columns.items():
        if field.type == "Calculated" and values.get(name) is None:
            values[name] = formulas.calculate(field, opened, values)
    return Record(row, values)


def _of_row(opened: OpenList, row: Row, stored: dict[str, Any]) -> dict[str, Any]:
    name = row["name"] or f"{row['id']}_.000"
    folder = str(opened.row["url"]) + str(row["parent_path"])
    kind = "folder" if row["kind"] == "folder" else str(name).rpartition(".")[2].lower()
    title = stored.get("Title")
    return {
        "ID": row["id"],
        "Created": row["created"],
        "Modified": row["modified"],
        "Author": row["author"],
        "Editor": row["editor"],
        "CheckoutUser": row["checked_out"] or None,
        "ContentType": opened.type_name(str(row["content_type_id"])),
        "ContentTypeId": row["content_type_id"],
        "LinkTitle": title,
        "LinkTitleNoMenu": title,
        "FileLeafRef": name,
        "LinkFilename": name,
        "LinkFilenameNoMenu": name,
        "DocIcon": kind if row["kind"] != "item" else None,
        "File_x0020_Type": kind if row["kind"] == "file" else None,
        "FileSizeDisplay": row["size"] if row["kind"] == "file" else None,
        "File_x0020_Size": row["size"] if row["kind"] == "file" else None,
        "FileRef": f"{folder}/{name}",
        "FileDirRef": folder,
        "FSObjType": "1" if row["kind"] == "folder" else "0",
        "GUID": row["guid"],
        "UniqueId": row["guid"],
        "owshiddenversion": row["version"],
        "_UIVersionString": item_versions.label(stored),
        "_ModerationStatus": row["moderation"] if opened.moderated else None,
    }

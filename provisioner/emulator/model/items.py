"""Items, files and folders as stored: make, change, delete, keep versions, read pages.

What moves when (learn.microsoft.com driveItem: "eTag" for the item, "cTag" for its content only):
every change moves `version` (the ETag) and `modified`; only content moves `content_version`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

import orjson

from provisioner.emulator.model import office
from provisioner.emulator.model.item_rules import check_unique, defaults
from provisioner.emulator.model.item_versions import UI_VERSION, keep_version
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

APPROVED, DENIED, PENDING, DRAFT = 0, 1, 2, 3
_ETAG = re.compile(r'(?:W/)?"?\{?([0-9a-fA-F-]{36})?\}?,?(\d+)"?\Z')


def get(tenant: Tenant, opened: OpenList, item_id: int) -> sqlite3.Row:
    """The item with this id. Raises `Refusal` 404."""
    row = tenant.one(
        "SELECT * FROM item WHERE list_id = ? AND id = ? AND deleted = 0", opened.id, item_id
    )
    if row is None:
        raise missing()
    return row


def as_text(stored: Mapping[str, Any]) -> str:
    """Stored values as they are kept: compact, so that pages can copy them."""
    return orjson.dumps(stored).decode()


def missing() -> Refusal:
    """The answer for an item that is not there."""
    return Refusal(
        404,
        "itemNotFound",
        "The specified item does not exist",
        rest_code="-2130575338, System.ArgumentException",
    )


def etag(row: sqlite3.Row) -> str:
    """The ETag, quoted: ``"{GUID},N"`` (learn.microsoft.com/graph/api/listitem-delta)."""
    return f'"{{{str(row["guid"]).upper()}}},{row["version"]}"'


def check_match(row: sqlite3.Row, if_match: str | None) -> None:
    """Raise `Refusal` 412 unless `if_match` is absent, ``*`` or the item's present ETag."""
    if if_match is None or if_match.strip() == "*":
        return
    match = _ETAG.match(if_match.strip())
    fits = (
        match is not None
        and int(match[2]) == row["version"]
        and (match[1] is None or match[1].lower() == row["guid"])
    )
    if not fits:
        raise Refusal(
            412,
            "resourceModified",
            f"The request ETag value '{if_match}' does not match the object's ETag value "
            f"'{etag(row)}'.",
            rest_code="-1, Microsoft.SharePoint.Client.ClientServiceException",
        )


def create_item(
    tenant: Tenant,
    opened: OpenList,
    values: Mapping[str, Any],
    *,
    author: int,
    kind: str = "item",
    columns: Mapping[str, Any] | None = None,
) -> sqlite3.Row:
    """A new item from stored values; `columns` are further columns of its row (name, blob, …).

    Columns' defaults fill what is not given. Raises `Refusal` for a unique value that is taken.
    """
    place = str((columns or {}).get("parent_path", "")) if kind == "file" else None
    stored = defaults(tenant, opened, place) if kind != "folder" else {}
    stored.update({name: value for name, value in values.items() if value is not None})
    content_type = stored.pop("ContentTypeId", None) or (
        opened.folder_type() if kind == "folder" else opened.default_type
    )
    stored[UI_VERSION] = 1 if opened.minor_versions else 512
    check_unique(tenant, opened, stored, 0)
    row = tenant.one(
        "UPDATE list SET next_item = next_item + 1, modified = ? WHERE id = ? "
        "RETURNING next_item - 1 AS id",
        tenant.stamp(),
        opened.id,
    )
    assert row is not None
    item_id, stamp = int(row["id"]), tenant.stamp()
    moderation = PENDING if opened.moderated and kind != "folder" else APPROVED
    if opened.moderated and opened.minor_versions and kind != "folder":
        moderation = DRAFT
    record = {
        "list_id": opened.id,
        "id": item_id,
        "guid": tenant.guid(),
        "content_type_id": content_type,
        "fields": as_text(stored),
        "author": author,
        "editor": author,
        "created": stamp,
        "modified": stamp,
        "kind": kind,
        "moderation": moderation,
        **(columns or {}),
    }
    marks = ", ".join("?" * len(record))
    tenant.run(
        f"INSERT INTO item ({', '.join(record)}) VALUES ({marks})",  # noqa: S608 - our own names
        *record.values(),
    )
    changed(tenant, opened.id, item_id, str(record["guid"]), "add")
    return get(tenant, opened, item_id)


def update_fields(
    tenant: Tenant,
    opened: OpenList,
    row: sqlite3.Row,
    values: Mapping[str, Any],
    *,
    editor: int,
    overwrite: bool = False,
) -> sqlite3.Row:
    """Change fields; None clears.

    Makes a version where the list keeps versions, unless `overwrite` (what `bNewDocumentUpdate`
    does: no version, but Modified, Editor and ETag move: sp-dev-docs#7424). An approved item of a
    moderated list goes back to pending; after `overwrite` the setting `approvalSurvivesOverwrite`
    decides. An Office file is rewritten (property promotion: onedrive-api-docs#935) while the
    setting `officeHashMoves` is on.
    """
    stored: dict[str, Any] = json.loads(row["fields"])
    content_type = values.get("ContentTypeId") or row["content_type_id"]
    for name, value in values.items():
        if name == "ContentTypeId":
            continue
        if value is None:
            stored.pop(name, None)
        else:
            stored[name] = value
    check_unique(tenant, opened, values, int(row["id"]))
    record: dict[str, Any] = {"content_type_id": content_type}
    if row["kind"] == "file" and tenant.setting("officeHashMoves"):
        record |= office.promoted(tenant, row)
    return change(tenant, opened, row, stored, record, editor=editor, overwrite=overwrite)


def change(
    tenant: Tenant,
    opened: OpenList,
    row: sqlite3.Row,
    stored: dict[str, Any],
    record: dict[str, Any],
    *,
    editor: int,
    overwrite: bool = False,
) -> sqlite3.Row:
    """Write a change of any sort: version, approval, ETag, change log. `record`: further columns."""
    if opened.versioned and not overwrite:
        keep_version(tenant, row)
        now_at = int(stored.get(UI_VERSION, 512))
        stored[UI_VERSION] = now_at + 1 if opened.minor_versions else (now_at // 512 + 1) * 512
    moderation = int(row["moderation"])
    survives = overwrite and tenant.setting("approvalSurvivesOverwrite")
    if opened.moderated and row["kind"] != "folder" and not survives:
        moderation = DRAFT if opened.minor_versions else PENDING
    stamp = tenant.stamp()
    record = {
        "fields": as_text(stored),
        "editor": editor,
        "modified": stamp,
        "version": int(row["version"]) + 1,
        "moderation": moderation,
        **record,
    }
    names = ", ".join(f"{name} = ?" for name in record)
    tenant.run(
        f"UPDATE item SET {names} WHERE list_id = ? AND id = ?",  # noqa: S608 - our own names
        *record.values(),
        opened.id,
        row["id"],
    )
    tenant.run("UPDATE list SET modified = ? WHERE id = ?", stamp, opened.id)
    changed(tenant, opened.id, int(row["id"]), str(row["guid"]), "update")
    return get(tenant, opened, int(row["id"]))


def delete(tenant: Tenant, opened: OpenList, row: sqlite3.Row) -> None:
    """Move an item to the recycle bin, a folder with all in it."""
    if row["kind"] == "folder":
        path = f"{row['parent_path']}/{row['name']}"
        inside = tenant.rows(
            "SELECT * FROM item WHERE list_id = ? AND parent_path = ? AND deleted = 0",
            opened.id,
            path,
        )
        for each in inside:
            delete(tenant, opened, each)
    tenant.run("UPDATE item SET deleted = 1 WHERE list_id = ? AND id = ?", opened.id, row["id"])
    tenant.run("UPDATE list SET modified = ? WHERE id = ?", tenant.stamp(), opened.id)
    changed(tenant, opened.id, int(row["id"]), str(row["guid"]), "delete")


def changed(tenant: Tenant, list_id: str, item_id: int, guid: str, kind: str) -> None:
    """Write the change log that delta queries read."""
    tenant.run(
        "INSERT INTO change (list_id, item_id, guid, kind, at) VALUES (?, ?, ?, ?, ?)",
        list_id,
        item_id,
        guid,
        kind,
        tenant.stamp(),
    )


def page(
    tenant: Tenant,
    opened: OpenList,
    *,
    where: str = "1 = 1",
    values: tuple[Any, ...] = (),
    order: str = "id",
    limit: int,
    offset: int = 0,
    pending: bool = True,
) -> list[sqlite3.Row]:
    """One page of items in one query; `where` and `order` come from `odata`."""
    approved = "" if pending or not opened.moderated else " AND moderation = 0"
    return tenant.rows(
        f"SELECT * FROM item WHERE list_id = ? AND deleted = 0{approved} AND ({where}) "  # noqa: S608 - compiled by odata
        f"ORDER BY {order} LIMIT ? OFFSET ?",
        opened.id,
        *values,
        limit,
        offset,
    )

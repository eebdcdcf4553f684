"""Files and folders of a document library: paths, names, contents, uploads.

A file is an item of its library. `parent_path` is "" at the root and "/2026/Q1" below.
"""

from __future__ import annotations

import json
import mimetypes
import re
import sqlite3
from datetime import timedelta
from typing import Any

from provisioner.emulator.model import item_rules, items
from provisioner.emulator.model.hashes import quick_xor_hash, store_blob
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

MAX_UPLOAD = 250 * 1024 * 1024
_MAX_PATH = 400
_ILLEGAL = re.compile(r'["*:<>?/\\|]|[\x00-\x1f]')
_RESERVED = re.compile(r"(\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini)\Z", re.IGNORECASE)
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "json": "application/json",
    "csv": "text/csv",
    "gz": "application/gzip",
}


def check_name(opened: OpenList, parent_path: str, name: str) -> None:
    """Raise `Refusal` 400 for a name SharePoint does not take.

    Rules: support.microsoft.com "Restrictions and limitations in OneDrive and SharePoint".
    """
    bad = (
        not name
        or name != name.strip()
        or name.endswith(".")
        or name in (".", "..")
        or _ILLEGAL.search(name) is not None
        or _RESERVED.match(name) is not None
        or name.startswith("~$")
        or "_vti_" in name.lower()
        or (not parent_path and name.lower() == "forms")
    )
    path = f"{str(opened.row['url']).lstrip('/')}{parent_path}/{name}"
    if bad:
        raise Refusal(
            400,
            "invalidRequest",
            f"The provided name cannot contain leading, or trailing, spaces or the following "
            f"characters, or is reserved: {name}",
            rest_code="-2130575245, Microsoft.SharePoint.SPException",
        )
    if len(path) > _MAX_PATH:
        raise Refusal(
            400,
            "invalidRequest",
            "The path of the file is longer than 400 characters.",
            rest_code="-2147024690, System.IO.PathTooLongException",
        )


def find(tenant: Tenant, opened: OpenList, path: str) -> sqlite3.Row | None:
    """The file or folder at "/a/b.pdf" below the library's root; names ignore case."""
    parent, _, name = path.rstrip("/").rpartition("/")
    return tenant.one(
        "SELECT * FROM item WHERE list_id = ? AND parent_path = ? COLLATE NOCASE "
        "AND name = ? COLLATE NOCASE AND deleted = 0 AND kind <> 'item'",
        opened.id,
        parent,
        name,
    )


def by_guid(tenant: Tenant, opened: OpenList, guid: str) -> sqlite3.Row:
    """The file or folder with this guid. Raises `Refusal` 404."""
    row = tenant.one(
        "SELECT * FROM item WHERE list_id = ? AND guid = ? AND deleted = 0", opened.id, guid
    )
    if row is None:
        raise missing()
    return row


def missing() -> Refusal:
    """The answer for a drive item that is not there."""
    return Refusal(
        404,
        "itemNotFound",
        "The resource could not be found.",
        rest_code="-2147024894, System.IO.FileNotFoundException",
    )


def children(
    tenant: Tenant,
    opened: OpenList,
    path: str,
    *,
    limit: int,
    after: int = 0,
    pending: bool = True,
) -> list[sqlite3.Row]:
    """Files and folders in the folder at `path`, by item id; `pending`: also what waits for approval."""
    approved = "" if pending or not opened.moderated else "AND moderation = 0 "
    return tenant.rows(
        "SELECT * FROM item WHERE list_id = ? AND parent_path = ? COLLATE NOCASE AND deleted = 0 "  # noqa: S608 - closed set
        f"AND kind <> 'item' {approved}AND id > ? ORDER BY id LIMIT ?",
        opened.id,
        path,
        after,
        limit,
    )


def ensure_folders(tenant: Tenant, opened: OpenList, path: str, *, author: int) -> str:
    """Make the folders of `path` that are not there; gives the path as stored.

    An upload by path makes missing folders (learn.microsoft.com/graph/api/driveitem-put-content).
    """
    stored = ""
    for name in [part for part in path.split("/") if part]:
        row = find(tenant, opened, f"{stored}/{name}")
        if row is None:
            row = create_folder(tenant, opened, stored, name, author=author)
        elif row["kind"] != "folder":
            raise Refusal(400, "invalidRequest", f"'{name}' is a file and cannot hold files.")
        stored = f"{stored}/{row['name']}"
    return stored


def create_folder(
    tenant: Tenant,
    opened: OpenList,
    parent_path: str,
    name: str,
    *,
    author: int,
    conflict: str = "fail",
) -> sqlite3.Row:
    """A new folder. Raises `Refusal` 409 nameAlreadyExists unless `conflict` says otherwise."""
    check_name(opened, parent_path, name)
    present = find(tenant, opened, f"{parent_path}/{name}")
    if present is not None and conflict == "replace" and present["kind"] == "folder":
        return present
    if present is not None:
        name = _other_name(tenant, opened, parent_path, name, conflict)
    return items.create_item(
        tenant,
        opened,
        {},
        author=author,
        kind="folder",
        columns={"name": name, "parent_path": parent_path},
    )


def put(
    tenant: Tenant,
    opened: OpenList,
    parent_path: str,
    name: str,
    data: bytes,
    *,
    author: int,
    mime: str = "",
    conflict: str = "replace",
    if_match: str | None = None,
) -> tuple[sqlite3.Row, bool]:
    """Store a file; gives its row and whether it is new.

    Replacing keeps metadata and moves eTag, cTag and hash. For `settleMs` after it (a setting) its
    metadata answers 409. Raises `Refusal` 413 above 250 MB, 423 when locked, 409 by `conflict`.
    """
    if len(data) > MAX_UPLOAD:
        raise Refusal(413, "invalidRequest", "The file is larger than 250 MB.")
    check_name(opened, parent_path, name)
    present = find(tenant, opened, f"{parent_path}/{name}")
    if present is not None and conflict != "replace":
        name = _other_name(tenant, opened, parent_path, name, conflict)
        present = None
    columns: dict[str, Any] = {
        "blob": store_blob(tenant, data),
        "hash": quick_xor_hash(data),
        "size": len(data),
        "mime": _mime(name, mime),
        "settles_at": _settles(tenant),
    }
    if present is None:
        columns |= {"name": name, "parent_path": parent_path}
        row = items.create_item(tenant, opened, {}, author=author, kind="file", columns=columns)
        return row, True
    if present["kind"] != "file":
        raise Refusal(409, "nameAlreadyExists", "A folder with this name exists.")
    items.check_match(present, if_match)
    item_rules.check_free(tenant, present, author, metadata=False)
    columns["content_version"] = int(present["content_version"]) + 1
    stored: dict[str, Any] = json.loads(present["fields"])
    row = items.change(tenant, opened, present, stored, columns, editor=author)
    return row, False


def rename(
    tenant: Tenant,
    opened: OpenList,
    row: sqlite3.Row,
    name: str,
    *,
    editor: int,
    parent_path: str | None = None,
) -> sqlite3.Row:
    """Rename or move a file or folder. Raises `Refusal` 409 when the name is taken."""
    parent = str(row["parent_path"]) if parent_path is None else parent_path
    if name == row["name"] and parent == row["parent_path"]:
        return row
    check_name(opened, parent, name)
    taken = find(tenant, opened, f"{parent}/{name}")
    if taken is not None and taken["id"] != row["id"]:
        raise _exists(name)
    before, after = f"{row['parent_path']}/{row['name']}", f"{parent}/{name}"
    if row["kind"] == "folder":
        if parent == before or parent.startswith(before + "/"):
            raise Refusal(400, "invalidRequest", "A folder cannot be moved into itself.")
        tenant.run(
            "UPDATE item SET parent_path = ? || substr(parent_path, ?) WHERE list_id = ? "
            "AND (parent_path = ? OR substr(parent_path, 1, ?) = ?)",
            after,
            len(before) + 1,
            opened.id,
            before,
            len(before) + 1,
            before + "/",
        )
    stored: dict[str, Any] = json.loads(row["fields"])
    record = {"name": name, "parent_path": parent}
    return items.change(tenant, opened, row, stored, record, editor=editor, overwrite=True)


def _other_name(
    tenant: Tenant, opened: OpenList, parent_path: str, name: str, conflict: str
) -> str:
    if conflict != "rename":
        raise _exists(name)
    stem, dot, extension = name.rpartition(".")
    stem, extension = (stem, dot + extension) if dot and stem else (name, "")
    number = 1
    while find(tenant, opened, f"{parent_path}/{stem} {number}{extension}") is not None:
        number += 1
    return f"{stem} {number}{extension}"


def _exists(name: str) -> Refusal:
    return Refusal(
        409,
        "nameAlreadyExists",
        f"An item with the same name already exists: {name}",
        rest_code="-2130575257, Microsoft.SharePoint.SPException",
    )


def _settles(tenant: Tenant) -> str | None:
    wait = float(tenant.setting("settleMs"))
    if not wait:
        return None
    return (tenant.now() + timedelta(milliseconds=wait)).isoformat()


def _mime(name: str, given: str) -> str:
    extension = name.rpartition(".")[2].lower()
    guessed = _TYPES.get(extension) or mimetypes.guess_type(name)[0]
    return guessed or given or "application/octet-stream"

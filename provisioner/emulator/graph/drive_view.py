"""A drive and its items as Graph gives them."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import cached_property
from sqlite3 import Row
from typing import Any
from urllib.parse import quote

from provisioner.emulator.model import items, sites
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call

_QUOTA = 27487790694400  # 25 TB, the size of a site


def drive_item_id(list_id: str, guid: str) -> str:
    """The id of a file or folder: "01", six letters of its drive, its guid in base 32."""
    return _prefix(list_id) + _suffix(guid)


def _prefix(list_id: str) -> str:
    return "01" + base64.b32encode(hashlib.sha256(list_id.encode()).digest())[:6].decode()


def _suffix(guid: str) -> str:
    return base64.b32encode(uuid.UUID(guid).bytes_le).decode().rstrip("=")


def guid_of(item_id: str) -> str | None:
    """The guid inside a drive item id; None if it is malformed."""
    try:
        data = base64.b32decode(item_id[8:].upper() + "======")
        return str(uuid.UUID(bytes_le=data))
    except ValueError:
        return None


class DriveView:
    """Turns rows of one library into drive items."""

    def __init__(self, tenant: Tenant, call: Call, opened: OpenList, texts: Texts) -> None:
        self._tenant, self._call, self._opened, self._texts = tenant, call, opened, texts
        self._parents: dict[str, dict[str, Any]] = {}
        self._prefix = _prefix(opened.id)
        self._base = quote(str(opened.row["url"]))
        self._host = sites.host_url(tenant, call.base_url)

    def drive(self) -> dict[str, Any]:
        """The library as a drive."""
        row = self._opened.row
        used = self._tenant.one(
            "SELECT COALESCE(SUM(size), 0) AS used FROM item WHERE list_id = ? AND deleted = 0",
            self._opened.id,
        )
        size = int(used["used"]) if used is not None else 0
        return {
            "id": row["drive_id"],
            "name": row["title"],
            "description": str(self._opened.settings.get("Description") or ""),
            "driveType": "documentLibrary",
            "createdDateTime": row["created"],
            "lastModifiedDateTime": row["modified"],
            "webUrl": self._host + quote(str(row["url"])),
            "quota": {
                "deleted": 0,
                "remaining": _QUOTA - size,
                "state": "normal",
                "total": _QUOTA,
                "used": size,
            },
        }

    def root(self) -> dict[str, Any]:
        """The root folder of the library."""
        row = self._opened.row
        guid = str(row["id"])
        return {
            "id": drive_item_id(guid, guid),
            "name": "root",
            "createdDateTime": row["created"],
            "lastModifiedDateTime": row["modified"],
            "eTag": f'"{{{guid.upper()}}},0"',
            "cTag": f'"c:{{{guid.upper()}}},0"',
            "size": 0,
            "webUrl": self._host + quote(str(row["url"])),
            "parentReference": {"driveType": "documentLibrary", "driveId": row["drive_id"]},
            "fileSystemInfo": {
                "createdDateTime": row["created"],
                "lastModifiedDateTime": row["modified"],
            },
            "folder": {"childCount": self._children("")},
            "root": {},
        }

    def of(self, row: Row, *, url: str = "") -> dict[str, Any]:
        """A file or folder; `url` is a pre-authenticated download address to give with it."""
        guid = str(row["guid"]).upper()
        tag = items.etag(row)
        found: dict[str, Any] = {
            "@odata.etag": tag,
            "id": self._prefix + _suffix(row["guid"]),
            "name": row["name"],
            "eTag": tag,
            "cTag": f'"c:{{{guid}}},{row["content_version"]}"',
            "size": row["size"],
            "createdDateTime": row["created"],
            "lastModifiedDateTime": row["modified"],
            "webUrl": self._host + self._base + quote(f"{row['parent_path']}/{row['name']}"),
            "createdBy": self._texts.identity(row["author"]),
            "lastModifiedBy": self._texts.identity(row["editor"]),
            "parentReference": self._parent(str(row["parent_path"])),
            "fileSystemInfo": {
                "createdDateTime": row["created"],
                "lastModifiedDateTime": row["modified"],
            },
        }
        if row["kind"] == "folder":
            found["folder"] = {"childCount": self._children(f"{row['parent_path']}/{row['name']}")}
        else:
            found["file"] = {
                "mimeType": row["mime"],
                "hashes": {"quickXorHash": row["hash"]},
            }
        if row["checked_out"]:
            found["publication"] = {
                "level": "checkout",
                "checkedOutBy": self._texts.identity(row["checked_out"]),
            }
        if url:
            found["@microsoft.graph.downloadUrl"] = url
        return found

    def folder_guid(self, path: str) -> str:
        """The guid of the folder at a path below the root; the list's own for the root."""
        return self._folders.get(path, self._opened.id)

    @cached_property
    def _folders(self) -> dict[str, str]:
        rows = self._tenant.rows(
            "SELECT guid, parent_path, name FROM item "
            "WHERE list_id = ? AND kind = 'folder' AND deleted = 0",
            self._opened.id,
        )
        return {f"{row['parent_path']}/{row['name']}": str(row["guid"]) for row in rows}

    def _parent(self, path: str) -> dict[str, Any]:
        """Where an item of this folder is; a copy, because delta takes the path away."""
        found = self._parents.get(path)
        if found is None:
            drive = self._opened.row["drive_id"]
            found = {
                "driveType": "documentLibrary",
                "driveId": drive,
                "id": drive_item_id(self._opened.id, self.folder_guid(path)),
                "name": path.rpartition("/")[2] or str(self._opened.row["url"]).rpartition("/")[2],
                "path": f"/drives/{drive}/root:{path}",
                "siteId": sites.full_id(self._tenant, self._opened.site),
            }
            self._parents[path] = found
        return dict(found)

    def _children(self, path: str) -> int:
        row = self._tenant.one(
            "SELECT COUNT(*) AS n FROM item WHERE list_id = ? AND parent_path = ? COLLATE NOCASE "
            "AND deleted = 0 "
            "AND kind <> 'item'",
            self._opened.id,
            path,
        )
        return int(row["n"]) if row is not None else 0

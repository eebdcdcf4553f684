"""What the address of a drive or of a drive item points at, and how that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_view import DriveView, guid_of
from provisioner.emulator.graph.item_view import ItemView
from provisioner.emulator.graph.queries import (
    expansions,
    item_shape,
    option,
)
from provisioner.emulator.model import files, lists, sites
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import OpenList, is_veiled, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

API = "learn.microsoft.com/graph/api/"
DRIVE = (
    r"(?:/drives/(?P<drive>[^/]+)|"
    + sites.SITE
    + r"/(?:drives/(?P<site_drive>[^/]+)|drive|lists/(?P<list>[^/]+)/drive))"
)
# A drive item: by id, by path below the root, by path below another item, or the root itself.
NODE = DRIVE + r"/(?:root:(?P<path>/[^:]+?):?|items/(?P<id>[^/:]+)(?::(?P<below>/[^:]+?):?)?|root)"


@dataclass(frozen=True, slots=True)
class Place:
    """What a path points at: its library, the path below the root, and its row if it is there."""

    opened: OpenList
    path: str
    row: Row | None

    @property
    def is_root(self) -> bool:
        """Whether it is the root folder."""
        return self.path == ""

    def existing(self) -> Row:
        """The row. Raises `Refusal` 404."""
        if self.row is None:
            raise files.missing()
        return self.row


def library(tenant: Tenant, match: dict[str, str]) -> OpenList:
    """The library of a drive path. Raises `Refusal` 404, also for a list that is no library."""
    drive = match.get("drive") or match.get("site_drive")
    if drive:
        row = tenant.one("SELECT * FROM list WHERE drive_id = ? AND deleted = 0", drive)
        if row is None:
            raise Refusal(404, "itemNotFound", "The drive could not be found.")
        return of_row(tenant, sites.by_id(tenant, str(row["site_id"])), row)
    site = sites.by_ref(tenant, match["site"])
    if match.get("list"):
        row = lists.resolve(tenant, str(site["id"]), match["list"])
        if not row["drive_id"]:
            raise Refusal(404, "itemNotFound", "Only a document library has a drive.")
        return of_row(tenant, site, row)
    row = tenant.one(
        "SELECT * FROM list WHERE site_id = ? AND template = 101 AND deleted = 0 AND hidden = 0 "
        "ORDER BY rowid LIMIT 1",
        site["id"],
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "The site has no default document library.")
    return of_row(tenant, site, row)


def place(tenant: Tenant, match: dict[str, str]) -> Place:
    """The drive item of a path. Raises `Refusal` 404 when an id is unknown."""
    opened = library(tenant, match)
    if match.get("path"):
        path = match["path"].rstrip("/")
        return Place(opened, path, files.find(tenant, opened, path))
    if not match.get("id") or match["id"] == "root":
        start, row = "", None
    else:
        guid = guid_of(match["id"])
        if guid == opened.id:
            start, row = "", None
        else:
            row = files.by_guid(tenant, opened, guid or "")
            start = f"{row['parent_path']}/{row['name']}"
    if match.get("below"):
        path = start + match["below"].rstrip("/")
        return Place(opened, path, files.find(tenant, opened, path))
    return Place(opened, start, row)


def shown(tenant: Tenant, call: Call, match: dict[str, str]) -> Place:
    """The same for who reads: what waits for approval is not found by who may not see it."""
    found = place(tenant, match)
    if found.row is not None and is_veiled(tenant, found.opened, found.row, call.caller):
        raise files.missing()
    return found


def view_of(tenant: Tenant, call: Call, opened: OpenList) -> DriveView:
    """The view of one library."""
    return DriveView(tenant, call, opened, Texts(tenant, opened))


def entity(tenant: Tenant, call: Call, view: DriveView, opened: OpenList, row: Row) -> Any:
    """A drive item with its list item when `$expand=listItem($expand=fields)` asks for it."""
    found = view.of(row)
    part = expansions(option(call, "expand")).get("listItem")
    if part is not None:
        inner = Call(
            call.face,
            "GET",
            call.path,
            {f"${k}": v for k, v in part.items()},
            base_url=call.base_url,
            version=call.version,
            caller=call.caller,
        )
        found["listItem"] = ItemView(tenant, call, opened, item_shape(inner)).of(row)
    select = option(call, "select")
    if select:
        names = {name.strip() for name in select.split(",")}
        found = {k: v for k, v in found.items() if k in names or k[0] == "@"}
    return found

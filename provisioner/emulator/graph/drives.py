"""Graph drives: the libraries of a site, their files and folders, uploads and downloads.

Requests and answers: learn.microsoft.com/graph/api/ drive-list, driveitem-get, -list-children,
-post-children, -put-content, -get-content, -update, -delete; files may be addressed by id or by
path (``root:/2026/Q1/report.pdf:``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_view import DriveView, guid_of
from provisioner.emulator.graph.item_view import ItemView
from provisioner.emulator.graph.items import write_fields
from provisioner.emulator.graph.queries import (
    Shape,
    address,
    expansions,
    item_shape,
    link,
    option,
    page_size,
    skip_token,
)
from provisioner.emulator.model import files, items, lists, principals, sites
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE, READ, WRITE
from provisioner.emulator.model.hashes import read_blob
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import OpenList, is_veiled, of_row, sees_pending
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_API = "learn.microsoft.com/graph/api/"
DRIVE = (
    r"(?:/drives/(?P<drive>[^/]+)|"
    + sites.SITE
    + r"/(?:drives/(?P<site_drive>[^/]+)|drive|lists/(?P<list>[^/]+)/drive))"
)
# A drive item: by id, by path below the root, by path below another item, or the root itself.
NODE = DRIVE + r"/(?:root:(?P<path>/[^:]+?):?|items/(?P<id>[^/:]+)(?::(?P<below>/[^:]+?):?)?|root)"
_LINK_SECONDS = 3600


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


@ROUTES.add(
    "GET",
    sites.SITE + "/drives",
    cost=2,
    permissions=FILES_READ,
    selected_role="read",
    title="List the drives of a site",
    source=_API + "drive-list",
)
def list_drives(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Every visible library."""
    site = sites.by_ref(tenant, match["site"])
    rows = tenant.rows(
        "SELECT * FROM list WHERE site_id = ? AND drive_id IS NOT NULL AND deleted = 0 "
        "AND hidden = 0 AND system = 0 ORDER BY rowid",
        site["id"],
    )
    found = [view_of(tenant, call, of_row(tenant, site, row)).drive() for row in rows]
    return Reply(200, {"value": found}, kind="microsoft.graph.drive")


@ROUTES.add(
    "GET",
    DRIVE,
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Get a drive",
    source=_API + "drive-get",
)
def get_drive(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One library as a drive."""
    drive = view_of(tenant, call, library(tenant, match)).drive()
    return Reply(200, drive, kind="microsoft.graph.drive")


@ROUTES.add(
    "GET",
    NODE,
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Get a file or folder",
    source=_API + "driveitem-get",
    permission_note="Stricter: Group.Read.All and Group.ReadWrite.All, in some of its rows, are for "
    "drives of groups.",
)
def get_node(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One drive item; `$expand=listItem` brings its fields."""
    found = shown(tenant, call, match)
    view = view_of(tenant, call, found.opened)
    if found.is_root:
        return Reply(200, view.root(), kind="microsoft.graph.driveItem")
    row = found.existing()
    return Reply(
        200,
        entity(tenant, call, view, found.opened, row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.driveItem",
    )


@ROUTES.add(
    "GET",
    NODE + "/children",
    cost=2,
    permissions=FILES_READ,
    selected_role="read",
    title="List the children of a folder",
    source=_API + "driveitem-list-children",
)
def list_children(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Files and folders of a folder, paged."""
    found = place(tenant, match)
    if not found.is_root and found.existing()["kind"] != "folder":
        return Reply(200, {"value": []}, kind="microsoft.graph.driveItem")
    size = page_size(tenant, call)
    after = skip_token(call, "p_ID")
    pending = sees_pending(tenant, found.opened.site_id, call.caller)
    rows = files.children(
        tenant, found.opened, found.path, limit=size + 1, after=after, pending=pending
    )
    view = view_of(tenant, call, found.opened)
    body: dict[str, Any] = {
        "value": [entity(tenant, call, view, found.opened, row) for row in rows[:size]]
    }
    if len(rows) > size:
        body["@odata.nextLink"] = link(call, skiptoken=f"Paged=TRUE&p_ID={rows[size - 1]['id']}")
    return Reply(200, body, kind="microsoft.graph.driveItem")


@ROUTES.add(
    "POST",
    NODE + "/children",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Create a folder",
    source=_API + "driveitem-post-children",
)
def create_folder(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`{"name","folder":{},"@microsoft.graph.conflictBehavior"}`; a clash answers 409."""
    found, body = place(tenant, match), call.json()
    if not isinstance(body.get("folder"), dict) or not isinstance(body.get("name"), str):
        raise Refusal(400, "invalidRequest", "A name and the folder facet are needed.")
    if not found.is_root and found.existing()["kind"] != "folder":
        raise Refusal(400, "invalidRequest", "The parent is not a folder.")
    author = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    row = files.create_folder(
        tenant,
        found.opened,
        found.path,
        body["name"],
        author=author,
        conflict=str(body.get("@microsoft.graph.conflictBehavior") or "fail"),
    )
    return Reply(201, view_of(tenant, call, found.opened).of(row), kind="microsoft.graph.driveItem")


@ROUTES.add(
    "PUT",
    NODE + "/content",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Upload a file of up to 250 MB",
    source=_API + "driveitem-put-content",
)
def put_content(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """201 for a new file, 200 for a replaced one; missing folders of the path are made."""
    found = place(tenant, match)
    if found.is_root:
        raise Refusal(400, "invalidRequest", "The root folder has no content.")
    author = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    parent, _, name = found.path.rpartition("/")
    parent = files.ensure_folders(tenant, found.opened, parent, author=author)
    row, new = files.put(
        tenant,
        found.opened,
        parent,
        name,
        call.body,
        author=author,
        mime=call.headers.get("content-type", ""),
        if_match=call.headers.get("if-match"),
        conflict=call.query.get("@microsoft.graph.conflictBehavior", "replace"),
    )
    return Reply(
        201 if new else 200,
        view_of(tenant, call, found.opened).of(row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.driveItem",
    )


@ROUTES.add(
    "GET",
    NODE + "/content",
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Download a file",
    source=_API + "driveitem-get-content",
)
def get_content(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """302 to a pre-authenticated address that needs no token and ends after an hour."""
    row = shown(tenant, call, match).existing()
    if row["kind"] != "file":
        raise Refusal(400, "invalidRequest", "A folder has no content.")
    token = tenant.guid()
    doc = {
        "blob": row["blob"],
        "mime": row["mime"],
        "until": (tenant.now() + timedelta(seconds=_LINK_SECONDS)).isoformat(),
    }
    tenant.run("INSERT INTO upload_session (id, doc) VALUES (?, ?)", token, json.dumps(doc))
    return Reply(302, None, {"Location": address(call, "/_download") + f"?tempauth={token}"})


@ROUTES.add(
    "GET",
    "/_download",
    cost=0,
    permissions=("preauthenticated",),
    selected_role="",
    title="The address a download is sent to",
    source=_API + "driveitem-get-content",
)
def download(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The bytes, without a token."""
    kept = tenant.one("SELECT doc FROM upload_session WHERE id = ?", call.query.get("tempauth", ""))
    doc: dict[str, Any] = json.loads(kept["doc"]) if kept is not None else {}
    if "blob" not in doc or datetime.fromisoformat(doc["until"]) < tenant.now():
        raise Refusal(401, "unauthenticated", "The download address has expired.")
    return Reply(200, read_blob(tenant, doc["blob"]), {"Content-Type": doc["mime"]})


@ROUTES.add(
    "PATCH",
    NODE,
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Rename or move a file or folder",
    source=_API + "driveitem-update",
)
def update_node(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`{"name", "parentReference": {"id"}}`."""
    found, body = place(tenant, match), call.json()
    row = found.existing()
    if {key for key in body if "@" not in key} - {"name", "parentReference"}:
        raise Refusal(
            501,
            "notImplemented",
            "The emulator changes only name and parentReference of a drive item.",
        )
    items.check_match(row, call.headers.get("if-match"))
    editor = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    items.check_free(tenant, row, editor, metadata=True)
    parent = (body.get("parentReference") or {}).get("id")
    target = None
    if parent:
        where = place(tenant, {**match, "path": "", "below": "", "id": parent})
        if not where.is_root and where.existing()["kind"] != "folder":
            raise Refusal(400, "invalidRequest", "The new parent is not a folder.")
        target = where.path
    row = files.rename(
        tenant,
        found.opened,
        row,
        str(body.get("name") or row["name"]),
        editor=editor,
        parent_path=target,
    )
    return Reply(200, view_of(tenant, call, found.opened).of(row), kind="microsoft.graph.driveItem")


@ROUTES.add(
    "DELETE",
    NODE,
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Delete a file or folder",
    source=_API + "driveitem-delete",
)
def delete_node(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """To the recycle bin, a folder with all in it."""
    found = place(tenant, match)
    row = found.existing()
    items.check_match(row, call.headers.get("if-match"))
    principal = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    items.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, found.opened, row)
    return Reply(204)


@ROUTES.add(
    "GET",
    NODE + "/listItem",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the list item of a file",
    source=_API + "driveitem-get",
    permission_note="No row; asks for what the list item asks for, which Files.* does not reach.",
)
def get_list_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The item behind a file or folder."""
    found = shown(tenant, call, match)
    row = found.existing()
    return Reply(
        200,
        ItemView(tenant, call, found.opened, item_shape(call)).of(row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.listItem",
    )


@ROUTES.add(
    "GET",
    NODE + "/listItem/fields",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the columns of a file",
    source=_API + "driveitem-get",
    permission_note="No row; asks for what the list item asks for, which Files.* does not reach.",
)
def get_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The fields alone."""
    found = shown(tenant, call, match)
    row = found.existing()
    chosen = option(call, "select")
    names = tuple(name.strip() for name in chosen.split(",")) if chosen else None
    view = ItemView(tenant, call, found.opened, Shape(fields=True, field_select=names))
    return Reply(
        200, view.fields(row), {"ETag": items.etag(row)}, kind="microsoft.graph.fieldValueSet"
    )


@ROUTES.add(
    "PATCH",
    NODE + "/listItem/fields",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Change the columns of a file",
    source="SharePoint/sp-dev-docs docs/embedded/build/container-metadata.md",
    permission_note="No row; the columns are those of the list item, whose row asks for Sites.ReadWrite.All.",
)
def update_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """As for a list item; right after an upload it can answer 409 (onedrive-api-docs#1414)."""
    found = place(tenant, match)
    row = write_fields(tenant, call, found.opened, found.existing(), call.json())
    view = ItemView(tenant, call, found.opened, Shape(fields=True))
    return Reply(
        200, view.fields(row), {"ETag": items.etag(row)}, kind="microsoft.graph.fieldValueSet"
    )

"""Graph drives: the libraries of a site, their files and folders.

Requests and answers: learn.microsoft.com/graph/api/ drive-list, driveitem-get, -list-children,
-post-children, -update, -delete; files may be addressed by id or by
path (``root:/2026/Q1/report.pdf:``).
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.graph.drive_places import (
    API,
    DRIVE,
    NODE,
    entity,
    library,
    place,
    shown,
    view_of,
)
from provisioner.emulator.graph.queries import (
    link,
    page_size,
    skip_token,
)
from provisioner.emulator.model import files, item_rules, items, principals, sites
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE
from provisioner.emulator.model.open_list import of_row, sees_pending
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")


@ROUTES.add(
    "GET",
    sites.SITE + "/drives",
    cost=2,
    permissions=FILES_READ,
    selected_role="read",
    title="List the drives of a site",
    source=API + "drive-list",
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
    source=API + "drive-get",
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
    source=API + "driveitem-get",
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
    source=API + "driveitem-list-children",
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
    source=API + "driveitem-post-children",
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
    "PATCH",
    NODE,
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Rename or move a file or folder",
    source=API + "driveitem-update",
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
    item_rules.check_free(tenant, row, editor, metadata=True)
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
    source=API + "driveitem-delete",
)
def delete_node(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """To the recycle bin, a folder with all in it."""
    found = place(tenant, match)
    row = found.existing()
    items.check_match(row, call.headers.get("if-match"))
    principal = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, found.opened, row)
    return Reply(204)

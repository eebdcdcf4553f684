"""Graph: copying files and folders, told by a monitor address.

learn.microsoft.com/graph/api/driveitem-copy and …/graph/long-running-actions-overview: 202 with the
monitor in Location, which needs no token and tells inProgress, completed or failed. How long that
takes is the setting `provisioningDelayMs`; the copy itself is there at once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from provisioner.emulator import gate
from provisioner.emulator.graph.drive_places import NODE, Place, place
from provisioner.emulator.graph.drive_view import drive_item_id
from provisioner.emulator.graph.queries import address
from provisioner.emulator.model import files, items, principals
from provisioner.emulator.model.app_roles import FILES_WRITE
from provisioner.emulator.model.hashes import read_blob
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.routing import Route, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_SOURCE = "learn.microsoft.com/graph/api/driveitem-copy"
_CONFLICT = "@microsoft.graph.conflictBehavior"


@ROUTES.add(
    "POST",
    NODE + "/copy",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Copy a file or folder",
    source=_SOURCE,
)
def copy(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """202 with the monitor's address; a clash of names is told by the monitor."""
    found, body = place(tenant, match), call.json()
    row = found.existing()
    unknown = {key for key in body if "@" not in key} - {"name", "parentReference"}
    if unknown:
        raise Refusal(501, "notImplemented", f"The emulator copies without '{min(unknown)}'.")
    name = str(body.get("name") or row["name"])
    target = _target(tenant, call, match, found, body.get("parentReference"))
    files.check_name(target.opened, target.path, name)
    inside = f"{row['parent_path']}/{row['name']}"
    same_library = target.opened.id == found.opened.id
    if row["kind"] == "folder" and same_library and f"{target.path}/".startswith(f"{inside}/"):
        raise Refusal(400, "invalidRequest", "A folder cannot be copied into itself.")
    author = principals.caller_principal(tenant, target.opened.site_id, call.caller)
    conflict = call.query.get(_CONFLICT) or str(body.get(_CONFLICT) or "fail")
    doc: dict[str, Any] = {}
    try:
        made = _copy(tenant, found.opened, row, target, name, author=author, conflict=conflict)
        doc = {"resourceId": drive_item_id(target.opened.id, str(made["guid"]))}
    except Refusal as problem:
        if problem.status != 409:
            raise
        doc = {"error": {"code": problem.code, "message": problem.message}}
    operation = tenant.guid()
    delay = timedelta(milliseconds=int(tenant.setting("provisioningDelayMs")))
    tenant.run(
        "INSERT INTO copy_operation VALUES (?, ?, ?)",
        operation,
        (tenant.now() + delay).isoformat(),
        json.dumps(doc),
    )
    return Reply(202, None, {"Location": address(call, f"/_monitor/{operation}")})


@ROUTES.add(
    "GET",
    r"/_monitor/(?P<operation>[0-9a-f-]{36})",
    cost=0,
    permissions=("preauthenticated",),
    selected_role="",
    title="How far a copy is",
    source="learn.microsoft.com/graph/long-running-actions-overview",
)
def monitor(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """202 with ``status`` inProgress, completed (and the new id) or failed."""
    row = tenant.one("SELECT * FROM copy_operation WHERE id = ?", match["operation"])
    if row is None:
        raise Refusal(404, "itemNotFound", "The operation does not exist.")
    doc: dict[str, Any] = json.loads(row["doc"])
    body: dict[str, Any] = {"operation": "itemCopy"}
    if datetime.fromisoformat(row["ready_at"]) > tenant.now():
        body |= {"percentageComplete": 0, "status": "inProgress"}
    elif "error" in doc:
        body |= {"percentageComplete": 0, "status": "failed", **doc}
    else:
        body |= {"percentageComplete": 100, "status": "completed", **doc}
    return Reply(202, body)


def _target(tenant: Tenant, call: Call, match: dict[str, str], source: Place, given: Any) -> Place:
    """The folder to copy into: the source's own without a parentReference."""
    if given is None:
        parent = str(source.existing()["parent_path"])
        return Place(source.opened, parent, files.find(tenant, source.opened, parent))
    if not isinstance(given, dict) or not (given.get("id") or given.get("driveId")):
        raise Refusal(400, "invalidRequest", "parentReference needs a driveId and an id.")
    drive = str(given.get("driveId") or source.opened.row["drive_id"])
    where = {"drive": drive, "id": str(given.get("id") or "root")}
    target = place(tenant, where)
    if target.opened.site_id != source.opened.site_id:
        there = replace(call, path=f"/drives/{drive}/root/copy")
        gate.admit(tenant, _this_route(match), there, where)
    if not target.is_root and target.existing()["kind"] != "folder":
        raise Refusal(400, "invalidRequest", "The new parent is not a folder.")
    return target


def _this_route(_match: dict[str, str]) -> Route:
    return next(route for route in ROUTES.all if route.handler is copy)


def _copy(
    tenant: Tenant,
    opened: OpenList,
    row: Row,
    target: Place,
    name: str,
    *,
    author: int,
    conflict: str,
) -> Row:
    """Copy a file, or a folder with all in it; versions and columns stay behind."""
    if row["kind"] == "file":
        data = read_blob(tenant, row["blob"])
        made, _ = files.put(
            tenant, target.opened, target.path, name, data, author=author, conflict=conflict
        )
        return made
    made = files.create_folder(
        tenant, target.opened, target.path, name, author=author, conflict=conflict
    )
    below = Place(target.opened, f"{made['parent_path']}/{made['name']}", made)
    inside = tenant.rows(
        "SELECT * FROM item WHERE list_id = ? AND parent_path = ? AND deleted = 0 ORDER BY id",
        opened.id,
        f"{row['parent_path']}/{row['name']}",
    )
    for each in inside:
        _copy(tenant, opened, each, below, each["name"], author=author, conflict=conflict)
    return items.get(tenant, target.opened, int(made["id"]))

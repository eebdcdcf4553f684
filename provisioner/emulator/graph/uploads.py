"""Upload sessions, check-out and check-in.

Requests and answers: learn.microsoft.com/graph/api/driveitem-createuploadsession: fragments in
order, each but the last a multiple of 320 KiB, sent without a token; driveitem-checkout, -checkin.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_places import NODE, place, view_of
from provisioner.emulator.graph.queries import address
from provisioner.emulator.model import files, item_rules, items, principals, sites
from provisioner.emulator.model.app_roles import FILES_WRITE, WRITE
from provisioner.emulator.model.open_list import of_row
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_API = "learn.microsoft.com/graph/api/"
_SESSION = r"/_upload/(?P<session>[0-9a-f-]{36})"
_FRAGMENT = 320 * 1024
_LARGEST = 60 * 1024 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)\Z")
_OPEN_FOR = timedelta(days=1)


@ROUTES.add(
    "POST",
    NODE + "/createUploadSession",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Open an upload session",
    source=_API + "driveitem-createuploadsession",
)
def create_session(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """200 with an `uploadUrl` that needs no token; a clash of names shows when the upload ends."""
    found, item = place(tenant, match), call.json().get("item") or {}
    if found.is_root:
        raise Refusal(400, "invalidRequest", "A file name is needed.")
    parent, _, name = found.path.rpartition("/")
    name = str(item.get("name") or name)
    files.check_name(found.opened, parent, name)
    session = tenant.guid()
    doc = {
        "list": found.opened.id,
        "parent": parent,
        "name": name,
        "author": principals.caller_principal(tenant, found.opened.site_id, call.caller),
        "conflict": str(item.get("@microsoft.graph.conflictBehavior") or "fail"),
        "until": (tenant.now() + _OPEN_FOR).isoformat(),
    }
    tenant.run("INSERT INTO upload_session (id, doc) VALUES (?, ?)", session, json.dumps(doc))
    return Reply(
        200,
        {
            "uploadUrl": address(call, f"/_upload/{session}"),
            "expirationDateTime": doc["until"],
            "nextExpectedRanges": ["0-"],
        },
    )


@ROUTES.add(
    "PUT",
    _SESSION,
    cost=2,
    permissions=("preauthenticated",),
    selected_role="",
    title="Upload a fragment",
    source=_API + "driveitem-createuploadsession",
)
def put_fragment(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """202 with what is expected next; the last fragment answers 201 or 200 with the drive item."""
    row, doc = _session(tenant, match)
    match_range = _RANGE.match(call.headers.get("content-range", ""))
    if match_range is None:
        raise Refusal(400, "invalidRequest", "The Content-Range header is missing or malformed.")
    first, last, total = (int(part) for part in match_range.groups())
    have = len(row["data"])
    if first != have:
        raise Refusal(416, "invalidRange", f"Optimal start is {have}.", inner="fragmentOverlap")
    size = last - first + 1
    if size != len(call.body) or last >= total or size > _LARGEST:
        raise Refusal(400, "invalidRequest", "The fragment does not fit its Content-Range.")
    if last + 1 < total and size % _FRAGMENT:
        raise Refusal(400, "invalidRequest", "A fragment must be a multiple of 320 KiB.")
    data = bytes(row["data"]) + call.body
    if len(data) < total:
        tenant.run("UPDATE upload_session SET data = ? WHERE id = ?", data, row["id"])
        return Reply(202, _status(doc, len(data)))
    return _finish(tenant, call, str(row["id"]), doc, data)


@ROUTES.add(
    "GET",
    _SESSION,
    cost=1,
    permissions=("preauthenticated",),
    selected_role="",
    title="Status of an upload session",
    source=_API + "driveitem-createuploadsession",
)
def get_session(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """What is expected next."""
    row, doc = _session(tenant, match)
    return Reply(200, _status(doc, len(row["data"])))


@ROUTES.add(
    "DELETE",
    _SESSION,
    cost=1,
    permissions=("preauthenticated",),
    selected_role="",
    title="Give up an upload session",
    source=_API + "driveitem-createuploadsession",
)
def delete_session(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The fragments are thrown away."""
    row, _ = _session(tenant, match)
    tenant.run("DELETE FROM upload_session WHERE id = ?", row["id"])
    return Reply(204)


@ROUTES.add(
    "POST",
    NODE + "/checkout",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Check a file out",
    source=_API + "driveitem-checkout",
)
def check_out(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204; from then on others get 423."""
    found = place(tenant, match)
    row = found.existing()
    principal = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    _hold(tenant, row, principal)
    return Reply(204)


@ROUTES.add(
    "POST",
    NODE + "/checkin",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Check a file in",
    source=_API + "driveitem-checkin",
)
def check_in(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204. Raises `Refusal` 400 for a file that is not checked out."""
    found = place(tenant, match)
    row = found.existing()
    principal = principals.caller_principal(tenant, found.opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    if not row["checked_out"]:
        raise Refusal(400, "invalidRequest", "The file is not checked out.")
    _hold(tenant, row, 0)
    return Reply(204)


def _hold(tenant: Tenant, row: Row, principal: int) -> None:
    tenant.run(
        "UPDATE item SET checked_out = ?, version = version + 1 WHERE list_id = ? AND id = ?",
        principal,
        row["list_id"],
        row["id"],
    )
    items.changed(tenant, str(row["list_id"]), int(row["id"]), str(row["guid"]), "update")


def _session(tenant: Tenant, match: dict[str, str]) -> tuple[Row, dict[str, Any]]:
    row = tenant.one("SELECT * FROM upload_session WHERE id = ?", match["session"])
    doc: dict[str, Any] = json.loads(row["doc"]) if row is not None else {}
    if row is None or "list" not in doc or datetime.fromisoformat(doc["until"]) < tenant.now():
        raise Refusal(404, "itemNotFound", "The upload session was not found. Start again.")
    return row, doc


def _status(doc: dict[str, Any], have: int) -> dict[str, Any]:
    return {"expirationDateTime": doc["until"], "nextExpectedRanges": [f"{have}-"]}


def _finish(tenant: Tenant, call: Call, session: str, doc: dict[str, Any], data: bytes) -> Reply:
    target = tenant.one("SELECT * FROM list WHERE id = ? AND deleted = 0", doc["list"])
    if target is None:
        raise files.missing()
    opened = of_row(tenant, sites.by_id(tenant, str(target["site_id"])), target)
    author = int(doc["author"])
    parent = files.ensure_folders(tenant, opened, str(doc["parent"]), author=author)
    try:
        row, new = files.put(
            tenant,
            opened,
            parent,
            str(doc["name"]),
            data,
            author=author,
            conflict=str(doc["conflict"]),
        )
    except Refusal as problem:
        if problem.code == "nameAlreadyExists":
            raise Refusal(409, "upload_name_conflict", problem.message) from None
        raise
    tenant.run("DELETE FROM upload_session WHERE id = ?", session)
    return Reply(
        201 if new else 200, view_of(tenant, call, opened).of(row), kind="microsoft.graph.driveItem"
    )

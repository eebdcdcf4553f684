"""Graph: what is in a file: its bytes, sent and fetched, and its columns.

learn.microsoft.com/graph/api/ driveitem-put-content, driveitem-get-content, driveitem-get.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from provisioner.emulator.graph.drive_places import (
    API,
    NODE,
    place,
    shown,
    view_of,
)
from provisioner.emulator.graph.item_view import ItemView
from provisioner.emulator.graph.items import write_fields
from provisioner.emulator.graph.queries import (
    Shape,
    address,
    item_shape,
    option,
)
from provisioner.emulator.model import files, items, principals
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE, READ, WRITE
from provisioner.emulator.model.hashes import read_blob
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_LINK_SECONDS = 3600


@ROUTES.add(
    "PUT",
    NODE + "/content",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Upload a file of up to 250 MB",
    source=API + "driveitem-put-content",
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
    source=API + "driveitem-get-content",
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
    source=API + "driveitem-get-content",
)
def download(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The bytes, without a token."""
    kept = tenant.one("SELECT doc FROM upload_session WHERE id = ?", call.query.get("tempauth", ""))
    doc: dict[str, Any] = json.loads(kept["doc"]) if kept is not None else {}
    if "blob" not in doc or datetime.fromisoformat(doc["until"]) < tenant.now():
        raise Refusal(401, "unauthenticated", "The download address has expired.")
    return Reply(200, read_blob(tenant, doc["blob"]), {"Content-Type": doc["mime"]})


@ROUTES.add(
    "GET",
    NODE + "/listItem",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the list item of a file",
    source=API + "driveitem-get",
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
    source=API + "driveitem-get",
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

"""Graph: versions of files, and bringing an old version of a file or item back.

learn.microsoft.com/graph/api/ driveitem-list-versions, driveitemversion-get, -get-contents,
-restore, listitemversion-restore.
"""

from __future__ import annotations

import json
from datetime import timedelta
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph.drive_places import NODE, Place, place
from provisioner.emulator.graph.items import opened_list
from provisioner.emulator.graph.queries import address
from provisioner.emulator.model import (
    item_rules,
    item_versions,
    items,
    principal_view,
    principals,
    restoring,
    sites,
)
from provisioner.emulator.model.app_roles import FILES_READ, FILES_WRITE, WRITE
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_API = "learn.microsoft.com/graph/api/"
_VERSIONS = NODE + "/versions"
_VERSION = _VERSIONS + r"/(?P<version>[^/]+)"
_ITEM_VERSION = (
    sites.SITE + r"/lists/(?P<list>[^/]+)/items/(?P<item>\d+)/versions/(?P<version>[^/]+)"
)
_KIND = "microsoft.graph.driveItemVersion"
_LINK = timedelta(hours=1)


@ROUTES.add(
    "GET",
    _VERSIONS,
    cost=2,
    permissions=FILES_READ,
    selected_role="read",
    title="List the versions of a file",
    source=_API + "driveitem-list-versions",
)
def list_versions(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Newest first; the present version is the first."""
    found, row = _file(tenant, match)
    known = item_versions.versions(tenant, found.opened, row)
    value = [_entity(tenant, found.opened, each) for each in known]
    return Reply(200, {"value": value}, kind=_KIND)


@ROUTES.add(
    "GET",
    _VERSION,
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Get a version of a file",
    source=_API + "driveitemversion-get",
)
def get_version(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """One version by its label."""
    found, row = _file(tenant, match)
    kept = restoring.version(tenant, found.opened, row, match["version"])
    return Reply(200, _entity(tenant, found.opened, kept), kind=_KIND)


@ROUTES.add(
    "GET",
    _VERSION + "/content",
    cost=1,
    permissions=FILES_READ,
    selected_role="read",
    title="Download a version of a file",
    source=_API + "driveitemversion-get-contents",
)
def get_content(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """302 to an address that needs no token; refused for the present version, as documented."""
    found, row = _file(tenant, match)
    versions = item_versions.versions(tenant, found.opened, row)
    kept = restoring.version(tenant, found.opened, row, match["version"])
    if kept["label"] == versions[0]["label"]:
        raise Refusal(400, "invalidRequest", "You cannot get the content of the current version.")
    token = tenant.guid()
    until = (tenant.now() + _LINK).isoformat()
    doc = {"blob": kept["blob"], "mime": row["mime"], "until": until}
    tenant.run("INSERT INTO upload_session (id, doc) VALUES (?, ?)", token, json.dumps(doc))
    return Reply(302, None, {"Location": address(call, "/_download") + f"?tempauth={token}"})


@ROUTES.add(
    "POST",
    _VERSION + "/restoreVersion",
    cost=2,
    permissions=FILES_WRITE,
    selected_role="write",
    title="Restore a version of a file",
    source=_API + "driveitemversion-restore",
)
def restore_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204; content and columns of the old version become a new one."""
    found, row = _file(tenant, match)
    _restore(tenant, call, found.opened, row, match["version"])
    return Reply(204)


@ROUTES.add(
    "POST",
    _ITEM_VERSION + "/restoreVersion",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Restore a version of an item",
    source=_API + "listitemversion-restore",
)
def restore_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204."""
    opened = opened_list(tenant, match)
    row = items.get(tenant, opened, int(match["item"]))
    _restore(tenant, call, opened, row, match["version"])
    return Reply(204)


def _file(tenant: Tenant, match: dict[str, str]) -> tuple[Place, Row]:
    found = place(tenant, match)
    row = found.existing()
    if row["kind"] != "file":
        raise Refusal(400, "invalidRequest", "A folder has no versions.")
    return found, row


def _restore(tenant: Tenant, call: Call, opened: OpenList, row: Row, label: str) -> None:
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=False)
    restoring.restore(tenant, opened, row, label, editor=editor)


def _entity(tenant: Tenant, opened: OpenList, kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": kept["label"],
        "lastModifiedDateTime": kept["modified"],
        "size": kept["size"],
        "lastModifiedBy": principal_view.identity(tenant, opened.site_id, int(kept["editor"])),
    }

"""SharePoint REST: a file or folder by its id, wherever on the site it is.

learn.microsoft.com, "Files and folders REST API reference" (SP.Web.GetFileById, GetFolderById).
"""

from __future__ import annotations

from collections.abc import Callable

from provisioner.emulator.model import files, sites
from provisioner.emulator.model.app_roles import READ
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import shape
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Reply

ROUTES = Routes("rest")
_SOURCE = "learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest"


def _get(what: str) -> Callable[[Handler], Handler]:
    return ROUTES.add(
        "GET",
        f"/_api/web/get{what}byid",
        cost=1,
        permissions=READ,
        selected_role="read",
        title=f"Get a {what} by its id",
        source=_SOURCE,
    )


@_get("file")
def get_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """`GetFileById('guid')`; 404 for a folder."""
    return _reply(tenant, call, "file")


@_get("folder")
def get_folder(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """`GetFolderById('guid')`; 404 for a file."""
    return _reply(tenant, call, "folder")


def _reply(tenant: Tenant, call: Call, kind: str) -> Reply:
    site = sites.by_path(tenant, call.site_path)
    row = tenant.one(
        "SELECT item.*, list.url AS root FROM item JOIN list ON list.id = item.list_id "
        "WHERE list.site_id = ? AND list.deleted = 0 AND item.guid = ? AND item.deleted = 0 "
        "AND item.kind = ?",
        site["id"],
        str(argument(call, "uniqueId", "")).lower(),
        kind,
    )
    if row is None:
        raise files.missing()
    entity = {
        "Exists": True,
        "Name": row["name"],
        "ServerRelativeUrl": f"{row['root']}{row['parent_path']}/{row['name']}",
        "TimeCreated": row["created"],
        "TimeLastModified": row["modified"],
        "UniqueId": row["guid"],
    }
    if kind == "file":
        entity["Length"] = str(row["size"])
    return Reply(200, shape(call, entity, {}), kind=f"SP.{kind.title()}")

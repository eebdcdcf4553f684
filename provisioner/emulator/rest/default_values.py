"""SharePoint REST: a library's default values by folder, and event receivers of a list.

pnp/cli-microsoft365 (spo list defaultvalue set) reads ``Forms/client_LocationBasedDefaults.html``
with ``GetFileByServerRelativePath(…)/$value``, makes it with ``Files/Add`` and replaces it with a
PUT; @pnp/sp (column-defaults) registers the event receiver with ``eventReceivers/add``. Since
September 2026 the service refuses to register it (pnp/powershell issue 5467, pnp/pnpjs issue 3368);
the setting ``eventReceivers`` allows it, as before and as the page "Column default value settings"
of the library still does.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import unquote

from provisioner.emulator.model import default_values, files, lists, paths, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.model.hashes import read_blob
from provisioner.emulator.rest.lists import LIST, list_of
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_SOURCE = "pnp/cli-microsoft365 spo list defaultvalue set"
_FILES = "learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest"
_FILE = r"/_api/web/getfilebyserverrelative(?:path|url)\((?P<path>[^()]*)\)/\$value"
_FOLDER = r"/_api/web/getfolderbyserverrelative(?:path|url)\((?P<path>[^()]*)\)/files/add"
_TEXT = {"Content-Type": "text/html; charset=utf-8"}


def _library(tenant: Tenant, call: Call, path: str) -> sqlite3.Row:
    """The library whose file this is. Raises `Refusal` 404 for no such library, 501 for others."""
    site = sites.by_path(tenant, call.site_path)
    folder, _, name = path.rpartition("/")
    if name.lower() != default_values.FILE.lower() or not folder.lower().endswith("/forms"):
        raise Refusal(
            501,
            "notImplemented",
            f"Of what lies in Forms the emulator serves only {default_values.FILE}.",
        )
    address = folder.rpartition("/")[0]
    for row in lists.all_of(tenant, site["id"]):
        if str(row["url"]).lower() == address.lower() and lists.is_library(row):
            return row
    raise files.missing()


def _path(match: dict[str, str]) -> str:
    return unquote(match["path"].partition("=")[2] or match["path"])


@ROUTES.add(
    "GET",
    _FILE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Read a file, or the default values of a library",
    source=f"{_FILES}; {_SOURCE}",
)
def read(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The bytes as they were written; 404 where nobody ever set a default value."""
    if "/forms/" not in _path(match).lower():
        site = sites.by_path(tenant, call.site_path)
        _, row = paths.list_and_item(tenant, site["id"], _path(match), "file")
        return Reply(200, read_blob(tenant, row["blob"]), {"Content-Type": row["mime"]})
    text = default_values.text_of(_library(tenant, call, _path(match)))
    if text is None:
        raise files.missing()
    return Reply(200, text.encode(), _TEXT)


@ROUTES.add(
    "PUT",
    _FILE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Replace the default values of a library",
    source=_SOURCE,
)
def replace(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The body is the whole file -> 204; 404 where there is none to replace."""
    row = _library(tenant, call, _path(match))
    if default_values.text_of(row) is None:
        raise files.missing()
    default_values.store(tenant, row, _text(call))
    return Reply(204)


@ROUTES.add(
    "POST",
    _FOLDER,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Make the default values of a library",
    source=_SOURCE,
)
def add(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``Files/Add(url='…',overwrite=true)`` with the file as body -> 200; 409 where it is there."""
    path = f"{_path(match)}/{call.args.get('url', '')}"
    row = _library(tenant, call, path)
    overwrite = str(call.args.get("overwrite", "false")).lower() == "true"
    if default_values.text_of(row) is not None and not overwrite:
        raise Refusal(
            409,
            "nameAlreadyExists",
            f"A file with the name {path} already exists.",
            rest_code="-2130575257, Microsoft.SharePoint.SPException",
        )
    default_values.store(tenant, row, _text(call))
    entity = {"odata.type": "SP.File", "Name": default_values.FILE, "ServerRelativeUrl": path}
    return Reply(200, entity, kind="SP.File")


def _text(call: Call) -> str:
    try:
        return call.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "invalidRequest", "The file is not UTF-8.") from None


@ROUTES.add(
    "GET",
    LIST + "/eventreceivers",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the event receivers of a list",
    source="@pnp/sp column-defaults",
)
def get_receivers(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """What is registered on the list."""
    found = default_values.receivers(list_of(tenant, call, match))
    return Reply(200, collection(call, [Node(one) for one in found]))


@ROUTES.add(
    "POST",
    LIST + "/eventreceivers/add",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Register an event receiver",
    source="@pnp/sp column-defaults; pnp/powershell issue 5467",
)
def add_receiver(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """403, as the service has answered since September 2026, unless ``eventReceivers`` allows it."""
    row = list_of(tenant, call, match)
    if not tenant.setting("eventReceivers"):
        raise Refusal(
            403,
            "accessDenied",
            "Attempted to perform an unauthorized operation.",
            rest_code="-2147024891, System.UnauthorizedAccessException",
        )
    given: Any = argument(call, "eventReceiverCreationInformation", {})
    if not isinstance(given, dict) or not given.get("ReceiverName"):
        raise Refusal(400, "invalidRequest", "An event receiver needs a ReceiverName.")
    receiver = {**given, "ReceiverId": tenant.guid()}
    default_values.register(tenant, row, receiver)
    return Reply(200, receiver)

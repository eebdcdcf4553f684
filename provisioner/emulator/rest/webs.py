"""SharePoint REST for the site itself: web, site collection and root folder.

learn.microsoft.com/sharepoint/dev/sp-add-ins/get-to-know-the-sharepoint-rest-service;
pnp/cli-microsoft365 ``spo web get``, ``spo web set``.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import (
    content_types,
    fields,
    lists,
    pages,
    roles,
    sites,
    web_settings,
)
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies, effective_rights, entities, hubs, regional
from provisioner.emulator.rest.field_entity import field_node
from provisioner.emulator.rest.groups import default_groups
from provisioner.emulator.rest.shape import Node, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
_SOURCE = "pnp/cli-microsoft365 spo web"
_CLIENT_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
_EXPLICIT = web_settings.EXPLICIT | {
    "EffectiveBasePermissions",
    "HasUniqueRoleAssignments",
    "WelcomePage",
}


def _web(tenant: Tenant, call: Call, row: sqlite3.Row) -> Node:
    template, _, configuration = row["template"].partition("#")
    path = row["path"] or "/"
    entity: dict[str, Any] = {
        "odata.type": "SP.Web",
        "AllowRssFeeds": True,
        "AppInstanceId": "00000000-0000-0000-0000-000000000000",
        "Configuration": int(configuration or 0),
        "Created": row["created"],
        "CurrentChangeToken": {"StringValue": f"1;2;{row['web_id']};1;1"},
        "Description": row["description"],
        "EnableMinimalDownload": False,
        "Id": row["web_id"],
        "IsMultilingual": True,
        "Language": row["lcid"],
        "LastItemModifiedDate": row["modified"],
        "LastItemUserModifiedDate": row["modified"],
        "RecycleBinEnabled": True,
        "ResourcePath": {"DecodedUrl": sites.url(tenant, row, call.base_url)},
        "ServerRelativeUrl": path,
        "SyndicationEnabled": True,
        "Title": row["title"],
        "UIVersion": 15,
        "Url": sites.url(tenant, row, call.base_url),
        "WebTemplate": template,
        "WelcomePage": row["welcome_page"],
        "HasUniqueRoleAssignments": True,
        "EffectiveBasePermissions": effective_rights.rights_of(tenant, call, row),
        **web_settings.shown(row, _group_id(tenant, row)),
    }
    return Node(
        entity,
        {
            "Lists": lambda: [
                entities.list_node(tenant, r) for r in lists.all_of(tenant, row["id"])
            ],
            "Fields": lambda: [field_node(tenant, f) for f in fields.of_site(tenant, row["id"])],
            "ContentTypes": lambda: [
                entities.content_type_node(tenant, r)
                for r in content_types.all_of(tenant, row["id"], "")
            ],
            "RootFolder": lambda: _root_folder(row),
            "RegionalSettings": lambda: regional.node(row),
            **default_groups(tenant, str(row["id"])),
            "RoleAssignments": lambda: [
                entities.assignment_node(a) for a in roles.assignments(tenant, row["id"], roles.WEB)
            ],
        },
        _EXPLICIT,
    )


def _group_id(tenant: Tenant, row: sqlite3.Row) -> str | None:
    """The Microsoft 365 group that a site came with."""
    group = tenant.one(
        "SELECT id FROM entra_group WHERE json_extract(doc, '$.siteId') = ?", row["id"]
    )
    return str(group["id"]) if group is not None else None


def _root_folder(row: sqlite3.Row) -> Node:
    return Node(
        {
            "odata.type": "SP.Folder",
            "Exists": True,
            "IsWOPIEnabled": False,
            "ItemCount": 0,
            "Name": "",
            "ProgID": None,
            "ServerRelativeUrl": row["path"] or "/",
            "TimeCreated": row["created"],
            "TimeLastModified": row["modified"],
            "UniqueId": row["web_id"],
            "WelcomePage": row["welcome_page"],
        }
    )


def _shaped(call: Call, node: Node, kind: str) -> Reply:
    return Reply(200, shape(call, node.entity, node.expandable, node.explicit), kind=kind)


@ROUTES.add(
    "GET",
    "/_api/web",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the web",
    source=_SOURCE,
)
def get_web(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The site as `SP.Web`."""
    return _shaped(call, _web(tenant, call, sites.by_path(tenant, call.site_path)), "SP.Web")


@ROUTES.add(
    "PATCH",
    "/_api/web",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update the web",
    source=_SOURCE,
    schema_scope="site",
)
def update_web(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """MERGE of Title, Description and display settings -> 204; others are refused."""
    row = sites.by_path(tenant, call.site_path)
    body = bodies.entity(call, "SP.Web")
    for name in body:
        if name not in web_settings.SETTINGS and name not in ("Title", "Description"):
            raise Refusal(
                400,
                "invalidRequest",
                f"The property '{name}' does not exist on type 'SP.Web'. Make sure to only use "
                "property names that are defined by the type.",
                rest_code=_CLIENT_QUERY,
            )
    columns = {
        column: str(body.pop(name) or "")
        for name, column in (("Title", "title"), ("Description", "description"))
        if name in body
    }
    settings = {name: web_settings.checked(name, value) for name, value in body.items()}
    sites.update(tenant, row["id"], doc=json.loads(row["doc"]) | settings, **columns)
    return Reply(204)


@ROUTES.add(
    "GET",
    "/_api/site",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the site collection",
    source=_SOURCE,
)
def get_site(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The site collection as `SP.Site`."""
    row = sites.by_path(tenant, call.site_path)
    doc, group = json.loads(row["doc"]), _group_id(tenant, row)
    hub, is_hub = hubs.hub_of(row)
    node = Node(
        {
            "odata.type": "SP.Site",
            "Id": row["id"],
            "ServerRelativeUrl": row["path"] or "/",
            "Url": sites.url(tenant, row, call.base_url),
            "ReadOnly": False,
            "LockIssue": None,
            "ShareByEmailEnabled": bool(doc.get("ShareByEmailEnabled")),
            "ShareByLinkEnabled": bool(doc.get("ShareByLinkEnabled")),
            "HubSiteId": hub,
            "IsHubSite": is_hub,
            "GroupId": group or hubs.NO_HUB,
            "Classification": "",
        },
        {"RootWeb": lambda: _web(tenant, call, row)},
    )
    return _shaped(call, node, "SP.Site")


@ROUTES.add(
    "GET",
    "/_api/web/rootfolder",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the web's root folder",
    source="pnp/cli-microsoft365 spo page",
)
def get_root_folder(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The root folder, whose WelcomePage is the home page."""
    return _shaped(call, _root_folder(sites.by_path(tenant, call.site_path)), "SP.Folder")


@ROUTES.add(
    "PATCH",
    "/_api/web/rootfolder",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Set the home page",
    source="pnp/cli-microsoft365 spo page add",
)
def set_welcome_page(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"WelcomePage":"SitePages/Home.aspx"}`` -> 204."""
    row = sites.by_path(tenant, call.site_path)
    body = bodies.entity(call, "SP.Folder")
    page = body.pop("WelcomePage", None)
    if body or not isinstance(page, str):
        raise Refusal(
            400,
            "invalidRequest",
            "Only WelcomePage can be set on the root folder.",
            rest_code=_CLIENT_QUERY,
        )
    if page and pages.file_at(tenant, row, f"{row['path']}/{page.lstrip('/')}") is None:
        raise Refusal(
            404,
            "itemNotFound",
            f"The file {page} does not exist.",
            rest_code="-2130575338, Microsoft.SharePoint.SPException",
        )
    sites.update(tenant, row["id"], doc=json.loads(row["doc"]), welcome_page=page)
    return Reply(204)

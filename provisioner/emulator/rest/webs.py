"""SharePoint REST for the site itself: web, site collection, root folder and time zone.

learn.microsoft.com/sharepoint/dev/sp-add-ins/get-to-know-the-sharepoint-rest-service;
pnp/cli-microsoft365 ``spo web get``, ``spo web set``.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from provisioner.emulator.model import content_types, fields, lists, pages, roles, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies, entities
from provisioner.emulator.rest.field_entity import field_node
from provisioner.emulator.rest.shape import Node, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
_SOURCE = "pnp/cli-microsoft365 spo web"
_CLIENT_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
_SETTINGS: dict[str, Any] = {
    "QuickLaunchEnabled": True,
    "HorizontalQuickLaunch": False,
    "MegaMenuEnabled": True,
    "FooterEnabled": False,
    "HeaderEmphasis": 0,
    "HeaderLayout": 0,
    "SearchScope": 0,
    "SiteLogoUrl": None,
    "NoCrawl": False,
    "TreeViewEnabled": False,
    "HideTitleInHeader": False,
    "LogoAlignment": 0,
    "NavAudienceTargetingEnabled": False,
}
_EXPLICIT = frozenset({"HasUniqueRoleAssignments", "WelcomePage"})
# IANA zone -> (SharePoint's time zone id, its description); the regional settings page's list.
_ZONES = {
    "UTC": (93, "(UTC) Coordinated Universal Time"),
    "Etc/UTC": (93, "(UTC) Coordinated Universal Time"),
    "Europe/London": (2, "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"),
    "Europe/Paris": (3, "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"),
    "Europe/Berlin": (4, "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"),
    "America/New_York": (10, "(UTC-05:00) Eastern Time (US and Canada)"),
    "America/Toronto": (10, "(UTC-05:00) Eastern Time (US and Canada)"),
    "America/Chicago": (11, "(UTC-06:00) Central Time (US and Canada)"),
    "America/Denver": (12, "(UTC-07:00) Mountain Time (US and Canada)"),
    "America/Los_Angeles": (13, "(UTC-08:00) Pacific Time (US and Canada)"),
    "Asia/Tokyo": (20, "(UTC+09:00) Osaka, Sapporo, Tokyo"),
    "Asia/Kolkata": (23, "(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi"),
    "Australia/Sydney": (76, "(UTC+10:00) Canberra, Melbourne, Sydney"),
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
        **(_SETTINGS | json.loads(row["doc"])),
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
            "RegionalSettings": lambda: _regional(row),
            "RoleAssignments": lambda: [
                entities.assignment_node(a) for a in roles.assignments(tenant, row["id"], roles.WEB)
            ],
        },
        _EXPLICIT,
    )


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


def _zone(row: sqlite3.Row) -> dict[str, Any]:
    number, description = _ZONES.get(row["time_zone"], (0, str(row["time_zone"])))
    zone = ZoneInfo(row["time_zone"])
    winter, summer = (
        -int((datetime(2026, month, 15, tzinfo=zone).utcoffset() or timedelta()).total_seconds())
        // 60
        for month in (1, 7)
    )
    return {
        "odata.type": "SP.TimeZone",
        "Description": description,
        "Id": number,
        # Minutes to add to local time for UTC; daylight saving comes on top.
        "Information": {
            "Bias": max(winter, summer),
            "DaylightBias": -abs(winter - summer),
            "StandardBias": 0,
        },
    }


def _regional(row: sqlite3.Row) -> Node:
    return Node(
        {
            "odata.type": "SP.RegionalSettings",
            "LocaleId": row["lcid"],
            "FirstDayOfWeek": 0,
            "Time24": row["lcid"] != 1033,
            "WorkDays": 62,
        },
        {"TimeZone": lambda: _zone(row)},
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
        if name not in _SETTINGS and name not in ("Title", "Description"):
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
    sites.update(tenant, row["id"], doc=json.loads(row["doc"]) | body, **columns)
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
    group = tenant.one(
        "SELECT id FROM entra_group WHERE json_extract(doc, '$.siteId') = ?", row["id"]
    )
    node = Node(
        {
            "odata.type": "SP.Site",
            "Id": row["id"],
            "ServerRelativeUrl": row["path"] or "/",
            "Url": sites.url(tenant, row, call.base_url),
            "ReadOnly": False,
            "ShareByEmailEnabled": False,
            "HubSiteId": "00000000-0000-0000-0000-000000000000",
            "IsHubSite": False,
            "GroupId": group["id"] if group else "00000000-0000-0000-0000-000000000000",
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


@ROUTES.add(
    "GET",
    "/_api/web/regionalsettings",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get regional settings",
    source=_SOURCE,
)
def get_regional(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Locale and, expanded, the time zone of the site."""
    row = sites.by_path(tenant, call.site_path)
    return _shaped(call, _regional(row), "SP.RegionalSettings")


@ROUTES.add(
    "GET",
    "/_api/web/regionalsettings/timezone",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the time zone",
    source=_SOURCE,
)
def get_time_zone(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The site's time zone: SharePoint's number for it and its description."""
    return Reply(200, _zone(sites.by_path(tenant, call.site_path)), kind="SP.TimeZone")

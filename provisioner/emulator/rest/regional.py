"""SharePoint REST for the regional settings of a site, which only people can change.

learn.microsoft.com/sharepoint/dev/sp-add-ins/get-to-know-the-sharepoint-rest-service; "The type
SP.RegionalSettings does not support HTTP PATCH method" (vgrem/office365-rest-python-client#426).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from provisioner.emulator.model import sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest.shape import Node, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
_SOURCE = "pnp/cli-microsoft365 spo web"
_CLIENT_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
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


def node(row: sqlite3.Row) -> Node:
    """The settings as `SP.RegionalSettings`, with the time zone to expand."""
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
    found = node(row)
    return Reply(200, shape(call, found.entity, found.expandable), kind="SP.RegionalSettings")


@ROUTES.add(
    "PATCH",
    "/_api/web/regionalsettings",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Refuse to update regional settings",
    source="vgrem/office365-rest-python-client#426",
)
def update_regional(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """400: only people can change them."""
    raise Refusal(
        400,
        "invalidRequest",
        "The type SP.RegionalSettings does not support HTTP PATCH method.",
        rest_code=_CLIENT_QUERY,
    )


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

"""SharePoint REST: the header and footer, the theme, and who may share a site.

pnp/cli-microsoft365 ``spo site chrome set``, ``spo theme apply``, ``spo site sharingpermission
set``; learn.microsoft.com/sharepoint/dev/declarative-customization/site-theming/
sharepoint-site-theming-rest-api.
"""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import lists, principals, sites, web_settings
from provisioner.emulator.model.app_roles import MANAGE
from provisioner.emulator.rest import bodies, entities
from provisioner.emulator.rest.shape import shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_CLIENT = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
_ARGUMENT = "-2147024809, System.ArgumentException"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@ROUTES.add(
    "POST",
    "/_api/web/setchromeoptions",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Set header and footer",
    source="pnp/cli-microsoft365 spo site chrome set",
    schema_scope="site",
)
def set_chrome(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"headerLayout": 2, "footerEnabled": false, …}`` -> 200; others are refused."""
    row = sites.by_path(tenant, call.site_path)
    given = bodies.entity(call, "SP.Web")
    changed = {}
    for name, value in given.items():
        setting = web_settings.CHROME.get(name)
        if setting is None:
            raise Refusal(
                400,
                "invalidRequest",
                f"The parameter {name} does not exist in method SetChromeOptions.",
                rest_code=_CLIENT,
            )
        changed[setting] = web_settings.checked(setting, value)
    sites.update(tenant, row["id"], doc=json.loads(row["doc"]) | changed)
    return Reply(200, {"odata.null": True})


@ROUTES.add(
    "POST",
    "/_api/thememanager/applytheme",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Apply a theme",
    source="pnp/cli-microsoft365 spo theme apply",
    schema_scope="site",
)
def apply_theme(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"name", "themeJson"}`` -> the folder of the theme; its primary colour is the web's then."""
    row = sites.by_path(tenant, call.site_path)
    body = call.json()
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str) or not name:
        raise Refusal(400, "invalidRequest", "The theme has no name.", rest_code=_ARGUMENT)
    colour = _primary(body.get("themeJson"))
    sites.update(tenant, row["id"], doc=json.loads(row["doc"]) | {"PrimaryColor": colour})
    return Reply(200, {"value": f"{row['path']}/_catalogs/theme/Themed/{colour[1:].upper()}"})


def _primary(text: Any) -> str:
    """The primary colour of a palette, whose slots are "#rrggbb" or R, G, B and A from 0 to 255."""
    try:
        slot = json.loads(text)["palette"]["themePrimary"]
        if isinstance(slot, dict):
            parts = [slot[part] for part in "RGB"]
            if all(type(part) is int and 0 <= part <= 255 for part in parts):
                slot = "#" + "".join(f"{part:02x}" for part in parts)
        if isinstance(slot, str) and _COLOUR.match(slot):
            return slot.lower()
    except (TypeError, ValueError, KeyError):
        pass
    raise Refusal(400, "invalidRequest", "The theme's palette is not valid.", rest_code=_ARGUMENT)


def _members(tenant: Tenant, call: Call) -> Row:
    site = sites.by_path(tenant, call.site_path)
    found = principals.default_group(tenant, str(site["id"]), "member")
    if found is None:
        raise Refusal(
            404,
            "itemNotFound",
            "Group cannot be found.",
            rest_code="-2146232832, Microsoft.SharePoint.SPException",
        )
    return found


@ROUTES.add(
    "PATCH",
    "/_api/web/associatedmembergroup",
    cost=5,
    permissions=MANAGE,
    selected_role="manage",
    title="Update the members group",
    source="pnp/cli-microsoft365 spo site sharingpermission set",
)
def update_members_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """MERGE of its properties -> 204."""
    principals.update_group(tenant, _members(tenant, call), bodies.entity(call, "SP.Group"))
    return Reply(204)


@ROUTES.add(
    "POST",
    "/_api/web/lists/ensuresiteassetslibrary",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Get the library Site Assets",
    source="learn.microsoft.com, SPListCollection.EnsureSiteAssetsLibrary",
)
def site_assets(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The library, as `SP.List`; the emulator's sites all come with one."""
    site = sites.by_path(tenant, call.site_path)
    url = f"{site['path']}/SiteAssets"
    (row,) = (one for one in lists.all_of(tenant, site["id"]) if one["url"] == url)
    node = entities.list_node(tenant, row)
    return Reply(200, shape(call, node.entity, node.expandable, node.explicit), kind="SP.List")

"""SharePoint REST: hub sites, and the sites that join them.

learn.microsoft.com/sharepoint/dev/features/hub-site/hub-site-rest-api. The id of a hub is the id of
its site collection, as in every published answer of ``spo hubsite list``. Who may join is Microsoft's
"Sites.FullControl.All" for apps (pnp/cli-microsoft365 ``spo site hubsite connect``).
"""

from __future__ import annotations

import json
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import sites
from provisioner.emulator.model.app_roles import FULL_CONTROL, READ
from provisioner.emulator.rest.path import argument
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_SOURCE = "learn.microsoft.com/sharepoint/dev/features/hub-site/"
NO_HUB = "00000000-0000-0000-0000-000000000000"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"


def hub_of(site: Row) -> tuple[str, bool]:
    """The id of the hub a site belongs to, and whether it is that hub itself."""
    hub = str(json.loads(site["doc"]).get("HubSiteId") or NO_HUB)
    return hub, hub == site["id"]


def _set(tenant: Tenant, site: Row, hub: str) -> None:
    sites.update(tenant, site["id"], doc=json.loads(site["doc"]) | {"HubSiteId": hub})


@ROUTES.add(
    "POST",
    "/_api/site/registerhubsite",
    cost=2,
    permissions=FULL_CONTROL,
    selected_role="",
    title="Make a site a hub",
    source=_SOURCE + "rest-registerhubsite-method",
)
def register(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """200 with the hub; a site that belongs to a hub already is refused."""
    site = sites.by_path(tenant, call.site_path)
    if hub_of(site)[0] != NO_HUB:
        raise Refusal(
            400, "invalidRequest", "This site belongs to a hub already.", rest_code=_EXCEPTION
        )
    _set(tenant, site, str(site["id"]))
    return Reply(200, _hub(tenant, call, site))


@ROUTES.add(
    "POST",
    "/_api/site/joinhubsite",
    cost=2,
    permissions=FULL_CONTROL,
    selected_role="",
    title="Join or leave a hub",
    source=_SOURCE + "rest-joinhubsite-method",
)
def join(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """204. The zero GUID leaves the hub; the id of no hub is refused, and so is a hub that joins."""
    site = sites.by_path(tenant, call.site_path)
    wanted = str(argument(call, "hubSiteId") or "").strip("{}'").lower()
    if hub_of(site)[1]:
        raise Refusal(400, "invalidRequest", "A hub site cannot join a hub.", rest_code=_EXCEPTION)
    if wanted != NO_HUB:
        hub = tenant.one("SELECT * FROM site WHERE id = ?", wanted)
        if hub is None or not hub_of(hub)[1]:
            raise Refusal(
                404,
                "itemNotFound",
                f"The hub site {wanted} does not exist.",
                rest_code="-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
            )
    _set(tenant, site, wanted)
    return Reply(204)


@ROUTES.add(
    "GET",
    "/_api/web/hubsitedata",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the hub of a site",
    source=_SOURCE + "rest-hubsitedata-method",
)
def hub_data(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"value": "{…}"}``, JSON inside a text; ``{"odata.null": true}`` without a hub."""
    hub_id, _ = hub_of(sites.by_path(tenant, call.site_path))
    hub = tenant.one("SELECT * FROM site WHERE id = ?", hub_id)
    if hub is None:
        return Reply(200, {"odata.null": True})
    data = {
        "themeKey": None,
        "name": hub["title"],
        "url": sites.url(tenant, hub, call.base_url),
        "logoUrl": None,
        "usesMetadataNavigation": False,
        "megaMenuEnabled": True,
        "navigation": [],
        "isNavAudienceTargeted": False,
        "requiresJoinApproval": False,
        "hideNameInNavigation": False,
        "parentHubSiteId": NO_HUB,
        "relatedHubSiteIds": [hub["id"]],
    }
    return Reply(200, {"value": json.dumps(data)})


@ROUTES.add(
    "GET",
    "/_api/hubsites",
    cost=2,
    permissions=READ,
    selected_role="",
    title="List hubs",
    source=_SOURCE + "rest-hubsites-method",
)
def hub_sites(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Every hub of the tenant."""
    found = [site for site in sites.all_ready(tenant) if hub_of(site)[1]]
    return Reply(200, {"value": [_hub(tenant, call, site) for site in found]})


def _hub(tenant: Tenant, call: Call, site: Row) -> dict[str, Any]:
    return {
        "Description": site["description"],
        "HideNameInNavigation": False,
        "ID": site["id"],
        "LogoUrl": None,
        "ParentHubSiteId": NO_HUB,
        "RequiresJoinApproval": False,
        "SiteId": site["id"],
        "SiteUrl": sites.url(tenant, site, call.base_url),
        "Title": site["title"],
    }

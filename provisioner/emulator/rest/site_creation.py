"""SPSiteManager: sites made and deleted through SharePoint REST.

learn.microsoft.com/sharepoint/dev/apis/site-creation-rest: an app must name an owner; SiteStatus is
0 not found, 1 provisioning, 2 ready, 3 error, 4 the address is taken.
"""

from __future__ import annotations

from datetime import datetime
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import site_removal, sites
from provisioner.emulator.model.app_roles import FULL_CONTROL
from provisioner.emulator.model.localised import by_tag
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.path import argument
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_SOURCE = "learn.microsoft.com/sharepoint/dev/apis/site-creation-rest"
_TEMPLATES = frozenset({"STS#3", "SITEPAGEPUBLISHING#0"})
_KNOWN = frozenset(
    {
        "Title",
        "Url",
        "Lcid",
        "ShareByEmailEnabled",
        "Classification",
        "Description",
        "WebTemplate",
        "SiteDesignId",
        "Owner",
        "WebTemplateExtensionId",
        "HubSiteId",
        "TimeZoneId",
    }
)
_NOT_FOUND, _PROVISIONING, _READY, _TAKEN = 0, 1, 2, 4
_NONE = "00000000-0000-0000-0000-000000000000"
_ARGUMENT = "-2147024809, System.ArgumentException"


def _bad(message: str) -> Refusal:
    return Refusal(400, "invalidRequest", message, rest_code=_ARGUMENT)


@ROUTES.add(
    "POST",
    "/_api/SPSiteManager/create",
    cost=2,
    permissions=FULL_CONTROL,
    selected_role="",
    title="Create a site",
    source=_SOURCE,
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"request": {"Title", "Url", "WebTemplate", "Owner", …}}`` -> its id and SiteStatus.

    A taken address is told by SiteStatus 4, not by an error.
    """
    request = bodies.parameters(call, "request")
    unknown = set(request) - _KNOWN
    if unknown:
        raise _bad(f"The property '{min(unknown)}' does not exist on the request.")
    for name in ("Title", "Url"):
        if not isinstance(request.get(name), str) or not request[name].strip():
            raise _bad(f"{name} is needed.")
    template = request.get("WebTemplate") or "STS#3"
    if template not in _TEMPLATES:
        raise _bad(f"The template {template} cannot be used here.")
    for name in ("SiteDesignId", "WebTemplateExtensionId", "HubSiteId", "TimeZoneId"):
        if request.get(name) not in (None, "", _NONE):
            message = f"The emulator applies no {name} to a new site."
            raise Refusal(501, "notImplemented", message)
    path = sites.path_of_url(tenant, request["Url"])
    taken = tenant.one("SELECT 1 FROM site WHERE path = ?", path) is not None
    if taken or site_removal.is_taken(tenant, path):
        body = {"SiteId": "", "SiteStatus": _TAKEN, "SiteUrl": ""}
        return Reply(200, body, kind="SP.SiteCreationResponse")
    lcid = request.get("Lcid") or by_tag(str(tenant.setting("locale"))).lcid
    if not isinstance(lcid, int):
        raise _bad("Lcid is not a number.")
    row = sites.create_site(
        tenant,
        path=path,
        title=request["Title"],
        template=template,
        lcid=lcid,
        owner_upn=_owner(tenant, call, request),
        time_zone=str(tenant.setting("timeZone") or "UTC"),
        description=str(request.get("Description") or ""),
        delay_ms=int(tenant.setting("provisioningDelayMs")),
    )
    sites.update(
        tenant, row["id"], doc={"ShareByEmailEnabled": bool(request.get("ShareByEmailEnabled"))}
    )
    return Reply(200, _status(tenant, call, row), kind="SP.SiteCreationResponse")


@ROUTES.add(
    "GET",
    "/_api/SPSiteManager/status",
    cost=1,
    permissions=FULL_CONTROL,
    selected_role="",
    title="Status of a site's creation",
    source=_SOURCE,
)
def status(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``status?url='https://…'``: 0 for an address that has no site."""
    url = argument(call, "url") or call.query.get("url", "")
    path = sites.path_of_url(tenant, str(url).strip("'"))
    row = tenant.one("SELECT * FROM site WHERE path = ?", path)
    if row is None:
        return Reply(200, {"SiteId": "", "SiteStatus": _NOT_FOUND, "SiteUrl": ""})
    return Reply(200, _status(tenant, call, row))


@ROUTES.add(
    "POST",
    "/_api/SPSiteManager/delete",
    cost=2,
    permissions=FULL_CONTROL,
    selected_role="",
    title="Delete a site",
    source=_SOURCE,
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"siteId"}`` -> 200; a group's site goes with its group only, and is refused here."""
    site_id = str(argument(call, "siteId") or "").lower()
    row = tenant.one("SELECT * FROM site WHERE id = ?", site_id)
    if row is None:
        raise Refusal(
            404,
            "itemNotFound",
            f"The site {site_id} does not exist.",
            rest_code="-2147024894, System.IO.FileNotFoundException",
        )
    if str(row["template"]).startswith("GROUP"):
        raise _bad("A site that belongs to a group is deleted by deleting the group.")
    site_removal.remove(tenant, row)
    return Reply(200)


def _status(tenant: Tenant, call: Call, row: Row) -> dict[str, Any]:
    ready = datetime.fromisoformat(row["ready_at"]) <= tenant.now()
    return {
        "SiteId": row["id"],
        "SiteStatus": _READY if ready else _PROVISIONING,
        "SiteUrl": sites.url(tenant, row, call.base_url) if ready else "",
    }


def _owner(tenant: Tenant, call: Call, request: dict[str, Any]) -> str:
    owner = request.get("Owner") or (call.caller.user if call.caller is not None else None)
    if not isinstance(owner, str) or not owner:
        raise _bad("Owner is needed when an app creates a site.")
    upn = owner.rsplit("|", 1)[-1]
    user = tenant.one("SELECT upn FROM user WHERE upn = ? OR mail = ? COLLATE NOCASE", upn, upn)
    if user is None:
        raise _bad(f"The owner {owner} could not be found.")
    return str(user["upn"])

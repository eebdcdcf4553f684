"""The form digest (``_api/contextinfo``): old clients ask for one before they write.

Source: "Complete basic operations using SharePoint REST endpoints"
(learn.microsoft.com/sharepoint/dev/sp-add-ins). With a bearer token it is not needed;
Office365-REST-Python-Client asks all the same.
"""

from __future__ import annotations

from provisioner.emulator.model.app_roles import READ
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Reply

ROUTES = Routes("rest")
_LIFETIME = 1800


@ROUTES.add(
    "POST",
    "/_api/contextinfo",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a form digest",
    source="learn.microsoft.com/sharepoint/dev/sp-add-ins/"
    "complete-basic-operations-using-sharepoint-rest-endpoints",
)
def context_info(tenant: Tenant, call: Call, _groups: dict[str, str]) -> Reply:
    """A digest; it is accepted everywhere and never checked."""
    stamp = tenant.now().strftime("%d %b %Y %H:%M:%S -0000")
    address = f"{call.base_url}{call.site_path}"
    body = {
        "FormDigestTimeoutSeconds": _LIFETIME,
        "FormDigestValue": f"0x{tenant.guid().replace('-', '').upper()},{stamp}",
        "LibraryVersion": "16.0.0.0",
        "SiteFullUrl": address,
        "SupportedSchemaVersions": ["14.0.0.0", "15.0.0.0"],
        "WebFullUrl": address,
    }
    return Reply(200, body, kind="SP.ContextWebInformation")

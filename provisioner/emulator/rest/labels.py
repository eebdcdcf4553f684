"""SharePoint REST: the default retention label of a list.

pnp/cli-microsoft365: spo list retentionlabel ensure, get and remove, spo web retentionlabel list;
PnP Core SDK reads one list's with a GET.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import unquote, urlsplit

from provisioner.emulator.model import labels, lists, sites
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest.path import argument
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_PROXY = r"/_api/sp[._]compliancepolicy[._]sppolicystoreproxy[._]"
_SOURCE = "pnp/cli-microsoft365 spo list retentionlabel"


def _list(tenant: Tenant, call: Call) -> sqlite3.Row:
    """The list of ``listUrl``, an address with or without the host. Raises `Refusal` 404."""
    site = sites.by_path(tenant, call.site_path)
    url = unquote(urlsplit(str(argument(call, "listUrl", ""))).path).rstrip("/")
    for row in lists.all_of(tenant, site["id"]):
        if str(row["url"]).lower() == url.lower():
            return row
    raise Refusal(
        404,
        "itemNotFound",
        f"List '{url}' does not exist at site.",
        rest_code="-1, System.ArgumentException",
    )


def _tag(name: str) -> dict[str, Any]:
    return {
        "AutoDelete": False,
        "BlockDelete": False,
        "BlockEdit": False,
        "ContainsSiteLabel": False,
        "DisplayName": "",
        "IsEventTag": False,
        "Notes": None,
        "TagName": name,
    }


@ROUTES.add(
    "GET",
    _PROXY + "getlistcompliancetag",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list's default retention label",
    source="pnp/pnpcore List.GetComplianceTagAsync; " + _SOURCE + " get",
)
@ROUTES.add(
    "POST",
    _PROXY + "getlistcompliancetag",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list's default retention label",
    source=_SOURCE + " get",
)
def get_tag(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The label, or ``odata.null`` for none."""
    name = labels.retention(_list(tenant, call))
    return Reply(200, _tag(name) if name else {"odata.null": True})


@ROUTES.add(
    "POST",
    _PROXY + "setlistcompliancetag",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Set a list's default retention label",
    source=_SOURCE + " ensure",
)
def set_tag(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"listUrl","complianceTagValue","blockDelete","blockEdit","syncToItems"}`` -> 200.

    An empty value takes the label away. Documents that are there keep what they have: labelling
    them afterwards (``syncToItems``) is not built.
    """
    if str(argument(call, "syncToItems", default="false")).lower() == "true":
        raise Refusal(501, "notImplemented", "The emulator does not label what is there already.")
    name = str(argument(call, "complianceTagValue", "") or "")
    labels.set_retention(tenant, _list(tenant, call), name)
    return Reply(200, {"odata.null": True})


@ROUTES.add(
    "GET",
    _PROXY + "getavailabletagsforsite",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the retention labels of a site",
    source="pnp/cli-microsoft365 spo web retentionlabel list",
)
def get_available(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The labels that are published to the site: all of the tenant's."""
    sites.by_path(tenant, call.site_path)
    return Reply(200, {"value": [_tag(name) for name in tenant.setting("retentionLabels")]})

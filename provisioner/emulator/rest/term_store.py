"""SharePoint REST for the term store: its id, and whether a term set is there.

``/_api/v2.1/termStore`` is what pages of SharePoint itself ask; Graph's ``/sites/{id}/termStore`` has
no application permission (microsoftgraph/microsoft-graph-devx-content, permissions.json).
"""

from __future__ import annotations

import uuid

from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_PERMISSIONS = ("TermStore.Read.All", "TermStore.ReadWrite.All")
_SOURCE = "learn.microsoft.com/graph/api/termstore-store-get, in its SharePoint address"
_NAMESPACE = uuid.UUID("6f1d7c1e-5a0f-4c57-9a53-6d1f3f0b7d11")


def store_id(tenant: Tenant) -> str:
    """The tenant's term store, the same after every reset."""
    return str(uuid.uuid5(_NAMESPACE, str(tenant.setting("hostname"))))


@ROUTES.add(
    "GET",
    r"/_api/v2\.1/termstore",
    cost=1,
    permissions=_PERMISSIONS,
    selected_role="",
    title="Get the term store",
    source=_SOURCE,
)
def get_store(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Its id and languages."""
    body = {"id": store_id(tenant), "defaultLanguageTag": "en-US", "languageTags": ["en-US"]}
    return Reply(200, body, kind="microsoft.graph.termStore.store")


@ROUTES.add(
    "GET",
    r"/_api/v2\.1/termstore/sets/(?P<set>[^/()]+)",
    cost=1,
    permissions=_PERMISSIONS,
    selected_role="",
    title="Get a term set",
    source=_SOURCE,
)
def get_set(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """A set of the setting ``termSets``; 404 for another."""
    wanted = match["set"].strip("{}").lower()
    if wanted not in [str(one).lower() for one in tenant.setting("termSets")]:
        raise Refusal(404, "itemNotFound", "Resource not found for the segment 'sets'.")
    body = {"id": wanted, "localizedNames": [{"name": "Terms", "languageTag": "en-US"}]}
    return Reply(200, body, kind="microsoft.graph.termStore.set")

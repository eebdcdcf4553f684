"""A Teams workflow's address, as Power Automate gives one out: the signature in it is the permission.

The service has it on a host of its own; here it stands below ``/v1.0``. What it refuses is from
reports of the service's answers and not verified against it.
"""

from __future__ import annotations

import json
from typing import Any

from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_LARGEST = 28 * 1024
_CARD = "application/vnd.microsoft.card.adaptive"


@ROUTES.add(
    "POST",
    r"/workflows/(?P<workflow>[^/]+)/triggers/manual/paths/invoke",
    cost=1,
    permissions=("preauthenticated",),
    selected_role="",
    title="Post to a Teams workflow",
    source="support.microsoft.com: Create incoming webhooks with Workflows for Microsoft Teams",
)
def invoke(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """202 and an entry in the outbox; 401 without a signature, or with a token beside it."""
    if not call.query.get("sig"):
        raise Refusal(
            401,
            "DirectApiAuthorizationRequired",
            "The request must be authenticated only by Shared Access scheme.",
        )
    if "authorization" in call.headers:
        raise Refusal(
            401,
            "DirectApiRequestHasMoreThanOneAuthorization",
            "The request has both SAS authentication scheme and 'Bearer' authorization scheme. "
            "Only one scheme should be used.",
        )
    if len(call.body) > _LARGEST:
        raise Refusal(413, "RequestEntityTooLarge", "The message is larger than 28 KB.")
    cards = [_card(each) for each in _attachments(call.json())]
    doc = {"workflow": match["workflow"], "cards": cards}
    tenant.run(
        "INSERT INTO outbox (kind, at, doc) VALUES ('teams', ?, ?)",
        tenant.stamp(),
        json.dumps(doc, ensure_ascii=False),
    )
    return Reply(202)


def _attachments(body: Any) -> list[Any]:
    found = body.get("attachments") if isinstance(body, dict) else None
    if not isinstance(found, list) or not found:
        raise Refusal(400, "TriggerInputSchemaMismatch", "The message has no attachments.")
    return found


def _card(attachment: Any) -> dict[str, Any]:
    card = attachment.get("content") if isinstance(attachment, dict) else None
    fits = isinstance(card, dict) and card.get("type") == "AdaptiveCard"
    if not fits or attachment.get("contentType") != _CARD:
        raise Refusal(400, "TriggerInputSchemaMismatch", "The attachment is no Adaptive Card.")
    assert isinstance(card, dict)
    return card

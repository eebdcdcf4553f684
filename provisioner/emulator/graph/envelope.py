"""How Microsoft Graph words an answer: headers on every one, and the error body.

Source: "Microsoft Graph error responses and resource types" (learn.microsoft.com/graph/errors).
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from provisioner.emulator.wire import Call, Refusal


def correlation_headers(call: Call) -> dict[str, str]:
    """``request-id`` and ``client-request-id``, as every Graph answer carries them."""
    request_id = str(uuid.uuid4())
    return {
        "request-id": request_id,
        "client-request-id": call.headers.get("client-request-id") or request_id,
    }


def error_body(refusal: Refusal, headers: dict[str, str], now: datetime) -> dict[str, Any]:
    """The error envelope; `headers` are those of `correlation_headers`."""
    inner: dict[str, Any] = {"code": refusal.inner} if refusal.inner else {}
    inner["date"] = now.strftime("%Y-%m-%dT%H:%M:%S")
    inner.update(headers)
    return {"error": {"code": refusal.code, "message": refusal.message, "innerError": inner}}

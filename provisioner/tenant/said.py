"""What an answer that refuses says in Microsoft's own words, in whichever envelope.

Three envelopes carry them: Graph's `{"error": {"code", "message", "innerError"}}` ("Microsoft Graph
error responses", learn.microsoft.com/graph/errors), and SharePoint's verbose `{"error": {"code",
"message": {"value"}}}` and plain `{"odata.error": …}` ("Get to know the SharePoint REST service",
learn.microsoft.com/sharepoint/dev/sp-add-ins/get-to-know-the-sharepoint-rest-service).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.tenant.redaction import shown


@dataclass(frozen=True, slots=True)
class Said:
    """Microsoft's own words: its error code, its message (cut, redacted) and its request id."""

    code: str
    message: str
    request_id: str | None

    @property
    def quoted(self) -> str:
        """Code and message in one line."""
        return f"{self.code}: {self.message}" if self.message else self.code


def said(status: int, headers: Mapping[str, str], body: Any) -> Said:
    """What an answer says in whichever envelope; "HTTP-404" where it names no code.

    `body` is decoded JSON, text, bytes or None; header names are lower case.
    """
    error: Any = None
    if isinstance(body, dict):
        error = body.get("error", body.get("odata.error"))
    code, message, inner_id = "", "", None
    if isinstance(error, dict):
        code = str(error.get("code") or "")
        text = error.get("message")
        message = str(text.get("value") or "") if isinstance(text, dict) else str(text or "")
        inner = error.get("innerError", error.get("innererror"))
        inner_id = inner.get("request-id") if isinstance(inner, dict) else None
    elif isinstance(error, str):
        # Entra's envelope, which a gateway in front of SharePoint also uses.
        code, message = error, str(body.get("error_description") or "")
    elif isinstance(body, str):
        message = body
    request_id = headers.get("request-id") or headers.get("sprequestguid") or inner_id
    return Said(shown(code) or f"HTTP-{status}", shown(message), request_id)

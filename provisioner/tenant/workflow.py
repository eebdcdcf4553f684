"""Posting to a Teams workflow's address. The address is a secret: it carries its own signature.

No token goes there, no redirect is followed, and the address gets into no message and no log.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from provisioner.core.errors import ProvisionerError
from provisioner.tenant.redaction import shown
from provisioner.tenant.sessions import CONNECT_SECONDS, USER_AGENT, trust

_log = logging.getLogger("httpx")  # it tells the address of every request, at level INFO
_SECONDS = 30.0
_LARGEST = 28 * 1024  # bytes a message may have (learn.microsoft.com, "Limits and specifications")


async def post_workflow(url: str, message: dict[str, Any], ca_path: Path | None = None) -> str:
    """POST the message as JSON; "" when it was taken, else a sentence that says why it was not.

    `ca_path`: trust this authority instead of the system's, as for the emulator. Nothing is raised
    and nothing is sent twice.
    """
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname:
        return "The Teams workflow address is no https address."
    content = orjson.dumps(message)
    if len(content) > _LARGEST:
        return "The message is larger than Teams takes."
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    unsaid = _Unsaid()
    _log.addFilter(unsaid)
    try:
        async with httpx.AsyncClient(
            verify=trust(ca_path),
            trust_env=ca_path is None,
            follow_redirects=False,
            timeout=httpx.Timeout(_SECONDS, connect=CONNECT_SECONDS),
        ) as client:
            answer = await client.post(url.strip(), content=content, headers=headers)
    except ProvisionerError as problem:
        return problem.message
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"The Teams workflow could not be reached ({type(error).__name__})."
    finally:
        _log.removeFilter(unsaid)
    if 200 <= answer.status_code < 300:
        return ""
    why = shown(answer.text, url, parts.query)
    return f"The Teams workflow refused the message (HTTP {answer.status_code}): {why}"


class _Unsaid(logging.Filter):
    """Keeps the library from logging the address while we post."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - none passes
        """Nothing passes."""
        return False

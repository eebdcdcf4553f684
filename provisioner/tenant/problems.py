"""What Microsoft's refusals mean, as our errors and outcomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from provisioner.core.errors import Permanent, ProvisionerError, Temporary
from provisioner.core.transport import Operation, Outcome, Reading
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.redaction import shown
from provisioner.tenant.refusals import is_locked, locked, refusal
from provisioner.tenant.retry import Again
from provisioner.tenant.said import Said, said
from provisioner.tenant.wire import Lost

NO_ANSWER = "NO-ANSWER"
NOT_SENT = "NOT-SENT"
THROTTLED = "THROTTLED"

_WEB = re.compile(r"/_api/(?:web|site)(?:/|$)", re.IGNORECASE)


def reading_problem(
    reading: Reading, status: int, headers: Mapping[str, str], body: Any, endpoints: Endpoints
) -> ProvisionerError:
    """The error for a reading that was refused for good."""
    words = said(status, headers, body)
    if is_locked(status, words):
        return locked(words, endpoints)
    if status in (401, 403):
        return refusal(reading.audience, status, words, reading.permission, endpoints)
    if status == 404 and _is_missing_site(reading, words):
        return ProvisionerError(
            "SITE-NOT-FOUND",
            f"There is no site at https://{endpoints.hostname}{endpoints.site_path}, or the app "
            "may not see it.",
            hint="Check `url` under `site:`. If it is still to be made, run `provisioner apply` first; "
            "if it is there, an administrator grants the app this one site: `provisioner permissions "
            "--format script` writes the commands.",
            request_id=words.request_id,
        )
    code, sentence = {
        400: ("REQUEST-INVALID", "Microsoft 365 cannot understand what we asked"),
        404: ("NOT-FOUND", "Microsoft 365 does not find it"),
        410: ("GONE", "Microsoft 365 says that it is gone"),
    }.get(status, ("READ-REFUSED", f"Microsoft 365 answered HTTP {status}"))
    return Permanent(
        code,
        f"{sentence}: {_place(reading)}: {words.quoted}",
        status=status,
        hint="If it was there a moment ago, run the command again; otherwise report this with the "
        "request id.",
        request_id=words.request_id,
    )


def given_up(again: Again, deadline: float) -> Temporary:
    """The error for a reading that was still throttled, or unanswered, at the deadline."""
    if again.throttled:
        asked = f", which asked us to wait {again.wait:.0f} s" if again.wait else ""
        return Temporary(
            THROTTLED,
            f"Microsoft 365 was still too busy at our limit of {deadline:.0f} s "
            f"(HTTP {again.status}{asked}).",
            status=again.status,
            retry_after=again.wait,
            hint="Run the command again later; what is already done is not done twice.",
        )
    if again.status == 404:
        return Temporary(
            "NOT-READY",
            f"Microsoft 365 was still setting up what was just made after {deadline:.0f} s.",
            status=404,
            hint="Run the command again in a few minutes.",
        )
    return Temporary(
        NO_ANSWER, again.why, status=again.status, hint=again.hint or "Run the command again."
    )


def unreachable(lost: Lost) -> Temporary:
    """The error for a host that cannot be spoken to at all."""
    return Temporary("UNREACHABLE", lost.sentence, hint=lost.hint)


def outcome_of(
    operation: Operation,
    status: int,
    headers: Mapping[str, str],
    body: Any,
    endpoints: Endpoints,
) -> Outcome:
    """What an answered write came to. 429 and 503 are failed: nothing was done.

    A 408, 502 or 504 comes from a gateway that did not wait for the end, so it is unknown.
    """
    if 200 <= status < 300 or status in operation.tolerates:
        return Outcome("done", status, body, headers, request_id=_request_id(headers))
    words = said(status, headers, body)
    if status in (408, 502, 504):
        return Outcome(
            "unknown",
            status,
            body,
            headers,
            code=words.code,
            message=f"Microsoft 365 gave up waiting (HTTP {status}); it may or may not be done.",
            request_id=words.request_id,
        )
    message, code = words.quoted, words.code
    if is_locked(status, words):
        refused = locked(words, endpoints)
        message, code = f"{refused.message} {refused.hint}", refused.code
    elif status in (401, 403):
        refused = refusal(operation.audience, status, words, operation.permission, endpoints)
        message, code = f"{refused.message} {refused.hint}", refused.code
    if status in operation.refused:
        message = f"{operation.refused[status]} Microsoft 365 says: {message}"
    return Outcome("failed", status, body, headers, code, message, request_id=words.request_id)


def lost_outcome(lost: Lost) -> Outcome:
    """What a write came to that got no answer."""
    if lost.sent:
        return Outcome(
            "unknown",
            code=NO_ANSWER,
            message=f"{lost.sentence} It may or may not be done; look before sending again.",
        )
    return Outcome(
        "failed", code=NOT_SENT, message=f"{lost.sentence} Nothing was sent. {lost.hint}"
    )


def error_outcome(problem: ProvisionerError) -> Outcome:
    """What a write came to that we would not send."""
    return Outcome(
        "failed",
        code=problem.code,
        message=f"{problem.message} {problem.hint}".strip(),
        request_id=problem.request_id,
    )


def is_provisioning(status: int, body: Any) -> bool:
    """Whether a 404 means “not yet”: what was just created is still being set up.

    Graph says so while the site of a new group is made (pnp/pnpjs issue 740), and lists
    `resourceBeingProvisioned` among its codes (learn.microsoft.com/graph/errors).
    """
    if status != 404 or not isinstance(body, dict):
        return False
    words = said(status, {}, body)
    return (
        words.code == "resourceBeingProvisioned"
        or "provisioning is in progress" in words.message.lower()
    )


def host_mismatch(url: str, expected: str) -> Permanent:
    """A link leads to a host that our token is not for."""
    host = urlsplit(url).netloc.rpartition("@")[2] or "no host"
    return Permanent(
        "HOST-MISMATCH",
        f"An answer sends us on to {shown(host)}, which is not {expected}. Nothing was sent there.",
        status=0,
        hint="Report this: a token never goes to another host. Check the proxy in between.",
    )


def download_too_large(url: str, most: int) -> Permanent:
    """A host that an answer led us to sends more than any file of SharePoint's can have."""
    host = urlsplit(url).hostname or "a host"
    return Permanent(
        "DOWNLOAD-TOO-LARGE",
        f"{shown(host)} sends more than {most // 1024**2} MB for one file; we stopped reading.",
        status=0,
        hint="Open the file in the browser and look at its size; check the proxy in between.",
    )


def _is_missing_site(reading: Reading, words: Said) -> bool:
    path = reading.path.partition("?")[0].rstrip("/")
    if reading.audience == "sharepoint":
        # What every site has, addressed without an argument, is missing only with its site; and
        # only an unknown site is answered with plain text instead of one of the envelopes.
        bare = _WEB.match(path) is not None and "(" not in path
        return bare or words.code == "HTTP-404"
    is_site = path.startswith("/sites/") and path.count("/:") == 0 and path.count(":") == 1
    return is_site or "site could not be found" in words.message.lower()


def _request_id(headers: Mapping[str, str]) -> str | None:
    return headers.get("request-id") or headers.get("sprequestguid")


def _place(reading: Reading) -> str:
    return shown(f"GET {reading.path}")

"""What single answers of a tenant mean for somebody who asks why something does not work.

What SharePoint says to an app of its own rights (`_api/web/EffectiveBasePermissions`) is not
documented, so any other answer is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from provisioner.core.check import Check, State
from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.tenant.refusals import UNLOCK, is_locked
from provisioner.tenant.said import Said, said

MOST_SKEW_SECONDS = 300
"""Entra forgives five minutes ("AADSTS700024", learn.microsoft.com/entra/identity-platform)."""


def clock_check(headers: Mapping[str, str], now: datetime) -> Check:
    """This machine's clock against the `Date` of an answer. Header names are lower case."""
    name, title = "clock", "Clock"
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return Check(name, title, "unknown", "No service has told the time.")
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    seconds = round((now - told).total_seconds())
    words = "ahead of" if seconds > 0 else "behind"
    found = (
        f"It is {abs(seconds)} seconds {words} the service's."
        if abs(seconds) > 5
        else "It is right."
    )
    if abs(seconds) > MOST_SKEW_SECONDS:
        hint = "Set this machine's clock, best by NTP; sign-in forgives five minutes."
        return Check(name, title, "fail", found, hint, "CLOCK-WRONG")
    return Check(name, title, "pass", found)


def proxy_check(proxies: Mapping[str, str]) -> Check:
    """Which proxies are in between, by the addresses they serve; their names only."""
    used = sorted({urlsplit(one).hostname or one for one in proxies.values() if one})
    found = (
        f"Requests go through {', '.join(used)}." if used else "None is set; we connect directly."
    )
    return Check("proxy", "Proxy", "pass", found)


def answer_check(name: str, title: str, answer: requests.Response, site: str) -> Check:
    """What an answer about the site at an address means."""
    status = answer.status_code
    if status == 200:
        return Check(name, title, "pass", f"{site} answers.")
    if status == 404:
        return Check(name, title, "unknown", f"There is no site at {site} yet.")
    words = said(status, {}, json_of(answer) or answer.text[:500])
    if status in {429, 503}:
        wait = answer.headers.get("Retry-After", "")
        fix = f"Wait {wait} seconds." if wait.isdigit() else "Wait a few minutes."
        return Check(name, title, "unknown", f"It is too busy to say (HTTP {status}).", fix)
    found, fix, code = _refusal(status, words)
    if not found:
        return Check(name, title, "unknown", f"It answers HTTP {status}: {words.quoted}")
    return Check(name, title, "fail", found, fix, code, refused=status != 400)


def _refusal(status: int, words: Said) -> tuple[str, str, str]:
    """What was found, the fix and the code; three times nothing for an answer that is no refusal."""
    if is_locked(status, words):
        return f"The site is locked: {words.quoted}", UNLOCK, "SITE-LOCKED"
    if status == 400:
        fix = "Check `hostname` under `tenant:`, and that it is a host of this tenant."
        return f"The site's host is not known: {words.quoted}", fix, "RESOURCE-NOT-FOUND"
    if status in {401, 403}:
        return (
            f"The app is not let in (HTTP {status}): {words.quoted}",
            (
                "With Sites.Selected an administrator also grants the app this one site; "
                "`provisioner permissions --format script` has the commands."
            ),
            "SIGN-IN-NOT-ACCEPTED" if status == 401 else "PERMISSION-MISSING",
        )
    return "", "", ""


def problem_check(name: str, title: str, problem: ProvisionerError) -> Check:
    """An error as a check; what may pass by itself is not known to fail."""
    state: State = "unknown" if isinstance(problem, Temporary) else "fail"
    refused = isinstance(problem, Refused)
    return Check(name, title, state, problem.message, problem.hint, problem.code, refused)


def json_of(answer: requests.Response) -> dict[str, Any]:
    """The object in an answer; {} for anything else."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

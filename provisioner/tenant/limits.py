"""How long Microsoft 365 asks us to wait.

`Retry-After` comes in seconds, in fractions of a second, as an HTTP date, or not at all; on a 429
the reset of `RateLimit-*` may be later, and the later of the two counts ("Avoid getting throttled
or blocked in SharePoint Online", learn.microsoft.com/sharepoint/dev/general-development/
how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online; "Microsoft Graph throttling
guidance", learn.microsoft.com/graph/throttling).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

THROTTLED = frozenset({429, 503})
BUSY = frozenset({429, 503, 504})


def wait_asked(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the service asks us to wait; None when it names no time.

    Header names are lower case. A date is measured against the answer's own `Date`, so that a
    wrong clock here does not matter, and against `now` without one. Nought means at once.
    """
    asked = _retry_after(headers.get("retry-after", ""), _date(headers.get("date", "")) or now)
    if status == 429:
        reset = _number(headers.get("ratelimit-reset", ""))
        if reset is not None:
            asked = max(asked or 0.0, reset)
    return asked


def _retry_after(text: str, now: datetime) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return seconds
    until = _date(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _date(text: str) -> datetime | None:
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)

"""Resource units: what an app may ask for in a minute, and what it is told when that is too much.

Source: "Avoid getting throttled or blocked in SharePoint Online"
(learn.microsoft.com/sharepoint/dev/general-development, 2025-10-02): units per app and tenant and
minute, throttled calls count, ``RateLimit-*`` headers from 80 % of the limit on, every part of a
batch is charged by itself. Graph and SharePoint REST draw on one budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

_WINDOW = 60.0
_SHOW_FROM = 0.8


@dataclass(frozen=True, slots=True)
class Charge:
    """The outcome of charging one call: what to tell the client, and whether to refuse."""

    headers: dict[str, str]
    refused: bool


@dataclass(slots=True)
class Budget:
    """Units used per app in its current minute; a minute begins with an app's first call."""

    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def charge(self, app_id: str, units: int, limit: int, now: datetime) -> Charge:
        """Charge `units` to the app at `now` (the tenant's clock)."""
        moment = now.timestamp()
        started, used = self._windows.get(app_id, (moment, 0))
        if not started <= moment < started + _WINDOW:
            started, used = moment, 0
        used += units
        self._windows[app_id] = (started, used)
        wait = max(1, math.ceil(started + _WINDOW - moment))
        headers: dict[str, str] = {}
        if used >= _SHOW_FROM * limit:
            headers = {
                "RateLimit-Limit": str(limit),
                "RateLimit-Remaining": str(max(0, limit - used)),
                "RateLimit-Reset": str(wait),
            }
        refused = used > limit
        if refused:
            headers["Retry-After"] = str(wait)
        return Charge(headers, refused)

    def clear(self) -> None:
        """Give every app a fresh minute."""
        self._windows.clear()

"""The budget of a minute, spent so that Microsoft 365 need not refuse.

An app may spend so many resource units in a tenant in a minute, by the tenant's licences, and calls
that are refused count too ("Avoid getting throttled or blocked in SharePoint Online",
learn.microsoft.com/sharepoint/dev/general-development). How many is told by `RateLimit-Limit` from
80 % on; `RateLimit-Remaining` also counts what other programs of the same app spent. Until the
limit is known nothing waits: what is under way at most fits into the last fifth of the smallest
budget.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from provisioner.core.progress import Progress, Silent
from provisioner.core.transport import Stats
from provisioner.tenant.retry import Again

WINDOW = 60.0
_LONG = 12
"""Digits that no limit has."""
_MOST_RESERVE, _OF_THE_LIMIT = 8, 150
"""Two renewals of the lock in a minute, a look at it and its end; less of a small limit."""
_SLACK = 0.5
"""Seconds more than the window, since our clock starts when a request leaves and theirs when it
arrives."""


@dataclass(slots=True)
class Budget:
    """What one app may spend in one tenant in a minute, and what it spent there.

    Clients of one app in one tenant share it, since Microsoft counts them together. `limit` is the
    units a minute, None while nobody has said; `spent` when how many left; `told` what the service
    says is left, and until when; `others` what other programs of this app spent in a minute, and until
    when they are taken to go on so. Moments are seconds of one clock.
    """

    limit: int | None = None
    spent: deque[tuple[float, int]] = field(default_factory=deque)
    told: tuple[int, float] | None = None
    others: tuple[int, float] | None = None

    def spend(self, units: int, now: float) -> None:
        """Take note of what leaves now."""
        self.spent.append((now, units))
        if self.told is not None:
            self.told = (self.told[0] - units, self.told[1])

    def hear(self, remaining: int, until: float, now: float) -> None:
        """Take in what the service says is left. Of answers that cross the least is the latest."""
        if self.told is None or now >= self.told[1] or remaining < self.told[0]:
            self.told = (remaining, until)
        if self.limit is not None:
            own = sum(units for moment, units in self.spent if moment >= until - WINDOW)
            self.others = (max(0, self.limit - remaining - own), until + WINDOW)

    @property
    def reserve(self) -> int:
        """Units of a minute that only what is urgent may spend: the lock is renewed and laid down."""
        return min(_MOST_RESERVE, (self.limit or 0) // _OF_THE_LIMIT)

    def wait_for(self, units: int, now: float, *, urgent: bool = False) -> float:
        """Seconds until so many units may be spent; 0 for now. What is urgent may take the reserve."""
        units += 0 if urgent else self.reserve
        while self.spent and self.spent[0][0] <= now - WINDOW - _SLACK:
            self.spent.popleft()
        if self.told is not None and now >= self.told[1]:
            # The service counts from nought again, and so does what we spent before.
            self.told = None
            self.spent.clear()
        if self.told is not None and self.told[0] < units:
            return self.told[1] - now
        if self.limit is None or not self.spent:
            return 0.0
        excess = sum(one for _, one in self.spent) + units - self.limit + self._of_others(now)
        for moment, one in self.spent:
            if excess <= 0:
                break
            excess -= one
            if excess <= 0:
                return moment + WINDOW + _SLACK - now
        # More than a whole minute's budget at once goes when nothing else is in its way.
        return self.spent[-1][0] + WINDOW + _SLACK - now if excess > 0 else 0.0

    def _of_others(self, now: float) -> int:
        """Units of the minute to leave to others; nought within a minute of which we were told."""
        if self.others is None or self.told is not None or now >= self.others[1]:
            return 0
        return self.others[0]


class Governor:
    """Lets requests through as the minute's budget allows, in the order in which they came.

    `budget` may be another client's too; `learnt` is told of a limit the service names; `patience` is
    the longest wait, in seconds, before we say that it is too long. What is spent is counted over the
    last 60 seconds wherever they begin, so it fits whatever minute the service counts in. Waiting is
    counted into `stats` and told to `progress`.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
        stats: Stats,
        progress: Progress | None = None,
        budget: Budget | None = None,
        learnt: Callable[[int], None] | None = None,
        patience: float = math.inf,
    ) -> None:
        self.budget = budget if budget is not None else Budget()
        self._sleep = sleep
        self._clock = clock
        self._stats = stats
        self._progress = progress if progress is not None else Silent()
        self._learnt = learnt
        self._patience = patience
        self._turn = asyncio.Lock()

    async def admit(self, units: int, *, urgent: bool = False) -> None:
        """Wait until `units` fit into the minute, and spend them. What is `urgent` waits in no queue.

        Raises `Again`, which the retry policy gives up on, where the service asked for more patience
        than anybody has.
        """
        if urgent:
            await self._room_for(units, urgent=True)
            self.budget.spend(units, self._clock())
            return
        async with self._turn:
            await self._room_for(units, urgent=False)
            self.budget.spend(units, self._clock())

    async def _room_for(self, units: int, *, urgent: bool) -> None:
        wait = self.budget.wait_for(units, self._clock(), urgent=urgent)
        if 0 < wait <= self._patience:
            self._stats.throttled_seconds += wait
            self._progress.waiting(wait, "This minute's budget is spent.")
        while wait > 0:
            if wait > self._patience:
                raise Again(
                    "Microsoft 365 is busy.",
                    status=HTTPStatus.TOO_MANY_REQUESTS,
                    wait=wait,
                    throttled=True,
                )
            await self._sleep(wait)
            wait = self.budget.wait_for(units, self._clock(), urgent=urgent)

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take in what an answer says of the limit. Header names are lower case."""
        limit = _whole(headers.get("ratelimit-limit"))
        remaining = _whole(headers.get("ratelimit-remaining"))
        reset = _whole(headers.get("ratelimit-reset"))
        if limit and limit != self.budget.limit:
            self.budget.limit = limit
            if self._learnt is not None:
                self._learnt(limit)
        if remaining is not None and reset is not None:
            now = self._clock()
            self.budget.hear(remaining, now + reset, now)

    def refused(self, seconds: float) -> None:
        """Take in that a request was throttled and may come back in so many seconds."""
        self.budget.told = (0, self._clock() + seconds)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < _LONG else None

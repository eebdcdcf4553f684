"""The one retry policy, for reads, writes and parts of a batch alike.

The client libraries' own retries are off: they send a POST again after a 503 or a 504 without
asking whether the first one was done. Here an attempt says itself what may be sent again, by
raising `Again`; the policy only decides when, and when to give up.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from provisioner.core.progress import Progress, Silent
from provisioner.core.transport import Stats

T = TypeVar("T")

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 60.0
_RECONNECT_FIRST = 0.2
_RECONNECT_LONGEST = 5.0
RECONNECTS = 4
_WORTH_SAYING = 1.0
"""Requests refused side by side wait for nearly the same moment: that is said once."""
_AT_ONCE = 3
"""How often a service that says "again at once" is taken at its word."""


class Again(Exception):
    """Some of it is to be sent again.

    `wait` is what the service asked for, None when it named no time. `throttled` holds everybody
    else back too, since a throttled call counts against the limit. `tries` is the most attempts
    worth making. `parts` says how many requests would be sent again.
    """

    def __init__(
        self,
        why: str,
        *,
        hint: str = "",
        status: int = 0,
        wait: float | None = None,
        throttled: bool = False,
        tries: int | None = None,
        parts: int = 1,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint
        self.status = status
        self.wait = wait
        self.throttled = throttled
        self.tries = tries
        self.parts = parts


class RetryPolicy:
    """When to send again, and when to stop.

    `deadline` is the most seconds one request may take with all its waits. Sleep, clock and chance
    are handed in so that a test neither sleeps nor guesses. Counts retries and throttled seconds
    into `stats` and tells `progress` of each wait.
    """

    def __init__(
        self,
        *,
        deadline: float = 300.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: random.Random | None = None,
        progress: Progress | None = None,
        stats: Stats | None = None,
    ) -> None:
        self.deadline = deadline
        self.sleep = sleep
        self.clock = clock
        self.wall = wall
        self.stats = stats if stats is not None else Stats()
        self._chance = chance if chance is not None else random.Random()  # noqa: S311 - jitter
        self._progress = progress if progress is not None else Silent()
        self._held_until = 0.0

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Make attempts until one raises no `Again`; the last `Again` is raised at the deadline."""
        started = self.clock()

        async def held_attempt() -> T:
            await self._hold()
            return await attempt()

        def give_up(state: RetryCallState) -> bool:
            again = _again(state)
            if again.tries is not None and state.attempt_number >= again.tries:
                return True
            return self.clock() - started + state.upcoming_sleep > self.deadline

        retrying = AsyncRetrying(
            sleep=self.sleep,
            stop=give_up,
            wait=self._wait,
            retry=retry_if_exception_type(Again),
            before_sleep=self._before_sleep,
            reraise=True,
        )
        return await retrying(held_attempt)

    async def _hold(self) -> None:
        while (left := self._held_until - self.clock()) > 0:
            await self.sleep(left)

    def _wait(self, state: RetryCallState) -> float:
        again = _again(state)
        told = again.status == 0 or state.attempt_number <= _AT_ONCE
        if again.wait is not None and (again.wait > 0 or told):
            return again.wait
        first, longest = (
            (_RECONNECT_FIRST, _RECONNECT_LONGEST)
            if again.tries is not None
            else (_FIRST_WAIT, _LONGEST_WAIT)
        )
        full = min(longest, first * 2.0 ** (state.attempt_number - 1))
        # Half is certain and half is chance, so that many runs do not come back at one moment.
        return full / 2 + self._chance.uniform(0, full / 2)

    def _before_sleep(self, state: RetryCallState) -> None:
        again = _again(state)
        seconds = state.upcoming_sleep
        self.stats.retries += again.parts
        if not again.throttled:
            return
        now = self.clock()
        until = now + seconds
        # Counted as time on the wall: requests that wait side by side wait once.
        longer = until - max(now, self._held_until)
        if longer > 0:
            self.stats.throttled_seconds += longer
            self._held_until = until
        if longer > _WORTH_SAYING:
            self._progress.waiting(seconds, again.why)


def _again(state: RetryCallState) -> Again:
    problem = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(problem, Again), "only Again is retried"
    return problem

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest

from provisioner.tenant.limits import wait_asked
from provisioner.tenant.retry import Again, RetryPolicy

from .conftest import Time, Told

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def policy(time: Time, told: Told, deadline: float = 300.0) -> RetryPolicy:
    return RetryPolicy(
        deadline=deadline,
        sleep=time.sleep,
        clock=time.clock,
        wall=time.wall,
        chance=Random(1),
        progress=told,
    )


def test_one_throttled_request_holds_the_others_back(time: Time, told: Told) -> None:
    retries = policy(time, told)
    sent: list[tuple[str, float]] = []

    begun = asyncio.Event()

    async def throttled() -> None:
        sent.append(("first", time.now))
        begun.set()
        if len(sent) == 1:
            raise Again("busy", status=429, wait=10, throttled=True)

    async def other() -> None:
        sent.append(("other", time.now))

    async def go() -> None:
        first = asyncio.create_task(retries.run(throttled))
        await begun.wait()
        await asyncio.gather(first, retries.run(other))

    asyncio.run(go())
    assert all(at >= 1010 for _, at in sent[1:])
    assert retries.stats.throttled_seconds == 10
    assert told.waits == [(10, "busy")]


def test_waits_side_by_side_are_counted_once(time: Time, told: Told) -> None:
    retries = policy(time, told)
    left = {"a": 1, "b": 1}

    async def attempt(name: str) -> None:
        await asyncio.sleep(0)  # both are under way before either is turned away
        if left[name]:
            left[name] -= 1
            raise Again("busy", status=429, wait=10, throttled=True)

    async def hold(seconds: float) -> None:
        wake = time.now + seconds
        await asyncio.sleep(0)
        time.now = max(time.now, wake)

    retries.sleep = hold

    async def go() -> None:
        await asyncio.gather(*(retries.run(lambda name=name: attempt(name)) for name in left))

    asyncio.run(go())
    assert retries.stats.throttled_seconds == 10
    assert retries.stats.retries == 2


def test_what_is_not_a_request_to_try_again_comes_straight_out(time: Time, told: Told) -> None:
    async def broken() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        asyncio.run(policy(time, told).run(broken))
    assert time.slept == []


def test_at_once_is_obeyed_but_a_service_that_goes_on_saying_it_is_given_time(
    time: Time, told: Told
) -> None:
    async def busy() -> None:
        raise Again("busy", status=429, wait=0, throttled=True)

    with pytest.raises(Again):
        asyncio.run(policy(time, told, deadline=30).run(busy))
    assert time.slept[:3] == [0, 0, 0]
    assert min(time.slept[3:]) >= 1
    assert len(time.slept) < 12


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "3"}, 3),
        (503, {"retry-after": "0.25"}, 0.25),
        (429, {"ratelimit-reset": "12"}, 12),
        (429, {"retry-after": "30", "ratelimit-reset": "12"}, 30),
        (429, {"retry-after": "3", "ratelimit-reset": "12"}, 12),
        (503, {"retry-after": "2", "ratelimit-reset": "12"}, 2),
        (429, {"retry-after": "Sun, 22 Nov 2026 12:01:00 GMT"}, 60),
        (429, {"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
        (429, {"retry-after": "0"}, 0),
        (503, {"retry-after": "0.0"}, 0),
        (429, {"retry-after": "-5"}, None),
        (429, {"retry-after": "nan"}, None),
        (429, {"retry-after": "inf"}, None),
        (429, {}, None),
    ],
)
def test_how_long_we_are_asked_to_wait(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert wait_asked(status, headers, NOON) == seconds

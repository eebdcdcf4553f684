"""The budget of a minute: what fits goes at once, the rest waits, and nothing need be refused."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.transport import Stats
from provisioner.tenant.governor import WINDOW, Budget, Governor
from provisioner.tenant.retry import Again


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def governor(clock: Clock, limit: int | None = None, learnt=None) -> Governor:
    return Governor(
        sleep=clock.sleep, clock=clock, stats=Stats(), budget=Budget(limit), learnt=learnt
    )


def told(limit: int, remaining: int, reset: int) -> dict[str, str]:
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(reset),
    }


def spend(some: Governor, *units: int) -> None:
    async def all_of_them() -> None:
        for one in units:
            await some.admit(one)

    asyncio.run(all_of_them())


def test_while_no_limit_is_known_nothing_waits() -> None:
    clock = Clock()
    spend(governor(clock), 1000, 1000, 1000)
    assert clock.slept == []


def test_what_no_longer_fits_waits_until_the_first_of_it_is_a_minute_old() -> None:
    clock = Clock()
    some = governor(clock, limit=100)
    spend(some, 60, 40)
    assert clock.slept == []
    spend(some, 1)
    assert WINDOW < clock.now < WINDOW + 1


def test_a_limit_the_service_names_holds_from_then_on_and_is_passed_on() -> None:
    clock, heard = Clock(), []
    some = governor(clock, learnt=heard.append)
    spend(some, 80)
    some.heard(told(100, 20, 30))
    some.heard(told(100, 20, 30))
    assert heard == [100]
    spend(some, 15)
    assert clock.slept == []
    spend(some, 15)
    assert clock.now == 30


def test_what_others_spent_counts_too() -> None:
    clock = Clock()
    some = governor(clock, limit=1000)
    some.heard(told(1000, 5, 12))
    spend(some, 10)
    assert clock.slept == [12]


def test_what_others_spent_in_one_minute_is_left_to_them_in_the_next() -> None:
    """Two processes of one app: each knows the whole limit, and neither takes all of it."""
    clock = Clock()
    some = governor(clock, limit=1000)
    spend(some, 400)
    some.heard(told(1000, 100, 20))  # 500 were not ours
    clock.now = 20.5
    spend(some, 300, 150)
    assert clock.slept == []
    spend(some, 100)
    assert clock.slept == [60.5]
    clock.now += 61
    spend(some, 900)  # nobody was heard of for a minute
    assert len(clock.slept) == 1


def test_of_answers_that_cross_the_one_that_leaves_least_counts() -> None:
    clock = Clock()
    some = governor(clock, limit=1000)
    some.heard(told(1000, 10, 20))
    some.heard(told(1000, 150, 20))
    spend(some, 50)
    assert clock.slept == [20]


def test_after_a_refusal_nothing_goes_before_its_time() -> None:
    clock = Clock()
    some = governor(clock)
    some.refused(7.5)
    spend(some, 1)
    assert clock.slept == [7.5]


def test_more_than_a_whole_minutes_budget_goes_once_nothing_is_in_its_way() -> None:
    clock = Clock()
    some = governor(clock, limit=10)
    spend(some, 5, 50, 5)
    assert len(clock.slept) == 2


def test_who_asks_for_more_patience_than_anybody_has_is_given_up_at_once() -> None:
    clock = Clock()
    some = Governor(sleep=clock.sleep, clock=clock, stats=Stats(), patience=300.0)
    some.refused(3600)
    with pytest.raises(Again) as asked:
        spend(some, 1)
    assert (asked.value.wait, asked.value.throttled, clock.slept) == (3600, True, [])
    clock.now += 3601
    spend(some, 1)


def test_the_lock_is_kept_while_others_wait_for_the_minute() -> None:
    clock = Clock()
    some = governor(clock, limit=1250)
    spend(some, 1000, 242)  # all but the reserve

    async def renewed() -> list[float]:
        waiting = asyncio.create_task(some.admit(20))
        await asyncio.sleep(0)
        return [clock.now for _ in range(4) if not await some.admit(2, urgent=True)] + [
            float(waiting.cancel())
        ]

    clock.sleep = lambda _: asyncio.Event().wait()  # type: ignore[assignment,method-assign]
    some = Governor(sleep=clock.sleep, clock=clock, stats=Stats(), budget=some.budget)
    assert asyncio.run(renewed()) == [0, 0, 0, 0, 1]


def test_clients_that_share_a_budget_spend_it_together() -> None:
    clock, budget = Clock(), Budget(100)

    def client() -> Governor:
        return Governor(sleep=clock.sleep, clock=clock, stats=Stats(), budget=budget)

    first, second = client(), client()
    spend(first, 90)  # its event loop ends before the next one's begins
    spend(second, 20)
    assert len(clock.slept) == 1
    first.heard(told(50, 3, 30))
    assert budget.limit == 50
    spend(second, 4)
    assert len(clock.slept) == 2


def test_headers_that_say_nothing_change_nothing() -> None:
    clock = Clock()
    some = governor(clock)
    some.heard({"ratelimit-limit": "many", "ratelimit-remaining": "", "ratelimit-reset": "-1"})
    spend(some, 10_000)
    assert (some.budget.limit, clock.slept) == (None, [])


@given(
    st.integers(20, 200), st.lists(st.integers(1, 20), min_size=1, max_size=60), st.floats(0, 59)
)
def test_no_minute_wherever_it_begins_holds_more_than_the_limit(
    limit: int, asked: list[int], offset: float
) -> None:
    clock = Clock()
    some = governor(clock, limit=limit)
    gone: list[tuple[float, int]] = []

    async def all_of_them() -> None:
        for units in asked:
            await some.admit(units)
            gone.append((clock.now, units))

    asyncio.run(all_of_them())
    for begin in {moment for moment, _ in gone} | {moment - offset for moment, _ in gone}:
        assert sum(u for moment, u in gone if begin <= moment < begin + WINDOW) <= limit

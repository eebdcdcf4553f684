"""A lease is measured by the service's clock: one that is wrong here takes and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from provisioner.core.errors import Refused
from provisioner.core.transport import Answer, Envelope, Outcome, Reading
from provisioner.ledger.lock import Holder, Machine, Seen
from provisioner.ledger.lock_keeper import LockKeeper

THEN = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)
HERE = Machine("build-7", 100, "boot-1", lambda _run, _pid: True)
OTHER = Holder("20260331T075000Z-beef", "build-9", 7, "boot-9")
WRONG = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=400)]


class Service:
    """The lock's item, its ETag, and the service's own clock."""

    def __init__(self, holder: Holder, *, since: datetime = THEN) -> None:
        self.text, self.etag, self.since, self.now = holder.text, 1, since, THEN
        self.asked = 0

    @property
    def seen(self) -> Seen:
        return Seen("1", f'"{self.etag}"', OTHER, self.since)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        self.asked += len(readings)
        row = {
            "id": "1",
            "eTag": f'"{self.etag}"',
            "lastModifiedDateTime": self.since.isoformat(),
            "fields": {"Title": self.text},
        }
        headers = {"date": format_datetime(self.now, usegmt=True)}
        return {one: Answer(200, {"value": [row]}, headers) for one in readings}

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        ((sent,),) = (one.operations for one in envelopes)
        if sent.headers["If-Match"] != f'"{self.etag}"':
            return [[Outcome("failed", 412, code="resourceModified", message="It has moved.")]]
        self.text, self.etag, self.since = sent.body["Title"], self.etag + 1, self.now
        return [[Outcome("done", 200, {}, {"ETag": f'"{self.etag}"'})]]


class Clock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def keeper(service: Service, clock: Clock) -> LockKeeper:
    transport: Any = service
    never = asyncio.Event()

    async def rest(_seconds: float) -> None:
        await never.wait()

    return LockKeeper(transport, "20260331T080000Z-4f2a", HERE, clock, pause=rest)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_lease_that_runs_is_respected_whatever_time_it_is_here(wrong: timedelta) -> None:
    service = Service(OTHER, since=THEN - timedelta(seconds=60))
    with pytest.raises(Refused, match=OTHER.run):
        asyncio.run(keeper(service, Clock(THEN + wrong)).acquire("s", "l", service.seen))
    assert service.etag == 1


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_lease_that_is_over_is_taken_whatever_time_it_is_here(wrong: timedelta) -> None:
    service = Service(OTHER, since=THEN - timedelta(seconds=121))

    async def go() -> bool:
        ours = keeper(service, Clock(THEN + wrong))
        await ours.acquire("s", "l", service.seen)
        return await ours.release()

    assert asyncio.run(go())
    assert service.text.startswith("free run=20260331T080000Z-4f2a")


@pytest.mark.parametrize("jump", WRONG, ids=str)
def test_a_clock_that_is_set_while_we_work_loses_nothing(jump: timedelta) -> None:
    service = Service(OTHER, since=THEN - timedelta(seconds=121))
    clock = Clock(THEN)

    async def go() -> int:
        ours = keeper(service, clock)
        await ours.acquire("s", "l", service.seen)
        clock.moment = THEN + jump
        for _ in range(3):
            await ours.still_ours()  # the first may renew: the machine may have slept
        renewed = service.etag
        assert ours.held
        await ours.release()
        return renewed

    assert asyncio.run(go()) == (3 if jump > timedelta(0) else 2)


@pytest.mark.parametrize(("item", "etag"), [("2", '"1"'), ("1", "")])
def test_an_item_made_along_with_the_list_counts_if_it_is_the_first_there_ever_was(
    item: str, etag: str
) -> None:
    """Of two first runs, the one whose item came second looks who holds the first."""
    service = Service(OTHER, since=THEN - timedelta(seconds=60))
    with pytest.raises(Refused, match=OTHER.run):
        asyncio.run(keeper(service, Clock(THEN)).made("s", "l", item, etag))

    async def first() -> bool:
        service.asked = 0
        ours = keeper(service, Clock(THEN))
        await ours.made("s", "l", "1", '"1"')
        return ours.held

    assert asyncio.run(first())
    assert service.asked == 0

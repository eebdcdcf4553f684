"""Take the lock of a site, keep it while there is work, lay it down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Envelope, Operation, Outcome, Transport
from provisioner.ledger import lock_refusals as refusals
from provisioner.ledger.lock import (
    LEASE,
    Holder,
    Machine,
    Seen,
    lock_by_id,
    seen_in,
    service_time,
    standing,
)

RENEW_SECONDS = 40.0
_TRIES = 4
_AT_THE_END = 5.0


class LockKeeper:
    """The lock of one run. `now` is this machine's clock, used for spans of time alone."""

    def __init__(
        self,
        transport: Transport,
        run: str,
        machine: Machine,
        now: Callable[[], datetime],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transport = transport
        self._machine = machine
        self._now = now
        self._pause = pause
        self._holder = Holder(run, machine.host, machine.pid, machine.boot)
        self._place = ("", "")
        self._seen: Seen | None = None
        self._renewed = (0.0, now())
        self._one_at_a_time = asyncio.Lock()
        self._beats: asyncio.Task[None] | None = None
        self.lost: Refused | None = None
        self._unfinished = ""

    @property
    def text(self) -> str:
        """What the item is to say when it is ours."""
        return self._holder.text

    @property
    def held(self) -> bool:
        """Whether the lock is ours, as far as we know."""
        return self._seen is not None and self.lost is None

    async def acquire(
        self,
        site_id: str,
        list_id: str,
        seen: Seen | None,
        *,
        prior: str = "",
        break_run: str = "",
    ) -> None:
        """Take the lock as it was `seen` when the site was read; None when there was no item.

        `prior` is the run that was cut off before this one; the item names it for as long as this
        run has not stored a plan of its own.

        Whoever worked on the site since it was read has moved the item, so a lock taken so also says
        that what was read is still true.

        Raises:
            Refused: LOCKED, LOCK-NOT-THAT, RUN-BETWEEN, PERMISSION-MISSING.
            ProvisionerError: LOCK-NOT-TAKEN.
        """
        self._place = (site_id, list_id)
        self._holder = replace(self._holder, prior=prior)
        self._unfinished = prior
        if seen is None:
            if break_run:
                raise refusals.not_that(break_run, "nobody holds it")
            await self._first()
            return
        holder = seen.holder
        if break_run and (holder.free or holder.run != break_run):
            raise refusals.not_that(
                break_run, "nobody holds it" if holder.free else f"run {holder.run} holds it"
            )
        if not holder.free and holder.run != break_run:
            await self._expired(seen)
        await self._swap(seen, self._holder)
        self._begin()

    async def made(self, site_id: str, list_id: str, item: str, etag: str) -> None:
        """The item was made along with the list. Number 1 is the first there ever was, so it counts.

        Raises what `acquire` raises.
        """
        self._place = (site_id, list_id)
        if item == "1" and etag:
            self._seen = Seen(item, etag, self._holder, self._now())
            self._begin()
            return
        await self._look_at_first()

    async def still_ours(self) -> None:
        """Before a wave of requests: the lock is ours for as long as a wave takes.

        Raises:
            Refused: LOCK-LOST.
        """
        if self._seen is None:
            return
        if self.lost is None and self._age() > RENEW_SECONDS:
            await self._renew()
        if self.lost is not None:
            raise self.lost

    def plan_stored(self) -> None:
        """This run's own plan is stored: the run before it need not be named any more."""
        self._holder = replace(self._holder, prior="")
        self._unfinished = self._holder.run

    def receipt_stored(self) -> None:
        """This run's receipt is stored: until the ledger names it, whoever comes next must know."""
        self._unfinished = self._unfinished or self._holder.run

    def recorded(self) -> None:
        """The ledger says what was made: nothing of this run, or of one before, is unfinished."""
        self._unfinished = ""

    async def release(self) -> bool:
        """Lay the lock down; whether that is certain. If it is not, the lease ends by itself.

        Who ended the run does not wait for a service that is busy.
        """
        await self.rest()
        if self._seen is None or self.lost is not None:
            return False
        task = asyncio.current_task()
        patience = _AT_THE_END if task is not None and task.cancelling() else None
        try:
            async with asyncio.timeout(patience), self._one_at_a_time:
                await self._swap(self._seen, self._holder.released(self._unfinished))
        except (ProvisionerError, TimeoutError):
            return False
        self._seen = None
        return True

    async def rest(self) -> None:
        """No renewing any more."""
        if self._beats is not None:
            self._beats.cancel()
            with suppress(asyncio.CancelledError):
                await self._beats
            self._beats = None

    def _begin(self) -> None:
        self._note_time()
        self._beats = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while self.lost is None:
            await self._pause(RENEW_SECONDS)
            if self._age() >= RENEW_SECONDS / 2:
                await self._renew()

    async def _renew(self) -> None:
        async with self._one_at_a_time:
            if self._seen is None or self.lost is not None:
                return
            try:
                await self._swap(self._seen, self._holder.renewed())
            except Refused as refused:
                self.lost = refusals.lost(refused)
            except ProvisionerError as silent:
                if self._age() > LEASE.total_seconds():
                    self.lost = refusals.lost(silent)

    async def _first(self) -> None:
        """Make the item. Of two who do so at once, the one with the lower number has the lock."""
        site, library = self._place
        outcome = await self._send(
            "POST", f"/sites/{site}/lists/{library}/items", {"fields": {"Title": self.text}}
        )
        body = outcome.body if isinstance(outcome.body, dict) else {}
        if outcome.state == "done":
            await self.made(site, library, str(body.get("id")), str(body.get("eTag") or ""))
        elif outcome.state == "unknown":
            await self._look_at_first()
        else:
            raise refusals.unwritten(outcome)

    async def _look_at_first(self) -> None:
        seen, now = await self._look()
        if seen is None:
            raise ProvisionerError(
                "LOCK-NOT-TAKEN",
                "The item that holds the lock could not be made.",
                hint="Run the same command again.",
            )
        if seen.holder.run != self._holder.run:
            if standing(seen, self._machine, now) == "alive":
                raise refusals.taken(seen.holder.run, seen.holder.host, seen.holder.pid, seen.until)
            await self._swap(seen, self._holder)
        else:
            self._seen = seen
        self._begin()

    async def _expired(self, seen: Seen) -> None:
        """Refuse unless the holder that was seen is dead or its lease is over."""
        fresh, now = await self._look()
        last = fresh or seen
        if standing(last, self._machine, now) == "alive":
            raise refusals.taken(last.holder.run, last.holder.host, last.holder.pid, last.until)

    async def _look(self) -> tuple[Seen | None, datetime | None]:
        reading = lock_by_id(*self._place)
        answer = (await self._transport.read([reading]))[reading]
        return seen_in(answer.body), service_time(answer.headers)

    async def _swap(self, seen: Seen, wanted: Holder) -> None:
        """Write `wanted` over exactly what was `seen`."""
        site, library = self._place
        for _ in range(_TRIES):
            outcome = await self._send(
                "PATCH",
                f"/sites/{site}/lists/{library}/items/{seen.item}/fields",
                {"Title": wanted.text},
                {"If-Match": seen.etag},
            )
            if outcome.state == "failed" and outcome.code in refusals.NOT_ALLOWED:
                raise refusals.unwritten(outcome)
            etag = _etag(outcome)
            if outcome.state == "done" and etag:
                self._seen = replace(seen, etag=etag, holder=wanted)
                break
            # Lost, in conflict or moved: only another look says which.
            fresh, now = await self._look()
            if fresh is None:
                raise refusals.unwritten(outcome)
            if fresh.holder.text == wanted.text:
                self._seen = fresh
                break
            if fresh.holder.run != wanted.run and fresh.etag != seen.etag:
                if standing(fresh, self._machine, now) == "alive":
                    raise refusals.taken(
                        fresh.holder.run, fresh.holder.host, fresh.holder.pid, fresh.until
                    )
                raise refusals.between(fresh.holder.run)
            seen = fresh
        else:
            raise refusals.unwritten(outcome)
        self._holder = wanted
        self._note_time()

    async def _send(
        self, method: str, path: str, body: object, headers: dict[str, str] | None = None
    ) -> Outcome:
        operation = Operation(
            audience="graph",
            method=method,  # type: ignore[arg-type]  # POST or PATCH
            path=path,
            address="",
            scope=path,
            body=body,
            headers=headers or {},
            permission="graph:Sites.Selected/write",
            what="Hold the lock",
            urgent=True,
        )
        return (await self._transport.write([Envelope((operation,))]))[0][0]

    def _age(self) -> float:
        """Seconds since the lock was last known to be ours, by the longer of two clocks.

        A machine that slept may not have counted the time, and a clock may have been put back.
        """
        ticks, moment = self._renewed
        loop = asyncio.get_running_loop()
        return max(loop.time() - ticks, (self._now() - moment).total_seconds())

    def _note_time(self) -> None:
        self._renewed = (asyncio.get_running_loop().time(), self._now())


def _etag(outcome: Outcome) -> str:
    headers = {name.lower(): value for name, value in outcome.headers.items()}
    body = outcome.body if isinstance(outcome.body, dict) else {}
    return str(headers.get("etag") or body.get("@odata.etag") or "")

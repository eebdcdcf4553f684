"""A run's turn at the site: the lock that apply takes too, taken before the first write.

A run that has nothing to write never takes it. It was seen when the site was read and is taken as it
was seen, so whoever has it may rely on what it read.
"""

from __future__ import annotations

from collections.abc import Callable

from provisioner.core.transport import Answers, Reading, Transport
from provisioner.ledger.lock import Seen, lock_by_id, seen_in
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.ledger.unfinished import read_unfinished
from provisioner.sync.collect_site import Places

Locking = Callable[[Transport], LockKeeper]
"""Gives the keeper of a run's lock: who runs, and where, is known to the command line."""


def lock_seen(places: Places) -> list[Reading]:
    """What to read of the lock, along with the rest of the site."""
    return [lock_by_id(places.site, places.lock)] if places.lock else []


class Turn:
    """The lock for one run, taken when it is needed. Without `locking` there is none to take."""

    def __init__(
        self, transport: Transport, places: Places, told: Answers, locking: Locking | None
    ) -> None:
        self._transport = transport
        self._places = places
        # A site that was applied before there was a lock has no list for it.
        self._keeper = locking(transport) if locking is not None and places.lock else None
        self._seen = next((seen_in(told[one].body) for one in lock_seen(places)), None)
        self._taken = False

    async def begin(self) -> None:
        """Before something is sent: the lock is ours.

        Raises:
            Refused: LOCKED, RUN-BETWEEN, LOCK-LOST, PERMISSION-MISSING.
            ProvisionerError: LOCK-NOT-TAKEN.
        """
        keeper, lock = self._keeper, self._places.lock
        if keeper is None or lock is None:
            return
        if self._taken:
            await keeper.still_ours()
            return
        prior = await self._cut_off(self._seen)
        await keeper.acquire(self._places.site, lock, self._seen, prior=prior)
        self._taken = True

    async def end(self) -> None:
        """Nothing more is sent."""
        if self._keeper is not None and self._taken:
            await self._keeper.release()

    async def _cut_off(self, seen: Seen | None) -> str:
        """The apply that was cut off before us: the lock goes on naming it, for the next apply."""
        if seen is None or seen.holder.free or self._places.ledger is None:
            return "" if seen is None else seen.holder.prior
        found = await read_unfinished(
            self._transport, self._places.site, self._places.ledger, seen.holder
        )
        return "" if found is None else found.run

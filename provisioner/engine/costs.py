"""What an apply will take, from its first reading to its last word: pure, for a plan's `cost`.

The writes are played through by `packing`; around them stand the readings before and after, the
lock, the plan, the receipt and the ledger. Counted is a run in which everything goes as planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisioner.core.address import SITE, parent_of
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Bindings, Reading
from provisioner.engine.combining import combined
from provisioner.engine.desired import Desired
from provisioner.engine.expected import details, expected
from provisioner.engine.foundation import foundation_of, in_two
from provisioner.engine.ledger_library import LOCK_ADDRESS
from provisioner.engine.observe import Observed
from provisioner.engine.own_records import first_readings
from provisioner.engine.packing import Forecast, forecast
from provisioner.kinds import all_kinds, kind_named

BUDGET = 1250
"""Resource units a minute of the smallest tenants (learn.microsoft.com, "Avoid getting throttled or
blocked in SharePoint Online"). What a tenant has is not known when a plan is made; a larger budget
only makes an apply faster."""
_TRIP_SECONDS, _WRITE_SECONDS = 0.2, 0.02
_FILE = 2
"""Units for storing a file or writing an item."""


@dataclass(slots=True)
class _Sum:
    requests: int = 0
    trips: int = 0
    units: int = 0

    def add(self, requests: int, trips: int, units: int) -> None:
        self.requests += requests
        self.trips += trips
        self.units += units

    def read(self, readings: Sequence[Reading], trips: int = 1) -> None:
        """Readings side by side, those of one list as one."""
        alone, together = combined(readings)
        asked = [*alone, *(one.reading for one in together)]
        if asked:
            self.add(len(asked), trips, sum(one.cost for one in asked))

    def write(self, changes: Sequence[Change], known: Bindings) -> None:
        """The requests of changes, wave by wave."""
        cost = forecast(changes, known)
        self.add(cost.requests, cost.round_trips, cost.resource_units)
        for change in changes:
            for operation in change.operations:
                known.update({(change.address, name): "<known>" for name in operation.produces})


def cost_of(desired: Desired, observed: Observed, changes: Sequence[Change]) -> Forecast:
    """What applying the changes takes; nothing where there is nothing to do."""
    shown = [change for change in changes if change.action is not Action.NOOP]
    if not shown:
        return Forecast(0, 0, 0, 0.0)
    total, known = _Sum(), observed.bindings()
    scope = desired.scope
    site = kind_named("site").inventory(scope)
    rest = [r for kind in all_kinds() if kind.name != "site" for r in kind.inventory(scope)]
    own = list(first_readings(scope))
    total.read([*site, *own])
    making = [c for c in changes if c.address == SITE and c.action is Action.CREATE]
    if making:
        total.write(making, known)
        polled = sum(1 for c in making for op in c.operations if op.poll is not None)
        total.add(polled, polled, polled)
        total.read([*site, *own, *rest])
        known.update(_looked_up(changes))
    elif observed.site_exists:
        total.read(rest)
        if observed.ledger.present:
            total.add(1, 1, 1)
        total.read(details(desired, observed.existing))
    foundation = [c for c in foundation_of(changes) if c not in making]
    if observed.lock is not None:
        total.add(1, 1, _FILE)
    elif any(c.address == LOCK_ADDRESS for c in foundation):
        total.add(1, 0, _FILE)
    first, later = in_two(foundation)
    total.write(first, known)
    if any(change.operations for change in shown):
        total.add(1, 1, _FILE)
    others = [c for c in changes if c not in foundation and c not in making]
    total.write([*later, *others], known)
    total.read([*site, *rest, *details(desired, expected(desired, observed))])
    total.add(3, 3, 3 * _FILE)  # receipt, ledger, lock
    minutes = (total.units - 1) // BUDGET
    seconds = total.trips * _TRIP_SECONDS + total.requests * _WRITE_SECONDS + 60.0 * minutes
    return Forecast(total.requests, total.trips, total.units, round(seconds, 1))


def _looked_up(changes: Sequence[Change]) -> dict[tuple[str, str], str]:
    """What is known once a new site was read: who and what it came with."""
    return {
        (operation.address, name): "<known>"
        for change in changes
        for operation in change.operations
        if operation.method == "GET" and parent_of(change.address) == SITE
        for name in operation.produces
    }

"""Which requests travel together: pure, used to forecast a plan's cost and to carry it out.

Writes of one scope (a list's schema, the site's columns) are serial, because SharePoint answers 409
otherwise; scopes go in parallel. In Graph a run of one scope travels as one sequential `$batch` of
up to 20; single requests of different scopes share an unordered one. `_api/$batch` promises no
order, so it takes one part of each scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.core.resource import Change
from provisioner.core.transport import Bindings, Envelope, Operation

GRAPH_BATCH = 20
"""Parts of a Graph `$batch` (learn.microsoft.com, "Combine multiple HTTP requests")."""
REST_BATCH = 100
"""Parts of an `_api/$batch`; Microsoft names 100 per change set."""


@dataclass(slots=True)
class Packing:
    """What is still to send. `known` grows as answers come in."""

    changes: Sequence[Change]
    known: Bindings
    _pending: dict[str, list[Operation]] = field(init=False)
    _depends: Mapping[str, tuple[str, ...]] = field(init=False)
    _lost: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._pending = {c.address: list(c.operations) for c in self.changes if c.operations}
        self._depends = {c.address: c.depends for c in self.changes}

    @property
    def left(self) -> list[str]:
        """Addresses that still have requests to send."""
        return [address for address, ops in self._pending.items() if ops]

    def wave(self) -> list[Envelope]:
        """The envelopes that may go now, in parallel. Empty when nothing can go any more."""
        runs = list(self._runs())
        envelopes = [Envelope(tuple(run), sequential=True) for run in runs if len(run) > 1]
        singles = [run[0] for run in runs if len(run) == 1]
        envelopes += [Envelope((op,)) for op in singles if op.alone]
        for audience, limit in (("graph", GRAPH_BATCH), ("sharepoint", REST_BATCH)):
            parts = [op for op in singles if op.audience == audience and not op.alone]
            envelopes += [
                Envelope(tuple(parts[at : at + limit])) for at in range(0, len(parts), limit)
            ]
        return envelopes

    def sent(self, operation: Operation) -> None:
        """The operation succeeded; what waits for it may go in the next wave."""
        self._pending[operation.address].remove(operation)

    def lost(self, address: str) -> list[str]:
        """The change failed; gives the addresses that are skipped because of it."""
        self._lost.add(address)
        self._pending[address] = []
        skipped: list[str] = []
        again = True
        while again:
            again = False
            for other in self.left:
                if self._lost.intersection(self._depends.get(other, ())):
                    self._lost.add(other)
                    self._pending[other] = []
                    skipped.append(other)
                    again = True
        return skipped

    def _runs(self) -> Iterable[list[Operation]]:
        """For each scope, the operations that can travel in one request now."""
        by_scope: dict[str, list[Operation]] = {}
        for operations in self._pending.values():
            for operation in operations:
                by_scope.setdefault(operation.scope, []).append(operation)
        busy: set[str] = set()
        for queue in by_scope.values():
            run: list[Operation] = []
            for operation in queue:
                if run and (
                    operation.audience != "graph"
                    or run[0].audience != "graph"
                    or operation.alone
                    or run[0].alone
                    or len(run) == GRAPH_BATCH
                ):
                    break
                if operation.address not in busy and self._ready(operation, run):
                    run.append(operation)
            if run:
                busy.update(op.address for op in run)
                yield run

    def _ready(self, operation: Operation, run: list[Operation]) -> bool:
        if not self.known.has(operation.needs()):
            return False
        mine = self._pending[operation.address]
        before = mine[: mine.index(operation)]
        if any(earlier not in run for earlier in before):
            return False
        return all(
            all(one in run for one in self._pending.get(other, ()))
            for other in self._depends.get(operation.address, ())
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What carrying out a plan will take, reading apart.

    `requests` counts every request, the parts of a batch too, as Microsoft's limits do;
    `round_trips` the HTTP requests that carry them. `seconds` is an estimate: 300 ms a wave of
    parallel round trips, and 200 resource units a second.
    """

    requests: int
    round_trips: int
    resource_units: int
    seconds: float


def forecast(changes: Sequence[Change], known: Bindings) -> Forecast:
    """Play the plan through with invented answers and count."""
    packing = Packing(changes, Bindings(known))
    requests = round_trips = units = waves = 0
    while envelopes := packing.wave():
        waves += 1
        round_trips += len(envelopes)
        for envelope in envelopes:
            for operation in envelope.operations:
                requests += 1
                units += operation.cost
                packing.sent(operation)
                for attribute in operation.produces:
                    packing.known[operation.address, attribute] = f"<{attribute}>"
    return Forecast(requests, round_trips, units, round(waves * 0.3 + units / 200, 1))

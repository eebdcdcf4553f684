"""Which requests travel together: pure, used to forecast a plan's cost and to carry it out.

Writes of one scope (a list's schema, the site's columns) are serial, because SharePoint answers 409
otherwise; scopes go in parallel. In Graph up to 20 requests travel in one sequential `$batch`, where
runs of several scopes follow one another; single requests of different scopes share an unordered
one. `_api/$batch` promises no order, so it takes one part of each scope. What a batch holds is worked
off one by one, so a wave is spread over a few batches side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from provisioner.core.resource import Change
from provisioner.core.transport import Bindings, Envelope, Operation

GRAPH_BATCH = 20
"""Parts of a Graph `$batch` (learn.microsoft.com, "Combine multiple HTTP requests")."""
REST_BATCH = 100
"""Parts of an `_api/$batch`; Microsoft names 100 per change set."""

_AT_ONCE = 6
"""Requests that are sent side by side; one more would wait for an answer."""
_SIDE_BY_SIDE = 3
"""Batches of one audience in a wave, so that those of the other go beside them."""
_FEW = 4
"""Parts that are not worth a batch more."""

Needs = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Packing:
    """What is still to send. `known` grows as answers come in."""

    changes: Sequence[Change]
    known: Bindings
    _pending: dict[str, list[Operation]] = field(init=False)
    _depends: Mapping[str, tuple[str, ...]] = field(init=False)
    _queues: dict[str, list[tuple[Operation, Needs]]] = field(init=False)
    _carried: dict[str, list[Operation]] = field(init=False, default_factory=dict)
    _lost: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._pending = {c.address: self._to_send(c) for c in self.changes if c.operations}
        self._depends = {c.address: c.depends for c in self.changes}
        for operations in self._pending.values():
            for at, operation in enumerate(operations):
                if operation.carried and self._pending.get(operation.inside):
                    self._carried.setdefault(operation.inside, []).append(operation)
                elif operation.carried:  # what carries it is not to be sent here
                    operations[at] = replace(operation, carried=False)
        self._queues = self._in_scopes()

    @property
    def left(self) -> list[str]:
        """Addresses that still have requests to send."""
        return [address for address, ops in self._pending.items() if ops]

    def wave(self) -> list[Envelope]:
        """The envelopes that may go now, in parallel. Empty when nothing can go any more."""
        runs = list(self._runs())
        chains = _chains([run for run in runs if len(run) > 1])
        envelopes = [Envelope(tuple(chain), sequential=True) for chain in chains]
        singles = [run[0] for run in runs if len(run) == 1]
        envelopes += [Envelope((op,)) for op in singles if op.alone]
        graph = [op for op in singles if op.audience == "graph" and not op.alone]
        rest = [op for op in singles if op.audience == "sharepoint" and not op.alone]
        envelopes += [Envelope(parts) for parts in _cut(graph, GRAPH_BATCH)]
        room = max(1, min(_SIDE_BY_SIDE, _AT_ONCE - len(envelopes)))
        envelopes += [Envelope(parts) for parts in _cut(rest, _even(len(rest), REST_BATCH, room))]
        return envelopes

    def along(self, operation: Operation) -> list[str]:
        """The addresses whose requests travel inside this one or inside others of its change."""
        return [one.address for one in self._carried.get(operation.address, ())]

    def sent(self, operation: Operation) -> None:
        """The operation succeeded; what waits for it may go in the next wave.

        What was lost while it was under way, with something else that it stands on, stays lost.
        """
        if operation.address in self._lost:
            return
        self._drop(operation)
        if not self._pending[operation.address]:
            for one in self._carried.pop(operation.address, ()):
                if one.address not in self._lost:
                    self._drop(one)

    def instead(self, operation: Operation, other: Operation) -> None:
        """Another way for an operation that was refused goes in its place."""
        pending, queue = self._pending[operation.address], self._queues[operation.scope]
        pending[next(at for at, one in enumerate(pending) if one is operation)] = other
        place = next(at for at, (one, _) in enumerate(queue) if one is operation)
        queue[place] = (other, other.needs())

    def lost(self, address: str) -> list[str]:
        """The change failed; gives the addresses that are skipped because of it."""
        self._lost.add(address)
        self._forget(address)
        skipped: list[str] = []
        again = True
        while again:
            again = False
            for other in self.left:
                if self._lost.intersection(self._depends.get(other, ())):
                    self._lost.add(other)
                    self._forget(other)
                    skipped.append(other)
                    again = True
        return skipped

    def _to_send(self, change: Change) -> list[Operation]:
        """The requests of a change, without look-ups whose answer is known already."""
        return [
            op
            for op in change.operations
            if op.method != "GET"
            or not op.produces
            or any((op.address, attribute) not in self.known for attribute in op.produces)
        ]

    def _in_scopes(self) -> dict[str, list[tuple[Operation, Needs]]]:
        """The requests of each scope in their order; in the site what most wait for comes first.

        Kinds keep together there, so that among columns, say, the order of the file holds.
        """
        needs = {id(op): op.needs() for ops in self._pending.values() for op in ops}
        waiting = Counter(a for wanted in needs.values() for a in {a for a, _ in wanted})
        kinds = {change.address: change.kind for change in self.changes}
        urgent: Counter[str] = Counter()
        for change in reversed(self.changes):
            own = urgent[change.kind] = max(urgent[change.kind], waiting[change.address])
            for other in change.depends:
                if other in kinds:
                    urgent[kinds[other]] = max(urgent[kinds[other]], own)
        queues: dict[str, list[tuple[Operation, Needs]]] = {}
        for operations in self._pending.values():
            for op in operations:
                if not op.carried:
                    queues.setdefault(op.scope, []).append((op, needs.get(id(op)) or op.needs()))
        if "site" in queues:
            queues["site"].sort(
                key=lambda one: -urgent[kinds[one[0].address]] if one[0].produces else 0
            )
        return queues

    def _drop(self, operation: Operation) -> None:
        self._pending[operation.address].remove(operation)
        queue = self._queues.get(operation.scope, [])
        for at, (one, _) in enumerate(queue):
            if one is operation:
                del queue[at]
                break

    def _forget(self, address: str) -> None:
        gone = self._pending.get(address, [])
        self._pending[address] = []
        self._carried.pop(address, None)
        for scope in {op.scope for op in gone}:
            queue = self._queues.get(scope, [])
            queue[:] = [one for one in queue if one[0].address != address]

    def _runs(self) -> Iterable[list[Operation]]:
        """For each scope, the operations that can travel in one request now."""
        busy: set[str] = set()
        for queue in self._queues.values():
            run: list[Operation] = []
            held: set[str] = set()  # paths at which an earlier part waits that must go first
            for operation, needs in queue:
                if run and (
                    operation.audience != "graph"
                    or run[0].audience != "graph"
                    or operation.alone
                    or run[0].alone
                    or len(run) == GRAPH_BATCH
                ):
                    break
                if operation.in_order and operation.path in held:
                    continue
                if operation.address not in busy and self._ready(operation, needs, run):
                    run.append(operation)
                elif operation.in_order:
                    held.add(operation.path)
            if run:
                busy.update(op.address for op in run)
                yield run

    def _ready(self, operation: Operation, needs: Needs, run: list[Operation]) -> bool:
        if not self.known.has(needs):
            return False
        for earlier in self._pending[operation.address]:
            if earlier is operation:
                break
            if not any(earlier is one for one in run):
                return False
        return all(
            all(any(one is sent for sent in run) for one in self._pending.get(other, ()))
            for other in self._depends.get(operation.address, ())
        )


def _even(count: int, limit: int, room: int = _SIDE_BY_SIDE) -> int:
    """How many parts each batch holds when they are spread over no more than `room`."""
    batches = min(room, -(-count // _FEW))
    return min(limit, -(-count // batches)) if count else limit


def _chains(runs: Sequence[list[Operation]]) -> list[list[Operation]]:
    """Runs of several scopes behind one another, in batches of about equal length."""
    size = _even(sum(map(len, runs)), GRAPH_BATCH)
    chains: list[list[Operation]] = []
    for run in runs:
        room = next((one for one in chains if len(one) + len(run) <= size), None)
        if room is None:
            chains.append(list(run))
        else:
            room += run
    return chains


def _cut(parts: Sequence[Operation], size: int) -> list[tuple[Operation, ...]]:
    return [tuple(parts[at : at + size]) for at in range(0, len(parts), size)]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What carrying something out will take.

    `requests` counts every request, the parts of a batch too, as Microsoft's limits do;
    `round_trips` how many HTTP requests wait for one another, those side by side once. `seconds` is
    an estimate, and counts whole minutes where the units do not fit into one minute's budget.
    """

    requests: int
    round_trips: int
    resource_units: int
    seconds: float


def forecast(changes: Sequence[Change], known: Bindings) -> Forecast:
    """Play the writes through with invented answers and count; reading apart."""
    packing = Packing(changes, Bindings(known))
    requests = waves = units = 0
    while envelopes := packing.wave():
        waves += 1
        for envelope in envelopes:
            for operation in envelope.operations:
                requests += 1
                units += operation.cost
                packing.sent(operation)
                for attribute in operation.produces:
                    packing.known[operation.address, attribute] = f"<{attribute}>"
    return Forecast(requests, waves, units, round(waves * 0.3, 1))

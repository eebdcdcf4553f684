"""Send the requests of changes, wave by wave, and keep what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from provisioner.core.progress import Progress
from provisioner.core.resource import Change
from provisioner.core.transport import Bindings, Envelope, Operation, Outcome, Transport
from provisioner.engine.journal import Journal
from provisioner.engine.learning import Learnt
from provisioner.engine.own_records import Records
from provisioner.engine.packing import Packing
from provisioner.engine.pointer import at_pointer
from provisioner.engine.receipt import Result, Status, result_of
from provisioner.ledger.lock_keeper import LockKeeper


@dataclass(slots=True)
class Work:
    """The state of one apply: what is known, what was begun, what became of each change.

    `records` are our own as they were when it began; while the lock is held nobody changes them.
    `conflicts` are the addresses that were refused because something was there already;
    `answered` counts the requests of each that were done.
    """

    transport: Transport
    journal: Journal
    progress: Progress
    keeper: LockKeeper
    known: Bindings
    records: Records
    wave: int = 0
    results: dict[str, Result] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)
    learnt: Learnt = field(default_factory=Learnt)
    answered: Counter[str] = field(default_factory=Counter)

    @property
    def any_failed(self) -> bool:
        """Whether anything was not done so far."""
        return any(result.status != "done" for result in self.results.values())


async def carry_out(changes: Sequence[Change], work: Work, *, vital: str = "") -> None:
    """Send every request of the changes. Before each wave the lock must still be ours.

    When the change at `vital` fails, nothing more is sent.

    Raises:
        Refused: LOCK-LOST; what was sent before is among the results.
        ProvisionerError: when nobody can sign in any more.
    """
    packing = Packing(changes, work.known)
    by_address = {change.address: change for change in changes}
    while envelopes := packing.wave():
        await work.keeper.still_ours()
        work.wave += 1
        work.journal.intend(work.wave, envelopes)
        sending = [one for envelope in envelopes for one in envelope.operations]
        work.begun.update(one.address for one in sending)
        work.begun.update(along for one in sending for along in packing.along(one))
        filled = [_filled(envelope, work.known) for envelope in envelopes]
        outcomes = await work.transport.write(filled)
        work.journal.came_back(work.wave, outcomes)
        for envelope, answers in zip(envelopes, outcomes, strict=True):
            for operation, outcome in zip(envelope.operations, answers, strict=True):
                _take(operation, outcome, packing, by_address, work)
        if vital in work.results:
            break
    for address in packing.left:
        work.results[address] = result_of(
            by_address[address], "skipped", "SKIPPED", "what it stands on was not made"
        )
    for change in changes:
        if change.address not in work.results:
            work.results[change.address] = result_of(change, "done")


def _filled(envelope: Envelope, known: Bindings) -> Envelope:
    return Envelope(tuple(op.filled(known) for op in envelope.operations), envelope.sequential)


def _take(
    operation: Operation,
    outcome: Outcome,
    packing: Packing,
    by_address: Mapping[str, Change],
    work: Work,
) -> None:
    address = operation.address
    if outcome.state == "skipped" or address in work.results:
        return
    if outcome.state == "done" or outcome.status in operation.tolerates:
        for attribute, pointer in operation.produces.items():
            value = at_pointer(outcome.body, pointer)
            if value is not None:
                work.known[address, attribute] = str(value)
            elif operation.method == "GET":
                what = f"{operation.what or operation.path}: there is none"
                empty = Outcome("failed", code="LOOKUP-EMPTY", message=what)
                _lose(operation, "failed", empty, packing, by_address, work)
                return
        work.learnt.done(operation)
        packing.sent(operation)
        work.answered[address] += 1
        work.progress.advance(1, operation.what or address)
        return
    if outcome.state == "failed" and _went_on(operation, outcome, packing, work):
        return
    status: Status = "unknown" if outcome.state == "unknown" else "failed"
    if operation.method == "GET":  # Microsoft's words do not say what was looked for
        outcome = replace(outcome, message=f"{operation.what}: {outcome.message}")
    _lose(operation, status, outcome, packing, by_address, work)


def _went_on(operation: Operation, outcome: Outcome, packing: Packing, work: Work) -> bool:
    """Take another way, or go on without what this tenant has no way for."""
    other = work.learnt.other_way(operation, outcome)
    if other is not None:
        packing.instead(operation, other)
    elif work.learnt.is_beyond(operation, outcome):
        packing.sent(operation)
    else:
        return False
    return True


def _lose(
    operation: Operation,
    status: Status,
    outcome: Outcome,
    packing: Packing,
    by_address: Mapping[str, Change],
    work: Work,
) -> None:
    """Record that a change was not done, and that what stands on it is not tried."""
    address = operation.address
    if outcome.status == HTTPStatus.CONFLICT:
        work.conflicts.add(address)
    work.results[address] = result_of(
        by_address[address], status, outcome.code, outcome.message, outcome.request_id
    )
    for skipped in packing.lost(address):
        work.results[skipped] = result_of(
            by_address[skipped], "skipped", "SKIPPED", f"{address} was not done"
        )

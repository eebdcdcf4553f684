"""Carry out a plan, safely: ledger first, waves of requests, then read everything back.

A lost answer never makes a second thing: what is unknown is looked up by the next read, and only
what is still missing is sent again, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from provisioner.core.address import SITE
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.progress import Progress
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Bindings, Envelope, Operation, Outcome, Transport
from provisioner.engine.desired import Desired
from provisioner.engine.journal import Journal
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.engine.observe import Observed, observe
from provisioner.engine.packing import Packing
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.engine.pointer import at_pointer
from provisioner.engine.receipt import Receipt, Result, Status
from provisioner.engine.record import ledger_after
from provisioner.ledger.store import LEDGER_FILE, write_file


@dataclass(frozen=True, slots=True)
class Run:
    """Who runs: an id for the receipt, and a clock handed down by the command line."""

    id: str
    now: Callable[[], datetime]


@dataclass(slots=True)
class _Work:
    """The state of one apply."""

    transport: Transport
    journal: Journal
    progress: Progress
    known: Bindings
    wave: int = 0
    results: dict[str, Result] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)


async def apply(
    transport: Transport,
    desired: Desired,
    observed: Observed,
    signed: Plan,
    options: Options,
    run: Run,
    journal: Journal,
    progress: Progress,
) -> Receipt:
    """Do what `signed` says and read it back.

    What fails on the way is in the receipt, not raised: what depends on it is skipped and named,
    the rest goes on. When the site cannot be reached any more, the receipt says of each change
    whether it was sent.

    Raises:
        Refused: BLOCKED, when the plan holds differences that cannot be brought about in place.
        ProvisionerError: when nothing could even be begun, as with a ledger that may not be written.
    """
    if signed.blocked:
        first = signed.blocked[0]
        raise Refused(
            first.code, first.message, hint=first.hint, where=first.where, address=first.address
        )
    started = run.now()
    work = _Work(transport, journal, progress, observed.bindings())
    after: Observed | None = None
    try:
        await _everything(signed, desired, run, work)
        after = await _settle(desired, options, work)
    except ProvisionerError as lost:
        if not work.begun:
            raise
        _lose_sight(signed.changes, work, lost)
    receipt = Receipt(
        run.id,
        desired.name,
        signed.digest,
        observed.ledger.last_receipt,
        started,
        run.now(),
        tuple(
            work.results[c.address]
            for c in signed.changes
            if c.action is not Action.NOOP or work.results[c.address].status != "done"
        ),
        transport.stats,
    )
    if after is None or not after.site_exists or LEDGER_ADDRESS not in after.existing:
        return receipt
    work.known = after.bindings()
    try:
        await _keep(work, f"runs/{run.id}/receipt.json", receipt.json())
        recorded = ledger_after(signed, desired, observed, after, receipt.run_id, work.results)
        recorded = replace(recorded, last_receipt=receipt.digest)
        await _keep(work, LEDGER_FILE, recorded.json())
    except ProvisionerError as lost:
        unkept = Result(
            LEDGER_ADDRESS, Action.UPDATE.value, "failed", lost.code, lost.message, lost.request_id
        )
        return replace(receipt, results=(*receipt.results, unkept))
    return receipt


async def _everything(signed: Plan, desired: Desired, run: Run, work: _Work) -> None:
    """The site, then the ledger and what it stands on, then all the rest."""
    site = [c for c in signed.changes if c.address == SITE]
    foundation = _foundation(signed.changes)
    rest = [c for c in signed.changes if c not in foundation and c not in site]
    if any(c.action is Action.CREATE for c in site):
        await _carry_out(site, work)
        fresh = await observe(work.transport, desired, work.progress)  # what Microsoft made with it
        work.known.update(fresh.bindings())
    else:
        foundation = [*site, *foundation]
    work.progress.start("Applying", sum(len(c.operations) for c in signed.changes) or None)
    if _any_failed(work):
        _skip(foundation, work)
    else:
        await _carry_out(foundation, work)
    if signed.writes and not _any_failed(work):
        await _keep(work, f"runs/{run.id}/plan.json", signed.json())
    if not _any_failed(work):
        await _carry_out(rest, work)
    else:
        _skip(rest, work)
    work.progress.finish()


def _lose_sight(changes: Sequence[Change], work: _Work, lost: ProvisionerError) -> None:
    """Nothing more can be read: what was sent may be done, and the rest was not tried."""
    for change in changes:
        result = work.results.get(change.address)
        if result is not None and result.status in {"failed", "skipped"}:
            continue
        if result is None and change.address not in work.begun:
            why = f"not tried: {lost.message}"
            work.results[change.address] = _result(change, "skipped", "SKIPPED", why)
        elif change.operations:
            why = f"it was sent and not read back: {lost.message}"
            work.results[change.address] = _result(change, "unknown", lost.code, why)


def _foundation(changes: Sequence[Change]) -> list[Change]:
    """The ledger library and what it stands on, the site left out.

    They are made before anything else, so that every later change is recorded.
    """
    by_address = {change.address: change for change in changes if change.address != SITE}
    wanted = [a for a in by_address if a == LEDGER_ADDRESS or a.startswith(LEDGER_ADDRESS + "/")]
    for address in wanted:
        wanted += [a for a in by_address[address].depends if a in by_address and a not in wanted]
    return [change for change in changes if change.address in wanted]


def _any_failed(work: _Work) -> bool:
    return any(result.status != "done" for result in work.results.values())


async def _keep(work: _Work, name: str, document: Mapping[str, object]) -> None:
    site, library = work.known["site", "id"], work.known[LEDGER_ADDRESS, "id"]
    await write_file(work.transport, site, library, name, dict(document))


async def _carry_out(changes: Sequence[Change], work: _Work) -> None:
    """Send every request of the changes, wave by wave."""
    packing = Packing(changes, work.known)
    by_address = {change.address: change for change in changes}
    while envelopes := packing.wave():
        work.wave += 1
        work.journal.intend(work.wave, envelopes)
        work.begun.update(one.address for envelope in envelopes for one in envelope.operations)
        filled = [_filled(envelope, work.known) for envelope in envelopes]
        outcomes = await work.transport.write(filled)
        work.journal.came_back(work.wave, outcomes)
        for envelope, answers in zip(envelopes, outcomes, strict=True):
            for operation, outcome in zip(envelope.operations, answers, strict=True):
                _take(operation, outcome, packing, by_address, work)
    for address in packing.left:
        work.results[address] = _result(
            by_address[address], "skipped", "SKIPPED", "what it stands on was not made"
        )
    for change in changes:
        if change.address not in work.results:
            work.results[change.address] = _result(change, "done")


def _filled(envelope: Envelope, known: Bindings) -> Envelope:
    return Envelope(tuple(op.filled(known) for op in envelope.operations), envelope.sequential)


def _take(
    operation: Operation,
    outcome: Outcome,
    packing: Packing,
    by_address: Mapping[str, Change],
    work: _Work,
) -> None:
    address = operation.address
    if outcome.state == "skipped" or address in work.results:
        return
    if outcome.state == "done" or outcome.status in operation.tolerates:
        for attribute, pointer in operation.produces.items():
            value = at_pointer(outcome.body, pointer)
            if value is not None:
                work.known[address, attribute] = str(value)
        packing.sent(operation)
        work.progress.advance(1, operation.what or address)
        return
    status: Status = "unknown" if outcome.state == "unknown" else "failed"
    work.results[address] = Result(
        address,
        by_address[address].action.value,
        status,
        outcome.code,
        outcome.message,
        outcome.request_id,
    )
    for skipped in packing.lost(address):
        work.results[skipped] = _result(
            by_address[skipped], "skipped", "SKIPPED", f"{address} was not done"
        )


def _result(change: Change, status: Status, code: str = "", message: str = "") -> Result:
    return Result(change.address, change.action.value, status, code, message)


def _skip(changes: Iterable[Change], work: _Work) -> None:
    for change in changes:
        work.results[change.address] = _result(
            change, "skipped", "SKIPPED", "the site or its ledger could not be made"
        )


async def _settle(desired: Desired, options: Options, work: _Work) -> Observed:
    """Read back; what is still different is sent once more, then judged by a last look."""
    after = await observe(work.transport, desired, work.progress)
    if not work.wave:
        return after
    fresh = plan(desired, after, options)
    residue = _residue(fresh, work)
    if residue:
        again = _Work(work.transport, work.journal, work.progress, after.bindings(), work.wave)
        await _carry_out(residue, again)
        work.wave = again.wave
        after = await observe(work.transport, desired, work.progress)
        fresh = plan(desired, after, options)
    problems = {
        change.address: ("READ-BACK", _unlike(change)) for change in _residue(fresh, work)
    } | {blocked.address: (blocked.code, blocked.message) for blocked in fresh.blocked}
    for address, result in list(work.results.items()):
        if result.status not in {"done", "unknown"}:
            continue
        if address in problems:
            code, message = problems[address]
            work.results[address] = Result(address, result.action, "failed", code, message)
        elif result.status == "unknown":
            work.results[address] = Result(address, result.action, "done")
    return after


def _residue(fresh: Plan, work: _Work) -> list[Change]:
    """What a fresh plan would still do to the addresses this run touched and was not refused."""
    touched = {a for a, r in work.results.items() if r.status in {"done", "unknown"}}
    return [c for c in fresh.shown if c.operations and c.address in touched]


def _unlike(change: Change) -> str:
    names = ", ".join(field.path for field in change.fields) or "it"
    return f"{names} did not read back as it was sent"


_OURS = re.compile(r"[A-Z]{4,}(-[A-Z]+)*|[A-Z]+(-[A-Z]+)+")
"""Our codes are words in capitals; Microsoft's are numbers or camel case."""


def unfinished(receipt: Receipt) -> ProvisionerError | None:
    """The error a failed apply ends with; None when everything was done.

    Its code is one of ours: Microsoft's own words for it stay in the message. `Refused` where a
    permission is missing.
    """
    bad = [r for r in receipt.results if r.status != "done"]
    if not bad:
        return None
    first = next((r for r in bad if r.status != "skipped"), bad[0])
    unknown = sum(r.status == "unknown" for r in bad)
    perhaps = f", or {unknown} of them perhaps" if unknown else ""
    sort = Refused if first.code == "PERMISSION-MISSING" else ProvisionerError
    return sort(
        first.code if _OURS.fullmatch(first.code) else "APPLY-INCOMPLETE",
        f"{len(bad)} of {len(receipt.results)} changes were not done{perhaps}; the first is "
        f"{first.address}: {first.message}",
        hint="Mend the cause and run apply again: what was done stays and is not repeated.",
        address=first.address,
        request_id=first.request_id,
    )

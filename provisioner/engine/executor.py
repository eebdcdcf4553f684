"""Carry out a plan, safely: the lock, the ledger, waves of requests, then read everything back.

A lost answer never makes a second thing: what is unknown is looked up by the next read, and only
what is still missing is sent again, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from provisioner.core.address import SITE
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.progress import Progress
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Transport
from provisioner.engine.column_moves import brought
from provisioner.engine.column_switches import carry_out_all
from provisioner.engine.desired import Desired
from provisioner.engine.first_lock import lay_foundation
from provisioner.engine.fitness import check_role
from provisioner.engine.foundation import foundation_of, in_two
from provisioner.engine.journal import Journal
from provisioner.engine.learning import as_words, recorded_with
from provisioner.engine.ledger_library import LEDGER_ADDRESS, LOCK_ADDRESS
from provisioner.engine.observe import Observed, observe
from provisioner.engine.own_records import Records
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.engine.receipt import Receipt, Result, result_of, unfinished
from provisioner.engine.record import ledger_after
from provisioner.engine.records import done_before, keep_plan, keep_receipt
from provisioner.engine.settling import lose_sight, settle
from provisioner.engine.site_begun import what_it_makes
from provisioner.engine.stopping import stopped_by_hand
from provisioner.engine.waves import Work, carry_out
from provisioner.ledger.lock import Machine
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.ledger.lock_refusals import beginning

__all__ = ["Run", "apply", "unfinished"]


@dataclass(frozen=True, slots=True)
class Run:
    """Who runs, and how: an id for the receipt, a clock and a machine from the command line.

    `break_lock` is the run whose lock may be broken; `approved` the digest of the plan that was
    approved, where a run goes on with it.
    """

    id: str
    now: Callable[[], datetime]
    machine: Machine
    break_lock: str = ""
    approved: str = ""


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
    the rest goes on. When the site cannot be reached any more, or the lock is lost, the receipt
    says of each change whether it was sent; so it does when somebody ends the run.

    Raises:
        Refused: BLOCKED, when the plan holds differences that cannot be brought about in place;
            PERMISSION-MISSING, when the site says that the app may do too little;
            LOCKED and RUN-BETWEEN, when another run works on the site or did since it was read.
        ProvisionerError: when nothing could even be begun, as with a ledger that may not be written.
    """
    if signed.blocked:
        first = signed.blocked[0]
        raise Refused(
            first.code, first.message, hint=first.hint, where=first.where, address=first.address
        )
    check_role(signed, observed.role, options.capabilities)
    keeper = LockKeeper(transport, run.id, run.machine, run.now)
    records = Records(observed.ledger, observed.lock, observed.unfinished)
    work = Work(transport, journal, progress, keeper, observed.bindings(), records)
    known = {"run": run.id, "workspace": desired.name, "plan": signed.digest}
    journal.note({**known, "host": run.machine.host, **what_it_makes(signed, desired)})
    try:
        return await _run(desired, observed, signed, options, run, work)
    finally:
        await keeper.release()


async def _run(
    desired: Desired, observed: Observed, signed: Plan, options: Options, run: Run, work: Work
) -> Receipt:
    started = run.now()
    after: Observed | None = None
    try:
        after = await _done_and_seen(signed, desired, observed, options, run, work)
    except asyncio.CancelledError:
        if not work.begun:
            raise
        lose_sight(signed.changes, work, stopped_by_hand())
    receipt = Receipt(
        run.id,
        desired.name,
        run.approved or signed.digest,
        observed.ledger.last_receipt,
        started,
        run.now(),
        tuple(_results(signed, observed, after, work)),
        replace(work.transport.stats),  # as it is now: storing the receipt goes on counting
        observed.unfinished.run if observed.unfinished is not None else "",
        signed.undoes,
    )
    if after is None or not after.site_exists or LEDGER_ADDRESS not in after.existing:
        return receipt
    if not work.keeper.held:  # somebody else's turn: their ledger is not touched
        return receipt
    work.known = after.bindings()
    recorded = ledger_after(
        signed, desired, observed, after, run.id, work.results, only_planned=bool(signed.undoes)
    )
    today = desired.scope.today
    able = recorded_with(recorded.capabilities, work.learnt.able, today)
    recorded = replace(recorded, capabilities=able)
    return await keep_receipt(work, receipt, recorded, observed.ledger.etag)


def _results(signed: Plan, observed: Observed, after: Observed | None, work: Work) -> list[Result]:
    """What became of each change; what a run that was cut off had made is told as that run's."""
    results = [
        work.results[c.address]
        for c in signed.changes
        if c.action is not Action.NOOP or work.results[c.address].status != "done"
    ]
    cut_off = observed.unfinished
    if cut_off is not None:
        results = [
            replace(r, run=cut_off.run)
            if r.action == Action.ADOPT.value and r.address in cut_off.made
            else r
            for r in results
        ]
    if after is not None:
        results += done_before(cut_off, after, {r.address for r in results})
    return results


async def _done_and_seen(
    signed: Plan, desired: Desired, observed: Observed, options: Options, run: Run, work: Work
) -> Observed | None:
    """The site after everything was done; None when it could not be read any more."""
    stopped: ProvisionerError | None = None
    try:
        await _everything(signed, desired, observed, options, run, work)
    except ProvisionerError as lost:
        if not work.begun or lost.code == "LOCKED":
            raise
        stopped = lost
        lose_sight(signed.changes, work, lost)
    work.learnt.able |= {**observed.learnt, **work.learnt.able}
    try:
        known = options.capabilities | as_words(work.learnt.able)
        options = replace(options, capabilities=known)
        return await settle(desired, options, work, stopped=stopped)
    except ProvisionerError as lost:
        if not work.begun:
            raise
        lose_sight(signed.changes, work, lost)
        return None


async def _everything(
    signed: Plan, desired: Desired, observed: Observed, options: Options, run: Run, work: Work
) -> None:
    """The lock, or the site first; the ledger and what it stands on; then all the rest."""
    site = [c for c in signed.changes if c.address == SITE]
    foundation = foundation_of(signed.changes)
    rest = [c for c in signed.changes if c not in foundation and c not in site]
    if any(c.action is Action.CREATE for c in site):
        made = [replace(c, operations=c.operations[: _to_make_it(c)]) for c in site]
        fresh = await _make_site(made, desired, work)
        rest = _as_they_came(rest, plan(desired, fresh, options))
        site = [replace(c, operations=c.operations[_to_make_it(c) :]) for c in site]
        site = [c for c in site if c.operations]
    else:
        lock = observed.existing.get(LOCK_ADDRESS)
        if lock is not None:
            cut_off = observed.unfinished
            before = "" if cut_off is None or cut_off.here_alone else cut_off.run
            await work.keeper.acquire(
                observed.existing[SITE].ids["id"],
                lock.ids["id"],
                observed.lock,
                prior=before,
                break_run=run.break_lock,
            )
    work.progress.start("Applying", sum(len(c.operations) for c in signed.changes) or None)
    later: list[Change] = []
    if work.any_failed:
        _skip(foundation, work)
    else:
        first, later = in_two(foundation)
        await lay_foundation(first, work)
        if await _look_again(foundation, desired, options, work):
            later = []
    if signed.writes and not work.any_failed:
        await keep_plan(work, run.id, signed, observed, run.approved)
    if not work.any_failed:
        for change in (*later, *site):
            work.results.pop(change.address, None)
        everything = [*site, *map(_by_itself, [*later, *rest])]
        await carry_out_all(everything, brought(desired), desired.scope, run.id, work)
    else:
        _skip([*(c for c in site if c.address not in work.results), *rest], work)
    work.progress.finish()


def _by_itself(change: Change) -> Change:
    """The change, whatever becomes of the site's settings: a hub that is missing fails alone."""
    return replace(change, depends=tuple(a for a in change.depends if a != SITE))


def _as_they_came(rest: Sequence[Change], again: Plan) -> list[Change]:
    """What is still to do for the parts that came with a new site, its own library for one.

    They were to be made; now they are there, and at most settings differ.
    """
    now = {change.address: change for change in again.changes}
    blocked = {one.address for one in again.blocked}
    made = []
    for change in rest:
        if change.action is Action.CREATE and change.address not in blocked:
            kept = replace(change, action=Action.ADOPT, operations=(), fields=(), reason=_CAME)
            made.append(now.get(change.address, kept))
        else:
            made.append(change)
    return made


_CAME = "it came with the site as declared"


async def _make_site(site: Sequence[Change], desired: Desired, work: Work) -> Observed:
    """Make the site and read what Microsoft made with it.

    Raises:
        Refused: LOCKED, when another run made it at the same moment.
    """
    await carry_out(site, work)
    fresh = await observe(work.transport, desired, work.progress, there=True)
    result = work.results[SITE]
    refused = result.status == "failed" and work.answered[SITE] < _to_make_it(site[0])
    if fresh.site_exists and (refused or LOCK_ADDRESS in fresh.existing):
        raise beginning()
    if fresh.site_exists and result.status == "unknown":
        work.results[SITE] = result_of(site[0], "done")
    work.known.update(fresh.bindings())
    return fresh


def _to_make_it(site: Change) -> int:
    """How many requests of a new site make it, up to the one that waits for it; the rest settle it."""
    return max((at for at, op in enumerate(site.operations, 1) if op.poll is not None), default=1)


async def _look_again(
    foundation: Sequence[Change], desired: Desired, options: Options, work: Work
) -> bool:
    """Where an answer about the foundation was lost: look, and send all of it that is not there."""
    own = {change.address for change in foundation}
    if not any(r.status == "unknown" for a, r in work.results.items() if a in own):
        return False
    fresh = await observe(work.transport, desired, work.progress)
    work.known.update(fresh.bindings())
    for address in own:
        work.results.pop(address, None)
    left = [c for c in plan(desired, fresh, options).changes if c.address in own]
    if not work.keeper.held and LOCK_ADDRESS in fresh.existing:
        site, lock = fresh.existing[SITE].ids["id"], fresh.existing[LOCK_ADDRESS].ids["id"]
        await work.keeper.acquire(site, lock, fresh.lock)
    await lay_foundation(left, work)
    for change in foundation:
        work.results.setdefault(change.address, result_of(change, "done"))
    return True


def _skip(changes: Iterable[Change], work: Work) -> None:
    for change in changes:
        work.results[change.address] = result_of(
            change, "skipped", "SKIPPED", "the site or its ledger could not be made"
        )

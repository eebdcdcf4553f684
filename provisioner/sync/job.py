"""A run of sync: read what changed, judge everything, write only what differs.

What is kept for the next run is written last, so that a run that breaks off is simply repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from provisioner.core import collector
from provisioner.core.errors import Refused
from provisioner.core.progress import Progress
from provisioner.core.transport import Reading, Transport
from provisioner.ledger.heartbeat import job_rows, jobs_in
from provisioner.spec.models import Settings
from provisioner.sync import keeping
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Around, read_around, recorded, with_gone
from provisioner.sync.collect_changes import read_changes
from provisioner.sync.collect_content import identified
from provisioner.sync.collect_lists import lists_of
from provisioner.sync.collect_site import Places, SiteHandle, locate
from provisioner.sync.facts import ItemTerms
from provisioner.sync.frameworks import known_criteria
from provisioner.sync.kept import Kept
from provisioner.sync.policy import Policy
from provisioner.sync.receipt import SyncRun, WriteCounts
from provisioner.sync.shelves import Files, Shelf
from provisioner.sync.turn import Locking, Turn, lock_seen
from provisioner.sync.writeback_run import Decided, Writer, Written

__all__ = ["SiteHandle", "SyncRun", "WriteCounts", "policy_of", "run_sync"]


def policy_of(settings: Settings) -> Policy:
    """The policy a workspace file sets."""
    freshness = settings.freshness
    return Policy(
        lead_days=freshness.lead_days,
        grace_days=freshness.grace_days,
        review_sla_days=freshness.review_sla_days,
        holidays=frozenset(freshness.holidays),
        known_criteria=known_criteria(settings.frameworks),
    )


async def run_sync(
    transport: Transport,
    site: SiteHandle,
    settings: Settings,
    *,
    today: date,
    as_of_now: datetime,
    full: bool,
    dry_run: bool,
    progress: Progress,
    locking: Locking | None = None,
) -> SyncRun:
    """Read, judge and write back.

    `full` reads everything anew; `dry_run` writes nothing. `as_of_now` is only noted. `locking` keeps
    other runs away while this one writes; of two that overlap, the second reads the site again.

    Raises:
        Refused: LOCKED, when another run works on the site; LOCK-LOST.
        ProvisionerError: WORKSPACE-NOT-APPLIED, DELTA-INCOMPLETE, and what reading raises.
    """
    again = partial(
        _run,
        transport,
        site,
        settings,
        today=today,
        as_of_now=as_of_now,
        full=full,
        dry_run=dry_run,
        progress=progress,
        locking=locking,
    )
    with collector.seldom():
        try:
            return await again()
        except Refused as refused:
            if refused.code != "RUN-BETWEEN":
                raise
            # Nothing was sent yet. What the other run wrote is read and judged now.
            return await again()


async def _run(
    transport: Transport,
    site: SiteHandle,
    settings: Settings,
    *,
    today: date,
    as_of_now: datetime,
    full: bool,
    dry_run: bool,
    progress: Progress,
    locking: Locking | None,
) -> SyncRun:
    progress.start("Reading the evidence")
    places = await locate(transport, site)
    before, note = await keeping.load(transport, places)
    changes = await read_changes(
        transport,
        places,
        before.shelves,
        before.rolls,
        full=full,
        beside=[*recorded(places), *lock_seen(places), *_jobs_seen(places)],
    )
    steps = await identified(transport, places, changes.steps, before.identities)
    lists = lists_of(places, changes.rolls, before.attestations, site.registers)
    shelves = {key: step.shelf for key, step in steps.items()}
    files = Files(shelves)
    left = before.left(shelves)
    around = with_gone(
        await read_around(
            transport,
            places,
            site,
            lists,
            files.values(),
            before.histories,
            before.applied,
            changes.beside,
        ),
        left,
        filed_terms(settings),
    )
    changed = sum(len(step.changed) for step in steps.values())
    progress.finish(f"{changed} changed")
    turn = Turn(transport, places, changes.beside, locking)
    writer = Writer(
        transport=transport,
        places=places,
        policy=policy_of(settings),
        today=today,
        memory=before.memory(),
        files=files,
        on_items=settings.freshness.write_back == "item",
        progress=progress,
        around=around,
        registers=site.registers,
        frameworks=tuple(settings.frameworks),
        turn=turn,
    )
    decided = writer.decide(lists, changes.rolls)
    notes = [note, *changes.notes, *places.notes]
    if dry_run:
        written = writer.rehearse(decided)
    else:
        try:
            written = await writer.carry_out(decided)
            after = _after(shelves, written.decided, before, around, on_items=writer.on_items)
            saved, problem = await _keep(writer, after, before, written)
        finally:
            await turn.end()
        notes.append(problem)
        written = replace(written, counts=replace(written.counts, kept=saved))
    return SyncRun(
        workspace=site.path,
        facts=written.decided.facts,
        judgement=written.decided.judgement,
        at=as_of_now,
        dry_run=dry_run,
        changed=changed,
        written=written.counts,
        findings=written.findings,
        held=written.held,
        unsent=written.unsent,
        notes=tuple(one for one in (*notes, *written.decided.lists.notes, *written.notes) if one),
        stats=transport.stats,
        libraries={key: place.title for key, place in places.libraries.items()},
        places=places,
        files=files,
        jobs=tuple(job for one in _jobs_seen(places) for job in jobs_in(changes.beside[one].body)),
    )


def _jobs_seen(places: Places) -> list[Reading]:
    """What to read of the scheduled jobs, along with the rest of the site."""
    return [job_rows(places.job_items)] if places.job_items else []


def filed_terms(settings: Settings) -> dict[str, ItemTerms]:
    """The terms of expected items as the workspace file says them, by item id."""
    return {
        item.id: ItemTerms(
            item.cadence or "",
            item.kind or "",
            item.enabled,
            item.anchor,
            item.grace_days,
            item.lead_days,
        )
        for item in settings.evidence
    }


def _after(
    shelves: Mapping[str, Shelf], decided: Decided, before: Kept, around: Around, *, on_items: bool
) -> Kept:
    """What the next run should know, of what was read before our own writes."""
    unwritten = {}
    for document in decided.facts.documents:
        judged = decided.judgement.documents[document.key]
        in_place = on_items and document.key not in around.held
        if not in_place and (judged.clock is not None or judged.stamp is not None):
            unwritten[document.key] = Remembered("", judged.clock, judged.stamp)
    judgements = decided.judgement.documents.items()
    return Kept(
        shelves,
        unwritten,
        decided.lists.attestations,
        sound=frozenset(
            key for key, one in judgements if one.sound or key in before.sound or key in before.gone
        ),
        gone=around.gone,
        histories=around.histories,
        applied=around.applied,
        rolls=decided.rolls,
    )


async def _keep(writer: Writer, kept: Kept, before: Kept, written: Written) -> tuple[int, str]:
    """Save what is new, with what our own writes moved. Gives the writes sent, and what went wrong."""
    transport, places = writer.transport, writer.places
    if places.kept is None or (not written.on and kept.same(before)):
        return 0, ""
    await writer.turn.begin()
    if written.on:
        kept = await keeping.moved_on(transport, places, kept, written.on)
    outcome = await keeping.save(transport, places, kept)
    if outcome.state == "done":
        return 1, ""
    why = outcome.message or outcome.code
    return 0, f"What was read could not be kept, so the next run reads more: {why}"

"""A run of sync: read what changed, judge everything, write only what differs.

What is kept for the next run is written last, so that a run that breaks off is simply repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from provisioner.core import collector
from provisioner.core.errors import Refused
from provisioner.core.progress import Progress
from provisioner.core.transport import Reading, Transport
from provisioner.ledger.heartbeat import JobRun, job_rows, jobs_in
from provisioner.spec.models import Settings
from provisioner.sync import keeping
from provisioner.sync.collect import Remembered
from provisioner.sync.collect_around import Around, read_around, recorded, with_gone
from provisioner.sync.collect_changes import Changes, read_changes
from provisioner.sync.collect_content import identified
from provisioner.sync.collect_lists import Lists, lists_of
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
    job = _Job(
        transport, site, settings, today, as_of_now, full, dry_run, progress, locking
    )  # fmt: skip
    with collector.seldom():
        try:
            return await job.run()
        except Refused as refused:
            if refused.code != "RUN-BETWEEN":
                raise
            # Nothing was sent yet. What the other run wrote is read and judged now.
            return await job.run()


@dataclass(frozen=True, slots=True)
class _Read:
    """What a run has read: what the last one kept, what changed since, and what stands around it."""

    places: Places
    before: Kept
    note: str
    changes: Changes
    shelves: Mapping[str, Shelf]
    lists: Lists
    around: Around

    @property
    def changed(self) -> int:
        """How many files changed."""
        return sum(len(step.changed) for step in self.changes.steps.values())

    @property
    def jobs(self) -> tuple[JobRun, ...]:
        """The scheduled jobs as they stood."""
        seen = (self.changes.beside[one].body for one in _jobs_seen(self.places))
        return tuple(job for body in seen for job in jobs_in(body))


@dataclass(frozen=True, slots=True)
class _Job:
    """One run as it was asked for."""

    transport: Transport
    site: SiteHandle
    settings: Settings
    today: date
    as_of_now: datetime
    full: bool
    dry_run: bool
    progress: Progress
    locking: Locking | None

    async def run(self) -> SyncRun:
        """Read, judge and write back."""
        self.progress.start("Reading the evidence")
        read = await self._read()
        self.progress.finish(f"{read.changed} changed")
        writer, places = self._writer(read), read.places
        decided, problem = writer.decide(read.lists, read.changes.rolls), ""
        if self.dry_run:
            written = writer.rehearse(decided)
        else:
            written, problem = await _carried_out(writer, decided, read)
        notes = [read.note, *read.changes.notes, *places.notes, problem]
        return SyncRun(
            workspace=self.site.path,
            facts=written.decided.facts,
            judgement=written.decided.judgement,
            at=self.as_of_now,
            dry_run=self.dry_run,
            changed=read.changed,
            written=written.counts,
            findings=written.findings,
            held=written.held,
            unsent=written.unsent,
            notes=tuple(
                one for one in (*notes, *written.decided.lists.notes, *written.notes) if one
            ),
            stats=self.transport.stats,
            libraries={key: place.title for key, place in places.libraries.items()},
            places=places,
            files=writer.files,
            jobs=read.jobs,
        )

    async def _read(self) -> _Read:
        transport, site = self.transport, self.site
        places = await locate(transport, site)
        before, note = await keeping.load(transport, places)
        changes = await read_changes(
            transport,
            places,
            before.shelves,
            before.rolls,
            full=self.full,
            beside=[*recorded(places), *lock_seen(places), *_jobs_seen(places)],
        )
        steps = await identified(transport, places, changes.steps, before.identities)
        lists = lists_of(places, changes.rolls, before.attestations, site.registers)
        shelves = {key: step.shelf for key, step in steps.items()}
        left = before.left(shelves)
        files = Files(shelves).values()
        around = await read_around(
            transport, places, site, lists, files, before.histories, before.applied, changes.beside
        )
        around = with_gone(around, left, filed_terms(self.settings))
        return _Read(places, before, note, changes, shelves, lists, around)

    def _writer(self, read: _Read) -> Writer:
        return Writer(
            transport=self.transport,
            places=read.places,
            policy=policy_of(self.settings),
            today=self.today,
            memory=read.before.memory(),
            files=Files(read.shelves),
            on_items=self.settings.freshness.write_back == "item",
            progress=self.progress,
            around=read.around,
            registers=self.site.registers,
            frameworks=tuple(self.settings.frameworks),
            turn=Turn(self.transport, read.places, read.changes.beside, self.locking),
        )


async def _carried_out(writer: Writer, decided: Decided, read: _Read) -> tuple[Written, str]:
    """Write what differs and keep what is new. Gives what was done, and what went wrong in keeping."""
    try:
        written = await writer.carry_out(decided)
        after = _after(read, written.decided, on_items=writer.on_items)
        saved, problem = await _keep(writer, after, read.before, written)
    finally:
        await writer.turn.end()
    return replace(written, counts=replace(written.counts, kept=saved)), problem


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


def _after(read: _Read, decided: Decided, *, on_items: bool) -> Kept:
    """What the next run should know, of what was read before our own writes."""
    before, around, unwritten = read.before, read.around, {}
    judgements = decided.judgement.documents.items()
    for key, judged in judgements:
        in_place = on_items and key not in around.held
        if not in_place and (judged.clock is not None or judged.stamp is not None):
            unwritten[key] = Remembered("", judged.clock, judged.stamp)
    return Kept(
        read.shelves,
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

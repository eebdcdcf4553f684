"""A run of sync: read what changed, judge everything, write only what differs.

The order is that of what may be overtaken: rows with an ETag first, since one that somebody changed
meanwhile is read again and decided anew; then documents, whose write cannot overwrite anybody; then
findings; and what is kept for the next run last, so that a run that breaks off is simply repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from provisioner.core.progress import Progress
from provisioner.core.transport import Transport
from provisioner.spec.models import Settings
from provisioner.sync import kept as keeping
from provisioner.sync.collect import Memory, Remembered, facts_of
from provisioner.sync.collect_content import office_identities, with_identities
from provisioner.sync.collect_files import FileRow, Shelf, Step, read_after, read_shelves
from provisioner.sync.collect_lists import Lists, Seen, read_lists
from provisioner.sync.collect_site import FINDINGS, Places, SiteHandle, locate
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.findings import (
    FindingWrite,
    Happening,
    Names,
    counts,
    plan_findings,
    read_findings,
)
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.kept import Kept
from provisioner.sync.policy import Policy
from provisioner.sync.receipt import SyncRun, WriteCounts
from provisioner.sync.writeback import (
    document_writes,
    item_writes,
    waiver_writes,
)
from provisioner.sync.writeback_send import Sent, Unsent, Write, send

__all__ = ["SiteHandle", "SyncRun", "WriteCounts", "policy_of", "run_sync"]


def policy_of(settings: Settings) -> Policy:
    """The policy a workspace file sets."""
    freshness = settings.freshness
    return Policy(
        lead_days=freshness.lead_days,
        grace_days=freshness.grace_days,
        review_sla_days=freshness.review_sla_days,
        holidays=frozenset(freshness.holidays),
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
) -> SyncRun:
    """Read, judge and write back.

    `full` reads everything anew; `dry_run` writes nothing.

    Raises:
        ProvisionerError: WORKSPACE-NOT-APPLIED, DELTA-INCOMPLETE, and what reading raises.
    """
    progress.start("Reading the evidence")
    places = await locate(transport, site)
    before, note = await keeping.load(transport, places)
    steps = await _read_files(transport, places, before, full=full)
    lists = await read_lists(transport, places, before.attestations)
    changed = sum(len(step.changed) for step in steps.values())
    progress.finish(f"{changed} changed")
    run = _Run(
        transport=transport,
        places=places,
        policy=policy_of(settings),
        today=today,
        memory=before.memory(),
        files=tuple(row for step in steps.values() for row in step.shelf.files.values()),
        on_items=settings.freshness.write_back == "item",
        progress=progress,
    )
    decided = run.decide(lists)
    notes = [note, *(step.note for step in steps.values()), *places.notes]
    written = await (run.rehearse(decided) if dry_run else run.carry_out(decided))
    decided = written.decided
    shelves = {key: step.shelf for key, step in steps.items()}
    after = run.kept(shelves, decided)
    keep = not dry_run and places.kept is not None
    if keep and (written.done or not after.same(before)):
        if written.documents:
            moved = await _moved_on(transport, places, shelves, after)
            after = replace(after, shelves=moved)
        outcome = await keeping.save(transport, places, after)
        if outcome is not None and outcome.state != "done":
            notes.append(f"What was read could not be kept: {outcome.message or outcome.code}")
        written = replace(written, kept=1)
    return SyncRun(
        workspace=site.path,
        facts=decided.facts,
        judgement=decided.judgement,
        at=as_of_now,
        dry_run=dry_run,
        changed=changed,
        written=written.counts,
        findings=written.findings,
        held=written.held,
        unsent=written.unsent,
        notes=tuple(one for one in (*notes, *decided.lists.notes, *written.notes) if one),
        stats=transport.stats,
        libraries={key: place.title for key, place in places.libraries.items()},
    )


async def _read_files(
    transport: Transport, places: Places, before: Kept, *, full: bool
) -> dict[str, Step]:
    """What changed in each library, with the content identity of every file that did."""
    steps = await read_shelves(transport, places, before.shelves, full=full)
    return await _identified(transport, places, steps, before.identities())


async def _identified(
    transport: Transport, places: Places, steps: Mapping[str, Step], known: Mapping[str, str]
) -> dict[str, Step]:
    new = [
        step.shelf.files[key]
        for step in steps.values()
        for key in step.changed
        if key in step.shelf.files
    ]
    found = await with_identities(transport, places, new, known)
    made = {}
    for key, step in steps.items():
        files = {each: found.get(each, row) for each, row in step.shelf.files.items()}
        made[key] = replace(step, shelf=replace(step.shelf, files=files))
    return made


async def _moved_on(
    transport: Transport, places: Places, shelves: Mapping[str, Shelf], kept: Kept
) -> dict[str, Shelf]:
    """The libraries as they are after our own writes.

    What we wrote comes back as a change; taken in now, the next run finds nothing. Where somebody else
    changed a library meanwhile, its token stays as it was, so that the next run sees and judges that.
    """
    steps = await read_after(transport, places, shelves.values())
    known = office_identities(kept.files())
    steps = await _identified(transport, places, steps, known)
    moved = dict(shelves)
    for key, step in steps.items():
        files = shelves[key].files
        ours = all(
            each in files
            and each in step.shelf.files
            and step.shelf.files[each].same_facts(files[each])
            for each in step.changed
        )
        if ours:
            moved[key] = step.shelf
    return moved


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was read from lists, and what follows from it."""

    lists: Lists
    facts: EvidenceFacts
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Written:
    """What was done, or on a dry run would be."""

    decided: _Decided
    documents: int = 0
    items: int = 0
    waivers: int = 0
    finding_writes: int = 0
    findings: Mapping[Happening, int] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    unsent: tuple[Unsent, ...] = ()
    notes: tuple[str, ...] = ()
    kept: int = 0

    @property
    def done(self) -> int:
        return self.documents + self.items + self.waivers + self.finding_writes

    @property
    def counts(self) -> WriteCounts:
        return WriteCounts(
            self.documents, self.items, self.waivers, self.finding_writes, self.kept
        )


@dataclass(frozen=True, slots=True)
class _Run:
    transport: Transport
    places: Places
    policy: Policy
    today: date
    memory: Memory
    files: tuple[FileRow, ...]
    on_items: bool
    progress: Progress

    def decide(self, lists: Lists) -> _Decided:
        facts = facts_of(self.files, lists, self.places, self.memory)
        return _Decided(lists, facts, judge(facts, self.policy, self.today))

    async def rehearse(self, decided: _Decided) -> _Written:
        """What would be written."""
        on_files = document_writes(self.files, decided.judgement, self.places)
        findings = await self._plan_findings(decided)
        return _Written(
            decided,
            documents=len(on_files.writes) if self.on_items else 0,
            items=len(self._item_writes(decided)),
            waivers=len(waiver_writes(decided.lists.waivers, decided.judgement, self.places)),
            finding_writes=len(findings),
            findings=counts(findings, (one.write.about for one in findings)),
            held=on_files.held if self.on_items else {},
            notes=on_files.notes if self.on_items else (),
        )

    async def carry_out(self, decided: _Decided) -> _Written:
        """Write what differs."""
        decided, on_items, on_waivers = await self._write_rows(decided)
        on_files = document_writes(self.files, decided.judgement, self.places)
        sent = Sent()
        if self.on_items:
            sent = await self._send(on_files.writes, "Writing on documents")
        held = dict(on_files.held) if self.on_items else {}
        held |= {one.about: one.message or one.code for one in sent.unsent}
        planned, told = await self._write_findings(decided)
        return _Written(
            decided,
            documents=len(sent.done),
            items=len(on_items.done),
            waivers=len(on_waivers.done),
            finding_writes=len(told.done),
            findings=counts(planned, told.done),
            held=held,
            unsent=(*on_items.unsent, *on_waivers.unsent, *sent.unsent, *told.unsent),
            notes=on_files.notes if self.on_items else (),
        )

    def kept(self, shelves: Mapping[str, Shelf], decided: _Decided) -> Kept:
        """What the next run should know, of what was read before our own writes."""
        unwritten = {}
        for document in decided.facts.documents:
            judged = decided.judgement.documents[document.key]
            row = shelves[document.library].files[document.key]
            in_place = self.on_items and not row.held
            if not in_place and (judged.clock is not None or judged.stamp is not None):
                unwritten[document.key] = Remembered("", judged.clock, judged.stamp)
        return Kept(shelves, unwritten, _attested(decided.lists))

    def _item_writes(self, decided: _Decided) -> tuple[Write, ...]:
        if not self.on_items:
            return ()
        return item_writes(decided.lists.catalogue, decided.judgement, self.places)

    async def _write_rows(self, decided: _Decided) -> tuple[_Decided, Sent, Sent]:
        """Expected items and waivers; if one was changed meanwhile, once more with what it says now."""
        on_items, on_waivers = await self._write_rows_once(decided)
        if not (on_items.overtaken or on_waivers.overtaken):
            return decided, on_items, on_waivers
        decided = self.decide(await read_lists(self.transport, self.places, _attested(decided.lists)))
        more, others = await self._write_rows_once(decided)
        return (
            decided,
            Sent((*on_items.done, *more.done), more.unsent),
            Sent((*on_waivers.done, *others.done), others.unsent),
        )

    async def _write_rows_once(self, decided: _Decided) -> tuple[Sent, Sent]:
        items = self._item_writes(decided)
        waivers = waiver_writes(decided.lists.waivers, decided.judgement, self.places)
        return (
            await self._send(items, "Writing on expected items"),
            await self._send(waivers, "Writing on waivers"),
        )

    async def _write_findings(
        self, decided: _Decided
    ) -> tuple[Sequence[FindingWrite], Sent]:
        planned = await self._plan_findings(decided)
        sent = await self._send([one.write for one in planned], "Writing findings")
        if not sent.unsent:
            return planned, sent
        # Somebody changed a row, or an answer was lost: look again, and write what is left.
        left = await self._plan_findings(decided)
        more = await self._send([one.write for one in left], "Writing findings")
        return [*planned, *left], Sent((*sent.done, *more.done), more.unsent)

    async def _plan_findings(self, decided: _Decided) -> tuple[FindingWrite, ...]:
        if FINDINGS not in self.places.lists:
            return ()
        rows = await read_findings(self.transport, self.places)
        return plan_findings(
            rows, decided.judgement.verdicts, self._names(decided), self.places, self.today
        )

    def _names(self, decided: _Decided) -> Names:
        documents = {
            row.key: f"{self.places.library_title(row.library)}: {row.name}\n{row.url}"
            for row in self.files
        }
        catalogue = decided.lists.catalogue
        return Names(
            items={row.item.id: f"{row.item.id} {row.item.title}" for row in catalogue},
            documents=documents,
            item_rows={row.item.id: row.row for row in catalogue},
            document_rows=decided.lists.index,
        )

    async def _send(self, writes: Sequence[Write], doing: str) -> Sent:
        return await send(self.transport, writes, self.progress, doing)


def _attested(lists: Lists) -> Seen:
    """Every attestation known by now, by catalogue id."""
    return {
        row.item.id: row.item.attestations for row in lists.catalogue if row.item.attestations
    }

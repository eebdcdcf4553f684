"""Carrying out what a run decided: rows with an ETag first, then documents, the index, findings.

A row that somebody changed meanwhile is read again and decided anew, once. The write on a document
cannot overwrite anybody, so it needs no such care.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from provisioner.core.progress import Progress
from provisioner.core.transport import Transport
from provisioner.spec.models import Framework
from provisioner.sync.collect import Memory, facts_of
from provisioner.sync.collect_around import Around
from provisioner.sync.collect_files import FileRow
from provisioner.sync.collect_lists import Lists, read_lists
from provisioner.sync.collect_site import FINDINGS, Places
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.findings import (
    FindingWrite,
    Happening,
    Names,
    counts,
    plan_findings,
    read_findings,
)
from provisioner.sync.frameworks import with_controls
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy
from provisioner.sync.receipt import WriteCounts
from provisioner.sync.register_facts import Register
from provisioner.sync.writeback import (
    document_writes,
    item_writes,
    request_writes,
    waiver_writes,
)
from provisioner.sync.writeback_index import index_writes
from provisioner.sync.writeback_send import Sent, Unsent, Write, send


@dataclass(frozen=True, slots=True)
class Decided:
    """What was read from lists, and what follows from it."""

    lists: Lists
    facts: EvidenceFacts
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Written:
    """What was done, or on a dry run would be; `decided` as it was at the end."""

    decided: Decided
    counts: WriteCounts = WriteCounts()  # noqa: RUF009 - frozen
    findings: Mapping[Happening, int] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    unsent: tuple[Unsent, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Decides and writes for one run. `on_items`: verdicts also go onto documents and items."""

    transport: Transport
    places: Places
    policy: Policy
    today: date
    memory: Memory
    files: tuple[FileRow, ...]
    on_items: bool
    progress: Progress
    around: Around = Around()  # noqa: RUF009 - frozen
    registers: tuple[Register, ...] = ()
    frameworks: tuple[Framework, ...] = ()

    def decide(self, lists: Lists) -> Decided:
        """What follows from the lists as they are."""
        lists = replace(lists, periods=with_controls(lists.periods, self.frameworks))
        facts = facts_of(self.files, lists, self.places, self.memory, self.around)
        return Decided(lists, facts, judge(facts, self.policy, self.today))

    async def rehearse(self, decided: Decided) -> Written:
        """What would be written."""
        judgement = decided.judgement
        on_files = document_writes(self.files, judgement, self.places)
        index = index_writes(self.files, decided.lists.index, judgement, self.places)
        findings = await self._plan_findings(decided)
        return Written(
            decided,
            WriteCounts(
                documents=len(on_files.writes) if self.on_items else 0,
                items=len(self._item_writes(decided)),
                waivers=len(waiver_writes(decided.lists.waivers, judgement, self.places)),
                index=len(index),
                requests=len(request_writes(decided.lists.requests, judgement, self.places)),
                findings=len(findings),
            ),
            counts(findings, (one.write.about for one in findings)),
            held=on_files.held if self.on_items else {},
            notes=on_files.notes if self.on_items else (),
        )

    async def carry_out(self, decided: Decided) -> Written:
        """Write what differs."""
        decided, on_items, on_waivers, on_requests = await self._write_rows(decided)
        on_files = document_writes(self.files, decided.judgement, self.places)
        sent, held = Sent(), {}
        if self.on_items:
            sent = await self._send(on_files.writes, "Writing on documents")
            held = {**on_files.held, **{one.about: str(one) for one in sent.unsent}}
        decided, indexed = await self._write_index(decided)
        planned, told = await self._write_findings(decided)
        return Written(
            decided,
            WriteCounts(
                documents=len(sent.done),
                items=len(on_items.done),
                waivers=len(on_waivers.done),
                index=len(indexed.done),
                requests=len(on_requests.done),
                findings=len(told.done),
            ),
            counts(planned, told.done),
            held,
            unsent=tuple(
                one
                for some in (on_items, on_waivers, on_requests, sent, indexed, told)
                for one in some.unsent
            ),
            notes=on_files.notes if self.on_items else (),
        )

    def _item_writes(self, decided: Decided) -> tuple[Write, ...]:
        if not self.on_items:
            return ()
        return item_writes(decided.lists.catalogue, decided.judgement, self.places)

    async def _write_rows(self, decided: Decided) -> tuple[Decided, Sent, Sent, Sent]:
        """Items, waivers and requests; if one was changed meanwhile, once more by what it says now."""
        first = await self._write_rows_once(decided)
        if not any(one.overtaken for one in first):
            return decided, *first
        decided = self.decide(await self._read_lists(decided))
        items, waivers, requests = await self._write_rows_once(decided)
        return decided, first[0].then(items), first[1].then(waivers), first[2].then(requests)

    async def _write_rows_once(self, decided: Decided) -> tuple[Sent, Sent, Sent]:
        waivers = waiver_writes(decided.lists.waivers, decided.judgement, self.places)
        requests = request_writes(decided.lists.requests, decided.judgement, self.places)
        return (
            await self._send(self._item_writes(decided), "Writing on expected items"),
            await self._send(waivers, "Writing on waivers"),
            await self._send(requests, "Writing on audit requests"),
        )

    async def _read_lists(self, decided: Decided) -> Lists:
        seen = decided.lists.attestations
        return await read_lists(self.transport, self.places, seen, self.registers)

    async def _write_index(self, decided: Decided) -> tuple[Decided, Sent]:
        lists = decided.lists
        writes = index_writes(self.files, lists.index, decided.judgement, self.places)
        sent = await self._send(writes, "Writing the evidence index")
        if any(one not in lists.index for one in sent.done):
            # Findings link to the rows just made.
            lists = await self._read_lists(decided)
            decided = replace(decided, lists=replace(decided.lists, index=lists.index))
        return decided, sent

    async def _write_findings(self, decided: Decided) -> tuple[Sequence[FindingWrite], Sent]:
        planned = await self._plan_findings(decided)
        sent = await self._send([one.write for one in planned], "Writing findings")
        if not sent.unsent:
            return planned, sent
        # Somebody changed a row, or an answer was lost: look again, and write what is left.
        left = await self._plan_findings(decided)
        more = await self._send([one.write for one in left], "Writing findings")
        by_key = {one.write.about: one for one in (*planned, *left)}
        return list(by_key.values()), sent.then(more)

    async def _plan_findings(self, decided: Decided) -> tuple[FindingWrite, ...]:
        if FINDINGS not in self.places.lists:
            return ()
        rows = await read_findings(self.transport, self.places)
        catalogue, lists = decided.lists.catalogue, decided.lists
        names = Names(
            items={row.item.id: f"{row.item.id} {row.item.title}" for row in catalogue},
            documents={
                row.key: f"{self.places.library_title(row.library)}: {row.name}\n{row.url}"
                for row in (*self.files, *self.around.gone)
            },
            item_rows={row.item.id: row.row for row in catalogue},
            document_rows={key: row.row for key, row in lists.index.items()},
            rows={
                row.key: f"{register.title}: {row.name}\n{row.key}"
                for register in lists.registers
                for row in register.rows
            },
            people={key: number for number, key in lists.people.items()},
        )
        return plan_findings(rows, decided.judgement.verdicts, names, self.places, self.today)

    async def _send(self, writes: Sequence[Write], doing: str) -> Sent:
        return await send(self.transport, writes, self.progress, doing)

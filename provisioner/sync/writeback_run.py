"""Carrying out what a run decided: rows with an ETag first, then documents, the index, findings.

A row that somebody changed meanwhile is read again and decided anew, once. The write on a document
cannot overwrite anybody, so it needs no such care.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from provisioner.core.progress import Progress
from provisioner.core.transport import Audience, Transport
from provisioner.spec.models import Framework
from provisioner.sync.closing import final_documents
from provisioner.sync.collect import Memory, facts_of
from provisioner.sync.collect_around import Around
from provisioner.sync.collect_changes import read_rolls
from provisioner.sync.collect_lists import Lists, lists_of
from provisioner.sync.collect_site import CATALOGUE, FINDINGS, INDEX, REQUESTS, WAIVERS, Places
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.findings import Names
from provisioner.sync.frameworks import with_controls
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy
from provisioner.sync.receipt import WriteCounts
from provisioner.sync.register_facts import Register
from provisioner.sync.rolls import Roll
from provisioner.sync.shelves import FileRow
from provisioner.sync.turn import Turn
from provisioner.sync.writeback import (
    DocumentWrites,
    document_writes,
    item_writes,
    request_writes,
    waiver_writes,
)
from provisioner.sync.writeback_findings import (
    FindingWrites,
    Happening,
    counts,
    finding_writes,
)
from provisioner.sync.writeback_index import Index, index_writes
from provisioner.sync.writeback_send import Sent, Unsent, Write, Writes, send, send_together


@dataclass(frozen=True, slots=True)
class Decided:
    """What was read from lists, and what follows from it. `rolls` are the lists as they were read."""

    lists: Lists
    rolls: Mapping[str, Roll]
    facts: EvidenceFacts
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Written:
    """What was done, or on a dry run would be; `decided` as it was at the end.

    `on` are the keys of the libraries and lists that writes were sent to.
    """

    decided: Decided
    counts: WriteCounts = WriteCounts()  # noqa: RUF009 - frozen
    findings: Mapping[Happening, int] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    unsent: tuple[Unsent, ...] = ()
    notes: tuple[str, ...] = ()
    on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Writer:
    """Decides and writes for one run. `on_items`: verdicts also go onto documents and items."""

    transport: Transport
    places: Places
    policy: Policy
    today: date
    memory: Memory
    files: Mapping[str, FileRow]
    on_items: bool
    progress: Progress
    turn: Turn
    around: Around = Around()  # noqa: RUF009 - frozen
    registers: tuple[Register, ...] = ()
    frameworks: tuple[Framework, ...] = ()

    def decide(self, lists: Lists, rolls: Mapping[str, Roll]) -> Decided:
        """What follows from the lists as they are."""
        lists = replace(lists, periods=with_controls(lists.periods, self.frameworks))
        facts = facts_of(self.files.values(), lists, self.places, self.memory, self.around)
        return Decided(lists, rolls, facts, judge(facts, self.policy, self.today))

    def rehearse(self, decided: Decided) -> Written:
        """What would be written."""
        judgement = decided.judgement
        on_files = self._document_writes(decided)
        index = index_writes(self.files, decided.lists.index, judgement, self.places)
        findings = self._finding_writes(decided)
        happenings = {} if findings is None else findings.happenings
        return Written(
            decided,
            WriteCounts(
                documents=len(on_files.writes) if self.on_items else 0,
                items=len(self._item_writes(decided)),
                waivers=len(waiver_writes(decided.lists.waivers, judgement, self.places)),
                index=len(index),
                requests=len(request_writes(decided.lists.requests, judgement, self.places)),
                findings=len(happenings),
            ),
            counts(happenings, happenings),
            held=on_files.held if self.on_items else {},
            notes=on_files.notes if self.on_items else (),
        )

    async def carry_out(self, decided: Decided) -> Written:
        """Write what differs."""
        decided, (on_items, on_waivers, on_requests) = await self._write_rows(decided)
        on_files = self._document_writes(decided)
        decided, sent, indexed = await self._write_documents(decided, on_files)
        held = {}
        if self.on_items:
            held = {**on_files.held, **{one.about: str(one) for one in sent.unsent}}
        happenings, told = await self._write_findings(decided)
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
            counts(happenings, told.done),
            held,
            unsent=tuple(
                one
                for some in (on_items, on_waivers, on_requests, sent, indexed, told)
                for one in some.unsent
            ),
            notes=on_files.notes if self.on_items else (),
            on=frozenset(
                key
                for key, some in {
                    CATALOGUE: on_items,
                    WAIVERS: on_waivers,
                    REQUESTS: on_requests,
                    INDEX: indexed,
                    FINDINGS: told,
                    **dict.fromkeys(on_files.libraries, sent),
                }.items()
                if some.done or some.unsent
            ),
        )

    def _document_writes(self, decided: Decided) -> DocumentWrites:
        final = final_documents(decided.facts, decided.judgement)
        return document_writes(self.files, decided.judgement, self.places, final)

    def _item_writes(self, decided: Decided) -> tuple[Write, ...]:
        if not self.on_items:
            return ()
        return item_writes(decided.lists.catalogue, decided.judgement, self.places)

    async def _write_rows(self, decided: Decided) -> tuple[Decided, list[Sent]]:
        """Items, waivers and requests; if one was changed meanwhile, once more by what it says now."""
        first = await self._together(self._row_writes(decided), "Writing on lists")
        if not any(one.overtaken for one in first):
            return decided, first
        rolls = await read_rolls(self.transport, self.places, decided.rolls)
        lists = lists_of(self.places, rolls, decided.lists.attestations, self.registers)
        decided = self.decide(lists, rolls)
        again = await self._together(self._row_writes(decided), "Writing on lists")
        return decided, [one.then(more) for one, more in zip(first, again, strict=True)]

    def _row_writes(self, decided: Decided) -> list[Sequence[Write]]:
        """The writes on rows that people edit too, each with the ETag that was read."""
        lists, judgement = decided.lists, decided.judgement
        return [
            self._item_writes(decided),
            waiver_writes(lists.waivers, judgement, self.places),
            request_writes(lists.requests, judgement, self.places),
        ]

    async def _write_documents(
        self, decided: Decided, on_files: DocumentWrites
    ) -> tuple[Decided, Sent, Sent]:
        """Documents, and their rows on the index."""
        index = index_writes(self.files, decided.lists.index, decided.judgement, self.places)
        on_items = on_files.writes if self.on_items else ()
        sent, indexed = await self._together([on_items, index], "Writing on documents")
        if indexed.unsent:
            rolls = await read_rolls(self.transport, self.places, decided.rolls, [INDEX])
            decided = self._with_index(decided, rolls)
            left = index_writes(
                self.files, decided.lists.index, decided.judgement, self.places, by="graph"
            )
            indexed = indexed.then(await self._send(left, "Writing the evidence index"))
        known = decided.lists.index
        if all(key in known.numbers or key in indexed.made for key in indexed.done):
            now = Index(known.rows, {**indexed.made, **known.numbers})
            return replace(decided, lists=replace(decided.lists, index=now)), sent, indexed
        # Findings link to the rows just made, and not every answer told their numbers.
        rolls = await read_rolls(self.transport, self.places, decided.rolls, [INDEX])
        return self._with_index(decided, rolls), sent, indexed

    def _with_index(self, decided: Decided, rolls: Mapping[str, Roll]) -> Decided:
        lists = lists_of(self.places, rolls, decided.lists.attestations, self.registers)
        return replace(decided, rolls=rolls, lists=replace(decided.lists, index=lists.index))

    async def _together(self, sorts: Sequence[Writes], doing: str) -> list[Sent]:
        return await send_together(self.transport, sorts, self.progress, doing, self.turn.begin)

    async def _write_findings(self, decided: Decided) -> tuple[Mapping[str, Happening], Sent]:
        planned = self._finding_writes(decided)
        if planned is None:
            return {}, Sent()
        sent = await self._send(planned, "Writing findings")
        if not sent.unsent:
            return planned.happenings, sent
        # Somebody changed a row, or an answer was lost: look again, and write what is left.
        rolls = await read_rolls(self.transport, self.places, decided.rolls, [FINDINGS])
        left = self._finding_writes(replace(decided, rolls=rolls), by="graph")
        assert left is not None
        more = await self._send(left, "Writing findings")
        return {**planned.happenings, **left.happenings}, sent.then(more)

    def _finding_writes(
        self, decided: Decided, by: Audience = "sharepoint"
    ) -> FindingWrites | None:
        """None where the site has no list for them."""
        if FINDINGS not in self.places.lists:
            return None
        catalogue, lists = decided.lists.catalogue, decided.lists
        roll = decided.rolls.get(FINDINGS)
        names = Names(
            items={row.item.id: f"{row.item.id} {row.item.title}" for row in catalogue},
            document=self._document_names(decided.facts),
            item_rows={row.item.id: row.row for row in catalogue},
            document_rows=lists.index.numbers,
            rows={
                row.key: f"{register.title}: {row.name}\n{row.key}"
                for register in lists.registers
                for row in register.rows
            },
            people={key: number for number, key in lists.people.items()},
        )
        final = frozenset(int(one.id) for one in lists.periods if one.final)
        return finding_writes(
            {} if roll is None else roll.rows,
            decided.judgement.verdicts,
            names,
            self.places,
            self.today,
            by,
            final,
        )

    def _document_names(self, facts: EvidenceFacts) -> Callable[[str], str]:
        """Gives what a finding's row calls a document; its key where it is not known."""
        # Of the facts, in which each stands open: the files may be packed, and rows come in any order.
        documents = {one.key: one for one in (*facts.documents, *facts.gone)}

        def name(key: str) -> str:
            one = documents.get(key)
            if one is None:
                return key
            return f"{self.places.library_title(one.library)}: {one.name}\n{one.url}"

        return name

    async def _send(self, writes: Writes, doing: str) -> Sent:
        return await send(self.transport, writes, self.progress, doing, self.turn.begin)

"""A sitting of the judge: one expected item after the other, so that memory holds one item's cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter

from provisioner.sync.admission import (
    catalogue_case,
    chosen_item,
    document_case,
    filed_case,
    stance_of,
)
from provisioner.sync.cases import DocumentCase, ItemCase, PlacedDocument
from provisioner.sync.claims import Terms, terms_of
from provisioner.sync.facts import Document, EvidenceFacts, ExpectedItem, Waiver
from provisioner.sync.granted import Granted
from provisioner.sync.hearing import Found, Hearing, Held, holdings_of, name_document
from provisioner.sync.items import expected, judge_item
from provisioner.sync.judgement import DocumentJudgement
from provisioner.sync.leavers import Leavers, still_gone
from provisioner.sync.outcome import UNJUDGED, judge_document
from provisioner.sync.placement import ItemPlacement
from provisioner.sync.policy import Policy
from provisioner.sync.rollup import ItemJudgement
from provisioner.sync.rules.registers import row_facts
from provisioner.sync.stance import Stance
from provisioner.sync.unfiled import without_item
from provisioner.sync.veiled import Veil
from provisioner.sync.verdict import Bench, Verdict
from provisioner.sync.vocabulary import Freshness, SubjectKind, VerdictState
from provisioner.sync.waivers import settle, target_facts


class Sitting:
    """What has been judged so far. Ask it for items first, then for what rests on them.

    `documents` and `items` are what was judged, by key and id; `linked` the documents that requests
    name, as placed; `placements` those of the items under which documents that left were filed.
    """

    def __init__(self, facts: EvidenceFacts, policy: Policy, today: date) -> None:
        self._facts, self._policy, self._today = facts, policy, today
        self.expected = {one.id: one for one in sorted(facts.items, key=lambda one: one.id)}
        self.gone = still_gone(facts.gone, facts.documents)
        self.veil = Veil(facts)
        self._verdicts: dict[SubjectKind, list[Verdict]] = {kind: [] for kind in SubjectKind}
        self.documents: dict[str, DocumentJudgement] = {}
        self.items: dict[str, ItemJudgement] = {}
        self.linked: dict[str, PlacedDocument] = {}
        self.placements: dict[str, ItemPlacement] = {}
        # Thousands of documents are well in the same words.
        self._well_facts: dict[tuple[str, tuple[str, ...]], Mapping[str, object]] = {}
        self._left = Leavers(facts)
        self._left_items = {chosen_item(one) for one in self.gone}
        self._wanted = {key for request in facts.requests for key in request.documents}
        self._named = self._documents_named()
        self._rows = {row.key: (each, row) for each in facts.registers for row in each.rows}
        # What a slot's waiver covers decides nothing about which documents count, so it is settled
        # when the slots of its item are known.
        self._later: dict[str, list[Waiver]] = {}
        self.granted = Granted()
        for waiver in facts.waivers:
            target = waiver.target
            others = (target.document, target.request, target.row)
            if target.slot_from is not None and all(one is None for one in others):
                self._later.setdefault(target.item or "", []).append(waiver)
            else:
                self._settle(waiver, ())
        self.hearing = Hearing(Bench(today, policy.digest), self.granted)

    def hear(self) -> None:
        """Judge every document and every expected item."""
        filed: dict[str, list[Document]] = {key: [] for key in self.expected}
        loose: list[Document] = []
        ordered = sorted(self._facts.documents, key=attrgetter("key"))
        # Entered in order now, so that nothing has to be put in order when all are judged.
        self.documents = dict.fromkeys((one.key for one in ordered), UNJUDGED)
        for one in ordered:
            filed.get(chosen_item(one), loose).append(one)
        del ordered
        none_chosen = terms_of(None, self._policy)
        alone = [self._admit(one, None, none_chosen) for one in loose]
        periods, left = self._facts.periods, self._left
        placed = (without_item(stance, periods, left) for stance, _ in alone)
        self._hear_documents(placed, _by_key(alone))
        for item in self.expected.values():
            self._item(item, filed.pop(item.id))
        for key in self._later.keys() - self.expected.keys():
            for waiver in self._later[key]:
                self._settle(waiver, ())

    def note(self, found: Sequence[Found]) -> None:
        """Findings on one subject, or on several of one kind, that stand."""
        if not found:
            return
        told = [one.verdict for one in found]
        if len(told) > 1:
            told.sort(key=attrgetter("order"))
        self._verdicts[told[0].about.kind] += told
        for one in found:
            if one.verdict.state is VerdictState.OPEN:
                self.granted.note(one.named)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict so far, in the order that verdicts have."""
        for kind, some in self._verdicts.items():
            # Those on documents are many, and the few on one document stand in order already.
            some.sort(key=attrgetter("subject" if kind is SubjectKind.DOCUMENT else "order"))
        return tuple(chain.from_iterable(self._verdicts.values()))

    # -- waivers ------------------------------------------------------------------------------------
    def _documents_named(self) -> dict[str, Document]:
        """The documents that waivers and requests name, by key, one that left included."""
        facts = self._facts
        if not facts.waivers:
            return {}
        wanted = {one.target.document for one in facts.waivers} | self._wanted
        return {one.key: one for one in (*self.gone, *facts.documents) if one.key in wanted}

    def _settle(
        self, waiver: Waiver, cells: Sequence[ItemCase], stances: Iterable[Stance] = ()
    ) -> None:
        facts, target = self._facts, waiver.target
        found = self._rows.get(target.row or "")
        row = None if found is None else row_facts(*found, waiver.rules)
        documents = [*self._named.values(), *(one.case.document for one in stances)]
        named = self._named.get(target.document or "")
        cases: dict[str, DocumentCase] = {}
        if named is not None:
            cases[named.key] = filed_case(named, self.expected, self._policy, self._today)
        told = target_facts(
            target,
            cases,
            {one.key: one.identity or "" for one in documents},
            self.expected,
            {request.id: request for request in facts.requests},
            cells,
            row,
        )
        self.granted.add(settle(waiver, told, self._today))

    # -- documents ----------------------------------------------------------------------------------
    def _admit(
        self, document: Document, item: ExpectedItem | None, terms: Terms
    ) -> tuple[Stance, Held]:
        case = document_case(document, item, terms, self._policy, self._today)
        held = holdings_of(case)
        if not held:
            return stance_of(case, (), ()), held
        waived: list[str] = []
        if self.granted.near(None if item is None else item.id, document.key):
            covering = self.granted.covering
            waived = [rule.code for rule, _ in held if covering(name_document(case, rule))]
        return stance_of(case, [rule.code for rule, _ in held], waived), held

    def _hear_documents(
        self, placed: Iterable[PlacedDocument], held: Mapping[str, Held]
    ) -> dict[str, Sequence[Found]]:
        """The findings on documents that have any, by key; each document is judged on the way."""
        by_document: dict[str, Sequence[Found]] = {}
        well = self._verdicts[SubjectKind.DOCUMENT]
        for one in placed:
            key = one.case.document.key
            holdings = holdings_of(one)
            if key in held:
                holdings = [*held[key], *holdings]
            found: Sequence[Found] = ()
            if holdings:
                found = by_document[key] = self.hearing.document(one.case, holdings)
                self.note(found)
            elif one.freshness is not Freshness.CANNOT_JUDGE:
                # What cannot be judged must not look like a pass.
                well.append(self._well(one))
            self.documents[key] = judge_document(one, found)
            if key in self._wanted:
                self.linked[key] = one
        return by_document

    def _well(self, one: PlacedDocument) -> Verdict:
        case = one.case
        words = (one.freshness, case.skipped)
        if words not in self._well_facts:
            skipped = {"notJudged": list(case.skipped)} if case.skipped else {}
            self._well_facts[words] = {"freshness": str(one.freshness), **skipped}
        return self.hearing.bench.ok(
            case.subject,
            f"{case.document.name}: nothing to do.",
            self._well_facts[words],
            case.item.id if case.item is not None else None,
            case.document.key,
        )

    # -- items --------------------------------------------------------------------------------------
    def _item(self, item: ExpectedItem, documents: Sequence[Document]) -> None:
        terms = terms_of(item, self._policy)
        admitted = [self._admit(one, item, terms) for one in documents]
        stances = [stance for stance, _ in admitted]
        facts = self._facts
        placement = ItemPlacement(
            item, terms, stances, facts.periods, facts.vendor_bridges, self._policy, self._today
        )
        cells = tuple(placement.cells())
        for waiver in self._later.get(item.id, ()):
            self._settle(waiver, cells, stances)
        by_document = self._hear_documents(placement.placed(self._left), _by_key(admitted))
        heard = {(cell.part, cell.window.id): self.hearing.cell(cell) for cell in cells}
        by_cell = self.veil.lifted(item, heard)
        for some in by_cell.values():
            self.note(some)
        wanted = expected(item, facts.periods)
        unseen = self.veil.missing(item, heard)
        case = catalogue_case(item, self._policy, self._today, expected=wanted, unseen=unseen)
        self.note(self.hearing.catalogue(case))
        self.items[item.id] = judge_item(
            placement, cells, by_cell, by_document, facts.periods, veiled=self.veil.over(item)
        )
        self._verdicts[SubjectKind.ITEM] += (
            self.hearing.bench.ok(
                cell.subject,
                f"{cell.title}: nothing to do in {cell.window.name}.",
                {"window": cell.window.name},
                item.id,
            )
            for cell in cells
            if not heard[(cell.part, cell.window.id)]
        )
        if item.id in self._left_items:
            self.placements[item.id] = placement


def _by_key(admitted: Iterable[tuple[Stance, Held]]) -> dict[str, Held]:
    """What holds of documents already, by key, where anything does."""
    return {one.case.document.key: held for one, held in admitted if held}

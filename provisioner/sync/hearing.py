"""Hearing the cases: every rule is asked, every finding is matched with the waivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from provisioner.core.record import record
from provisioner.sync.cases import (
    AnyCase,
    CatalogueCase,
    DocumentCase,
    GoneCase,
    ItemCase,
    PlacedDocument,
    RequestCase,
    RowCase,
    WaiverCase,
    WorkspaceCase,
)
from provisioner.sync.granted import Granted
from provisioner.sync.rules import Holding, Rule, checks_of
from provisioner.sync.rules.registers import rule_of
from provisioner.sync.rules.rule import Check
from provisioner.sync.subject import Subject
from provisioner.sync.verdict import Bench, Verdict
from provisioner.sync.vocabulary import Sign, VerdictState
from provisioner.sync.waivers import Named

_WAITS = "UNREVIEWED"

Held = Sequence[tuple[Rule, Holding]]


@record
class Found:
    """A verdict, and what a waiver would have to name to cover it."""

    named: Named
    verdict: Verdict

    @property
    def open(self) -> bool:
        """Whether nobody has waived it."""
        return self.verdict.state is VerdictState.OPEN


def holdings_of(case: AnyCase) -> list[tuple[Rule, Holding]]:
    """Every rule that holds of a case, in table order."""
    found: list[tuple[Rule, Holding]] = []
    for rule, check in _asked_of(case):
        held = check(case)
        if held:
            found += [(rule, one) for one in held]
    return found


def _asked_of(case: AnyCase) -> tuple[tuple[Rule, Check], ...]:
    if isinstance(case, DocumentCase):
        return checks_of(DocumentCase, case.status)
    if isinstance(case, PlacedDocument):
        return checks_of(PlacedDocument, case.case.status, case.freshness, _sign(case))
    other: type = type(case)
    return checks_of(other)


def _sign(placed: PlacedDocument) -> Sign:
    """Whether a document stands out by anything but its status and its age."""
    out = placed.before or placed.twin or placed.people_gone or placed.risks_broken
    return Sign.STANDS_OUT if out or placed.touches == () else Sign.ORDINARY


def name_document(case: DocumentCase, rule: Rule) -> Named:
    """How a waiver would name a rule that holds of a document."""
    item = case.item.id if case.item is not None else None
    return Named(rule.code, item, case.part, None, case.document.key)


@dataclass(frozen=True, slots=True)
class Hearing:
    """Turns what holds into verdicts, waived where a valid waiver covers it. Holds no state."""

    bench: Bench
    granted: Granted

    def document(self, case: DocumentCase, held: Held) -> list[Found]:
        """The findings on a document; clauses that are not judged are put beside their rule."""
        if not held:
            return []
        found, about = [], case.subject
        for rule, holding in held:
            told, named = holding, name_document(case, rule)
            if case.skipped:
                told = _with_notes(case, rule, holding)
            found.append(self._found(rule, told, named, about, _answers_for(case, rule)))
        return found

    def gone(self, case: GoneCase) -> list[Found]:
        """The findings on a document that left every library."""
        return [
            self._found(
                rule,
                holding,
                name_document(case.case, rule),
                case.subject,
                case.case.document.owner,
            )
            for rule, holding in holdings_of(case)
        ]

    def row(self, case: RowCase) -> list[Found]:
        """The finding on a row of a register that a check holds of."""
        rule, assign = rule_of(case.register, case.check), case.check.assign
        who = case.row.people.get(assign) if assign is not None else None
        return [
            self._found(rule, holding, Named(rule.code, row=case.row.key), case.subject, who)
            for holding in rule.holdings(case)
        ]

    def cell(self, case: ItemCase) -> list[Found]:
        """The findings on one part of an item in one window, and on its slots."""
        return [
            self._found(
                rule,
                holding,
                Named(rule.code, item=case.item.id, part=case.part, slot_from=holding.slot_from),
                replace(case.subject, slot_from=holding.slot_from),
            )
            for rule, holding in holdings_of(case)
        ]

    def catalogue(self, case: CatalogueCase) -> list[Found]:
        """The findings on an item apart from any window."""
        return [
            self._found(rule, holding, Named(rule.code, item=case.item.id), case.subject)
            for rule, holding in holdings_of(case)
        ]

    def request(self, case: RequestCase) -> list[Found]:
        """The findings on an audit request."""
        return [
            self._found(
                rule,
                holding,
                Named(rule.code, request=case.request.id),
                case.subject,
                case.request.assignee,
            )
            for rule, holding in holdings_of(case)
        ]

    def plain(self, case: WaiverCase | WorkspaceCase) -> list[Found]:
        """The findings on a waiver or the workspace, which nothing can waive."""
        return [
            self._found(rule, holding, Named(rule.code), case.subject)
            for rule, holding in holdings_of(case)
        ]

    def _found(
        self,
        rule: Rule,
        holding: Holding,
        named: Named,
        about: Subject,
        assign: str | None = None,
    ) -> Found:
        waiver = self.granted.covering(named)
        item, document = named.item, named.document
        return Found(named, self.bench.found(rule, holding, about, item, document, waiver, assign))


def _with_notes(case: DocumentCase, rule: Rule, holding: Holding) -> Holding:
    start = f"{rule.code}:"
    notes = [note for note in case.skipped if note.startswith(start)]
    return replace(holding, facts={**holding.facts, "notJudged": notes}) if notes else holding


def _answers_for(case: DocumentCase, rule: Rule) -> str | None:
    """Who has the next move: the reviewer of what waits for a review, else the owner."""
    document = case.document
    return document.reviewer or document.owner if rule.code == _WAITS else document.owner

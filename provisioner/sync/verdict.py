"""Verdicts: what the rules say of one subject, in words that stay true until something happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from provisioner.core.record import record
from provisioner.sync.facts import Waiver
from provisioner.sync.rules import ORDER, TABLE
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.subject import Subject
from provisioner.sync.vocabulary import SEVERITIES, Severity, SubjectKind, VerdictState

_PLACES = {kind: place for place, kind in enumerate(SubjectKind)}
_MOST = 4096
"""So many different facts are held to be shared; those of other findings stand alone."""
OK = "OK"
"""The rule of a verdict that says no rule holds."""

WITHOUT_ROW = frozenset({OK, "NOT-YET-DUE"})
"""Verdicts that are no findings and get no row on the Evidence Findings list."""


@record
class Verdict:
    """One rule and one subject on one day, by one policy.

    `subject` is the key a finding's row is found by, `about` the same in parts. `item` is the catalogue id,
    `document` the document's key where it is about one. `facts` are JSON values. `assign` is the
    principal key of the person who has the next move, where that is known.
    """

    subject: str
    about: Subject
    item: str | None
    document: str | None
    rule: str
    state: VerdictState
    severity: Severity
    facts: Mapping[str, object]
    next: str
    message: str
    today: date
    policy: str
    assign: str | None = None

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Sorts verdicts: items, documents, waivers, requests, rows, workspace; then subject; then table."""
        place = _PLACES[self.about.kind]
        return (place, self.subject, ORDER.get(self.rule, -1), self.message)

    @property
    def weight(self) -> tuple[int, int]:
        """Sorts worst first: severity, then place in the table."""
        return (SEVERITIES.index(self.severity), ORDER.get(self.rule, len(TABLE)))


@dataclass(frozen=True, slots=True)
class Bench:
    """The day and the policy every verdict of a run carries."""

    today: date
    policy: str
    _known: dict[object, Mapping[str, object]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def found(
        self,
        rule: Rule,
        holding: Holding,
        about: Subject,
        item: str | None = None,
        document: str | None = None,
        waiver: Waiver | None = None,
        assign: str | None = None,
    ) -> Verdict:
        """The verdict that a rule holds; waived when a valid waiver covers it."""
        facts, state = self._once(rule, holding.facts), VerdictState.OPEN
        step = holding.next or rule.next
        if waiver is not None and waiver.expires is not None:
            state = VerdictState.WAIVED
            facts = {**facts, "waiver": waiver.id, "waivedUntil": iso(waiver.expires)}
            step = f"Waived until {say(waiver.expires)} (waiver {waiver.id}). After that: {step}"
        # By position, in the order of the fields: by name takes three times as long.
        return Verdict(
            about.key, about, item, document, rule.code, state, holding.severity or rule.severity,
            facts, step, holding.message, self.today, self.policy, assign,
        )  # fmt: skip

    def _once(self, rule: Rule, facts: Mapping[str, object]) -> Mapping[str, object]:
        """The facts, as the same rule found them before: thousands of documents wait since one day."""
        if len(self._known) > _MOST:
            return facts
        try:
            return self._known.setdefault((rule.code, *facts.items()), facts)
        except TypeError:  # a list among them
            return facts

    def ok(
        self,
        about: Subject,
        message: str,
        facts: Mapping[str, object],
        item: str | None = None,
        document: str | None = None,
    ) -> Verdict:
        """The verdict that no rule holds."""
        return Verdict(
            about.key, about, item, document, OK, VerdictState.OK, Severity.NOTE,
            facts, "", message, self.today, self.policy,
        )  # fmt: skip

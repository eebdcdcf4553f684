"""The lines a readiness report is made of: items, findings, documents, slots and how they add up.

Dates are calendar dates of the workspace. Lists are in the order in which a reader should see them, the
worst first where there is a worst.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioner.sync.vocabulary import (
    Cadence,
    Freshness,
    ItemState,
    Kind,
    ReportType,
    Severity,
    SubjectKind,
)

HOLDING = frozenset({ItemState.FRESH, ItemState.DUE_SOON, ItemState.WAIVED})
"""States in which an item would stand up today."""

UNJUDGED = frozenset({ItemState.NOT_YET_DUE, ItemState.NOT_APPLICABLE})
"""States that are neither good nor bad: nothing is due, or nothing is asked."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items are in each state: pairs in the order worst first, without those of none."""

    states: tuple[tuple[ItemState, int], ...]

    @property
    def items(self) -> int:
        """All of them."""
        return sum(count for _, count in self.states)

    @property
    def judged(self) -> int:
        """Those of which something is due: all but Not yet due and Not applicable."""
        return sum(count for state, count in self.states if state not in UNJUDGED)

    @property
    def holding(self) -> int:
        """Those that hold: Fresh, Due soon or Waived."""
        return sum(count for state, count in self.states if state in HOLDING)

    @property
    def share(self) -> float | None:
        """`holding` as a share of `judged`, 0 to 1; None when nothing is judged."""
        return self.holding / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Headline:
    """The report in a few numbers. `sound`: documents that count as evidence today."""

    tally: Tally
    errors: int
    warnings: int
    notes: int
    waived: int
    documents: int
    sound: int


@dataclass(frozen=True, slots=True)
class Window:
    """An audit period that is judged. `elapsed` is the share of its days before today, 0 to 1."""

    id: str
    name: str
    type: ReportType
    first: date
    last: date
    days: int
    elapsed_days: int
    elapsed: float
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An expected item as it stands. `documents` were filed under it, `sound` of them count."""

    id: str
    title: str
    library: str
    area: str
    criteria: tuple[str, ...]
    owner_role: str
    cadence: Cadence | None
    kind: Kind | None
    state: ItemState
    next_due: date | None
    last_evidence: date | None
    documents: int
    sound: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a criterion, a library or a control area stands: the worst of its items, and their tally.

    `state` None: no evidence is expected for it. `items` are ids.
    """

    id: str
    label: str
    state: ItemState | None
    tally: Tally
    documents: int
    sound: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """A category of criteria and how each of its criteria stands. `prefix` as ids begin: "CC"."""

    name: str
    prefix: str
    state: ItemState | None
    tally: Tally
    criteria: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """Something that needs somebody: what it is, why an auditor cares, what to do next.

    `link` leads to the document. `waived_until` is set on findings a waiver covers.
    """

    rule: str
    title: str
    severity: Severity
    subject: str
    about: SubjectKind
    item: str | None
    part: str | None
    what: str
    why: str
    next: str
    document: str | None
    link: str | None
    waiver: str | None = None
    waived_until: str | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """The open errors and warnings of one item, or of what belongs to none. `item` None: the latter."""

    item: str | None
    title: str
    state: ItemState | None
    errors: int
    warnings: int
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One document of the evidence index. `link` None: there is no address that is safe to offer.

    `version` is SharePoint's label ("2.0") and `identity` the content identity, "" where not known.
    """

    key: str
    name: str
    link: str | None
    library: str
    item: str | None
    item_title: str
    part: str | None
    criteria: tuple[str, ...]
    period_from: date | None
    period_to: date | None
    activity: date | None
    status: str
    freshness: Freshness
    fresh_until: date | None
    owner: str
    reviewer: str
    reviewed_on: date | None
    sound: bool
    flags: tuple[str, ...]
    waived: tuple[str, ...]
    reason: str
    version: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class SlotCell:
    """A slot on the heat map. `state` None: it has not begun; `covered` may be true all the same."""

    first: date
    last: date
    state: ItemState | None
    covered: bool
    attested: bool
    documents: int


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One item, or one part of it, over a window. `begun` slots of which `covered` have evidence."""

    item: str
    title: str
    part: str | None
    library: str
    cadence: Cadence | None
    state: ItemState
    next_due: date | None
    begun: int
    covered: int
    slots: tuple[SlotCell, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The heat map of one window: its rows by library, then item, then part."""

    window: str
    name: str
    first: date
    last: date
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of a window without evidence, or without a version in force. An open end is None."""

    rule: str
    item: str
    title: str
    part: str | None
    window: str
    days: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and how often it holds: open, and waived."""

    code: str
    title: str
    severity: Severity
    meaning: str
    open: int
    waived: int

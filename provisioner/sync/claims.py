"""A document's own dates: its activity, which slots it claims, and until when it is fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioner.sync.calendar import AnyGrid, add_cadence, add_days, add_months, effective
from provisioner.sync.facts import Document, ExpectedItem, Span
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import LASTING, RANGED, UNSLOTTED, Cadence, Freshness, Kind

_BY_SLOT = frozenset({Kind.LOG, Kind.REVIEW, Kind.SAMPLE, Kind.REGISTER})
_PERIOD_TO_FIRST = RANGED | {Kind.THIRD_PARTY}
BRIDGE_MONTHS = 3
"""A bridge letter is taken for at most so many months."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms an item is judged on: its own settings where it has them, else the policy's.

    `cadence` of a standing item without rhythm is annual. `lead` and `grace` are calendar days, already cut
    to half the cadence; `review_sla` is business days. `kind` or `cadence` None: not known.
    """

    kind: Kind | None
    cadence: Cadence | None
    lead: int
    grace: int
    review_sla: int
    anchor: date | None = None

    @property
    def ends(self) -> bool:
        """Whether its evidence runs out at all."""
        return self.cadence is not None and self.cadence not in UNSLOTTED


def terms_of(item: ExpectedItem | None, policy: Policy) -> Terms:
    """The terms of an item; of no item, the policy's defaults without kind and cadence."""
    if item is None:
        return Terms(None, None, policy.lead_days, policy.grace_days, policy.review_sla_days)
    cadence = item.cadence
    if item.kind is Kind.STANDING and cadence in UNSLOTTED:
        cadence = Cadence.ANNUAL
    lead = policy.lead_days if item.lead_days is None else item.lead_days
    grace = policy.grace_days if item.grace_days is None else item.grace_days
    sla = policy.review_sla_days if item.review_sla_days is None else item.review_sla_days
    return Terms(
        item.kind, cadence, effective(lead, cadence), effective(grace, cadence), sla, item.anchor
    )


def activity_of(document: Document, kind: Kind | None) -> date | None:
    """The day the evidence is of, by its kind. Never the day it was uploaded or edited."""
    if kind in _PERIOD_TO_FIRST:
        return document.period_to or document.activity_date
    if kind is Kind.STANDING:
        return document.activity_date or document.period_from
    return document.activity_date or document.period_to


def period_of(document: Document) -> Span | None:
    """Its whole period; None when an end is missing or the two are the wrong way round."""
    first, last = document.period_from, document.period_to
    return None if first is None or last is None or first > last else Span(first, last)


def undated(document: Document, kind: Kind | None) -> bool:
    """Whether it lacks the date its kind is judged by: a log or sample needs both ends."""
    return half_dated(document, kind) or activity_of(document, kind) is None


def half_dated(document: Document, kind: Kind | None) -> bool:
    """Whether it is a log or sample and lacks an end of its period."""
    lacking = document.period_from is None or document.period_to is None
    return lacking and kind in RANGED


def would_claim(
    document: Document, terms: Terms, grid: AnyGrid, bridge: date | None = None
) -> range:
    """The numbers of the slots of `grid` the document's dates speak for, whatever its status."""
    activity = activity_of(document, terms.kind)
    if terms.kind is None or activity is None or undated(document, terms.kind):
        return range(0)
    if terms.cadence is Cadence.ONCE:
        return range(1)
    if terms.kind in LASTING:
        return grid.touching(in_force(document, terms, bridge) or Span(activity, activity))
    period = period_of(document)
    if period is None:
        return grid.touching(Span(activity, activity))
    return grid.touching(period) if terms.kind in RANGED else grid.best(period)


def fresh_until(
    document: Document,
    terms: Terms,
    grid: AnyGrid | None,
    claimed: range,
    bridge: date | None = None,
) -> date | None:
    """The last day before it is stale; None when it has no date, no cadence, or never runs out.

    `grid` is the document's own, None where there is neither anchor nor window, and `claimed` what it
    would claim there. `bridge`: the vendor's bridge letter, used when the document names none of its own.
    """
    activity = activity_of(document, terms.kind)
    cadence = terms.cadence
    if activity is None or terms.kind is None or cadence is None or not terms.ends:
        return None
    if terms.kind in _BY_SLOT and grid is not None and claimed:
        return add_days(grid.slot(claimed[-1] + 1).last, terms.grace)
    until = add_cadence(activity, cadence)
    letter = document.bridge_until or bridge
    if terms.kind is Kind.THIRD_PARTY and letter is not None:
        return max(until, min(letter, add_months(until, BRIDGE_MONTHS)))
    return until


def in_force(document: Document, terms: Terms, bridge: date | None = None) -> Span | None:
    """For standing and third-party evidence, the days it holds: from activity to the end of grace."""
    activity = activity_of(document, terms.kind)
    if terms.kind not in LASTING or activity is None:
        return None
    until = fresh_until(document, terms, None, range(0), bridge)
    if until is None:
        return Span(activity, None) if terms.cadence is not None else None
    return Span(activity, add_days(until, terms.grace))


def aged(until: date, terms: Terms, today: date) -> Freshness:
    """Fresh before `until` less lead, Due soon to `until`, Stale to `until + grace`, then Expired."""
    if today < add_days(until, -terms.lead):
        return Freshness.FRESH
    if today <= until:
        return Freshness.DUE_SOON
    return Freshness.STALE if today <= add_days(until, terms.grace) else Freshness.EXPIRED

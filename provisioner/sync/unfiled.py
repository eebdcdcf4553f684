"""Documents whose expected item was not chosen or is unknown: they claim nothing and have no age."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.sync.cases import PlacedDocument
from provisioner.sync.facts import AuditPeriod, Span
from provisioner.sync.placement import Left
from provisioner.sync.stance import Stance
from provisioner.sync.vocabulary import Freshness


def touched_without_item(stance: Stance, periods: Iterable[AuditPeriod]) -> tuple[str, ...] | None:
    """The audit periods it touches by its dates; None where that cannot be said."""
    case = stance.case
    days = case.period or (Span(case.activity, case.activity) if case.activity else None)
    spans = [(period.id, period.days) for period in periods if period.days is not None]
    if days is None or not spans:
        return None
    return tuple(sorted(key for key, span in spans if days.overlaps(span)))


def without_item(stance: Stance, periods: Iterable[AuditPeriod], left: Left) -> PlacedDocument:
    """Such a document, placed. `left` tells who and what is gone."""
    case = stance.case
    blank = case.orphan or case.set_aside or not case.undated
    return PlacedDocument(
        case=case,
        sound=False,
        by_waiver=False,
        newest=False,
        freshness=Freshness.NONE if blank else Freshness.CANNOT_JUDGE,
        fresh_until=None,
        slots=(),
        slots_covered=False,
        touches=touched_without_item(stance, periods),
        before=None,
        twin=None,
        people_gone=left.people(case.document),
        risks_broken=left.risks(case.document),
    )

"""Closing an audit period: what belongs to it alone, what speaks against it, what follows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from provisioner.sync.calendar import add_months
from provisioner.sync.facts import AuditPeriod, EvidenceFacts, Span
from provisioner.sync.judgement import Judgement
from provisioner.sync.shelves import FileRow
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import LASTING, Freshness, Severity, VerdictState

_AGE = frozenset({"STALE", "EXPIRED"})
_CLOSED = "its audit period is closed"


def belonging(period: AuditPeriod, facts: EvidenceFacts, judgement: Judgement) -> frozenset[str]:
    """The keys of documents that touch this period, and of others none but closed ones.

    Standing and third-party evidence lives on into the next period while nothing newer has taken its
    place, so it belongs to none alone.
    """
    return _held_by(frozenset({period.id}), facts, judgement)


def final_documents(facts: EvidenceFacts, judgement: Judgement) -> frozenset[str]:
    """The keys of documents that belong to closed periods alone: nothing is written on them."""
    closed = frozenset(one.id for one in facts.periods if one.final)
    return _held_by(closed, facts, judgement) if closed else frozenset()


def _held_by(periods: frozenset[str], facts: EvidenceFacts, judgement: Judgement) -> frozenset[str]:
    allowed = periods | {one.id for one in facts.periods if one.final}
    kinds = {one.id: one.kind for one in facts.items}
    found = set()
    for document in facts.documents:
        judged = judgement.documents[document.key]
        touched = set(judged.touches)
        lasting = kinds.get(document.item or "") in LASTING
        lives_on = lasting and judged.freshness is not Freshness.SUPERSEDED
        if touched & periods and touched <= allowed and not lives_on:
            found.add(document.key)
    return frozenset(found)


def why_held(row: FileRow, final: frozenset[str]) -> str:
    """The reason not to write on a file; "" if there is none."""
    return row.held or (_CLOSED if row.key in final else "")


def objections(
    period: AuditPeriod, judgement: Judgement, documents: frozenset[str]
) -> tuple[Verdict, ...]:
    """What is open of the period, the worst first.

    Errors and warnings about its own slots, and errors on the documents that would be closed. That
    they are old by now is no error of theirs: they are evidence of days that are past.
    """
    found = []
    for one in judgement.verdicts:
        if one.state is not VerdictState.OPEN or one.severity is Severity.NOTE or one.rule in _AGE:
            continue
        on_document = one.document in documents and one.severity is Severity.ERROR
        if one.about.window == period.id or on_document:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.weight, one.order)))


def following(last: Span) -> Span:
    """The days after a period: as many whole months, or as many days where it has none."""
    assert last.last is not None
    start = last.last + timedelta(days=1)
    for months in range(1, 25):
        if add_months(last.first, months) == start:
            return Span(start, add_months(start, months) - timedelta(days=1))
    return Span(start, start + (last.last - last.first))


def overlapping(days: Span, periods: Iterable[AuditPeriod]) -> tuple[AuditPeriod, ...]:
    """The type 2 periods that share a day with these."""
    found = ((one, one.days) for one in periods)
    return tuple(one for one, own in found if own and own.first != own.last and own.overlaps(days))


def is_over(period: AuditPeriod, today: date) -> bool:
    """Whether its last day has passed."""
    days = period.days
    return days is not None and days.last is not None and days.last < today

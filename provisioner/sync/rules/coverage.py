"""Coverage: is there evidence for every slot and every day of the window?"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.sync.calendar import add_days, without
from provisioner.sync.cases import ItemCase, SlotCase
from provisioner.sync.facts import Span
from provisioner.sync.rules.rule import Holding, Rule, iso, iso_spans, say, say_spans
from provisioner.sync.vocabulary import (
    RANGED,
    UNSLOTTED,
    Kind,
    ReportType,
    Severity,
    SubjectKind,
)


def _facts(case: ItemCase, one: SlotCase) -> dict[str, object]:
    return {
        "window": case.window.name,
        "from": iso(one.slot.first),
        "to": iso(one.slot.last),
        "graceDays": case.terms.grace,
        "lateAfter": iso(add_days(one.slot.last, case.terms.grace)),
        "claimedBy": list(one.claimants),
    }


def _days(one: SlotCase) -> str:
    return f"{say(one.slot.first)} to {say(one.slot.last)}"


def missing(case: ItemCase) -> Iterator[Holding]:
    """A counting slot ended more than grace days ago and nothing claims it."""
    for one in case.slots:
        if one.late and not one.claimed and not one.set_aside:
            yield Holding(
                f"{case.title}: nothing was filed for {_days(one)}. It was expected by "
                f"{say(add_days(one.slot.last, case.terms.grace))}.",
                _facts(case, one),
                one.slot.first,
            )


def not_covered(case: ItemCase) -> Iterator[Holding]:
    """As missing, but documents claim the slot and none of them is sound."""
    for one in case.slots:
        if one.late and one.claimed and not one.covered:
            yield Holding(
                f"{case.title}: something was filed for {_days(one)}, but none of it is approved and "
                "in order.",
                _facts(case, one),
                one.slot.first,
            )


def not_yet_due(case: ItemCase) -> Iterator[Holding]:
    """A counting slot has begun, is not late and is not covered."""
    for one in case.slots:
        if one.begun and not one.late and not one.covered and not one.set_aside:
            yield Holding(
                f"{case.title}: evidence for {_days(one)} is expected by "
                f"{say(add_days(one.slot.last, case.terms.grace))}.",
                _facts(case, one),
                one.slot.first,
            )


def uncovered_days(case: ItemCase) -> list[Span]:
    """For logs and samples: the judged days of a Type 2 window that no sound period holds.

    Judged are the days of late slots, and the tail after the last slot once the window itself is late.
    """
    if (
        case.terms.kind not in RANGED
        or case.terms.cadence in UNSLOTTED
        or case.window.type is not ReportType.TYPE_2
    ):
        return []
    first, last = case.days.first, case.days.last or case.days.first
    judged = [one.slot.span for one in case.slots if one.late]
    if add_days(last, case.terms.grace) < case.today:
        tail = add_days(case.slots[-1].slot.last, 1) if case.slots else first
        anchor = case.terms.anchor
        begin = max(tail, anchor) if anchor is not None else tail
        if begin <= last:
            judged.append(Span(begin, last))
    inside = [
        Span(max(span.first, first), min(span.last or last, last))
        for span in judged
        if span.overlaps(case.days)
    ]
    return without(inside, case.sound_periods)


def period_gap(case: ItemCase) -> Iterator[Holding]:
    """Days of the window that no sound log or sample speaks for."""
    gaps = uncovered_days(case)
    if gaps:
        yield Holding(
            f"{case.title}: no approved evidence covers {say_spans(gaps)} "
            f"of audit period {case.window.name}.",
            {"window": case.window.name, "days": iso_spans(gaps)},
        )


def days_not_in_force(case: ItemCase) -> list[Span]:
    """For standing evidence: stretches of the window in which no sound version was in force.

    A stretch that reaches the last judged day is given without an end while it is still growing, so that
    what is written does not change every day.
    """
    if case.terms.kind is not Kind.STANDING or case.terms.cadence is None:
        return []
    first, last = case.days.first, case.days.last or case.days.first
    anchor = case.terms.anchor
    begin = max(first, anchor) if anchor is not None else first
    horizon = add_days(case.today, -case.terms.grace - 1)
    end = min(last, horizon)
    if begin > end:
        return []
    gaps = without([Span(begin, end)], case.in_force)
    growing = horizon < last and not any(span.holds(add_days(end, 1)) for span in case.in_force)
    if gaps and gaps[-1].last == end and growing:
        gaps[-1] = Span(gaps[-1].first, None)
    return gaps


def not_in_force(case: ItemCase) -> Iterator[Holding]:
    """Days of the window on which no approved version was in force."""
    gaps = days_not_in_force(case)
    if gaps:
        yield Holding(
            f"{case.title}: in audit period {case.window.name} no approved version was in force "
            f"on these days: {say_spans(gaps)}.",
            {"window": case.window.name, "days": iso_spans(gaps)},
        )


MISSING = Rule(
    code="MISSING",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.ERROR,
    title="Evidence is missing",
    meaning="An expected slot ended, its days of grace have passed, and nothing was filed for it.",
    why="An auditor who asks for this occurrence gets nothing, and a control without evidence is "
    "reported as one that did not operate.",
    next="File the evidence for these days. If the control did not run, record that and ask for a waiver.",
    checks={ItemCase: missing},
)
NOT_COVERED = Rule(
    code="NOT-COVERED",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.WARNING,
    title="Evidence is filed, but none of it counts",
    meaning="An expected slot ended, its days of grace have passed, and no document filed for it is "
    "both approved and in order.",
    why="Evidence nobody approved, or that breaks a rule, does not support the control.",
    next="Open the documents filed for these days, settle their flags, and have one approved.",
    checks={ItemCase: not_covered},
)
NOT_YET_DUE = Rule(
    code="NOT-YET-DUE",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.NOTE,
    title="Evidence is not due yet",
    meaning="A slot is running, or ended a short while ago, and is not covered so far.",
    why="Nothing is wrong. It says what comes next, so that nobody is surprised.",
    next="Collect the evidence before the date given.",
    checks={ItemCase: not_yet_due},
)
PERIOD_GAP = Rule(
    code="PERIOD-GAP",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.ERROR,
    title="Days of the audit window have no evidence",
    meaning="Logs and samples must speak for every day of a Type 2 window. No approved document in order "
    "has a period that holds the days listed.",
    why="A Type 2 report is about the whole period. A population with days left out cannot be sampled.",
    next="File the export for the days listed, or correct Period from and Period to where they are wrong.",
    checks={ItemCase: period_gap},
)
NOT_IN_FORCE = Rule(
    code="NOT-IN-FORCE",
    subjects=(SubjectKind.ITEM,),
    severity=Severity.ERROR,
    title="No approved version was in force",
    meaning="Standing evidence, such as a policy, must be in force on every day of the window. On the "
    "days listed, no approved version in order was.",
    why="A policy approved late, or left to expire, did not govern what people did in between.",
    next="File the version that was in force then. "
    "If there was none, approve one now and expect an exception.",
    checks={ItemCase: not_in_force},
)

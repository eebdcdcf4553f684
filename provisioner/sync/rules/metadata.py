"""Metadata: is what people wrote beside the file there, possible and known?"""

from __future__ import annotations

from datetime import date

from provisioner.sync.cases import DocumentCase
from provisioner.sync.facts import Document
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.said import blank
from provisioner.sync.vocabulary import RANGED, Kind, Severity, SubjectKind

_COLLECTED = frozenset({Kind.SNAPSHOT, Kind.THIRD_PARTY})
_ASKED_MORE = RANGED | _COLLECTED | {Kind.REVIEW}


def future_period(case: DocumentCase) -> tuple[Holding, ...]:
    """Not standing: Period to after Collected on, or a date after today."""
    if case.terms.kind is None or case.terms.kind is Kind.STANDING:
        return ()
    document, today, reasons = case.document, case.today, []
    last, done, collected = document.period_to, document.activity_date, document.collected_on
    if last is not None and collected is not None and last > collected:
        reasons.append(f"Period to is {say(last)}, but it was collected on {say(collected)}")
    if last is not None and last > today:
        reasons.append(_to_come("Period to", last))
    if done is not None and done > today:
        reasons.append(_to_come("Activity date", done))
    if collected is not None and collected > today:
        reasons.append(_to_come("Collected on", collected))
    if reasons:
        return (
            Holding(
                f"{document.name}: {'; '.join(reasons)}.",
                {
                    "periodTo": iso(last),
                    "activityDate": iso(done),
                    "collectedOn": iso(collected),
                },
            ),
        )
    return ()


def _to_come(name: str, day: date) -> str:
    return f"{name} is {say(day)}, which is still to come"


def bad_metadata(case: DocumentCase) -> tuple[Holding, ...]:
    """Values that contradict each other, or that nobody has defined."""
    document, reasons = case.document, []
    first, last = document.period_from, document.period_to
    if first is not None and last is not None and first > last:
        reasons.append(f"Period from {say(first)} is after Period to {say(last)}")
    if not case.policy.known_criteria.issuperset(document.criteria):
        unknown = sorted(set(document.criteria) - case.policy.known_criteria)
        reasons.append(f"unknown criteria: {', '.join(unknown)}")
    if case.status is None and not blank(document.status):
        reasons.append(f"unknown review status: {document.status}")
    if case.item is None and not case.orphan:
        reasons.append(f"unknown evidence item: {document.item}")
    reviewed = document.reviewed_on
    if case.approved and reviewed is not None:
        if reviewed > case.today:
            reasons.append(_to_come("Reviewed on", reviewed))
        kind, activity = case.terms.kind, case.activity
        standing = kind is None or kind is Kind.STANDING
        if not standing and activity is not None and reviewed < activity:
            reasons.append(
                f"it was reviewed on {say(reviewed)}, before the activity of {say(activity)}"
            )
    if reasons:
        return (
            Holding(
                f"{document.name}: {'; '.join(reasons)}.",
                {
                    "reasons": reasons,
                    "periodFrom": iso(first),
                    "periodTo": iso(last),
                    "reviewedOn": iso(reviewed),
                    "activity": iso(case.activity),
                },
            ),
        )
    return ()


def empty_facts(case: DocumentCase) -> list[str]:
    """The required facts of its kind that are empty, but those that CANNOT-JUDGE names already."""
    document, kind, empty = case.document, case.terms.kind, []
    # What CANNOT-JUDGE names is not named twice.
    dates = not case.undated
    if blank(document.owner):
        empty.append("Evidence owner")
    if dates and document.activity_date is None and document.period_to is None:
        empty.append("Activity date or Period to")
    if blank(document.source_system):
        empty.append("Source system")
    if blank(document.sensitivity):
        empty.append("Sensitivity")
    if kind in _ASKED_MORE:
        empty += _empty_of_kind(document, kind, dates=dates)
    if case.misplaced:
        empty.append("Part")
    return empty


def _empty_of_kind(document: Document, kind: Kind | None, *, dates: bool) -> list[str]:
    if kind in _COLLECTED:
        return ["Collected on"] if document.collected_on is None else []
    empty = []
    if kind is Kind.REVIEW:
        if dates and document.activity_date is None:
            empty.append("Activity date")
        if document.row_count is None and blank(document.query_used):
            empty.append("Row count or Query used")
        return empty
    if dates and document.period_from is None:
        empty.append("Period from")
    if dates and document.period_to is None:
        empty.append("Period to")
    if kind is Kind.SAMPLE and blank(document.query_used):
        empty.append("Query used")
    return empty


def no_metadata(case: DocumentCase) -> tuple[Holding, ...]:
    """A fact the item's kind requires is empty."""
    if case.orphan or case.set_aside:
        return ()
    empty = empty_facts(case)
    if not empty:
        return ()
    document = case.document
    parts = case.item.applies_to if case.item is not None and case.misplaced else ()
    named = ", ".join(empty)
    hint = f" Part must be one of: {', '.join(parts)}." if parts else ""
    return (
        Holding(
            f"{document.name}: please fill in {named}.{hint}",
            {"empty": empty, "part": document.part, "parts": list(parts)},
        ),
    )


def orphan(case: DocumentCase) -> tuple[Holding, ...]:
    """No expected item was chosen."""
    if case.orphan:
        return (
            Holding(
                f"{case.document.name} is filed under no expected item, so it counts for none.",
                {"item": None},
            ),
        )
    return ()


FUTURE_PERIOD = Rule(
    code="FUTURE-PERIOD",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Speaks of days still to come",
    meaning="Its period ends after it was collected, or one of its dates is in the future.",
    why="Evidence cannot show what has not happened. An auditor would doubt the rest of the file too.",
    next="Correct the dates, or export again once the period is over.",
    checks={DocumentCase: future_period},
)
BAD_METADATA = Rule(
    code="BAD-METADATA",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Metadata cannot be right",
    meaning="Values contradict each other or are not known: a period the wrong way round, a criterion, "
    "status or item that does not exist, or an approval dated in the future or before the activity.",
    why="Evidence that describes itself wrongly cannot be relied on.",
    next="Correct the values named. If an approval date was wrong, have it reviewed again.",
    checks={DocumentCase: bad_metadata},
)
NO_METADATA = Rule(
    code="NO-METADATA",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Metadata is missing",
    meaning="A column that this kind of evidence needs is empty.",
    why="An auditor asks where evidence came from, who owns it and how the list was drawn. "
    "Without that it may be refused as information of unknown origin.",
    next="Fill in the columns named.",
    checks={DocumentCase: no_metadata},
)
ORPHAN = Rule(
    code="ORPHAN",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Filed under no expected item",
    meaning="The column Evidence item is empty.",
    why="Nobody can say which control it supports, so it supports none.",
    next="Choose the evidence item, or move the file out of the evidence library.",
    checks={DocumentCase: orphan},
)

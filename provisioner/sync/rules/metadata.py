"""Metadata: is what people wrote beside the file there, possible and known?"""

from __future__ import annotations

from provisioner.sync.cases import DocumentCase
from provisioner.sync.facts import blank
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.vocabulary import RANGED, Kind, Severity, SubjectKind

_COLLECTED = frozenset({Kind.SNAPSHOT, Kind.THIRD_PARTY})


def future_period(case: DocumentCase) -> tuple[Holding, ...]:
    """Not standing: Period to after Collected on, or a date after today."""
    if case.terms.kind is None or case.terms.kind is Kind.STANDING:
        return ()
    document, reasons = case.document, []
    if document.period_to and document.collected_on and document.period_to > document.collected_on:
        reasons.append(
            f"Period to is {say(document.period_to)}, but it was collected on "
            f"{say(document.collected_on)}"
        )
    for name, day in (
        ("Period to", document.period_to),
        ("Activity date", document.activity_date),
        ("Collected on", document.collected_on),
    ):
        if day is not None and day > case.today:
            reasons.append(f"{name} is {say(day)}, which is still to come")
    if reasons:
        return (
            Holding(
                f"{document.name}: {'; '.join(reasons)}.",
                {
                    "periodTo": iso(document.period_to),
                    "activityDate": iso(document.activity_date),
                    "collectedOn": iso(document.collected_on),
                },
            ),
        )
    return ()


def bad_metadata(case: DocumentCase) -> tuple[Holding, ...]:
    """Values that contradict each other, or that nobody has defined."""
    document, reasons = case.document, []
    if document.period_from and document.period_to and document.period_from > document.period_to:
        reasons.append(
            f"Period from {say(document.period_from)} is after Period to {say(document.period_to)}"
        )
    unknown = sorted(set(document.criteria) - case.policy.known_criteria)
    if unknown:
        reasons.append(f"unknown criteria: {', '.join(unknown)}")
    if not blank(document.status) and case.status is None:
        reasons.append(f"unknown review status: {document.status}")
    if not case.orphan and case.item is None:
        reasons.append(f"unknown evidence item: {document.item}")
    if case.approved and document.reviewed_on is not None:
        if document.reviewed_on > case.today:
            reasons.append(f"Reviewed on is {say(document.reviewed_on)}, which is still to come")
        standing = case.terms.kind is None or case.terms.kind is Kind.STANDING
        if not standing and case.activity is not None and document.reviewed_on < case.activity:
            reasons.append(
                f"it was reviewed on {say(document.reviewed_on)}, before the activity of "
                f"{say(case.activity)}"
            )
    if reasons:
        return (
            Holding(
                f"{document.name}: {'; '.join(reasons)}.",
                {
                    "reasons": reasons,
                    "periodFrom": iso(document.period_from),
                    "periodTo": iso(document.period_to),
                    "reviewedOn": iso(document.reviewed_on),
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
    dated = document.activity_date is not None
    if blank(document.owner):
        empty.append("Evidence owner")
    if dates and not dated and document.period_to is None:
        empty.append("Activity date or Period to")
    if blank(document.source_system):
        empty.append("Source system")
    if blank(document.sensitivity):
        empty.append("Sensitivity")
    if dates and kind in RANGED:
        empty += ["Period from"] if document.period_from is None else []
        empty += ["Period to"] if document.period_to is None else []
    if kind is Kind.REVIEW:
        empty += ["Activity date"] if dates and not dated else []
        counted = document.row_count is not None or not blank(document.query_used)
        empty += [] if counted else ["Row count or Query used"]
    if kind is Kind.SAMPLE and blank(document.query_used):
        empty.append("Query used")
    if kind in _COLLECTED and document.collected_on is None:
        empty.append("Collected on")
    if case.misplaced:
        empty.append("Part")
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

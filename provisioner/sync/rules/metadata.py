"""Metadata: is what people wrote beside the file there, possible and known?"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.sync.cases import DocumentCase
from provisioner.sync.facts import Document, blank
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.vocabulary import RANGED, Kind, Severity, SubjectKind


def future_period(case: DocumentCase) -> Iterator[Holding]:
    """Not standing: Period to after Collected on, or a date after today."""
    if case.terms.kind is None or case.terms.kind is Kind.STANDING:
        return
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
        yield Holding(
            f"{document.name}: {'; '.join(reasons)}.",
            {
                "periodTo": iso(document.period_to),
                "activityDate": iso(document.activity_date),
                "collectedOn": iso(document.collected_on),
            },
        )


def bad_metadata(case: DocumentCase) -> Iterator[Holding]:
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
        yield Holding(
            f"{document.name}: {'; '.join(reasons)}.",
            {
                "reasons": reasons,
                "periodFrom": iso(document.period_from),
                "periodTo": iso(document.period_to),
                "reviewedOn": iso(document.reviewed_on),
                "activity": iso(case.activity),
            },
        )


def _needed(document: Document, kind: Kind | None) -> Iterator[tuple[str, bool]]:
    """Each required fact of a kind by name, and whether it is there."""
    yield "Evidence owner", not blank(document.owner)
    dated = document.activity_date is not None
    yield "Activity date or Period to", dated or document.period_to is not None
    yield "Source system", not blank(document.source_system)
    yield "Sensitivity", not blank(document.sensitivity)
    if kind in RANGED:
        yield "Period from", document.period_from is not None
        yield "Period to", document.period_to is not None
    if kind is Kind.REVIEW:
        yield "Activity date", dated
        counted = document.row_count is not None
        yield "Row count or Query used", counted or not blank(document.query_used)
    if kind is Kind.SAMPLE:
        yield "Query used", not blank(document.query_used)
    if kind in (Kind.SNAPSHOT, Kind.THIRD_PARTY):
        yield "Collected on", document.collected_on is not None


_OF_THE_DATE = frozenset(
    {"Activity date or Period to", "Activity date", "Period from", "Period to"}
)


def empty_facts(case: DocumentCase) -> list[str]:
    """The required facts that are empty, but those that CANNOT-JUDGE names already."""
    empty = [name for name, there in _needed(case.document, case.terms.kind) if not there]
    if case.undated:
        empty = [name for name in empty if name not in _OF_THE_DATE]
    if case.misplaced:
        empty.append("Part")
    return empty


def no_metadata(case: DocumentCase) -> Iterator[Holding]:
    """A fact the item's kind requires is empty."""
    if case.orphan or case.set_aside:
        return
    empty = empty_facts(case)
    if not empty:
        return
    document = case.document
    parts = case.item.applies_to if case.item is not None and case.misplaced else ()
    named = ", ".join(empty)
    hint = f" Part must be one of: {', '.join(parts)}." if parts else ""
    yield Holding(
        f"{document.name}: please fill in {named}.{hint}",
        {"empty": empty, "part": document.part, "parts": list(parts)},
    )


def orphan(case: DocumentCase) -> Iterator[Holding]:
    """No expected item was chosen."""
    if case.orphan:
        yield Holding(
            f"{case.document.name} is filed under no expected item, so it counts for none.",
            {"item": None},
        )


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

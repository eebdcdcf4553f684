"""Waivers: are they granted properly, still true, and not running out unseen?"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.sync.calendar import add_days
from provisioner.sync.cases import DocumentCase, WaiverCase
from provisioner.sync.facts import Waiver
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.said import blank, same_person
from provisioner.sync.vocabulary import ReviewStatus, Severity, SubjectKind

APPROVED = "Approved"


def not_applicable_unwaived(case: DocumentCase) -> tuple[Holding, ...]:
    """Not applicable; a valid waiver turns the finding into a waived one."""
    if case.status is ReviewStatus.NOT_APPLICABLE:
        return (
            Holding(
                f"{case.document.name} is set to Not applicable, which needs an approved waiver.",
                {"status": case.document.status},
            ),
        )
    return ()


def flaws(waiver: Waiver) -> list[str]:
    """What keeps a waiver that says Approved from being one."""
    found = []
    if blank(waiver.approver):
        found.append("it has no approver")
    elif same_person(waiver.approver, waiver.requester):
        found.append("approver and requester are the same person")
    if waiver.granted is None:
        found.append("it has no granted date")
    if waiver.expires is None:
        found.append("it has no expiry date")
    return found


def expiring(case: WaiverCase) -> Iterator[Holding]:
    """Approved, and it ends within the lead days."""
    expires = case.waiver.expires
    if case.waiver.state != APPROVED or expires is None:
        return
    if add_days(expires, -case.policy.lead_days) <= case.today <= expires:
        yield Holding(
            f"Waiver {case.waiver.id} ends on {say(expires)}.",
            {"expires": iso(expires), "leadDays": case.policy.lead_days},
        )


def expired(case: WaiverCase) -> Iterator[Holding]:
    """Approved, over, and something it covered is open."""
    expires = case.waiver.expires
    if case.waiver.state != APPROVED or expires is None or case.today <= expires:
        return
    if case.open_rules:
        yield Holding(
            f"Waiver {case.waiver.id} ended on {say(expires)}, and what it covered is still open: "
            f"{', '.join(case.open_rules)}.",
            {"expires": iso(expires), "open": list(case.open_rules)},
        )


def unapproved(case: WaiverCase) -> Iterator[Holding]:
    """Says Approved, and nobody else approved it, or its dates are missing."""
    if case.waiver.state != APPROVED:
        return
    found = flaws(case.waiver)
    if found:
        yield Holding(
            f"Waiver {case.waiver.id} says Approved, but {'; '.join(found)}.",
            {"reasons": found},
        )


def facts_changed(case: WaiverCase) -> Iterator[Holding]:
    """Approved, not over, and what it was granted for is no longer so."""
    waiver = case.waiver
    if waiver.state != APPROVED or not case.changed:
        return
    if waiver.expires is not None and case.today > waiver.expires:
        return
    yield Holding(
        f"Waiver {waiver.id} does not apply while this differs from the day it was granted: "
        f"{', '.join(case.changed)}.",
        {"changed": list(case.changed)},
    )


NOT_APPLICABLE_UNWAIVED = Rule(
    code="NOT-APPLICABLE-UNWAIVED",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Not applicable, and nobody agreed",
    meaning="Its review status is Not applicable, and no valid waiver says so. Until one does, the slot it "
    "is for is still expected.",
    why="Leaving a control out is a decision with an owner, a reason and an end date.",
    next="Ask for a waiver for it, or collect the evidence.",
    checks={DocumentCase: not_applicable_unwaived},
    only=frozenset({ReviewStatus.NOT_APPLICABLE}),
)
WAIVER_EXPIRING = Rule(
    code="WAIVER-EXPIRING",
    subjects=(SubjectKind.WAIVER,),
    severity=Severity.NOTE,
    title="Waiver ends soon",
    meaning="An approved waiver is about to end.",
    why="What it covers becomes an open finding the day after.",
    next="Settle what it covers, or have it granted again.",
    checks={WaiverCase: expiring},
)
WAIVER_EXPIRED = Rule(
    code="WAIVER-EXPIRED",
    subjects=(SubjectKind.WAIVER,),
    severity=Severity.ERROR,
    title="Waiver is over, its finding is not",
    meaning="An approved waiver has ended, and a finding it covered is open.",
    why="The exception was accepted until a date, and the date has passed.",
    next="Settle the finding, or have the waiver granted again.",
    checks={WaiverCase: expired},
)
WAIVER_UNAPPROVED = Rule(
    code="WAIVER-UNAPPROVED",
    subjects=(SubjectKind.WAIVER,),
    severity=Severity.ERROR,
    title="Waiver was not properly approved",
    meaning="It says Approved, but has no approver, or the approver asked for it, or a date is missing.",
    why="An exception somebody grants to themselves is no exception.",
    next="Let somebody other than the requester approve it, with granted and expiry dates.",
    checks={WaiverCase: unapproved},
)
WAIVER_FACTS_CHANGED = Rule(
    code="WAIVER-FACTS-CHANGED",
    subjects=(SubjectKind.WAIVER,),
    severity=Severity.WARNING,
    title="What was waived has changed",
    meaning="The facts of what it covers differ from those on the day it was granted, so it lapses.",
    why="It was accepted for something that is no longer the case.",
    next="Look at what changed, and have the waiver granted again if it still holds.",
    checks={WaiverCase: facts_changed},
)

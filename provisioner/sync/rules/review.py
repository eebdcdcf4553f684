"""Review: does a document wait for somebody for too long?"""

from __future__ import annotations

from datetime import date

from provisioner.sync.calendar import business_day_after, business_days
from provisioner.sync.cases import DocumentCase, PlacedDocument
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.said import blank
from provisioner.sync.vocabulary import RETURNED, WAITING, ReviewStatus, Severity, SubjectKind


def _waited(case: DocumentCase, since: date, allowed: int) -> bool:
    return business_days(since, case.today, case.policy.holidays) > allowed


def _facts(case: DocumentCase, since: date, allowed: int) -> dict[str, object]:
    return {
        "status": case.document.status,
        "since": iso(since),
        "due": iso(business_day_after(since, allowed, case.policy.holidays)),
        "businessDays": allowed,
    }


def unreviewed(case: DocumentCase) -> tuple[Holding, ...]:
    """Submitted or In review for more than the review SLA; an error after twice that."""
    if case.status not in WAITING or case.clock is None or case.clock.since is None:
        return ()
    since, sla = case.clock.since, case.terms.review_sla
    waited = business_days(since, case.today, case.policy.holidays)
    if waited > sla:
        due = business_day_after(since, sla, case.policy.holidays)
        twice = waited > 2 * sla
        who = f" by {case.document.reviewer}" if case.document.reviewer else ""
        return (
            Holding(
                f"{case.document.name} has waited for review since {say(since)}. A review{who} was due by "
                f"{say(due)}.",
                _facts(case, since, sla),
                None,
                Severity.ERROR if twice else None,
            ),
        )
    return ()


def draft_stuck(case: DocumentCase) -> tuple[Holding, ...]:
    """A draft, or without status, for more than twice the review SLA since it was created."""
    draft = case.status is ReviewStatus.DRAFT or blank(case.document.status)
    since, allowed = case.document.created, 2 * case.terms.review_sla
    if draft and since is not None and _waited(case, since, allowed):
        return (
            Holding(
                f"{case.document.name} has been a draft since {say(since)} and was not handed in.",
                _facts(case, since, allowed),
            ),
        )
    return ()


def rejected_stuck(placed: PlacedDocument) -> tuple[Holding, ...]:
    """Returned to the owner for more than the review SLA, and nothing sound covers its slot."""
    case = placed.case
    if case.status not in RETURNED or case.clock is None or case.clock.since is None:
        return ()
    since, sla = case.clock.since, case.terms.review_sla
    if not placed.slots_covered and _waited(case, since, sla):
        return (
            Holding(
                f"{case.document.name} was returned ({case.document.status}) on {say(since)}, and nothing "
                "else covers its place.",
                _facts(case, since, sla),
            ),
        )
    return ()


UNREVIEWED = Rule(
    code="UNREVIEWED",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Waits for review",
    meaning="It was submitted, or is in review, for more business days than agreed. "
    "After twice as many it is an error.",
    why="A review long after the fact finds nothing in time, and a backlog suggests nobody looks.",
    next="Review it: approve it, or return it with a comment.",
    checks={DocumentCase: unreviewed},
    only=WAITING,
)
DRAFT_STUCK = Rule(
    code="DRAFT-STUCK",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.NOTE,
    title="Still a draft",
    meaning="It is a draft, or has no review status, for more than twice the business days of a review.",
    why="A draft counts for nothing. Often it is finished, and nobody said so.",
    next="Set Review status to Submitted when it is ready, or delete it.",
    checks={DocumentCase: draft_stuck},
    only=frozenset({ReviewStatus.DRAFT, None}),
)
REJECTED_STUCK = Rule(
    code="REJECTED-STUCK",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Returned and not replaced",
    meaning="It needs changes or was rejected for more business days than agreed, and no sound "
    "document covers its place.",
    why="The weakness was found, and then nothing happened.",
    next="Correct it and submit it again, or file a better one.",
    checks={PlacedDocument: rejected_stuck},
    only=RETURNED,
)

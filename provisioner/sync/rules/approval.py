"""Approval: did the right person approve, and is it still what was approved?"""

from __future__ import annotations

from datetime import date

from provisioner.sync.calendar import business_days
from provisioner.sync.cases import DocumentCase
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.said import blank, same_person
from provisioner.sync.vocabulary import Kind, ReviewStatus, Severity, SubjectKind

_APPROVED: frozenset[str | None] = frozenset({ReviewStatus.APPROVED})


def self_review(case: DocumentCase) -> tuple[Holding, ...]:
    """Approved, and the reviewer is the evidence owner or wrote the content."""
    document = case.document
    if not case.approved:
        return ()
    owns = same_person(document.reviewer, document.owner)
    saved = same_person(document.reviewer, document.content_author)
    if owns or saved:
        said = (("owns this evidence", owns), ("saved its content", saved))
        roles = [words for words, holds in said if holds]
        facts: dict[str, object] = {
            "reviewer": document.reviewer,
            "owner": document.owner,
            "contentAuthor": document.content_author,
        }
        return (
            Holding(
                f"{document.name} was approved by {document.reviewer}, who {' and '.join(roles)}.",
                facts,
            ),
        )
    return ()


def no_reviewer(case: DocumentCase) -> tuple[Holding, ...]:
    """Approved without Reviewer or Reviewed on."""
    document = case.document
    if not case.approved:
        return ()
    nobody, no_day = blank(document.reviewer), document.reviewed_on is None
    if nobody or no_day:
        asked = (("Reviewer", nobody), ("Reviewed on", no_day))
        empty = [name for name, missing in asked if missing]
        return (
            Holding(
                f"{document.name} says Approved, but {' and '.join(empty)} "
                f"{'is' if len(empty) == 1 else 'are'} empty.",
                {
                    "empty": empty,
                    "reviewer": document.reviewer,
                    "reviewedOn": iso(document.reviewed_on),
                },
            ),
        )
    return ()


def unproven_approval(case: DocumentCase) -> tuple[Holding, ...]:
    """The version history does not bear out who approved, or when."""
    document = case.document
    saved_by, saved_on = document.approval_saved_by, document.approval_saved_on
    if saved_by is None and saved_on is None:
        return ()
    reviewed_on = document.reviewed_on
    if not case.approved or blank(document.reviewer) or reviewed_on is None:
        return ()
    reasons = []
    if saved_by is not None and not same_person(saved_by, document.reviewer):
        reasons.append(f"the approval was saved by {saved_by}, not by {document.reviewer}")
    if saved_on is not None:
        waited = business_days(reviewed_on, saved_on, case.policy.holidays)
        if waited > case.terms.review_sla:
            reasons.append(
                f"it was saved on {say(saved_on)}, long after Reviewed on, {say(reviewed_on)}"
            )
    if reasons:
        return (
            Holding(
                f"{document.name}: {'; '.join(reasons)}.",
                {
                    "reviewer": document.reviewer,
                    "reviewedOn": iso(reviewed_on),
                    "savedBy": saved_by,
                    "savedOn": iso(saved_on),
                },
            ),
        )
    return ()


def changed_after_approval(case: DocumentCase) -> tuple[Holding, ...]:
    """Approved, and the content is not the content that was approved."""
    document, stamp = case.document, case.stamp
    if stamp is None or document.identity is None or stamp.identity == document.identity:
        return ()
    if not case.approved or blank(document.reviewer) or document.reviewed_on is None:
        return ()
    facts: dict[str, object] = {
        "approvedIdentity": stamp.identity,
        "identity": document.identity,
        "reviewedOn": iso(stamp.reviewed_on),
        "contentDated": iso(document.content_dated),
    }
    return (
        Holding(
            f"The content of {document.name} is newer than its approval of {say(stamp.reviewed_on)}.",
            facts,
        ),
    )


def extended_not_renewed(case: DocumentCase) -> tuple[Holding, ...]:
    """Approved, not standing: later dates on the very bytes that were stamped with earlier ones."""
    document, stamp = case.document, case.stamp
    if not case.approved or stamp is None or case.terms.kind in (None, Kind.STANDING):
        return ()
    for first in stamp.firsts:
        if first.identity == document.identity:
            break
    else:
        return ()
    if _later(case.activity, first.activity) or _later(document.period_to, first.period_to):
        return (
            Holding(
                f"{document.name} carries later dates than when it was first approved, on the same content.",
                {
                    "activity": iso(case.activity),
                    "firstActivity": iso(first.activity),
                    "periodTo": iso(document.period_to),
                    "firstPeriodTo": iso(first.period_to),
                },
            ),
        )
    return ()


def _later(day: date | None, before: date | None) -> bool:
    return day is not None and before is not None and day > before


SELF_REVIEW = Rule(
    code="SELF-REVIEW",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Reviewed by its own owner",
    meaning="The reviewer is the evidence owner, or the person who saved the content.",
    why="A review by oneself is no review: auditors look for two different people.",
    next="Have somebody else review it, and set Reviewer and Reviewed on anew.",
    checks={DocumentCase: self_review},
    only=_APPROVED,
)
NO_REVIEWER = Rule(
    code="NO-REVIEWER",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Approved by nobody in particular",
    meaning="It says Approved, but Reviewer or Reviewed on is empty.",
    why="An approval without a name and a date cannot be shown to an auditor.",
    next="Let the person who reviewed it fill in Reviewer and Reviewed on.",
    checks={DocumentCase: no_reviewer},
    only=_APPROVED,
)
UNPROVEN_APPROVAL = Rule(
    code="UNPROVEN-APPROVAL",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="The history does not bear out the approval",
    meaning="The version that first shows this approval was saved by somebody other than the reviewer, or "
    "long after Reviewed on.",
    why="An approval written down by another person, or backdated, is easily doubted.",
    next="Let the reviewer confirm it: set Reviewed on to the day they do.",
    checks={DocumentCase: unproven_approval},
    only=_APPROVED,
)
CHANGED_AFTER_APPROVAL = Rule(
    code="CHANGED-AFTER-APPROVAL",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Changed after it was approved",
    meaning="The content is not the content that was approved. Changing a column does not count.",
    why="What was approved is no longer there. Nobody has vouched for what is.",
    next="Review the new content and move Reviewed on, or restore the approved version.",
    checks={DocumentCase: changed_after_approval},
    only=_APPROVED,
)
EXTENDED_NOT_RENEWED = Rule(
    code="EXTENDED-NOT-RENEWED",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="New dates on old content",
    meaning="Its dates were moved later, and the content is the same as when it was first approved.",
    why="Evidence gets newer by being collected again, not by being dated again.",
    next="File a new export, or put the dates back.",
    checks={DocumentCase: extended_not_renewed},
    only=_APPROVED,
)

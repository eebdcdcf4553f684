"""Presence: are the evidence, its people and its risks still there?"""

from __future__ import annotations

from provisioner.sync.cases import GoneCase, PlacedDocument
from provisioner.sync.rules.rule import STANDING_OUT, Holding, Rule, iso
from provisioner.sync.vocabulary import Freshness, Severity, SubjectKind


def evidence_gone(gone: GoneCase) -> tuple[Holding, ...]:
    """It was sound, touches a window, and neither it nor its bytes are in a library."""
    if not gone.windows:
        return ()
    document = gone.case.document
    return (
        Holding(
            f"{document.name} counted as evidence for {', '.join(gone.windows)}, and is in no evidence "
            "library any more.",
            {
                "windows": list(gone.windows),
                "library": document.library,
                "activity": iso(gone.case.activity),
                "identity": document.identity,
            },
        ),
    )


def person_gone(placed: PlacedDocument) -> tuple[Holding, ...]:
    """Its owner, or the reviewer it waits for, is disabled or gone."""
    if not placed.people_gone or placed.freshness is Freshness.SUPERSEDED:
        return ()
    document = placed.case.document
    roles = [("Evidence owner", document.owner)]
    if not placed.case.approved:
        roles.append(("Reviewer", document.reviewer))
    found = [(role, who) for role, who in roles if who in placed.people_gone]
    if found:
        said = " and ".join(f"{role} {who}" for role, who in found)
        return (
            Holding(
                f"{document.name}: {said} {'is' if len(found) == 1 else 'are'} disabled or gone.",
                {"gone": [f"{role}: {who}" for role, who in found]},
            ),
        )
    return ()


def risk_link_broken(placed: PlacedDocument) -> tuple[Holding, ...]:
    """A risk it relates to is Archived or gone."""
    if placed.risks_broken:
        return (
            Holding(
                f"{placed.case.document.name} relates to a risk that is no longer kept: "
                f"{', '.join(placed.risks_broken)}.",
                {"risks": list(placed.risks_broken)},
            ),
        )
    return ()


EVIDENCE_GONE = Rule(
    code="EVIDENCE-GONE",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Evidence that counted is gone",
    meaning="A document that was sound at an earlier run has left every evidence library, and its "
    "bytes are in none.",
    why="Evidence that disappears during an audit looks like evidence somebody made disappear.",
    next="Restore it from the recycle bin, or file it again.",
    checks={GoneCase: evidence_gone},
)
PERSON_GONE = Rule(
    code="PERSON-GONE",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Its owner or reviewer has left",
    meaning="The evidence owner, or the reviewer it waits for, is disabled or gone.",
    why="Nobody will renew it, and nobody will review it.",
    next="Name somebody who is there.",
    checks={PlacedDocument: person_gone},
    only=STANDING_OUT,
)
RISK_LINK_BROKEN = Rule(
    code="RISK-LINK-BROKEN",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.NOTE,
    title="Relates to a risk that is gone",
    meaning="A risk under Related risk is Archived, or is no longer in the Risk Register.",
    why="The line from risk to control to evidence is what an auditor follows.",
    next="Choose the risk that stands today, or clear Related risk.",
    checks={PlacedDocument: risk_link_broken},
    only=STANDING_OUT,
)

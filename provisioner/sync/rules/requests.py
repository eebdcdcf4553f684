"""Audit requests: are they answered in time, by sound evidence, and is it still what was delivered?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from provisioner.sync.calendar import add_days
from provisioner.sync.cases import LinkedDocument, RequestCase
from provisioner.sync.facts import Request
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.vocabulary import Freshness, Severity, SubjectKind

ANSWERED = frozenset({"Delivered", "Closed", "Withdrawn"})
HANDED_OVER = frozenset({"Delivered", "Closed"})
READY = frozenset({"Ready"}) | HANDED_OVER
"""Statuses in which the answer is said to be there."""
_OLD = (Freshness.STALE, Freshness.EXPIRED)


def due_of(request: Request) -> date | None:
    """When it is due: the date given, else Requested on plus its SLA in calendar days."""
    if request.due is not None:
        return request.due
    if request.requested_on is None or request.sla_days is None:
        return None
    return add_days(request.requested_on, request.sla_days)


def overdue(case: RequestCase) -> Iterator[Holding]:
    """Due has passed and it is neither delivered, closed nor withdrawn."""
    request, due = case.request, due_of(case.request)
    if due is not None and due < case.today and request.status not in ANSWERED:
        yield Holding(
            f"Request {request.id} {request.title} was due on {say(due)}.",
            {"due": iso(due), "status": request.status, "assignee": request.assignee},
        )


def stale_answer(case: RequestCase) -> Iterator[Holding]:
    """Said to be answered, and nothing is linked, or what is linked does not hold."""
    request = case.request
    if request.status not in READY:
        return
    reasons = ["no evidence is linked"] if not request.documents else []
    reasons += [f"{one.name} {what}" for one in case.linked if (what := _weakness(case, one))]
    if reasons:
        facts: dict[str, object] = {
            "status": request.status,
            "deliveredOn": iso(request.delivered_on),
            "documents": list(request.documents),
        }
        notes = unjudged(case)
        if notes:
            facts["notJudged"] = notes
        yield Holding(
            f"Request {request.id} {request.title} says {request.status}, but {'; '.join(reasons)}.",
            facts,
        )


def _weakness(case: RequestCase, one: LinkedDocument) -> str:
    if not one.sound:
        return "is not sound evidence"
    if case.request.period is not None:
        return "does not touch the period asked about" if one.touches is False else ""
    if one.aged not in _OLD:
        return ""
    if case.request.status == "Ready":
        return "is out of date"
    return "was out of date when it was delivered"


def unjudged(case: RequestCase) -> list[str]:
    """What could not be said of the answer for want of a fact."""
    request = case.request
    found = []
    if request.status in HANDED_OVER and request.delivered_on is None and request.documents:
        found.append("REQUEST-STALE-ANSWER, REQUEST-CHANGED: Delivered on is empty")
    if request.period is not None and any(one.touches is None for one in case.linked):
        found.append("REQUEST-STALE-ANSWER: which periods a linked document touches is not known")
    return found


def changed(case: RequestCase) -> Iterator[Holding]:
    """A linked document is no longer the one that was delivered."""
    request, stamp = case.request, case.stamp
    if request.status not in HANDED_OVER or stamp is None or request.delivered_on is None:
        return
    moved = [
        one
        for one in case.linked
        if one.identity is not None and stamp.identities.get(one.key, one.identity) != one.identity
    ]
    if moved:
        names = ", ".join(one.name for one in moved)
        yield Holding(
            f"Request {request.id} {request.title}: what was delivered on "
            f"{say(request.delivered_on)} has changed since: {names}.",
            {
                "deliveredOn": iso(request.delivered_on),
                "changed": [one.key for one in moved],
                "delivered": [stamp.identities[one.key] for one in moved],
                "identities": [one.identity for one in moved],
            },
        )


REQUEST_OVERDUE = Rule(
    code="REQUEST-OVERDUE",
    subjects=(SubjectKind.REQUEST,),
    severity=Severity.ERROR,
    title="Request is overdue",
    meaning="An auditor's or buyer's request is past its due date and not answered.",
    why="Late answers are the first thing an auditor remembers.",
    next="Deliver it, or agree on a new date with the person who asked.",
    checks={RequestCase: overdue},
)
REQUEST_STALE_ANSWER = Rule(
    code="REQUEST-STALE-ANSWER",
    subjects=(SubjectKind.REQUEST,),
    severity=Severity.ERROR,
    title="The answer does not hold",
    meaning="A request is Ready, Delivered or Closed, and no evidence is linked, or linked evidence is "
    "not sound, is of another period, or was out of date when it was delivered.",
    why="An answer the evidence does not bear out comes back, with more questions.",
    next="Link sound evidence of the period asked about, and deliver that.",
    checks={RequestCase: stale_answer},
)
REQUEST_CHANGED = Rule(
    code="REQUEST-CHANGED",
    subjects=(SubjectKind.REQUEST,),
    severity=Severity.WARNING,
    title="Changed after it was delivered",
    meaning="The content of a linked document is no longer the content that was delivered.",
    why="The auditor has one version and you show another.",
    next="Deliver the new version and move Delivered on, or restore the one that was delivered.",
    checks={RequestCase: changed},
)

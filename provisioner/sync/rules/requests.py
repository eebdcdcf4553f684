"""Audit requests: are they answered in time?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from provisioner.sync.calendar import add_days
from provisioner.sync.cases import RequestCase
from provisioner.sync.facts import Request
from provisioner.sync.rules.rule import Holding, Rule, iso, say
from provisioner.sync.vocabulary import Severity, SubjectKind

ANSWERED = frozenset({"Delivered", "Closed", "Withdrawn"})


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

"""Digests: what each person is told, and when. Pure: facts, verdicts and what was told before in, values out.

One digest a person, the worst first, what is new since the last one on top. Weekly; every day in the
two weeks before fieldwork. What nobody put right within twice the review time goes to the workspace's
owner too. A digest with no open error or warning is not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from provisioner.sync.calendar import business_days
from provisioner.sync.facts import Document, EvidenceFacts, ExpectedItem
from provisioner.sync.findings import finding_key
from provisioner.sync.judgement import Judgement
from provisioner.sync.verdict import WITHOUT_ROW, Verdict
from provisioner.sync.vocabulary import Severity, SubjectKind, VerdictState

Rhythm = Literal["daily", "weekly", "off"]

WEEK = 7
NEAR_FIELDWORK = 14
"""So many days before fieldwork digests come every day."""
CHANNEL = "teams"
"""Under this name the day of the last message to the Teams channel is kept."""
_REVIEWERS_TURN = frozenset({"UNREVIEWED"})


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in a digest. `url` as read from SharePoint, "" where it is about no document.

    `first_told` is the day on which somebody was first told of it; None: it is new to this person.
    """

    key: str
    rule: str
    severity: Severity
    what: str
    next: str
    item: str | None
    url: str
    first_told: date | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told. Each part is worst first; `upcoming` are notes that ride along.

    `escalated` is what others have not put right within twice the time, with who was told.
    """

    to: str
    new: tuple[Line, ...]
    before: tuple[Line, ...]
    escalated: tuple[tuple[str, Line], ...]
    upcoming: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The person's own findings."""
        return (*self.new, *self.before)


@dataclass(frozen=True, slots=True)
class Told:
    """What a person was told: the day of the last digest, and findings by the day they were first in one."""

    on: date
    findings: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, and how often.

    `roles` and `reviewers` map a role, and an item's id, to mail addresses. `owner` answers for the
    workspace and gets what belongs to nobody. `fieldwork` are the days on which it begins; `silent`
    says of scheduled jobs that they do not run any more, which is the owner's to look into.
    """

    rhythm: Rhythm
    owner: str
    roles: Mapping[str, tuple[str, ...]]
    reviewers: Mapping[str, tuple[str, ...]]
    sla_days: int
    holidays: frozenset[date]
    fieldwork: tuple[date, ...] = ()
    silent: tuple[Line, ...] = ()

    def due(self, last: date | None, today: date) -> bool:
        """Whether somebody last told on that day is told again; a missed day loses nothing."""
        if self.rhythm == "off":
            return False
        if last is None:
            return True
        near = any(0 < (day - today).days <= NEAR_FIELDWORK for day in self.fieldwork)
        return (today - last).days >= (1 if near or self.rhythm == "daily" else WEEK)


def digests(
    facts: EvidenceFacts, judgement: Judgement, told: Mapping[str, Told], telling: Telling
) -> tuple[Digest, ...]:
    """Every digest that is due today, by address."""
    by_person = _by_person(facts, judgement, telling)
    escalated = _escalated(by_person, told, telling, judgement.today)
    found = []
    for person in sorted({*by_person, *({telling.owner} if escalated and telling.owner else ())}):
        last = told.get(person)
        if not telling.due(last.on if last is not None else None, judgement.today):
            continue
        seen = last.findings if last is not None else {}
        lines = [replace(one, first_told=seen.get(one.key)) for one in by_person.get(person, ())]
        serious = [one for one in lines if one.severity is not Severity.NOTE]
        raised = escalated if person == telling.owner else ()
        if serious or raised:
            found.append(
                Digest(
                    to=person,
                    new=tuple(one for one in serious if one.first_told is None),
                    before=tuple(one for one in serious if one.first_told is not None),
                    escalated=raised,
                    upcoming=tuple(one for one in lines if one.severity is Severity.NOTE),
                )
            )
    return tuple(found)


def told_after(
    told: Mapping[str, Told], sent: Iterable[Digest], judgement: Judgement
) -> dict[str, Told]:
    """What is to be remembered once these were sent; findings that are over are forgotten."""
    is_open = {finding_key(one) for one in _open(judgement)}
    after = dict(told)
    for digest in sent:
        is_open |= {one.key for one in digest.lines}  # a silent job is no verdict
        before = after[digest.to].findings if digest.to in after else {}
        kept = {key: day for key, day in before.items() if key in is_open}
        now = {one.key: judgement.today for one in digest.lines if one.key not in kept}
        after[digest.to] = Told(judgement.today, kept | now)
    return after


def _open(judgement: Judgement) -> Iterable[Verdict]:
    return (
        one
        for one in judgement.verdicts
        if one.state is VerdictState.OPEN and one.rule not in WITHOUT_ROW
    )


def _by_person(
    facts: EvidenceFacts, judgement: Judgement, telling: Telling
) -> dict[str, list[Line]]:
    documents = {one.key: one for one in facts.documents}
    items = {one.id: one for one in facts.items}
    requests = {one.id: one for one in facts.requests}
    assigned = _assigned(facts)
    found: dict[str, list[Line]] = {}
    for verdict in sorted(_open(judgement), key=lambda one: (one.weight, one.order)):
        document = documents.get(verdict.document or "")
        line = Line(
            key=finding_key(verdict),
            rule=verdict.rule,
            severity=verdict.severity,
            what=verdict.message,
            next=verdict.next,
            item=verdict.item,
            url=document.url if document is not None else "",
            first_told=None,
        )
        item = items.get(verdict.item or "")
        request = requests.get(verdict.about.name)
        named = request.assignee if request is not None else None
        named = named or assigned.get((verdict.about.name, verdict.rule))
        for person in _who(verdict, document, item, named, telling):
            found.setdefault(person, []).append(line)
    for person in _addresses([telling.owner]) if telling.silent else ():
        found[person] = [*telling.silent, *found.get(person, ())]
    return found


def _who(
    verdict: Verdict,
    document: Document | None,
    item: ExpectedItem | None,
    named: str | None,
    telling: Telling,
) -> tuple[str, ...]:
    """Who has the next move; the workspace's owner where nobody with an address does.

    `named` is whom a request or a register's row names.
    """
    kind = verdict.about.kind
    wanted: list[str | None] = []
    if kind in (SubjectKind.REQUEST, SubjectKind.ROW):
        wanted = [named]
    elif document is not None and verdict.rule in _REVIEWERS_TURN:
        wanted = [document.reviewer] if document.reviewer else []
        wanted = wanted or list(telling.reviewers.get(item.id if item else "", ()))
    elif document is not None:
        wanted = [document.owner]
    addresses = _addresses(wanted)
    if not addresses and item is not None:
        addresses = _addresses(telling.roles.get(item.owner_role, ()))
    return addresses or _addresses([telling.owner])


def _assigned(facts: EvidenceFacts) -> dict[tuple[str, str], str]:
    """The person a register's check is for, by row and code."""
    return {
        (row.key, check.code): row.people[check.assign]
        for register in facts.registers
        for check in register.checks
        for row in register.rows
        if check.assign is not None and check.assign in row.people
    }


def _addresses(people: Iterable[str | None]) -> tuple[str, ...]:
    """Mail addresses among them, in lower case; groups and unknown numbers cannot be written to."""
    found = ((one or "").strip().removeprefix("user:").lower() for one in people)
    return tuple(dict.fromkeys(one for one in found if "@" in one.strip("@") and " " not in one))


def _escalated(
    by_person: Mapping[str, Iterable[Line]],
    told: Mapping[str, Told],
    telling: Telling,
    today: date,
) -> tuple[tuple[str, Line], ...]:
    """What others were told of more than twice the review time ago, and each review that waits so long."""
    found = []
    for person, lines in by_person.items():
        if person == telling.owner:
            continue
        seen = told[person].findings if person in told else {}
        for line in lines:
            first = seen.get(line.key)
            waited = first is not None and (
                business_days(first, today, telling.holidays) > 2 * telling.sla_days
            )
            overdue = line.rule in _REVIEWERS_TURN and line.severity is Severity.ERROR
            if line.severity is not Severity.NOTE and (waited or overdue):
                found.append((person, replace(line, first_told=first)))
    return tuple(found)

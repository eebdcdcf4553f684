"""Review ageing: what waits for a reviewer or for its owner, since when, and how long is too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioner.report.links import safe_link
from provisioner.sync.calendar import business_days
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy

BANDS = ("in time", "late", "more than twice the time")


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A document that waits. `turn` is whose move it is, "review" or "returned"; `days` business days.

    `person` is the reviewer or the owner, "" when nobody is named; `band` one of `BANDS`.
    """

    key: str
    name: str
    link: str | None
    item: str | None
    status: str
    turn: str
    person: str
    since: date
    days: int
    allowed: int
    band: str


@dataclass(frozen=True, slots=True)
class PersonAgeing:
    """How many documents wait for a person, by band, and since when the longest of them."""

    person: str
    counts: tuple[int, int, int]
    oldest: date

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


def waiting(
    facts: EvidenceFacts, judgement: Judgement, policy: Policy, site_url: str
) -> tuple[WaitingLine, ...]:
    """Every document that waits for somebody, the longest first."""
    allowed_of = {item.id: item.review_sla_days for item in facts.items}
    lines = []
    for one in facts.documents:
        clock = judgement.documents[one.key].clock
        if clock is None or clock.since is None:
            continue
        own = allowed_of.get(one.item or "")
        allowed = policy.review_sla_days if own is None else own
        days = business_days(clock.since, judgement.today, policy.holidays)
        person = one.reviewer if clock.group == "review" else one.owner
        lines.append(
            WaitingLine(
                key=one.key,
                name=one.name,
                link=safe_link(one.url, site_url),
                item=one.item,
                status=one.status or "",
                turn=clock.group,
                person=person or "",
                since=clock.since,
                days=days,
                allowed=allowed,
                band=BANDS[0 if days <= allowed else 1 if days <= 2 * allowed else 2],
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.days, line.since, line.key)))


def by_person(lines: tuple[WaitingLine, ...]) -> tuple[PersonAgeing, ...]:
    """The same by person, the one with most that is late first."""
    people: dict[str, list[WaitingLine]] = {}
    for line in lines:
        people.setdefault(line.person, []).append(line)
    rows = []
    for person, some in people.items():
        early, late, twice = (sum(one.band == band for one in some) for band in BANDS)
        rows.append(PersonAgeing(person, (early, late, twice), min(one.since for one in some)))
    return tuple(
        sorted(rows, key=lambda one: (-one.counts[2], -one.counts[1], one.oldest, one.person))
    )

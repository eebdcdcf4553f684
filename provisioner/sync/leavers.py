"""What left: evidence that counted and is gone, people who are gone, risks that are kept no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from provisioner.sync.admission import filed_case, stance_of
from provisioner.sync.cases import GoneCase
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem, Risk
from provisioner.sync.placement import ItemPlacement
from provisioner.sync.policy import Policy
from provisioner.sync.stance import Stance
from provisioner.sync.unfiled import touched_without_item

ARCHIVED = "Archived"


def still_gone(gone: Iterable[Document], present: Iterable[Document]) -> list[Document]:
    """Those of the documents that left which are not back, in order of keys: neither they nor their bytes."""
    left = list(gone)
    if not left:
        return []
    here = list(present)
    keys, contents = {one.key for one in here}, {one.identity for one in here}
    return sorted(
        (one for one in left if one.key not in keys and one.identity not in contents),
        key=lambda one: one.key,
    )


def gone_cases(
    gone: Iterable[Document],
    periods: Iterable[AuditPeriod],
    items: Mapping[str, ExpectedItem],
    placements: Mapping[str, ItemPlacement],
    policy: Policy,
    today: date,
) -> dict[str, GoneCase]:
    """The documents that left, by key, each with the windows it touched as it was last read.

    `placements` are those of the items they were filed under.
    """
    found, known = {}, list(periods)
    for document in gone:
        stance = stance_of(filed_case(document, items, policy, today), (), ())
        touched = _touched(stance, placements, known)
        names = [one.name for one in known if one.judged and one.id in touched]
        found[document.key] = GoneCase(stance.case, tuple(sorted(names)))
    return found


def _touched(
    stance: Stance, placements: Mapping[str, ItemPlacement], periods: Iterable[AuditPeriod]
) -> tuple[str, ...]:
    item = stance.case.item
    if item is None:
        return touched_without_item(stance, periods) or ()
    return placements[item.id].touches(stance) or ()


class Leavers:
    """The people who are gone and the risks that are, of the facts of a run."""

    def __init__(self, facts: EvidenceFacts) -> None:
        self._people, self._risks = facts.people_gone, facts.risks
        risks = (facts.risks or {}).items()
        self._kept = frozenset(key for key, one in risks if one.status.strip() != ARCHIVED)

    def people(self, document: Document) -> tuple[str, ...]:
        """Those of its owner and reviewer who are gone."""
        left = self._people
        if document.owner not in left and document.reviewer not in left:
            return ()
        people = [who for who in (document.owner, document.reviewer) if who in left]
        return tuple(dict.fromkeys(str(who) for who in people))

    def risks(self, document: Document) -> tuple[str, ...]:
        """Those of the risks it relates to that are gone, in words."""
        if self._risks is None or self._kept.issuperset(document.risks):
            return ()
        return tuple(_broken(document.risks, self._risks))


def _broken(rows: Iterable[str], risks: Mapping[str, Risk]) -> Iterator[str]:
    for row in rows:
        risk = risks.get(row)
        if risk is None:
            yield f"risk #{row} (gone)"
        elif risk.status.strip() == ARCHIVED:
            yield f"{risk.name} ({ARCHIVED})"

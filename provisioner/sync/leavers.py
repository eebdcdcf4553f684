"""What left: evidence that counted and is gone, people who are gone, risks that are kept no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from provisioner.sync.admission import filed_case, stance_of
from provisioner.sync.cases import GoneCase, PlacedDocument
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem, Risk
from provisioner.sync.placement import ItemPlacement, without_item
from provisioner.sync.policy import Policy
from provisioner.sync.stance import Stance

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
        return without_item(stance, periods).touches or ()
    return placements[item.id].touches(stance) or ()


def with_links(placed: Iterable[PlacedDocument], facts: EvidenceFacts) -> Iterator[PlacedDocument]:
    """Each document with those of its people who are gone, and those of its risks that are."""
    left, risks = facts.people_gone, facts.risks or {}
    kept = frozenset(key for key, one in risks.items() if one.status.strip() != ARCHIVED)
    for one in placed:
        document = one.case.document
        whole = facts.risks is None or kept.issuperset(document.risks)
        if whole and document.owner not in left and document.reviewer not in left:
            yield one
            continue
        people = [who for who in (document.owner, document.reviewer) if who in left]
        names = tuple(dict.fromkeys(str(who) for who in people))
        broken = () if whole else tuple(_broken(document.risks, risks))
        yield replace(one, people_gone=names, risks_broken=broken)


def _broken(rows: Iterable[str], risks: Mapping[str, Risk]) -> Iterator[str]:
    for row in rows:
        risk = risks.get(row)
        if risk is None:
            yield f"risk #{row} (gone)"
        elif risk.status.strip() == ARCHIVED:
            yield f"{risk.name} ({ARCHIVED})"

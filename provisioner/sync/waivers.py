"""Waivers: which are valid today, and what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from provisioner.core.record import record
from provisioner.sync.cases import DocumentCase, ItemCase
from provisioner.sync.facts import ExpectedItem, Request, Waiver, WaiverTarget
from provisioner.sync.rules import NEVER_WAIVED
from provisioner.sync.rules.rule import iso
from provisioner.sync.rules.waived import APPROVED, flaws
from provisioner.sync.stamped import WaiverStamp


@dataclass(frozen=True, slots=True)
class Settled:
    """A waiver with the stamp that should stand on it, what changed since the grant, and its validity."""

    waiver: Waiver
    stamp: WaiverStamp | None
    changed: tuple[str, ...]
    valid: bool


@record
class Named:
    """What a finding is about, as far as a waiver can name it."""

    rule: str
    item: str | None = None
    part: str | None = None
    slot_from: date | None = None
    document: str | None = None
    request: str | None = None
    row: str | None = None


def document_facts(case: DocumentCase) -> dict[str, str]:
    """The facts a document's waiver depends on."""
    document = case.document
    return {
        "identity": document.identity or "",
        "item": document.item or "",
        "activity": iso(case.activity) or "",
        "periodFrom": iso(document.period_from) or "",
        "periodTo": iso(document.period_to) or "",
    }


def item_facts(item: ExpectedItem) -> dict[str, str]:
    """The facts an item's waiver depends on."""
    return {
        "cadence": "" if item.cadence is None else str(item.cadence),
        "kind": "" if item.kind is None else str(item.kind),
        "anchor": iso(item.anchor) or "",
        "enabled": "yes" if item.enabled else "no",
    }


def slot_facts(item: ExpectedItem, identities: Iterable[str]) -> dict[str, str]:
    """The facts a slot's waiver depends on: the item's, and the content filed for the slot."""
    return {**item_facts(item), "claimants": " ".join(sorted(set(identities)))}


def request_facts(request: Request, identities: Mapping[str, str]) -> dict[str, str]:
    """The facts a request's waiver depends on. `identities`: content identity by document key."""
    answers = sorted(f"{key}={identities.get(key, '')}" for key in request.documents)
    return {
        "due": iso(request.due) or "",
        "requestedOn": iso(request.requested_on) or "",
        "slaDays": "" if request.sla_days is None else str(request.sla_days),
        "period": request.period or "",
        "documents": " ".join(answers),
    }


def settle(waiver: Waiver, facts: Mapping[str, str] | None, today: date) -> Settled:
    """Stamp a waiver where it must be, and say whether it holds today.

    `facts` None: what it names is not there, so there is nothing to compare or to cover.
    """
    stamp, granted, expires = waiver.stamp, waiver.granted, waiver.expires
    if waiver.state != APPROVED or facts is None or granted is None:
        return Settled(waiver, stamp, (), valid=False)
    if stamp is None or granted > stamp.granted:
        stamp = WaiverStamp(granted, dict(facts))
    names = sorted({*stamp.facts, *facts})
    changed = tuple(name for name in names if stamp.facts.get(name) != facts.get(name))
    running = expires is not None and granted <= today <= expires
    return Settled(waiver, stamp, changed, valid=running and not changed and not flaws(waiver))


def names(waiver: Waiver, finding: Named) -> bool:
    """Whether a waiver, valid or not, is about a finding."""
    if finding.rule in NEVER_WAIVED or (waiver.rules and finding.rule not in waiver.rules):
        return False
    target = waiver.target
    if target.document is not None:
        return target.document == finding.document
    if target.request is not None:
        return target.request == finding.request
    if target.row is not None:
        return target.row == finding.row
    if target.slot_from is not None and target.slot_from != finding.slot_from:
        return False
    same_part = target.part is None or target.part == finding.part
    return target.item is not None and target.item == finding.item and same_part


def target_facts(
    target: WaiverTarget,
    cases: Mapping[str, DocumentCase],
    identities: Mapping[str, str],
    items: Mapping[str, ExpectedItem],
    requests: Mapping[str, Request],
    cells: Iterable[ItemCase],
    row: Mapping[str, str] | None = None,
) -> dict[str, str] | None:
    """The facts today of what a waiver names; None when it is not there.

    `cases` are documents that waivers name, `identities` those of the contents of documents that
    answer requests or claim slots, by key. `cells` are those of the named item: a slot is found among
    them by its first day. `row` are the facts of the named row of a register.
    """
    if target.row is not None:
        return None if row is None else dict(row)
    if target.document is not None:
        case = cases.get(target.document)
        return None if case is None else document_facts(case)
    if target.request is not None:
        request = requests.get(target.request)
        return None if request is None else request_facts(request, identities)
    item = items.get(target.item or "")
    if item is None or target.slot_from is None:
        return None if item is None else item_facts(item)
    slots = [
        one
        for cell in cells
        if target.part is None or target.part == cell.part
        for one in cell.slots
        if one.slot.first == target.slot_from
    ]
    if not slots:
        return None
    return slot_facts(item, (identities[key] for one in slots for key in one.claimants))

"""Builds a readiness report from facts and what the judge said of them. Pure: no clock, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from provisioner.engine.drift import DriftReport
from provisioner.report.attention import attention, gaps, rule_lines, waived
from provisioner.report.criteria_labels import categories, label
from provisioner.report.links import safe_link
from provisioner.report.readiness import (
    Coverage,
    CoverageRow,
    CriteriaGroup,
    EvidenceLine,
    Headline,
    ItemLine,
    ReadinessReport,
    SlotCell,
    Standing,
    Tally,
    Window,
)
from provisioner.spec.models import Framework
from provisioner.sync.claims import activity_of
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.rollup import CellJudgement, worst
from provisioner.sync.vocabulary import WORST_FIRST, ItemState, Severity, VerdictState

__all__ = ["ReadinessReport", "readiness_report"]


def readiness_report(
    facts: EvidenceFacts,
    judgement: Judgement,
    *,
    workspace: str,
    client: str,
    site_url: str,
    generated_at: datetime,
    libraries: Mapping[str, str],
    drift: DriftReport | None,
    frameworks: Sequence[Framework] = (),
) -> ReadinessReport:
    """The whole report.

    `judgement` is what the judge said of these very facts. `libraries`: title by key, in the order in
    which a reader should see them. `drift` None: the site was not compared with its file.
    `frameworks`: criteria of the workspace's own, with their labels.
    """
    items = item_lines(facts, judgement)
    evidence = evidence_lines(facts, judgement, site_url, libraries)
    opened = Counter(one.severity for one in judgement.verdicts if one.state is VerdictState.OPEN)
    covered = waived(facts, judgement, site_url)
    return ReadinessReport(
        workspace=workspace,
        client=client,
        site_url=site_url,
        generated_at=generated_at,
        today=judgement.today,
        policy=judgement.policy,
        headline=Headline(
            tally=tally_of(item.state for item in items),
            errors=opened[Severity.ERROR],
            warnings=opened[Severity.WARNING],
            notes=opened[Severity.NOTE],
            waived=len(covered),
            documents=len(evidence),
            sound=sum(one.sound for one in evidence),
        ),
        windows=tuple(_window(one, judgement.today) for one in judgement.windows if one.days),
        criteria=_by_criterion(items, judgement, frameworks),
        libraries=_by_library(items, evidence, libraries),
        areas=_by_area(items),
        items=items,
        attention=attention(facts, judgement, site_url),
        waived=covered,
        evidence=evidence,
        coverage=tuple(_coverage(one, items, judgement, libraries) for one in judgement.windows),
        gaps=gaps(facts, judgement),
        rules=rule_lines(judgement),
        drift=drift,
    )


def tally_of(states: Iterable[ItemState]) -> Tally:
    """How many of each state, worst first."""
    count = Counter(states)
    return Tally(tuple((state, count[state]) for state in WORST_FIRST if count[state]))


def item_lines(facts: EvidenceFacts, judgement: Judgement) -> tuple[ItemLine, ...]:
    """Every expected item, by id."""
    filed = Counter(one.item for one in judgement.documents.values())
    sound = Counter(one.item for one in judgement.documents.values() if one.sound)
    return tuple(
        ItemLine(
            id=item.id,
            title=item.title,
            library=item.library,
            area=item.control_area,
            criteria=item.criteria,
            owner_role=item.owner_role,
            cadence=item.cadence,
            kind=item.kind,
            state=judgement.items[item.id].state,
            next_due=judgement.items[item.id].next_due,
            last_evidence=judgement.items[item.id].last_evidence,
            documents=filed[item.id],
            sound=sound[item.id],
        )
        for item in sorted(facts.items, key=lambda one: one.id)
    )


def evidence_lines(
    facts: EvidenceFacts, judgement: Judgement, site_url: str, libraries: Mapping[str, str]
) -> tuple[EvidenceLine, ...]:
    """Every document: by item, then the latest first; those without an item at the end."""
    items = {item.id: item for item in facts.items}

    def line(one: Document) -> EvidenceLine:
        said = judgement.documents[one.key]
        item = items.get(one.item or "")
        return EvidenceLine(
            key=one.key,
            name=one.name,
            link=safe_link(one.url, site_url),
            library=libraries.get(one.library, one.library),
            item=one.item or None,
            item_title=item.title if item is not None else "",
            part=one.part or None,
            criteria=one.criteria or (item.criteria if item is not None else ()),
            period_from=one.period_from,
            period_to=one.period_to,
            activity=activity_of(one, item.kind if item is not None else None),
            status=one.status or "",
            freshness=said.freshness,
            fresh_until=said.fresh_until,
            owner=one.owner or "",
            reviewer=one.reviewer or "",
            reviewed_on=one.reviewed_on,
            sound=said.sound,
            flags=said.flags,
            waived=said.waived,
            reason=said.reason,
        )

    def order(one: EvidenceLine) -> tuple[bool, str, str, int, str]:
        day = one.activity.toordinal() if one.activity else 0
        return (one.item is None, one.item or "", one.part or "", -day, one.key)

    return tuple(sorted(map(line, facts.documents), key=order))


def _window(period: AuditPeriod, today: date) -> Window:
    days = period.days
    assert days is not None
    last = days.last or days.first
    length = (last - days.first).days + 1
    gone = min(max((today - days.first).days, 0), length)
    return Window(
        id=period.id,
        name=period.name,
        type=period.type,
        first=days.first,
        last=last,
        days=length,
        elapsed_days=gone,
        elapsed=gone / length,
        scope=period.criteria,
    )


def _standing(name: str, words: str, items: Iterable[ItemLine]) -> Standing:
    own = tuple(items)
    return Standing(
        id=name,
        label=words,
        state=worst(item.state for item in own),
        tally=tally_of(item.state for item in own),
        documents=sum(item.documents for item in own),
        sound=sum(item.sound for item in own),
        items=tuple(item.id for item in own),
    )


def _by_criterion(
    items: tuple[ItemLine, ...], judgement: Judgement, frameworks: Sequence[Framework]
) -> tuple[CriteriaGroup, ...]:
    used = {criterion for item in items for criterion in item.criteria}
    scope = {word for window in judgement.windows for word in window.criteria}
    groups = []
    for one in categories(used, scope, frameworks):
        within = set(one.criteria)
        own = [item for item in items if within & set(item.criteria)]
        groups.append(
            CriteriaGroup(
                name=one.name,
                prefix=one.prefix,
                state=worst(item.state for item in own),
                tally=tally_of(item.state for item in own),
                criteria=tuple(
                    _standing(
                        criterion,
                        label(criterion, frameworks),
                        (item for item in own if criterion in item.criteria),
                    )
                    for criterion in one.criteria
                ),
            )
        )
    return tuple(groups)


def _by_library(
    items: tuple[ItemLine, ...], evidence: tuple[EvidenceLine, ...], libraries: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Items by the library they belong to; documents by the one they lie in."""
    titles = dict(libraries)
    for item in items:
        if item.library:
            titles.setdefault(item.library, item.library)
    result = []
    for key, title in titles.items():
        one = _standing(key, title, (item for item in items if item.library == key))
        lying = [document for document in evidence if document.key.rsplit("/", 1)[0] == key]
        result.append(
            replace(one, documents=len(lying), sound=sum(document.sound for document in lying))
        )
    return tuple(result)


def _by_area(items: tuple[ItemLine, ...]) -> tuple[Standing, ...]:
    names = sorted({item.area for item in items if item.area}, key=str.casefold)
    return tuple(
        _standing(name, name, (item for item in items if item.area == name)) for name in names
    )


def _coverage(
    window: AuditPeriod,
    items: tuple[ItemLine, ...],
    judgement: Judgement,
    libraries: Mapping[str, str],
) -> Coverage:
    days = window.days
    assert days is not None
    places = {key: place for place, key in enumerate(libraries)}
    ordered = sorted(items, key=lambda one: (places.get(one.library, len(places)), one.library))
    return Coverage(
        window=window.id,
        name=window.name,
        first=days.first,
        last=days.last or days.first,
        rows=tuple(
            _row(item, cell, libraries)
            for item in ordered
            for cell in judgement.items[item.id].cells
            if cell.window == window.id
        ),
    )


def _row(item: ItemLine, cell: CellJudgement, libraries: Mapping[str, str]) -> CoverageRow:
    begun = [slot for slot in cell.slots if slot.state is not None]
    return CoverageRow(
        item=item.id,
        title=item.title,
        part=cell.part,
        library=libraries.get(item.library, item.library),
        cadence=item.cadence,
        state=cell.state,
        next_due=cell.next_due,
        begun=len(begun),
        covered=sum(slot.covered for slot in begun),
        slots=tuple(
            SlotCell(
                first=slot.first,
                last=slot.last,
                state=slot.state,
                covered=slot.covered,
                attested=slot.attested,
                documents=len(slot.claimants),
            )
            for slot in cell.slots
        ),
    )

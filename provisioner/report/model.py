"""Builds a readiness report from facts and what the judge said of them. Pure: no clock, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from provisioner.engine.drift import DriftReport
from provisioner.report.ageing import waiting
from provisioner.report.attention import attention, gaps, rule_lines, waived
from provisioner.report.background import Background
from provisioner.report.history import changes, trend
from provisioner.report.links import safe_link
from provisioner.report.questions import answered
from provisioner.report.readiness import ReadinessReport
from provisioner.report.readiness_lines import (
    Coverage,
    CoverageRow,
    EvidenceLine,
    FindingLine,
    Headline,
    ItemLine,
    SlotCell,
    Tally,
    Window,
)
from provisioner.report.standings import by_area, by_criterion, by_library, tally_of
from provisioner.spec.models import Framework
from provisioner.sync.claims import activity_of
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy
from provisioner.sync.rollup import CellJudgement
from provisioner.sync.vocabulary import Severity, VerdictState

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
    policy: Policy | None = None,
    background: Background | None = None,
) -> ReadinessReport:
    """The whole report.

    `judgement` is what the judge said of these very facts. `libraries`: title by key, in the order in
    which a reader should see them. `drift` None: the site was not compared with its file.
    `frameworks`: criteria of the workspace's own, with their labels. `policy`: the settings that were
    judged by, which say how long a review may take. `background`: what no rule reads.
    """
    beside = background or Background()
    items = item_lines(facts, judgement)
    evidence = evidence_lines(facts, judgement, site_url, libraries, beside.versions)
    needing = attention(facts, judgement, site_url)
    vouched = _vouched(judgement)
    tally = tally_of(item.state for item in items)
    covered = waived(facts, judgement, site_url)
    return ReadinessReport(
        workspace=workspace,
        client=client,
        site_url=site_url,
        generated_at=generated_at,
        today=judgement.today,
        policy=judgement.policy,
        headline=_headline(judgement, tally, covered, evidence),
        windows=tuple(_window(one, judgement.today) for one in judgement.windows if one.days),
        criteria=by_criterion(items, judgement, frameworks),
        libraries=by_library(items, evidence, libraries),
        areas=by_area(items),
        items=items,
        attention=needing,
        waived=covered,
        evidence=evidence,
        coverage=tuple(_coverage(one, items, judgement, libraries) for one in judgement.windows),
        gaps=gaps(facts, judgement),
        rules=rule_lines(judgement),
        drift=drift,
        checklist=answered(beside.checklist(facts), items, evidence, vouched),
        buyers=answered(beside.buyers(facts), items, evidence, vouched),
        waiting=waiting(facts, judgement, policy or Policy(), site_url),
        trend=trend(beside.findings, judgement.today),
        changes=changes(
            beside.last,
            workspace=workspace,
            today=judgement.today,
            tally=tally,
            items=items,
            attention=needing,
        ),
    )


def _headline(
    judgement: Judgement,
    tally: Tally,
    covered: Sequence[FindingLine],
    evidence: Sequence[EvidenceLine],
) -> Headline:
    opened = Counter(one.severity for one in judgement.verdicts if one.state is VerdictState.OPEN)
    return Headline(
        tally=tally,
        errors=opened[Severity.ERROR],
        warnings=opened[Severity.WARNING],
        notes=opened[Severity.NOTE],
        waived=len(covered),
        documents=len(evidence),
        sound=sum(one.sound for one in evidence),
    )


def _vouched(judgement: Judgement) -> frozenset[str]:
    """Items whose register a person vouched for in a slot that is covered."""
    return frozenset(
        key
        for key, item in judgement.items.items()
        if any(slot.attested and slot.covered for cell in item.cells for slot in cell.slots)
    )


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
    facts: EvidenceFacts,
    judgement: Judgement,
    site_url: str,
    libraries: Mapping[str, str],
    versions: Mapping[str, str],
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
            version=versions.get(one.key, ""),
            identity=one.identity or "",
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

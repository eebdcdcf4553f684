"""The judge: facts, policy and a day in, every verdict out. Pure, and blind to the order of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from provisioner.sync.admission import (
    catalogue_case,
    document_case,
    request_case,
    skipped_clauses,
    stance_of,
    workspace_case,
)
from provisioner.sync.answers import delivered_stamp, linked_documents
from provisioner.sync.cases import DocumentCase, ItemCase, PlacedDocument, RequestCase, WaiverCase
from provisioner.sync.claims import terms_of
from provisioner.sync.facts import AuditPeriod, EvidenceFacts, ExpectedItem, Waiver
from provisioner.sync.hearing import Found, Hearing, Held, holdings_of, name_document, open_rules
from provisioner.sync.items import expected, judge_item
from provisioner.sync.judgement import DocumentJudgement, Judgement
from provisioner.sync.leavers import gone_cases, still_gone, with_links
from provisioner.sync.placement import ItemPlacement, Stance, without_item
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Register, RegisterRow
from provisioner.sync.rollup import roll_up
from provisioner.sync.rules.registers import at_fault, row_facts
from provisioner.sync.stamped import WaiverStamp
from provisioner.sync.veiled import Heard, Veil
from provisioner.sync.verdict import Bench, Verdict
from provisioner.sync.vocabulary import Freshness
from provisioner.sync.waivers import Settled, covering, settle, target_facts

Cells = Mapping[str, Sequence[ItemCase]]


def judge(facts: EvidenceFacts, policy: Policy, today: date) -> Judgement:
    """Every verdict of a day, and what should stand on each document, item and waiver.

    Depends on its arguments alone; the order of documents, items, periods, waivers and requests plays no
    part. Ids and keys must be unique among their own.
    """
    items = {item.id: item for item in sorted(facts.items, key=lambda one: one.id)}
    ordered = sorted(facts.documents, key=lambda one: one.key)
    terms = {key: terms_of(item, policy) for key, item in items.items()}
    cases = {one.key: document_case(one, items, policy, today, terms) for one in ordered}
    held = {key: holdings_of(case) for key, case in cases.items()}

    # A document's waivers are settled before its slots are known, a slot's waivers after: nothing a slot's
    # waiver covers decides which documents count.
    early = _settle(facts, cases, items, {}, policy, today)
    stances = [_stance(case, held[key], early) for key, case in cases.items()]
    placements = _place(facts, items, stances, policy, today)
    cells = {key: tuple(placement.cells()) for key, placement in placements.items()}
    settled = _settle(facts, cases, items, cells, policy, today)

    hearing = Hearing(Bench(today, policy.digest), settled)
    placed = list(with_links(_placed(facts.periods, stances, placements), facts))
    by_document = {
        one.case.document.key: _hear(hearing, one, held[one.case.document.key]) for one in placed
    }
    veil = Veil(facts)
    heard = {key: _hear_cells(hearing, cells[key]) for key in items}
    by_cell = {key: veil.lifted(items[key], some) for key, some in heard.items()}
    found = [one for some in by_document.values() for one in some]
    found += [one for of in by_cell.values() for some in of.values() for one in some]
    for item in items.values():
        wanted = expected(item, facts.periods)
        unseen = veil.missing(item, heard[item.id])
        case = catalogue_case(item, policy, today, expected=wanted, unseen=unseen)
        found += hearing.catalogue(case)
    gone_facts = replace(facts, gone=veil.visible(facts.gone))
    for gone in gone_cases(gone_facts, items, placements, policy, today).values():
        found += hearing.gone(gone)
    requests = _requests(facts, placed, policy, today)
    for request in requests:
        found += hearing.request(request)
    for register in facts.registers:
        for row in at_fault(register, policy, today):
            found += hearing.row(row)
    found += hearing.plain(workspace_case(facts.periods, policy, today, facts.libraries))
    for one in settled:
        waiving = WaiverCase(one.waiver, one.changed, open_rules(one.waiver, found), policy, today)
        found += hearing.plain(waiving)

    judged = {
        key: judge_item(
            placements[key],
            cells[key],
            by_cell[key],
            by_document,
            facts.periods,
            veiled=veil.over(item),
        )
        for key, item in items.items()
    }
    verdicts = [one.verdict for one in found]
    verdicts += _all_well(hearing.bench, placed, by_document, cells, heard)
    windows = [period for period in facts.periods if period.judged and period.days is not None]
    return Judgement(
        today=today,
        policy=policy.digest,
        windows=tuple(sorted(windows, key=lambda one: one.id)),
        verdicts=tuple(sorted(verdicts, key=lambda one: one.order)),
        documents={
            one.case.document.key: _judge_document(one, by_document[one.case.document.key])
            for one in placed
        },
        items=judged,
        waiver_stamps=_new_stamps(settled),
        request_stamps={
            one.request.id: one.stamp
            for one in requests
            if one.stamp is not None and one.stamp != one.request.stamp
        },
        rollup=roll_up(items.values(), {key: one.state for key, one in judged.items()}),
    )


def _settle(
    facts: EvidenceFacts,
    cases: Mapping[str, DocumentCase],
    items: Mapping[str, ExpectedItem],
    cells: Cells,
    policy: Policy,
    today: date,
) -> list[Settled]:
    if not facts.waivers:
        return []
    requests = {request.id: request for request in facts.requests}
    rows = _rows(facts.registers)
    gone = still_gone(facts.gone, facts.documents)
    documents = {one.key: document_case(one, items, policy, today) for one in gone} | {**cases}

    def facts_of(waiver: Waiver) -> dict[str, str] | None:
        target = waiver.target
        found = rows.get(target.row or "")
        row = None if found is None else row_facts(*found, waiver.rules)
        some = cells.get(target.item or "", ())
        return target_facts(target, documents, items, requests, some, row)

    ordered = sorted(facts.waivers, key=lambda one: one.id)
    return [settle(waiver, facts_of(waiver), today) for waiver in ordered]


def _rows(registers: Sequence[Register]) -> dict[str, tuple[Register, RegisterRow]]:
    return {row.key: (register, row) for register in registers for row in register.rows}


def _requests(
    facts: EvidenceFacts, placed: Sequence[PlacedDocument], policy: Policy, today: date
) -> list[RequestCase]:
    """The audit requests, with what answers them and what was delivered."""
    by_key = {one.case.document.key: one for one in placed} if facts.requests else {}
    made = []
    for request in facts.requests:
        linked = linked_documents(request, by_key, today)
        stamp = delivered_stamp(request, linked)
        made.append(request_case(request, policy, today, linked, stamp))
    return made


def _stance(case: DocumentCase, held: Held, settled: Sequence[Settled]) -> Stance:
    codes = {rule.code for rule, _ in held}
    waived = {
        rule.code for rule, _ in held if covering(settled, name_document(case, rule)) is not None
    }
    return stance_of(case, codes, waived)


def _place(
    facts: EvidenceFacts,
    items: Mapping[str, ExpectedItem],
    stances: Sequence[Stance],
    policy: Policy,
    today: date,
) -> dict[str, ItemPlacement]:
    by_item: dict[str, list[Stance]] = {key: [] for key in items}
    for stance in stances:
        if stance.case.item is not None:
            by_item[stance.case.item.id].append(stance)
    return {
        key: ItemPlacement(
            item,
            terms_of(item, policy),
            by_item[key],
            facts.periods,
            facts.vendor_bridges,
            policy,
            today,
        )
        for key, item in items.items()
    }


def _placed(
    periods: Sequence[AuditPeriod],
    stances: Sequence[Stance],
    placements: Mapping[str, ItemPlacement],
) -> list[PlacedDocument]:
    loose = [without_item(one, periods) for one in stances if one.case.item is None]
    placed = [one for placement in placements.values() for one in placement.placed()]
    return sorted(loose + placed, key=lambda one: one.case.document.key)


def _hear(hearing: Hearing, placed: PlacedDocument, held: Held) -> list[Found]:
    both = [*held, *holdings_of(placed)]
    return hearing.document(placed.case, both, skipped_clauses(placed.case)) if both else []


def _hear_cells(
    hearing: Hearing, cells: Sequence[ItemCase]
) -> dict[tuple[str | None, str], list[Found]]:
    return {(cell.part, cell.window.id): hearing.cell(cell) for cell in cells}


def _all_well(
    bench: Bench,
    placed: Sequence[PlacedDocument],
    by_document: Mapping[str, Sequence[Found]],
    cells: Cells,
    by_cell: Mapping[str, Heard],
) -> list[Verdict]:
    """The verdicts that no rule holds. What cannot be judged gets none: it must not look like a pass."""
    verdicts = []
    for one in placed:
        case = one.case
        if by_document[case.document.key] or one.freshness is Freshness.CANNOT_JUDGE:
            continue
        facts: dict[str, object] = {"freshness": str(one.freshness)}
        skipped = skipped_clauses(case)
        if skipped:
            facts["notJudged"] = list(skipped)
        verdicts.append(
            bench.ok(
                one.subject,
                f"{case.document.name}: nothing to do.",
                facts,
                item=case.item.id if case.item is not None else None,
                document=case.document.key,
            )
        )
    for key, some in cells.items():
        for cell in some:
            if not by_cell[key][(cell.part, cell.window.id)]:
                message = f"{cell.title}: nothing to do in {cell.window.name}."
                verdicts.append(
                    bench.ok(cell.subject, message, {"window": cell.window.name}, item=key)
                )
    return verdicts


def _judge_document(placed: PlacedDocument, found: Sequence[Found]) -> DocumentJudgement:
    case, document = placed.case, placed.case.document
    # Rules of a document come from two hearings; sorting puts them in table order again.
    opened: list[Verdict] = []
    waived: list[Verdict] = []
    worst = None
    if found:
        by_table = sorted((one.verdict for one in found), key=lambda one: one.weight[1])
        shown = {one.verdict.rule for one in found if one.open}
        opened = [one for one in by_table if one.rule in shown]
        waived = [one for one in by_table if one.rule not in shown]
        worst = min(opened, key=lambda one: one.weight, default=None)
    return DocumentJudgement(
        document=document.key,
        item=case.item.id if case.item is not None else None,
        part=case.part,
        sound=placed.sound,
        newest=placed.newest,
        freshness=placed.freshness,
        fresh_until=placed.fresh_until,
        flags=tuple(one.rule for one in opened),
        waived=tuple(one.rule for one in waived),
        reason=worst.message if worst is not None else "",
        clock=case.clock,
        clock_changed=case.clock != document.clock,
        stamp=case.stamp,
        stamp_changed=case.stamp != document.stamp,
        slots=placed.slots,
        touches=placed.touches or (),
        skipped=skipped_clauses(case),
    )


def _new_stamps(settled: Sequence[Settled]) -> dict[str, WaiverStamp]:
    return {
        one.waiver.id: one.stamp
        for one in settled
        if one.stamp is not None and one.stamp != one.waiver.stamp
    }

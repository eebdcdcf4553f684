"""What the report says of real facts: nothing is lost between the judge and the reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from provisioner.core.where import parse
from provisioner.report.attention import attention, rule_lines
from provisioner.report.model import readiness_report
from provisioner.sync.facts import AuditPeriod, EvidenceFacts, Span
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.rollup import worst
from provisioner.sync.vocabulary import ItemState, ReportType, Severity, SubjectKind


def opened(judgement, *severities):
    return [one for one in judgement.verdicts if one.state == "open" and one.severity in severities]


def test_the_headline_counts_what_was_judged(acme):
    states = Counter(one.state for one in acme.judgement.items.values())
    head = acme.report.headline
    assert dict(head.tally.states) == states
    assert head.tally.items == 100
    assert head.tally.judged == 100 - states["Not yet due"] - states["Not applicable"]
    assert head.tally.holding == states["Fresh"] + states["Due soon"] + states["Waived"]
    assert head.tally.share == pytest.approx(head.tally.holding / head.tally.judged)
    assert head.errors == len(opened(acme.judgement, "error")) > 0
    assert head.warnings == len(opened(acme.judgement, "warning")) > 0
    assert head.documents == len(acme.facts.documents)
    assert head.sound == sum(one.sound for one in acme.judgement.documents.values())


def test_every_open_error_and_warning_needs_attention_once(acme):
    expected = Counter(
        (one.subject, one.rule, one.message) for one in opened(acme.judgement, "error", "warning")
    )
    listed = Counter(
        (line.subject, line.rule, line.what)
        for group in acme.report.attention
        for line in group.findings
    )
    assert listed == expected
    for group in acme.report.attention:
        assert all(line.why and line.next and line.title for line in group.findings)
        assert group.errors + group.warnings == len(group.findings)


def test_errors_come_before_warnings_within_an_item_and_among_items(acme):
    rank = {Severity.ERROR: 0, Severity.WARNING: 1}
    groups = [[rank[line.severity] for line in group.findings] for group in acme.report.attention]
    assert all(group == sorted(group) for group in groups)
    firsts = [group[0] for group in groups]
    assert firsts == sorted(firsts)


def test_what_belongs_to_no_item_is_told_apart(acme):
    loose = {group.title: group for group in acme.report.attention if group.item is None}
    assert set(loose) == {"Documents without an item", "Audit requests"}
    (orphan,) = loose["Documents without an item"].findings
    assert (orphan.rule, orphan.about) == ("ORPHAN", SubjectKind.DOCUMENT)
    assert orphan.document is not None
    assert orphan.link is not None


def test_waived_findings_are_shown_with_their_end(acme):
    assert [(one.rule, one.waiver, one.waived_until) for one in acme.report.waived] == [
        ("MISSING", "W-1", "2026-07-31")
    ] * 2
    assert acme.report.headline.waived == 2


def test_an_item_whose_library_is_written_as_people_call_it_stands_with_its_documents(build, acme):
    titles = {one.id: one.label for one in acme.report.libraries}
    items = tuple(
        replace(item, library=titles.get(item.library, item.library)) for item in acme.facts.items
    )
    named = build(replace(acme.facts, items=items)).report
    assert named.libraries == acme.report.libraries


def test_criteria_libraries_and_areas_stand_as_the_worst_of_their_items(acme):
    states = {item: judged.state for item, judged in acme.judgement.items.items()}

    def worst_of(names):
        groups = {}
        for item in acme.facts.items:
            for name in names(item):
                groups.setdefault(name, []).append(states[item.id])
        return {name: worst(some) for name, some in groups.items()}

    criteria = {one.id: one for group in acme.report.criteria for one in group.criteria}
    areas = {one.id: one.state for one in acme.report.areas}
    libraries = {one.id: one.state for one in acme.report.libraries}
    stood = {key: one.state for key, one in criteria.items() if one.state}
    assert stood == worst_of(lambda item: item.criteria)
    assert areas == worst_of(lambda item: [item.control_area])
    assert libraries == worst_of(lambda item: [item.library])
    assert len({*areas.values()}) > 1
    assert [group.name for group in acme.report.criteria][:3] == [
        "Security",
        "Availability",
        "Processing Integrity",
    ]
    assert criteria["CC6.4"].state is None  # in scope, and nobody collects anything for it
    assert criteria["CC8.1"].label == "change management"
    assert sum(one.documents for one in acme.report.libraries) == len(acme.facts.documents)


def test_the_index_holds_every_document(acme):
    lines = {one.key: one for one in acme.report.evidence}
    assert set(lines) == {one.key for one in acme.facts.documents}
    for document in acme.facts.documents:
        line, said = lines[document.key], acme.judgement.documents[document.key]
        assert (line.name, line.owner, line.reviewer) == (
            document.name,
            document.owner or "",
            document.reviewer or "",
        )
        assert (line.freshness, line.fresh_until, line.flags) == (
            said.freshness,
            said.fresh_until,
            said.flags,
        )
    assert acme.report.evidence[-1].item is None


def test_the_heat_map_has_a_row_for_each_part_of_each_item_that_counts(acme):
    (coverage,) = acme.report.coverage
    rows = {(row.item, row.part): row for row in coverage.rows}
    cells = [cell for one in acme.judgement.items.values() for cell in one.cells]
    assert set(rows) == {(cell.item, cell.part) for cell in cells}
    for cell in cells:
        row = rows[cell.item, cell.part]
        assert [slot.state for slot in row.slots] == [slot.state for slot in cell.slots]
        assert row.covered <= row.begun <= len(row.slots)
    assert (rows["E039", None].begun, rows["E039", None].covered) == (3, 0)


def test_gaps_are_given_to_the_day(acme):
    gap = next(one for one in acme.report.gaps if one.item == "E057")
    first, last = gap.days[0]
    assert gap.rule == "PERIOD-GAP"
    assert last is not None
    assert date.fromisoformat(last) - date.fromisoformat(first) == timedelta(days=5)
    open_ended = next(one for one in acme.report.gaps if one.item == "E004")
    assert open_ended.days[-1][1] is None


def test_a_window_says_how_much_of_it_is_over(build, acme):
    period = acme.facts.periods[0]
    for today, gone in [
        (period.start - timedelta(days=9), 0),
        (period.start, 0),
        (period.start + timedelta(days=1), 1),
        (period.end, 364),
        (period.end + timedelta(days=40), 365),
    ]:
        (window,) = build(EvidenceFacts(periods=(period,)), today).report.windows
        assert (window.days, window.elapsed_days) == (365, gone)
        assert window.elapsed == pytest.approx(gone / 365)


def test_a_type_1_audit_is_one_day(build):
    period = AuditPeriod("t1", "Type 1", type=ReportType.TYPE_1, as_of=date(2026, 6, 30))
    (window,) = build(EvidenceFacts(periods=(period,))).report.windows
    assert (window.first, window.last, window.days) == (period.as_of, period.as_of, 1)


def test_rules_are_counted_open_and_waived(acme):
    lines = {one.code: one for one in acme.report.rules}
    counted = Counter((one.rule, one.state) for one in acme.judgement.verdicts if one.rule != "OK")
    assert {code for code, _ in counted} == set(lines)
    for code, line in lines.items():
        assert (line.open, line.waived) == (counted[code, "open"], counted[code, "waived"])


def test_nothing_at_all_gives_an_empty_report(build):
    report = build(EvidenceFacts()).report
    assert report.headline.tally.share is None
    assert [group.title for group in report.attention] == ["The workspace"]  # no window to judge by
    assert report.evidence == report.coverage == report.gaps == ()


def test_an_item_without_a_window_is_not_called_ready(build, acme):
    facts = replace(acme.facts, periods=(), waivers=())
    report = build(facts).report
    assert report.headline.tally.holding == 0
    assert dict(report.headline.tally.states)[ItemState.CANNOT_JUDGE] > 90


def test_the_order_of_facts_plays_no_part(acme, settings):
    facts = replace(
        acme.facts,
        documents=acme.facts.documents[::-1],
        items=acme.facts.items[::-1],
    )
    again = readiness_report(facts, judge(facts, Policy(), acme.report.today), **settings(acme))
    assert again == acme.report


def test_a_slot_cell_keeps_the_days_of_its_slot(acme):
    (coverage,) = acme.report.coverage
    window = Span(coverage.first, coverage.last)
    for row in coverage.rows:
        for slot in row.slots:
            assert slot.first <= slot.last
            assert window.overlaps(Span(slot.first, slot.last))


def test_a_check_of_a_register_is_told_in_words():
    check = Check("ACTION-OVERDUE", Severity.ERROR, parse({"DueOn": {"lt": "today"}}), "Late.")
    row = RegisterRow("actions/1", "A-1", {"DueOn": date(2026, 6, 1)})
    register = Register("actions", "Corrective Actions", (check,), {"DueOn": "dateOnly"}, (row,))
    facts = EvidenceFacts(registers=(register,))
    judged = judge(facts, Policy(), date(2026, 6, 15))
    [group] = [one for one in attention(facts, judged, "") if one.title == "Registers"]
    assert [line.title for line in group.findings] == ["Action overdue"]
    assert "Action overdue" in {one.title for one in rule_lines(judged)}

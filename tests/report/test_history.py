"""What changed since the last report, how findings went, and what waits for people."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from provisioner.report.ageing import BANDS, by_person, waiting
from provisioner.report.background import Background
from provisioner.report.history import _way, trend
from provisioner.report.html_trend import trend_chart
from provisioner.report.json_report import report_json
from provisioner.sync.collect_background import FindingSpan
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import ItemState

TODAY = date(2026, 5, 20)


@pytest.fixture(scope="module")
def before(acme, build):
    return report_json(build(acme.facts, today=date(2026, 4, 20)).report)


def with_last(acme, build, last):
    return build(acme.facts, background=Background(last=last)).report.changes


def test_items_that_moved_and_findings_that_came_and_went(acme, build, before):
    told = with_last(acme, build, before)
    assert told.since == date(2026, 4, 20)
    moved = {one.item: one for one in told.moved}
    assert (moved["E036"].before, moved["E036"].after) == ("Due soon", "Expired")
    assert moved["E036"].direction == "worse"
    assert moved["E003"].direction == "better"
    assert moved["E053"].direction == "otherwise", "from Fresh to Due soon is the way of things"
    assert [one.direction for one in told.moved] == sorted(
        (one.direction for one in told.moved), key=("worse", "otherwise", "better").index
    )
    assert told.opened
    assert told.closed
    assert (told.share_before, told.share_after) != (None, None)


def test_the_same_day_again_changes_nothing(acme, build):
    told = with_last(acme, build, report_json(acme.report))
    assert (told.moved, told.opened, told.closed) == ((), (), ())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda last: None,
        lambda last: [],
        lambda last: "report",
        lambda last: last | {"workspace": "another"},
        lambda last: last | {"kind": "Plan"},
        lambda last: last | {"today": "2027-01-01"},
        lambda last: last | {"today": "yesterday"},
        lambda last: last | {"items": [{"id": "E001", "state": "Splendid"}]},
        lambda last: last | {"attention": [{"findings": [3]}]},
        lambda last: {},
    ],
)
def test_of_a_file_that_is_no_earlier_report_nothing_is_claimed(acme, build, before, spoil):
    assert with_last(acme, build, spoil(copy.deepcopy(before))) is None


def test_the_trend_counts_what_was_open_at_the_end_of_each_week():
    rows = [
        FindingSpan("error", TODAY - timedelta(days=15), None),
        FindingSpan("warning", TODAY - timedelta(days=8), TODAY - timedelta(days=7)),
        FindingSpan("warning", TODAY - timedelta(days=7), TODAY),
        FindingSpan("note", TODAY - timedelta(days=20), None),
        FindingSpan("error", TODAY + timedelta(days=1), None),
    ]
    points = trend(rows, TODAY)
    assert [(one.day, one.errors, one.warnings) for one in points] == [
        (TODAY - timedelta(days=14), 1, 0),
        (TODAY - timedelta(days=7), 1, 1),
        (TODAY, 1, 0),
    ]
    chart = trend_chart(points)
    assert chart.most == 2
    assert "1 error and 1 warning" in chart.bars[1].text
    assert all(0 <= one.warning_y <= one.error_y <= 120 for one in chart.bars)


def test_without_a_past_there_is_no_trend():
    assert trend([], TODAY) == ()
    assert trend([FindingSpan("error", TODAY, None)], TODAY) == ()
    assert trend_chart(()) is None
    long = trend([FindingSpan("note", date(2020, 1, 1), date(2020, 1, 2))], TODAY)
    assert len(long) == 27
    assert trend_chart(long).most == 0


def test_what_waits_for_whom_and_how_long(acme):
    lines = waiting(acme.facts, acme.judgement, Policy(), "https://contoso.sharepoint.com")
    assert [one.days for one in lines] == sorted((one.days for one in lines), reverse=True)
    by_name = {one.name: one for one in lines}
    late = by_name["secrets-access-review.xlsx"]
    assert (late.turn, late.person, late.days, late.band) == (
        "review", "cto@contoso.example", 8, BANDS[1],
    )  # fmt: skip
    assert by_name["alert-review.pdf"].band == BANDS[2]
    assert by_name["alert-review.pdf"].turn == "returned"
    people = by_person(lines)
    assert sum(one.total for one in people) == len(lines)
    assert people[0].counts[2] >= people[-1].counts[2]
    holidays = frozenset(late.since + timedelta(days=step) for step in range(1, 13))
    rested = waiting(acme.facts, acme.judgement, Policy(holidays=holidays), "")
    assert {one.name: one.band for one in rested}["secrets-access-review.xlsx"] == BANDS[0]
    assert waiting(EvidenceFacts(), acme.judgement, Policy(), "") == ()


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        (ItemState.FRESH, ItemState.NOT_YET_DUE, "otherwise"),
        (ItemState.DUE_SOON, ItemState.NOT_YET_DUE, "otherwise"),
        (ItemState.NOT_YET_DUE, ItemState.FRESH, "better"),
        (ItemState.NOT_YET_DUE, ItemState.MISSING, "worse"),
        (ItemState.FRESH, ItemState.NOT_APPLICABLE, "worse"),
        (ItemState.FRESH, ItemState.IN_REVIEW, "worse"),
        (ItemState.MISSING, ItemState.NOT_YET_DUE, "otherwise"),
        (ItemState.EXPIRED, ItemState.NOT_APPLICABLE, "otherwise"),
        (ItemState.CANNOT_JUDGE, ItemState.NOT_APPLICABLE, "otherwise"),
        (ItemState.REJECTED, ItemState.CANNOT_JUDGE, "otherwise"),
        (ItemState.NOT_YET_DUE, ItemState.CANNOT_JUDGE, "worse"),
        (ItemState.FRESH, ItemState.CANNOT_JUDGE, "worse"),
        (ItemState.MISSING, ItemState.STALE, "better"),
        (ItemState.MISSING, ItemState.IN_REVIEW, "better"),
        (ItemState.MISSING, ItemState.WAIVED, "better"),
    ],
)
def test_what_is_only_asked_for_later_or_no_longer_judged_is_not_better(
    before: ItemState, after: ItemState, direction: str
) -> None:
    assert _way(before, after) == direction

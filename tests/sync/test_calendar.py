from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.sync.calendar import (
    Grid,
    WholeWindow,
    add_cadence,
    add_months,
    business_day_after,
    business_days,
    effective,
    layout,
    merged,
    without,
)
from provisioner.sync.facts import Span
from provisioner.sync.vocabulary import UNSLOTTED, Cadence

D = date.fromisoformat
RHYTHMS = [cadence for cadence in Cadence if cadence not in UNSLOTTED]
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def span(first: str, last: str | None) -> Span:
    return Span(D(first), D(last) if last else None)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2026-08-31", 6, "2027-02-28"),
    ],
)
def test_months_are_added_as_people_count_them(start: str, months: int, end: str) -> None:
    assert add_months(D(start), months) == D(end)


def test_sums_past_the_calendar_stop_at_its_ends() -> None:
    assert add_months(date.max, 12) == date.max
    assert add_months(date.min, -1) == date.min
    assert add_cadence(date.max, Cadence.WEEKLY) == date.max


def test_a_cadence_without_rhythm_has_no_length() -> None:
    with pytest.raises(ValueError, match="no length"):
        add_cadence(D("2026-01-01"), Cadence.ONCE)


def test_slots_come_back_to_the_31st_after_a_february() -> None:
    grid = Grid(D("2026-01-31"), Cadence.MONTHLY)
    found = [(grid.slot(i).first, grid.slot(i).last) for i in range(-1, 3)]
    assert found == [
        (D("2025-12-31"), D("2026-01-30")),
        (D("2026-01-31"), D("2026-02-27")),
        (D("2026-02-28"), D("2026-03-30")),
        (D("2026-03-31"), D("2026-04-29")),
    ]


@given(days, days, st.sampled_from(RHYTHMS))
def test_every_day_is_in_exactly_one_slot(anchor: date, day: date, cadence: Cadence) -> None:
    grid = Grid(anchor, cadence)
    slot = grid.slot(grid.index_of(day))
    assert slot.first <= day <= slot.last
    assert grid.slot(slot.index + 1).first == slot.last + timedelta(days=1)
    assert grid.touching(Span(day, day)) == range(slot.index, slot.index + 1)


@pytest.mark.parametrize(
    ("cadence", "setting", "in_force"),
    [
        (Cadence.WEEKLY, 14, 3),
        (Cadence.WEEKLY, 2, 2),
        (Cadence.MONTHLY, 14, 14),
        (Cadence.MONTHLY, 30, 15),
        (Cadence.QUARTERLY, 60, 45),
        (Cadence.SEMI_ANNUAL, 100, 91),
        (Cadence.ANNUAL, 365, 182),
        (Cadence.PER_EVENT, 400, 400),
        (None, 400, 400),
    ],
)
def test_lead_and_grace_are_at_most_half_the_cadence(
    cadence: Cadence | None, setting: int, in_force: int
) -> None:
    assert effective(setting, cadence) == in_force


@pytest.mark.parametrize(
    ("cadence", "anchor", "first", "last", "slots"),
    [
        # The default anchor is the window's start; nothing is cut at the end.
        (
            Cadence.QUARTERLY,
            None,
            "2026-01-01",
            "2026-12-31",
            ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"],
        ),
        # A slot counts where its last day lies, so the one that began before the window does too.
        (Cadence.QUARTERLY, "2025-02-01", "2026-01-01", "2026-06-30", ["2025-11-01", "2026-02-01"]),
        # Nothing is expected before an anchor inside the window.
        (Cadence.QUARTERLY, "2026-05-15", "2026-01-01", "2026-12-31", ["2026-05-15", "2026-08-15"]),
        # An anchor on the window's first day is one "on or after its start".
        (Cadence.MONTHLY, "2026-01-01", "2026-01-01", "2026-02-28", ["2026-01-01", "2026-02-01"]),
        # An anchor after the window: slots end in it, and none of them counts.
        (Cadence.MONTHLY, "2027-01-01", "2026-01-01", "2026-12-31", []),
        # Slots end in the window, though none counts: it does not get a grid of its own.
        (Cadence.ANNUAL, "2026-06-01", "2026-01-01", "2026-12-31", []),
        # No slot ends in a half year of an annual item, so the slot before its end is the one.
        (Cadence.ANNUAL, None, "2026-01-01", "2026-06-30", ["2025-07-01"]),
        # Type 1: one day.
        (Cadence.MONTHLY, None, "2026-03-31", "2026-03-31", ["2026-03-01"]),
        (Cadence.WEEKLY, None, "2026-03-31", "2026-03-31", ["2026-03-25"]),
        (Cadence.PER_EVENT, None, "2026-01-01", "2026-06-30", ["2026-01-01"]),
        (Cadence.ONCE, "2020-01-01", "2026-01-01", "2026-06-30", ["2026-01-01"]),
    ],
)
def test_the_slots_that_count_in_a_window(
    cadence: Cadence, anchor: str | None, first: str, last: str, slots: list[str]
) -> None:
    laid = layout(span(first, last), cadence, D(anchor) if anchor else None)
    assert [slot.first.isoformat() for slot in laid.slots] == slots


def test_the_own_grid_of_a_window_ends_with_the_window() -> None:
    laid = layout(span("2026-01-01", "2026-06-30"), Cadence.ANNUAL, None)
    assert [slot.last for slot in laid.slots] == [D("2026-06-30")]


@given(days, st.integers(0, 800), st.sampled_from(list(Cadence)), st.none() | days)
def test_a_counting_slot_ends_in_its_window_and_starts_no_earlier_than_its_anchor(
    first: date, length: int, cadence: Cadence, anchor: date | None
) -> None:
    window = Span(first, first + timedelta(days=length))
    laid = layout(window, cadence, anchor)
    assert all(window.holds(slot.last) for slot in laid.slots)
    if anchor is None or anchor < window.first:
        assert laid.slots
    assert list(laid.counting) == sorted(laid.counting)


@pytest.mark.parametrize(
    ("first", "last", "slot"),
    [
        ("2026-01-20", "2026-02-14", "2026-02-01"),  # 12 days in January, 14 in February
        ("2026-01-18", "2026-02-14", "2026-02-01"),  # 14 and 14: the later
        ("2026-01-17", "2026-02-14", "2026-01-01"),  # 15 and 14
        ("2026-01-01", "2026-12-31", "2026-12-01"),  # many of 31 days: the latest
        ("2026-02-28", "2026-02-28", "2026-02-01"),
    ],
)
def test_a_period_belongs_to_the_slot_it_shares_most_days_with(
    first: str, last: str, slot: str
) -> None:
    grid = Grid(D("2026-01-01"), Cadence.MONTHLY)
    (index,) = grid.best(span(first, last))
    assert grid.slot(index).first == D(slot)


def test_an_item_without_rhythm_has_the_window_for_its_slot() -> None:
    grid = WholeWindow(span("2026-01-01", "2026-12-31"))
    assert grid.touching(span("2025-12-01", "2025-12-31")) == range(0)
    assert grid.touching(span("2025-12-01", "2026-01-01")) == range(1)
    assert grid.touching(span("2025-12-01", None)) == range(1)
    assert grid.best(span("2027-01-01", "2027-01-01")) == range(0)


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-06-05", "2026-06-12", 5),
        ("2026-06-05", "2026-06-14", 5),
        ("2026-06-05", "2026-06-15", 6),  # more than 5 since Friday 5 June from Monday 15 June
        ("2026-06-06", "2026-06-08", 1),
        ("2026-06-05", "2026-06-05", 0),
        ("2026-06-05", "2026-06-01", 0),
    ],
)
def test_business_days_since_a_day(since: str, until: str, count: int) -> None:
    assert business_days(D(since), D(until)) == count


def test_holidays_are_no_business_days_and_a_holiday_on_a_sunday_changes_nothing() -> None:
    off = frozenset({D("2026-06-10"), D("2026-06-14")})
    assert business_days(D("2026-06-05"), D("2026-06-15"), off) == 5
    assert business_day_after(D("2026-06-05"), 5, off) == D("2026-06-15")


@given(days, st.integers(0, 40), st.frozensets(days, max_size=4))
def test_the_day_after_n_business_days_is_the_first_to_count_n(
    since: date, count: int, holidays: frozenset[date]
) -> None:
    reached = business_day_after(since, count, holidays)
    assert business_days(since, reached, holidays) == count
    assert count == 0 or business_days(since, reached - timedelta(days=1), holidays) == count - 1


short = st.builds(
    lambda first, length: Span(first, first + timedelta(days=length)),
    st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    st.integers(0, 20),
)


def in_days(spans: list[Span]) -> set[date]:
    return {
        span.first + timedelta(days=step)
        for span in spans
        for step in range((span.last - span.first).days + 1)
    }


@given(st.lists(short, max_size=5), st.lists(short, max_size=5))
def test_ranges_subtract_day_by_day_and_come_out_few_and_apart(
    spans: list[Span], taken: list[Span]
) -> None:
    rest = without(spans, taken)
    assert in_days(rest) == in_days(spans) - in_days(taken)
    assert merged(rest) == rest


def test_ranges_without_end_swallow_what_comes_after() -> None:
    assert without([span("2026-01-01", None)], [span("2026-02-01", "2026-02-10")]) == [
        span("2026-01-01", "2026-01-31"),
        span("2026-02-11", None),
    ]
    assert without([span("2026-01-01", "2026-03-01")], [span("2026-02-01", None)]) == [
        span("2026-01-01", "2026-01-31")
    ]
    assert merged([span("2026-01-01", None), span("2026-05-01", "2026-05-02")]) == [
        span("2026-01-01", None)
    ]

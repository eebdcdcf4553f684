"""Checks compare two columns of a row and count business days; views cannot, and say so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.where import (
    WhereError,
    business_day,
    fields_of,
    parse,
    refuse_unlike,
    to_caml,
    to_predicate,
)
from provisioner.sync.calendar import business_days

TODAY = date(2026, 6, 15)  # a Monday
ANN = {"id": 7, "title": "Ann", "email": "ann@contoso.example"}
OTHER_ANN = {"id": 9, "title": "Ann", "email": "ann2@contoso.example"}
TYPES = {
    "Approver": "person", "Requester": "person", "Team": "multiperson", "Granted": "dateOnly",
    "Ends": "dateTime", "Low": "number", "High": "number", "Status": "choice", "Wanted": "text",
    "Done": "boolean", "Kept": "boolean", "Risk": "lookup", "Tags": "multichoice",
}  # fmt: skip


def says(field: str, operator: str, other: str, row: dict[str, Any], *, typed: bool = True) -> bool:
    condition = parse({field: {operator: {"field": other}}})
    return to_predicate(condition, TYPES if typed else None)(row, TODAY, "")


PAIRS = [
    ("Approver", "Requester", ANN, dict(ANN, title="Ann B."), True),
    ("Approver", "Requester", ANN, OTHER_ANN, False),
    ("Team", "Approver", [OTHER_ANN, ANN], ANN, True),
    ("Granted", "Ends", date(2026, 6, 1), "2026-06-01", True),
    ("Granted", "Ends", date(2026, 6, 1), date(2026, 6, 2), False),
    ("Low", "High", 3, 3.0, True),
    ("Low", "High", 3, 4, False),
    ("Status", "Wanted", "Open ", "open", True),
    ("Status", "Wanted", "Open", "Closed", False),
    ("Done", "Kept", True, True, True),
    ("Done", "Kept", False, True, False),
    ("Tags", "Status", ["A", "B"], "b", True),
]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize(("field", "other", "one", "two", "same"), PAIRS)
def test_two_columns_are_equal_by_what_they_mean(
    field: str, other: str, one: Any, two: Any, same: bool, typed: bool
) -> None:
    row = {field: one, other: two}
    assert says(field, "eq", other, row, typed=typed) is same
    assert says(other, "eq", field, row, typed=typed) is same
    assert says(field, "ne", other, row, typed=typed) is not same


@pytest.mark.parametrize("operator", ["eq", "ne", "lt", "le", "gt", "ge"])
@pytest.mark.parametrize(
    "row", [{}, {"Granted": TODAY}, {"Ends": TODAY}, {"Granted": None, "Ends": ""}]
)
def test_an_empty_side_satisfies_ne_and_nothing_else(row: dict[str, Any], operator: str) -> None:
    assert says("Granted", operator, "Ends", row) is (operator == "ne")


days = st.integers(-3, 3).map(lambda n: TODAY + timedelta(n))
MEANINGS = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


@given(days, days, st.sampled_from(sorted(MEANINGS)), st.booleans())
def test_a_column_says_what_its_value_would_say(
    one: date, two: date, operator: str, as_text: bool
) -> None:
    row = {"Granted": one, "Ends": two.isoformat() if as_text else two}
    by_value = to_predicate(parse({"Granted": {operator: two.isoformat()}}), TYPES)
    assert says("Granted", operator, "Ends", row) is MEANINGS[operator](one, two)
    assert says("Granted", operator, "Ends", row) is by_value(row, TODAY, "")


@given(
    st.none() | st.integers(-2, 2), st.none() | st.integers(-2, 2), st.sampled_from(["eq", "lt"])
)
def test_not_is_the_plain_opposite(one: int | None, two: int | None, operator: str) -> None:
    condition = {"Low": {operator: {"field": "High"}}}
    row = {"Low": one, "High": two}
    yes, no = to_predicate(parse(condition), TYPES), to_predicate(parse({"not": condition}), TYPES)
    assert yes(row, TODAY, "") is not no(row, TODAY, "")


def test_fields_of_names_the_other_column_too() -> None:
    condition = parse({"not": {"Approver": {"eq": {"field": "Requester"}}}})
    assert fields_of(condition) == {"Approver", "Requester"}


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"A": {"in": [{"field": "B"}]}}, ("A", "in", 0)),
        ({"A": {"contains": {"field": "B"}}}, ("A", "contains")),
        ({"A": {"empty": {"field": "B"}}}, ("A", "empty")),
        ({"A": {"eq": {"field": "B", "or": 1}}}, ("A", "eq")),
        ({"A": {"eq": {"field": 3}}}, ("A", "eq")),
        ({"A": {"eq": {"field": "Not a name"}}}, ("A", "eq")),
        ({"A": {"lt": "today-10x"}}, ("A", "lt")),
    ],
)
def test_what_compares_no_columns_is_refused_at_its_place(
    condition: Any, path: tuple[Any, ...]
) -> None:
    with pytest.raises(WhereError) as caught:
        parse(condition)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("condition", "path", "words"),
    [
        ({"Approver": {"eq": {"field": "Requester"}}}, ("Approver", "eq"), "two columns"),
        ({"any": [{"Granted": {"lt": "today-10b"}}]}, ("any", 0, "Granted", "lt"), "business days"),
    ],
)
def test_a_view_cannot_say_it(condition: Any, path: tuple[Any, ...], words: str) -> None:
    with pytest.raises(WhereError, match=words) as caught:
        to_caml(parse(condition), TYPES)
    assert caught.value.path == path
    assert caught.value.hint


@pytest.mark.parametrize(
    ("condition", "refused"),
    [
        ({"Approver": {"eq": {"field": "Requester"}}}, False),
        ({"Team": {"ne": {"field": "Approver"}}}, False),
        ({"Granted": {"lt": {"field": "Ends"}}}, False),
        ({"Low": {"ge": {"field": "High"}}}, False),
        ({"Approver": {"eq": {"field": "Granted"}}}, True),
        ({"Status": {"lt": {"field": "Wanted"}}}, True),
        ({"Approver": {"gt": {"field": "Requester"}}}, True),
        ({"Risk": {"eq": {"field": "Approver"}}}, True),
        ({"Approver": {"eq": {"field": "Unknown"}}}, False),
    ],
)
def test_columns_of_different_sorts_are_refused(condition: Any, refused: bool) -> None:
    parsed = parse(condition)
    if not refused:
        refuse_unlike(parsed, TYPES)
        return
    with pytest.raises(WhereError):
        refuse_unlike(parsed, TYPES)


@pytest.mark.parametrize(
    ("today", "offset", "day"),
    [
        ("2026-06-15", 0, "2026-06-15"),
        ("2026-06-15", -1, "2026-06-12"),
        ("2026-06-15", -5, "2026-06-08"),
        ("2026-06-13", -5, "2026-06-05"),  # a Saturday counts as the Friday before it
        ("2026-06-14", -1, "2026-06-11"),
        ("2026-06-12", 1, "2026-06-15"),
        ("2026-06-13", 1, "2026-06-15"),
    ],
)
def test_business_days_leave_out_the_weekend(today: str, offset: int, day: str) -> None:
    found = business_day(date.fromisoformat(today), offset)
    assert found == date.fromisoformat(day)


def test_business_days_leave_out_holidays() -> None:
    holidays = frozenset({date(2026, 6, 12)})
    assert business_day(TODAY, -1, holidays) == date(2026, 6, 11)
    holds = to_predicate(parse({"Granted": {"lt": "today-1b"}}), TYPES, holidays=holidays)
    assert holds({"Granted": date(2026, 6, 10)}, TODAY, "")
    assert not holds({"Granted": date(2026, 6, 11)}, TODAY, "")


@given(
    st.dates(date(2026, 5, 1), date(2026, 7, 1)),
    st.integers(1, 12),
    st.integers(0, 40),
    st.frozensets(st.dates(date(2026, 4, 1), date(2026, 7, 1)), max_size=6),
)
def test_a_day_is_before_it_when_more_business_days_have_passed(
    today: date, count: int, back: int, holidays: frozenset[date]
) -> None:
    """The same counting as the rules of evidence do."""
    since = today - timedelta(back)
    holds = to_predicate(parse({"Granted": {"lt": f"today-{count}b"}}), TYPES, holidays=holidays)
    passed = business_days(since, today, holidays)
    assert holds({"Granted": since}, today, "") is (passed > count)

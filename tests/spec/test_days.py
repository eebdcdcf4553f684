"""`{{ auditStart - 90d }}`: days counted from a parameter that is a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.errors import Problem
from provisioner.spec.load import read_text
from provisioner.spec.parameters import Substitution


def filled(
    text: str, dates: frozenset[str] = frozenset(), **values: str
) -> tuple[str, list[Problem]]:
    root, _ = read_text(f"x: {text!r}", "f.yaml", "f")
    assert root is not None
    substitution = Substitution(values, dates=dates)
    return str(substitution.fill(root).plain()["x"]), substitution.problems


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ start - 90d }}", "2025-12-01"),
        ("{{start+14d}}", "2026-03-15"),
        ("{{ start + 0d }}", "2026-03-01"),
        ("{{ start -  1 d }}", "2026-02-28"),
        ("from {{ start }} to {{ start + 365d }}", "from 2026-03-01 to 2027-03-01"),
    ],
)
def test_days_are_added_and_taken_away(text: str, result: str) -> None:
    assert filled(text, start="2026-03-01") == (result, [])


@given(st.dates(date(1900, 1, 1), date(2500, 1, 1)), st.integers(-9999, 9999))
def test_it_is_the_calendars_day(day: date, days: int) -> None:
    sign = "+" if days >= 0 else "-"
    text, problems = filled(f"{{{{ start {sign} {abs(days)}d }}}}", start=day.isoformat())
    assert (text, problems) == ((day + timedelta(days=days)).isoformat(), [])


@pytest.mark.parametrize("value", ["soon", "2026-02-30", "2026-1-1", "9999-12-31", "0001-01-01"])
def test_what_gives_no_date_is_said(value: str) -> None:
    sign = "-" if value.startswith("0") else "+"
    _, (problem,) = filled(f"{{{{ start {sign} 9d }}}}", start=value)
    assert problem.code == "SPEC-PARAMETER-DATE"


def test_a_date_that_was_reported_when_given_is_not_reported_again() -> None:
    assert filled("{{ start + 9d }}", frozenset({"start"}), start="soon")[1] == []
    assert len(filled("{{ start + 9d }}", frozenset({"start"}), start="9999-12-31")[1]) == 1


@pytest.mark.parametrize(
    "text", ["{{ start + 9 }}", "{{ start + d }}", "{{ start + 9w }}", "{{ start * 9d }}"]
)
def test_other_arithmetic_is_refused(text: str) -> None:
    _, (problem,) = filled(text, start="2026-01-01")
    assert problem.code == "SPEC-PARAMETER-SYNTAX"
    assert "{{ auditStart + 14d }}" in problem.hint

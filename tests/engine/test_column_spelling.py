"""Whether what stands in a changed column is the service's doing or somebody's."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.engine.column_copy import Kept
from provisioner.engine.column_spelling import alike, others
from provisioner.engine.column_values import ColumnValues

OLD, NEW = "2026-03-31T09:00:00Z", "2026-03-31T10:00:00Z"


def judged(
    before: dict[int, Any], now: dict[int, Any], moved: set[int], **kept: Any
) -> frozenset[int]:
    values = ColumnValues(before, dict.fromkeys(before, OLD))
    modified = {item: NEW if item in moved else OLD for item in before}
    found = ColumnValues({k: v for k, v in now.items() if v is not None}, modified)
    return others(before, Kept({}, values, **kept), found, resumed=kept.get("how") != "moved")


@pytest.mark.parametrize("moved", [set(), {1, 2, 3}])
def test_what_the_service_spelt_otherwise_is_nobodys_whether_modified_moves_or_not(
    moved: set[int],
) -> None:
    before = {1: 4.5, 2: True, 3: "2026-03-31"}
    now = {1: "4.50000000000000", 2: "1", 3: "3/31/2026"}
    assert judged(before, now, moved) == frozenset()


@pytest.mark.parametrize("moved", [{1}, {1, 2}])
def test_another_value_in_a_row_that_moved_is_somebodys(moved: set[int]) -> None:
    assert judged({1: 1, 2: 2}, {1: "77", 2: "2.00000000000000"}, moved) == {1}


def test_a_value_that_is_gone_is_written_again_unless_somebody_emptied_it() -> None:
    assert judged({1: 1, 2: 2}, {1: None, 2: None}, set()) == frozenset()
    assert judged({1: 1, 2: 2}, {1: None, 2: None}, {1, 2}) == frozenset(), "better one too many"
    assert judged({1: 1, 2: 2}, {1: None, 2: "2"}, {1}) == {1}


def test_what_stood_there_right_after_the_change_tells_best() -> None:
    before, after = {1: "a", 2: "b"}, {1: "strange", 2: "odd"}
    now = {1: "strange", 2: "mine"}
    assert judged(before, now, {1, 2}, after=after) == {2}


def test_a_column_that_is_new_was_empty_so_what_it_holds_is_somebodys() -> None:
    before = {1: "a", 2: "b", 3: True, 4: True}
    now = {1: None, 2: "mine", 3: False, 4: False}
    assert judged(before, now, {4}, how="moved") == {2, 4}
    assert judged(before, now, {4}, how="remade", after={3: False, 4: False}) == {2}


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (4, "4.00", True),
        (4, "4.5", False),
        (True, "Yes", True),
        (True, "No", False),
        ("2026-03-04", "04.03.2026", True),
        ("2026-03-04", "05.03.2026", False),
        ("High", "High ", True),
        ("High", ["High"], True),
        ([1, 2], [1], False),
        ("x", None, False),
    ],
)
def test_values_that_are_the_same_in_other_words(before: Any, now: Any, same: bool) -> None:
    assert alike(before, now) is same

from __future__ import annotations

import pytest

from provisioner.report.differences import becoming, difference, short


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        (500, 100, "500 expected, 100 found"),
        (None, "x", "nothing expected, x found"),
        (True, False, "yes expected, no found"),
        (["a", "b"], ["a"], "b is missing"),
        (["a"], ["a", "c"], "c is not expected"),
        (["a", "b"], ["b", "a"], "in another order"),
        ({"major": 500, "minor": 0}, {"major": 100, "minor": 0}, "major: 500 expected, 100 found"),
        (
            {"group:A": ["Read"]},
            {"group:A": ["Read"], "user:x": ["Edit"]},
            "user:x (Edit) is not expected",
        ),
        ({"group:A": ["Read"]}, {}, "group:A (Read) is missing"),
    ],
)
def test_only_what_differs_is_said(expected, actual, words):
    assert difference(expected, actual) == words


def test_a_long_value_is_cut():
    assert len(short("x" * 500)) == 60


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (100, 500, "100 becomes 500"),
        (None, "x", "nothing becomes x"),
        (["a"], ["a", "b"], "b comes"),
        (["a", "c"], ["a"], "c goes"),
        (["a", "b"], ["b", "a"], "another order"),
        ({"major": 100, "minor": 0}, {"major": 500, "minor": 0}, "major: 100 becomes 500"),
        (
            {"a": ["Read"], "b": 1},
            {"a": ["Edit"], "c": 2},
            "a: Edit comes; Read goes; c (2) comes; b (1) goes",
        ),
    ],
)
def test_a_plan_says_what_becomes_of_a_value(before, after, words):
    assert becoming(before, after) == words

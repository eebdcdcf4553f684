from __future__ import annotations

import pytest

from provisioner.report.differences import difference, short


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

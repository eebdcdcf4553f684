"""Counting what a run costs."""

from __future__ import annotations

import pytest

from provisioner.core.transport import Stats


def test_requests_side_by_side_are_one_round_trip_and_one_after_the_other_are_two():
    stats = Stats()
    first, second = stats.round_trip(20, 40), stats.round_trip(1, 2)
    with first, second:
        pass
    assert (stats.requests, stats.round_trips, stats.resource_units) == (21, 1, 42)
    with stats.round_trip(1, 1):
        pass
    assert stats.round_trips == 2


def test_a_round_trip_that_failed_was_made():
    stats = Stats()
    with pytest.raises(ZeroDivisionError), stats.round_trip(1, 1):
        1 / 0  # noqa: B018 - any error
    assert stats.round_trips == 1

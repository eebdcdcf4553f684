"""The counting of `scripts/bench`."""

from __future__ import annotations

import pages
import pytest

bench = pages.script("bench")
WAIT = bench.LATENCY


@pytest.mark.parametrize(
    ("spans", "trips"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (1 + WAIT, 2 + WAIT), (2 + 2 * WAIT, 3 + 2 * WAIT)], 3),
        ([(0, 1), (2, 3), (4, 5)], 1),
        ([(0, 10), (1, 2), (2 + WAIT, 3 + WAIT)], 2),
    ],
    ids=[
        "nothing",
        "one",
        "each waited for the last",
        "sent together",
        "one of two was waited for",
    ],
)
def test_round_trips_are_requests_that_had_to_wait(spans, trips):
    assert bench.longest_chain(spans) == trips


@pytest.mark.parametrize(
    ("spans", "milliseconds"),
    [([], 0), ([(0, 5), (10, 12)], 7), ([(0, 10), (2, 3), (8, 14)], 14)],
    ids=["nothing", "one after the other", "at the same time counts once"],
)
def test_the_service_works_while_it_works_on_any_request(spans, milliseconds):
    assert bench.busy(spans) == milliseconds


def test_the_page_shows_the_table_that_the_script_prints(capsys):
    bench.table("x", [bench.Count("plan", 1, 1, 1, 0, 1, 0, 1, 1.0)])
    head = capsys.readouterr().out.splitlines()[3]
    assert head in (pages.ROOT / "docs" / "performance.md").read_text("utf-8")

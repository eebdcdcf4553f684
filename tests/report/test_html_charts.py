from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from provisioner.report.html_charts import heat_map, stacked
from provisioner.report.readiness_lines import Tally
from provisioner.sync.vocabulary import ItemState


def test_a_bar_is_whole_and_starts_with_what_holds():
    states = ((ItemState.MISSING, 1), (ItemState.NOT_YET_DUE, 3), (ItemState.FRESH, 4))
    bar = stacked(Tally(states))
    assert [(one.tone, one.x, one.width) for one in bar] == [
        ("good", 0, 50),
        ("bad", 50, 12.5),
        ("later", 62.5, 37.5),
    ]


def test_boxes_stay_inside_the_window_and_do_not_overlap(acme, hostile):
    for world in (acme, hostile):
        for coverage in world.report.coverage:
            drawn = heat_map(coverage, world.report.today)
            for _, strips in drawn.libraries:
                for strip in strips:
                    at = 0.0
                    for one in strip.segments:
                        assert one.x >= at - 0.002
                        assert one.width > 0
                        at = one.x + one.width
                    assert at <= 100.002


def test_a_long_window_has_no_more_month_names_than_fit(acme):
    (coverage,) = acme.report.coverage
    long = replace(coverage, last=coverage.first + timedelta(days=2000))
    drawn = heat_map(long, acme.report.today)
    assert 6 <= len(drawn.ticks) <= 13
    assert [one.x for one in drawn.ticks] == sorted(one.x for one in drawn.ticks)
    assert all(one.year for one in drawn.ticks if one.label == "Jan")
    assert drawn.today is not None


def test_today_is_marked_only_inside_the_window(acme):
    (coverage,) = acme.report.coverage
    assert heat_map(coverage, coverage.last + timedelta(days=1)).today is None
    assert heat_map(coverage, coverage.first).today == 0

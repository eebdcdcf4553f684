"""Which slots and days have evidence, which do not, and from which day on that is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.sync.facts import Attestation
from provisioner.sync.judgement import Judgement
from provisioner.sync.vocabulary import Cadence, ItemState, Kind, PeriodState, ReportType

D = date.fromisoformat


def slots(world: Any, judged: Judgement, code: str) -> list[str]:
    return [one.about.slot_from.isoformat() for one in world.found(judged, code)]


@pytest.mark.parametrize(
    ("today", "missing", "not_yet_due"),
    [
        ("2025-12-31", [], []),
        ("2026-01-01", [], ["2026-01-01"]),  # begun
        ("2026-02-14", [], ["2026-01-01", "2026-02-01"]),  # 31 January + 14 days of grace
        ("2026-02-15", ["2026-01-01"], ["2026-02-01"]),
        ("2026-03-14", ["2026-01-01"], ["2026-02-01", "2026-03-01"]),
        ("2026-03-15", ["2026-01-01", "2026-02-01"], ["2026-03-01"]),
    ],
)
def test_a_slot_nobody_filed_for_is_missing_once_its_grace_is_over(
    world: Any, today: str, missing: list[str], not_yet_due: list[str]
) -> None:
    judged = world.judge(today)
    assert slots(world, judged, "MISSING") == missing
    assert slots(world, judged, "NOT-YET-DUE") == not_yet_due


def test_a_finding_says_what_when_and_what_next_in_words(world: Any) -> None:
    (one,) = world.found(world.judge("2026-02-15"), "MISSING")
    assert one.subject == "E010/window:2026/from:2026-01-01"
    assert one.message == (
        "E010 MFA report: nothing was filed for 1 January 2026 to 31 January 2026. "
        "It was expected by 14 February 2026."
    )
    assert one.next.startswith("File the evidence")
    assert one.facts["lateAfter"] == "2026-02-14"
    assert (one.severity, one.state) == ("error", "open")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"status": "Submitted"}, "NOT-COVERED"),
        ({"status": None}, "NOT-COVERED"),
        ({"status": "Needs changes"}, "NOT-COVERED"),
        ({"reviewer": None}, "NOT-COVERED"),
        ({"identity": None}, "NOT-COVERED"),
        ({"status": "Rejected"}, "MISSING"),
        ({"status": "Not applicable"}, "MISSING"),
        ({"item": None}, "MISSING"),
        ({"item": "E999"}, "MISSING"),
        ({"activity_date": None}, "MISSING"),
        ({"size": 15}, "MISSING"),
        ({"size": 16}, None),
    ],
)
def test_only_sound_evidence_covers_and_only_some_evidence_claims(
    world: Any, changes: dict[str, Any], code: str | None
) -> None:
    judged = world.judge("2026-02-20", world.document(activity="2026-01-10", **changes))
    found = [one.rule for one in judged.verdicts if one.about.slot_from == D("2026-01-01")]
    assert found == ([code] if code else [])


def test_evidence_filed_before_its_slot_is_late_stops_the_reminder(world: Any) -> None:
    judged = world.judge("2026-01-20", world.document(activity="2026-01-10"))
    assert not world.found(judged, "NOT-YET-DUE")
    assert judged.items["E010"].next_due == D("2026-02-28")


def test_a_snapshot_claims_the_one_slot_its_period_is_mostly_in(world: Any) -> None:
    document = world.document(
        activity="2026-02-10", period_from="2026-01-25", period_to="2026-02-10"
    )
    judged = world.judge("2026-03-20", document)
    assert slots(world, judged, "MISSING") == ["2026-01-01"]


def test_standing_evidence_claims_every_slot_until_its_grace_is_over(world: Any) -> None:
    # Approved on 10 February 2025: in force until 10 February 2026, and with grace until 24 February.
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL, anchor="2025-03-01")
    judged = world.judge("2026-12-31", world.document(activity="2025-02-10"), items=[item])
    assert slots(world, judged, "MISSING") == []
    (gap,) = world.found(judged, "NOT-IN-FORCE")
    assert gap.facts["days"] == [{"from": "2026-02-25", "to": None}]


def test_a_log_claims_every_slot_its_period_touches(world: Any) -> None:
    item = world.item(kind=Kind.LOG)
    judged = world.judge("2026-05-20", world.log(1, "2026-01-31", "2026-03-01"), items=[item])
    assert slots(world, judged, "MISSING") == ["2026-04-01"]


JANUARY, FEBRUARY = ("2026-01-11", "2026-01-14"), ("2026-02-21", "2026-02-28")


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("2026-02-14", []),
        ("2026-02-15", [JANUARY]),
        ("2026-03-14", [JANUARY]),  # February is not late yet, so its last days are not judged
        ("2026-03-15", [JANUARY, FEBRUARY]),
    ],
)
def test_the_days_a_log_leaves_out_are_listed_exactly(
    world: Any, today: str, days: list[tuple[str, str]]
) -> None:
    documents = [
        world.log(1, "2026-01-01", "2026-01-10"),
        world.log(2, "2026-01-15", "2026-01-31"),
        world.log(3, "2026-02-01", "2026-02-20"),
    ]
    # Its own Period to would still be to come on the first days.
    if today < "2026-02-20":
        documents.pop()
    judged = world.judge(today, *documents, items=[world.item(kind=Kind.LOG)])
    found = [one for gap in world.found(judged, "PERIOD-GAP") for one in gap.facts["days"]]
    assert [(one["from"], one["to"]) for one in found] == days


@pytest.mark.parametrize(
    ("change", "gaps"),
    [
        ({}, 1),
        ({"type": ReportType.TYPE_1, "as_of": "2026-03-31"}, 0),
    ],
)
def test_gaps_are_asked_for_in_type_2_only(world: Any, change: dict[str, Any], gaps: int) -> None:
    judged = world.judge(
        "2026-06-01", items=[world.item(kind=Kind.LOG)], periods=[world.period(**change)]
    )
    assert len(world.found(judged, "PERIOD-GAP")) == gaps
    assert world.found(judged, "MISSING")


@pytest.mark.parametrize(
    ("kind", "cadence", "gaps"),
    [
        (Kind.SAMPLE, Cadence.QUARTERLY, 1),
        (Kind.SAMPLE, Cadence.PER_EVENT, 0),
        (Kind.SNAPSHOT, Cadence.MONTHLY, 0),
    ],
)
def test_gaps_are_asked_of_logs_and_samples_with_a_rhythm(
    world: Any, kind: Kind, cadence: Cadence, gaps: int
) -> None:
    judged = world.judge("2026-08-01", items=[world.item(kind=kind, cadence=cadence)])
    assert len(world.found(judged, "PERIOD-GAP")) == gaps


@pytest.mark.parametrize(("today", "tail"), [("2026-12-24", False), ("2026-12-25", True)])
def test_the_tail_of_a_window_is_judged_once_the_window_is_late(
    world: Any, today: str, tail: bool
) -> None:
    # Quarters from November: the one from 1 November ends after the window does.
    window = world.period(end="2026-12-10")
    item = world.item(kind=Kind.LOG, cadence=Cadence.QUARTERLY, anchor="2025-11-01")
    log = world.log(1, "2026-01-01", "2026-10-31")
    judged = world.judge(today, log, items=[item], periods=[window])
    gaps = [gap.facts["days"] for gap in world.found(judged, "PERIOD-GAP")]
    assert gaps == ([[{"from": "2026-11-01", "to": "2026-12-10"}]] if tail else [])


def test_no_day_before_an_anchor_inside_the_window_is_asked_for(world: Any) -> None:
    item = world.item(kind=Kind.LOG, anchor="2026-11-15")
    judged = world.judge("2027-02-01", items=[item])
    (gap,) = world.found(judged, "PERIOD-GAP")
    assert gap.facts["days"] == [{"from": "2026-11-15", "to": "2026-12-31"}]


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("2026-01-15", []),  # days before 1 January: none
        ("2026-01-16", [{"from": "2026-01-01", "to": None}]),
        ("2026-02-10", [{"from": "2026-01-01", "to": None}]),
        ("2026-02-15", [{"from": "2026-01-01", "to": "2026-01-31"}]),  # in force since 1 February
        ("2026-12-31", [{"from": "2026-01-01", "to": "2026-01-31"}]),
    ],
)
def test_days_without_a_policy_in_force_are_listed_and_the_text_does_not_move(
    world: Any, today: str, days: list[Any]
) -> None:
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL, grace_days=14)
    documents = [world.document(activity="2026-02-01")] if today > "2026-02-01" else []
    judged = world.judge(today, *documents, items=[item])
    assert [one.facts["days"] for one in world.found(judged, "NOT-IN-FORCE")] == (
        [days] if days else []
    )


def test_a_policy_renewed_in_its_grace_leaves_no_gap(world: Any) -> None:
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL)
    old, new = world.document(1, "2025-03-01"), world.document(2, "2026-03-15")
    assert not world.found(world.judge("2026-06-01", old, new, items=[item]), "NOT-IN-FORCE")
    late = world.document(2, "2026-03-17")
    (gap,) = world.found(world.judge("2026-06-01", old, late, items=[item]), "NOT-IN-FORCE")
    assert gap.facts["days"] == [{"from": "2026-03-16", "to": "2026-03-16"}]
    assert "16 March 2026" in gap.message


def test_a_register_is_covered_by_a_dated_word_and_nothing_else_is(world: Any) -> None:
    said = (Attestation(D("2026-01-31"), "owner@contoso.example"),)
    register = world.item(kind=Kind.REGISTER, attestations=said)
    judged = world.judge("2026-03-20", items=[register])
    assert slots(world, judged, "MISSING") == ["2026-02-01"]
    snapshot = world.item(attestations=said)
    judged = world.judge("2026-03-20", items=[snapshot])
    assert slots(world, judged, "MISSING") == ["2026-01-01", "2026-02-01"]


@pytest.mark.parametrize(("today", "due"), [("2026-01-20", True), ("2026-01-31", False)])
def test_a_word_dated_after_today_covers_nothing_yet(world: Any, today: str, due: bool) -> None:
    register = world.item(
        kind=Kind.REGISTER, attestations=(Attestation(D("2026-01-31"), "owner@contoso.example"),)
    )
    assert bool(slots(world, world.judge(today, items=[register]), "NOT-YET-DUE")) is due


def test_once_is_covered_by_any_document_of_the_item(world: Any) -> None:
    item = world.item(cadence=Cadence.ONCE)
    judged = world.judge("2026-06-01", world.document(activity="2020-05-05"), items=[item])
    assert judged.items["E010"].state == "Fresh"
    item = world.item(cadence=Cadence.PER_EVENT)
    judged = world.judge("2026-06-01", world.document(activity="2020-05-05"), items=[item])
    assert slots(world, judged, "NOT-YET-DUE") == ["2026-01-01"]


@pytest.mark.parametrize(
    ("item", "period", "expected"),
    [
        ({}, {}, True),
        ({"enabled": False}, {}, False),
        ({"criteria": ("A1.2",)}, {}, False),
        ({"criteria": ("A1.2",)}, {"criteria": ("Security", "Availability")}, True),
        ({"criteria": ("PI1.5", "CC6.1")}, {}, True),
        ({"criteria": ("C1.1",)}, {"criteria": ("Confidentiality",)}, True),
        ({"criteria": ("CC6.1",)}, {"criteria": ("Confidentiality",)}, False),
        ({"criteria": ("P4.2",)}, {"criteria": ("Privacy",)}, True),
        ({"criteria": ("PI1.2",)}, {"criteria": ("Privacy",)}, False),
        ({"criteria": ()}, {}, True),
    ],
)
def test_an_item_counts_where_it_is_enabled_and_in_scope(
    world: Any, item: dict[str, Any], period: dict[str, Any], expected: bool
) -> None:
    judged = world.judge("2026-06-01", items=[world.item(**item)], periods=[world.period(**period)])
    assert bool(world.found(judged, "MISSING")) is expected
    assert (judged.items["E010"].state == "Not applicable") is not expected
    if not expected:
        assert not [one for one in judged.verdicts if one.item == "E010"]


@pytest.mark.parametrize("state", list(PeriodState))
def test_a_window_is_a_period_that_is_open_in_fieldwork_or_drafted(
    world: Any, state: PeriodState
) -> None:
    judged = world.judge("2026-06-01", periods=[world.period(state=state)])
    is_window = state in ("Open", "Fieldwork", "Report draft")
    assert bool(judged.windows) is is_window
    assert bool(world.codes(judged, "workspace")) is not is_window
    assert judged.items["E010"].state == ("Missing" if is_window else "Cannot judge")


@pytest.mark.parametrize(
    "lacking",
    [{"start": None}, {"end": None}, {"start": "2027-01-01"}, {"type": ReportType.TYPE_1}],
)
def test_a_period_without_its_dates_is_named_and_is_no_window(world: Any, lacking: Any) -> None:
    judged = world.judge("2026-06-01", periods=[world.period(**lacking)])
    (one,) = world.found(judged, "CANNOT-JUDGE")
    assert one.subject == "workspace"
    assert "Audit 2026" in one.message
    assert judged.windows == ()


def test_each_window_is_judged_alone_and_the_worst_one_shows(world: Any) -> None:
    half = world.period(id="H1", name="First half", start="2026-06-01", end="2026-11-30")
    judged = world.judge(
        "2026-06-20", world.document(activity="2026-06-10"), periods=[world.YEAR, half]
    )
    cells = {cell.window: cell.state for cell in judged.items["E010"].cells}
    assert cells == {"2026": ItemState.MISSING, "H1": ItemState.FRESH}
    assert judged.items["E010"].state == "Missing"
    assert judged.items["E010"].next_due == D("2026-01-31")

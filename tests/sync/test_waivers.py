"""What a waiver covers, from when to when, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from provisioner.sync.facts import Request, Waiver, WaiverTarget
from provisioner.sync.judgement import Judgement
from provisioner.sync.stamped import WaiverStamp
from provisioner.sync.vocabulary import Freshness

D = date.fromisoformat


def waiver(
    rules: Any = (),
    state: str = "Approved",
    requester: Any = "owner@contoso.example",
    **changes: Any,
) -> Waiver:
    given = {
        "approver": "ciso@contoso.example",
        "granted": D("2026-03-01"),
        "expires": D("2026-06-30"),
    }
    naming = {"item", "part", "slot_from", "document", "request"} & changes.keys()
    target = {key: changes.pop(key) for key in naming} or {"item": "E010"}
    return Waiver(
        "W1",
        WaiverTarget(**target),
        frozenset(rules),
        state,
        requester=requester,
        **given | changes,
    )


def states(world: Any, judged: Judgement, code: str) -> set[str]:
    return {str(one.state) for one in world.found(judged, code)}


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-02-28", "open"),
        ("2026-03-01", "waived"),
        ("2026-06-30", "waived"),
        ("2026-07-01", "open"),
    ],
)
def test_a_waiver_holds_from_granted_to_expires_both_included(
    world: Any, today: str, state: str
) -> None:
    judged = world.judge(today, waivers=(waiver(),))
    assert states(world, judged, "MISSING") == {state}


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"state": "Draft"}, False),
        ({"approver": None}, False),
        ({"approver": "Owner@contoso.example"}, False),
        ({"requester": None}, True),
        ({"granted": None}, False),
        ({"expires": None}, False),
        ({"rules": ["MISSING"]}, True),
        ({"rules": ["STALE"]}, False),
        ({"item": "E011"}, False),
        ({"item": "E010", "slot_from": D("2026-01-01")}, True),
        ({"item": "E010", "slot_from": D("2026-02-01")}, False),
        ({"item": "E010", "part": "Cloud"}, False),
    ],
)
def test_only_a_proper_waiver_that_names_it_covers_a_finding(
    world: Any, changes: dict[str, Any], valid: bool
) -> None:
    judged = world.judge("2026-03-10", waivers=(waiver(**changes),))
    assert states(world, judged, "MISSING") == {"waived" if valid else "open"}


def test_a_waived_finding_stays_visible_with_its_end(world: Any) -> None:
    (one,) = world.found(world.judge("2026-03-10", waivers=(waiver(),)), "MISSING")
    assert one.facts["waiver"] == "W1"
    assert one.facts["waivedUntil"] == "2026-06-30"
    assert "30 June 2026" in one.next
    assert one.severity == "error"


def test_nothing_covers_what_cannot_be_judged_or_is_not_due(world: Any) -> None:
    document = world.document(activity="2026-03-05", activity_date=None)
    judged = world.judge("2026-03-10", document, waivers=(waiver(),))
    assert states(world, judged, "CANNOT-JUDGE") == {"open"}
    assert states(world, judged, "NOT-YET-DUE") == {"open"}


def test_a_waived_flaw_lets_a_document_count_and_says_so_in_the_roll_up(world: Any) -> None:
    document = world.document(activity="2026-01-10", reviewer="owner@contoso.example")
    grant = waiver(["SELF-REVIEW"], document="access/1", granted=D("2026-01-11"))
    judged = world.judge("2026-01-20", document, waivers=(grant,))
    found = judged.documents["access/1"]
    assert (found.sound, found.flags, found.waived) == (True, (), ("SELF-REVIEW",))
    assert found.freshness == "Fresh"
    assert judged.items["E010"].cells[0].slots[0].state == "Waived"


def test_a_waived_empty_file_claims_its_slot(world: Any) -> None:
    document = world.document(activity="2026-01-10", size=0)
    grant = waiver(["EMPTY-FILE"], document="access/1", granted=D("2026-01-11"))
    judged = world.judge("2026-02-20", document, waivers=(grant,))
    assert not world.found(judged, "MISSING")


@pytest.mark.parametrize("code", ["STALE", "EXPIRED"])
def test_age_that_is_waived_counts_as_waived_in_the_roll_up(world: Any, code: str) -> None:
    document = world.document(activity="2025-12-20")
    today = {"STALE": "2026-01-25", "EXPIRED": "2026-02-10"}[code]
    assert world.judge(today, document).items["E010"].state == code.capitalize()
    grant = waiver([code], granted=D("2026-01-01"))
    judged = world.judge(today, document, waivers=(grant,))
    assert states(world, judged, code) == {"waived"}
    assert judged.documents["access/1"].freshness == code.capitalize()
    assert judged.items["E010"].state == "Waived"


def test_not_applicable_needs_a_waiver_and_then_takes_its_slot_off_the_list(world: Any) -> None:
    document = world.document(activity="2026-01-10", status="Not applicable")
    judged = world.judge("2026-02-20", document)
    assert states(world, judged, "NOT-APPLICABLE-UNWAIVED") == {"open"}
    assert len(world.found(judged, "MISSING")) == 1
    grant = waiver(document="access/1", granted=D("2026-01-11"))
    judged = world.judge("2026-02-20", document, waivers=(grant,))
    assert states(world, judged, "NOT-APPLICABLE-UNWAIVED") == {"waived"}
    assert not world.found(judged, "MISSING")
    assert judged.items["E010"].cells[0].slots[0].state == "Not applicable"
    assert judged.items["E010"].next_due == D("2026-02-28")
    assert judged.documents["access/1"].freshness == Freshness.NONE


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, None),
        ({"identity": "hash-new"}, "identity"),
        ({"activity_date": D("2026-03-04")}, "activity"),
        ({"name": "renamed.csv", "sensitivity": "Public"}, None),
    ],
)
def test_a_waiver_lapses_when_what_it_was_granted_for_changes(
    world: Any, change: dict[str, Any], named: str | None
) -> None:
    document = world.document(activity="2026-03-02", owner="reviewer@contoso.example")
    judged = world.judge("2026-03-10", document, waivers=(waiver(document="access/1"),))
    stamp = judged.waiver_stamps["W1"]
    grant = waiver(document="access/1", stamp=stamp)
    judged = world.judge("2026-03-20", replace(document, **change), waivers=(grant,))
    found = world.found(judged, "WAIVER-FACTS-CHANGED")
    assert [one.facts["changed"] for one in found] == ([[named]] if named else [])
    assert states(world, judged, "SELF-REVIEW") == {"open" if named else "waived"}
    assert judged.waiver_stamps == {}


def test_granting_it_again_stamps_the_facts_anew(world: Any) -> None:
    old = WaiverStamp(D("2026-03-01"), {"cadence": "annual"})
    judged = world.judge("2026-03-20", waivers=(waiver(stamp=old),))
    assert states(world, judged, "MISSING") == {"open"}
    judged = world.judge("2026-03-20", waivers=(waiver(stamp=old, granted=D("2026-03-15")),))
    assert states(world, judged, "MISSING") == {"waived"}
    assert judged.waiver_stamps["W1"].facts["cadence"] == "monthly"


def test_a_slots_waiver_lapses_when_something_else_is_filed_for_the_slot(world: Any) -> None:
    grant = waiver(item="E010", slot_from=D("2026-01-01"))
    stamp = world.judge("2026-03-10", waivers=(grant,)).waiver_stamps["W1"]
    grant = replace(grant, stamp=stamp)
    draft = world.document(activity="2026-01-10", status="Draft")
    judged = world.judge("2026-03-10", draft, waivers=(grant,))
    assert states(world, judged, "NOT-COVERED") == {"open"}
    assert world.found(judged, "WAIVER-FACTS-CHANGED")


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        ("2026-06-15", []),
        ("2026-06-16", ["WAIVER-EXPIRING"]),  # 14 days before
        ("2026-06-30", ["WAIVER-EXPIRING"]),
        ("2026-07-01", ["WAIVER-EXPIRED"]),
    ],
)
def test_the_end_of_a_waiver_is_told_before_and_after(
    world: Any, today: str, codes: list[str]
) -> None:
    judged = world.judge(today, waivers=(waiver(),))
    assert world.codes(judged, "waiver:W1") == codes


def test_a_waiver_that_ended_with_nothing_left_open_is_quiet(world: Any) -> None:
    judged = world.judge("2026-07-01", waivers=(waiver(rules=["SELF-REVIEW"]),))
    assert world.codes(judged, "waiver:W1") == []


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, False),
        ({"approver": " "}, True),
        ({"approver": "owner@contoso.example"}, True),
        ({"granted": None}, True),
        ({"expires": None}, True),
        ({"approver": None, "state": "In review"}, False),
    ],
)
def test_a_waiver_nobody_else_approved_is_an_error(
    world: Any, changes: dict[str, Any], holds: bool
) -> None:
    judged = world.judge("2026-03-10", waivers=(waiver(**changes),))
    assert ("WAIVER-UNAPPROVED" in world.codes(judged, "waiver:W1")) is holds


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"due": D("2026-03-10")}, []),
        ({"due": D("2026-03-09")}, ["REQUEST-OVERDUE"]),
        ({"due": D("2026-03-09"), "status": "Delivered"}, ["REQUEST-STALE-ANSWER"]),
        (
            {"due": D("2026-03-09"), "status": "Ready"},
            ["REQUEST-OVERDUE", "REQUEST-STALE-ANSWER"],
        ),
        ({"requested_on": D("2026-03-01"), "sla_days": 9}, []),
        ({"requested_on": D("2026-03-01"), "sla_days": 8}, ["REQUEST-OVERDUE"]),
        ({"requested_on": D("2026-03-01")}, ["CANNOT-JUDGE"]),
        ({"status": "Withdrawn"}, []),
    ],
)
def test_a_request_is_overdue_the_day_after_it_was_due(
    world: Any, changes: dict[str, Any], codes: list[str]
) -> None:
    judged = world.judge("2026-03-10", requests=(Request("R1", "MFA list", **changes),))
    assert world.codes(judged, "request:R1") == codes


def test_a_waiver_for_a_request_covers_its_delay(world: Any) -> None:
    late = Request("R1", "MFA list", due=D("2026-03-05"), documents=("access/1",))
    judged = world.judge("2026-03-10", requests=(late,), waivers=(waiver(request="R1"),))
    assert states(world, judged, "REQUEST-OVERDUE") == {"waived"}

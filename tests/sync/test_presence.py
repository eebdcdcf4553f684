"""What left: evidence, people and risks."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.sync.facts import Risk, Waiver, WaiverTarget

from .conftest import D


@pytest.mark.parametrize(
    ("gone", "present", "holds"),
    [
        ({}, {}, True),
        ({"activity": "2026-01-01"}, {}, True),  # the window's first day
        ({"activity": "2025-12-31"}, {}, False),  # the day before it
        ({"activity": "2026-12-31"}, {}, True),
        ({"activity": "2027-01-01"}, {}, False),
        ({}, {"identity": "hash-1"}, False),  # its bytes are back, under another name
        ({}, {"identity": "hash-3"}, True),
        ({"number": 2}, {}, False),  # restored: the same item
        ({"item": "E999"}, {}, True),  # its item left the catalogue: the days still touch
    ],
)
def test_evidence_that_counted_is_missed_until_its_bytes_are_back(
    world: Any, gone: dict[str, Any], present: dict[str, Any], holds: bool
) -> None:
    left = world.document(**({"number": 1, "activity": "2026-05-10"} | gone))
    here = world.document(2, "2026-04-10", **({"identity": "hash-2"} | present))
    judged = world.judge("2026-06-15", here, gone=(left,))
    assert bool(world.found(judged, "EVIDENCE-GONE")) is holds
    assert "access/1" not in judged.documents


def test_what_left_covers_nothing(world: Any) -> None:
    left = world.document(1, "2026-01-10")
    judged = world.judge("2026-06-15", gone=(left,))
    slots = judged.items["E010"].cells[0].slots
    assert not any(slot.covered or slot.claimants for slot in slots)


def test_only_open_windows_miss_it(world: Any) -> None:
    from provisioner.sync.vocabulary import PeriodState

    left = world.document(1, "2026-05-10")
    closed = world.period(state=PeriodState.CLOSED)
    judged = world.judge("2026-06-15", gone=(left,), periods=[closed])
    assert world.found(judged, "EVIDENCE-GONE") == []


def test_a_waiver_for_what_left_rests_on_the_facts_last_read(world: Any) -> None:
    left = world.document(1, "2026-05-10")
    waiver = Waiver(
        "W1", WaiverTarget(document="access/1"), state="Approved", requester="a@x", approver="b@x",
        granted=D("2026-06-01"), expires=D("2026-07-01"),
    )  # fmt: skip
    judged = world.judge("2026-06-15", gone=(left,), waivers=(waiver,))
    [found] = world.found(judged, "EVIDENCE-GONE")
    assert found.state == "waived"
    assert judged.waiver_stamps["W1"].facts["identity"] == "hash-1"


@pytest.mark.parametrize(
    ("changes", "gone", "holds"),
    [
        ({}, set(), False),
        ({}, {"owner@contoso.example"}, True),
        ({}, {"reviewer@contoso.example"}, False),  # it is approved
        ({"status": "Submitted"}, {"reviewer@contoso.example"}, True),
        ({"status": None}, {"reviewer@contoso.example"}, True),
        ({"owner": None}, {"owner@contoso.example"}, False),
        ({}, {"somebody@contoso.example"}, False),
    ],
)
def test_an_owner_who_left_and_a_reviewer_it_waits_for(
    world: Any, changes: dict[str, Any], gone: set[str], holds: bool
) -> None:
    document = world.document(1, "2026-06-10", **changes)
    judged = world.judge("2026-06-15", document, people_gone=frozenset(gone))
    assert ("PERSON-GONE" in world.codes(judged, "access/1")) is holds


def test_nobody_has_to_care_for_what_is_superseded(world: Any) -> None:
    older, newer = world.document(1, "2026-05-10"), world.document(2, "2026-06-10")
    judged = world.judge(
        "2026-06-15", older, newer, people_gone=frozenset({"owner@contoso.example"})
    )
    assert [one.subject for one in world.found(judged, "PERSON-GONE")] == ["access/2"]


@pytest.mark.parametrize(
    ("risks", "holds"),
    [
        (None, False),  # no register: it cannot be told
        ({"7": Risk("R-001", "Treating")}, False),
        ({"7": Risk("R-001", "Archived")}, True),
        ({"7": Risk("R-001", "Closed")}, False),
        ({"8": Risk("R-002", "Treating")}, True),  # gone
    ],
)
def test_a_risk_that_is_archived_or_gone(world: Any, risks: Any, holds: bool) -> None:
    document = world.document(1, "2026-06-10", risks=("7",))
    judged = world.judge("2026-06-15", document, risks=risks)
    assert ("RISK-LINK-BROKEN" in world.codes(judged, "access/1")) is holds
    assert judged.documents["access/1"].sound

"""Audit requests: does the answer hold, and is it still what was delivered?"""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.sync.facts import Request
from provisioner.sync.stamped import DeliveredStamp

from .conftest import D

DUE = {"due": D("2026-12-31")}


def request(**changes: Any) -> Request:
    given = {"status": "Ready", "documents": ("access/1",), **DUE} | changes
    return Request("R1", "MFA list", **given)


def codes(world: Any, today: str, one: Request, *documents: Any, **more: Any) -> list[str]:
    found: list[str] = world.codes(
        world.judge(today, *documents, requests=(one,), **more), "request:R1"
    )
    return found


@pytest.mark.parametrize("status", ["Ready", "Delivered", "Closed"])
def test_an_answer_without_evidence_is_none(world: Any, status: str) -> None:
    assert codes(world, "2026-06-15", request(status=status, documents=())) == [
        "REQUEST-STALE-ANSWER"
    ]


@pytest.mark.parametrize("status", [None, "New", "Collecting", "Needs revision", "Withdrawn"])
def test_before_it_is_ready_nothing_is_asked_of_it(world: Any, status: str | None) -> None:
    assert codes(world, "2026-06-15", request(status=status, documents=())) == []


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, False),
        ({"status": "Draft"}, True),
        ({"reviewer": "owner@contoso.example"}, True),
        ({"number": 2}, True),  # the linked one is in no library
    ],
)
def test_linked_evidence_must_be_sound(world: Any, changes: dict[str, Any], holds: bool) -> None:
    document = world.document(**({"number": 1, "activity": "2026-06-10"} | changes))
    assert codes(world, "2026-06-15", request(), document) == ["REQUEST-STALE-ANSWER"] * holds


@pytest.mark.parametrize(
    ("activity", "holds"), [("2025-12-31", True), ("2026-01-01", False), ("2026-12-31", False)]
)
def test_it_must_touch_the_period_asked_about_and_may_be_old(
    world: Any, activity: str, holds: bool
) -> None:
    document = world.document(1, activity)
    found = codes(world, "2027-06-15", request(period="2026", due=D("2028-01-01")), document)
    assert found == ["REQUEST-STALE-ANSWER"] * holds


@pytest.mark.parametrize(
    ("status", "delivered", "today", "holds"),
    [
        # Monthly, activity 10 June: fresh until 10 July.
        ("Ready", None, "2026-07-10", False),
        ("Ready", None, "2026-07-11", True),
        ("Delivered", "2026-07-10", "2026-09-01", False),
        ("Delivered", "2026-07-11", "2026-09-01", True),
        ("Closed", "2026-07-11", "2026-09-01", True),
        ("Delivered", None, "2026-09-01", False),  # not known when: skipped
    ],
)
def test_without_a_period_it_must_have_been_fresh_when_delivered(
    world: Any, status: str, delivered: str | None, today: str, holds: bool
) -> None:
    one = request(status=status, delivered_on=D(delivered) if delivered else None)
    document, newer = world.document(1, "2026-06-10"), world.document(2, "2026-08-20")
    assert codes(world, today, one, document, newer) == ["REQUEST-STALE-ANSWER"] * holds


@pytest.mark.parametrize(
    ("status", "stamp", "identity", "holds"),
    [
        ("Delivered", {"access/1": "hash-1"}, "hash-1", False),
        ("Delivered", {"access/1": "hash-1"}, "other", True),
        ("Closed", {"access/1": "hash-1"}, "other", True),
        ("Needs revision", {"access/1": "hash-1"}, "other", False),
        ("Delivered", {}, "other", False),  # linked after it was delivered
    ],
)
def test_what_was_delivered_must_stay_what_it_was(
    world: Any, status: str, stamp: dict[str, str], identity: str, holds: bool
) -> None:
    day = D("2026-06-12")
    one = request(status=status, delivered_on=day, stamp=DeliveredStamp(day, stamp))
    document = world.document(1, "2026-06-10", identity=identity)
    found = codes(world, "2026-06-15", one, document)
    assert ("REQUEST-CHANGED" in found) is holds


def test_it_is_stamped_once_for_each_delivery_with_what_was_in_force_then(world: Any) -> None:
    document = world.document(1, "2026-06-10", identity="today's")
    one = request(status="Delivered", delivered_on=D("2026-06-12"))
    stamps = world.judge("2026-06-15", document, requests=(one,)).request_stamps
    assert stamps["R1"] == DeliveredStamp(D("2026-06-12"), {"access/1": "today's"})

    early = request(
        status="Delivered", delivered_on=D("2026-06-12"), in_force={"access/1": "that day's"}
    )
    judged = world.judge("2026-06-15", document, requests=(early,))
    assert judged.request_stamps["R1"].identities == {"access/1": "that day's"}
    assert "REQUEST-CHANGED" in world.codes(judged, "request:R1")

    again = request(status="Delivered", delivered_on=D("2026-06-12"), stamp=stamps["R1"])
    assert world.judge("2026-07-01", document, requests=(again,)).request_stamps == {}
    later = request(status="Delivered", delivered_on=D("2026-06-20"), stamp=stamps["R1"])
    assert world.judge("2026-07-01", document, requests=(later,)).request_stamps[
        "R1"
    ].delivered_on == (D("2026-06-20"))

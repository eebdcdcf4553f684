"""From slots to items: the worst one shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.sync.rollup import worst
from provisioner.sync.vocabulary import Cadence, ItemState, Kind

D = date.fromisoformat


def test_worst_first_is_this_order() -> None:
    words = [
        "Rejected", "Missing", "Expired", "Stale", "Not covered", "Cannot judge", "In review",
        "Due soon", "Not yet due", "Fresh", "Waived", "Not applicable",
    ]  # fmt: skip
    for place, word in enumerate(words):
        assert worst(reversed([ItemState(one) for one in words[place:]])) == word
    assert worst([ItemState.FRESH, ItemState.STALE, ItemState.WAIVED]) is ItemState.STALE
    assert worst([]) is None


@pytest.mark.parametrize(
    ("today", "changes", "state"),
    [
        ("2026-01-20", None, "Not yet due"),
        ("2026-02-20", None, "Missing"),
        ("2026-01-12", {}, "Fresh"),
        ("2026-01-30", {}, "Due soon"),
        ("2026-02-12", {}, "Stale"),  # February is not yet due, but there is something to say
        ("2026-02-28", {}, "Expired"),
        ("2026-03-20", {}, "Missing"),  # February
        ("2026-01-20", {"status": "Submitted"}, "In review"),
        ("2026-01-20", {"status": "Needs changes"}, "Not yet due"),
        ("2026-02-20", {"status": "Submitted"}, "Not covered"),
        ("2026-02-20", {"status": "Rejected"}, "Rejected"),
        ("2026-01-20", {"status": "Rejected"}, "Not yet due"),
    ],
)
def test_an_item_is_as_bad_as_its_worst_slot_or_its_newest_evidence(
    world: Any, today: str, changes: dict[str, Any] | None, state: str
) -> None:
    documents = [] if changes is None else [world.document(activity="2026-01-10", **changes)]
    if documents:
        documents[0] = world.document(activity="2026-01-10", version_date="2026-01-19", **changes)
    assert world.judge(today, *documents).items["E010"].state == state


def test_a_window_that_has_not_begun_expects_nothing_yet(world: Any) -> None:
    judged = world.judge("2025-12-01").items["E010"]
    assert (judged.state, judged.next_due) == ("Not yet due", D("2026-01-31"))


def test_a_gap_makes_an_item_at_least_not_covered(world: Any) -> None:
    item = world.item(kind=Kind.LOG)
    logs = [
        world.log(1, "2026-01-02", "2026-01-31"),
        world.log(2, "2026-02-01", "2026-02-28"),
    ]
    judged = world.judge("2026-03-05", *logs, items=[item])
    assert world.found(judged, "PERIOD-GAP")
    assert judged.items["E010"].state == "Not covered"


def test_days_without_a_policy_make_an_item_at_least_not_covered(world: Any) -> None:
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL)
    judged = world.judge("2026-06-01", world.document(activity="2026-02-01"), items=[item])
    assert judged.items["E010"].state == "Not covered"


def test_next_due_is_the_first_slot_not_covered_even_when_it_is_late(world: Any) -> None:
    judged = world.judge("2026-05-01", world.document(activity="2026-02-10"))
    assert judged.items["E010"].next_due == D("2026-01-31")


def test_with_every_slot_covered_nothing_is_due(world: Any) -> None:
    window = world.period(end="2026-02-28")
    documents = [world.document(1, "2026-01-10"), world.document(2, "2026-02-10")]
    judged = world.judge("2026-02-20", *documents, periods=[window])
    assert judged.items["E010"].next_due is None


def test_last_evidence_is_of_sound_documents_only(world: Any) -> None:
    documents = [world.document(1, "2026-01-10"), world.document(2, "2026-02-10", status="Draft")]
    assert world.judge("2026-02-20", *documents).items["E010"].last_evidence == D("2026-01-10")
    assert world.judge("2026-02-20", documents[1]).items["E010"].last_evidence is None

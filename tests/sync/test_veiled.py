"""With content approval on and the role write, what is not seen is not called missing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.sync.collect_site import Place, _with_veils
from provisioner.sync.facts import LibraryState
from provisioner.sync.vocabulary import ItemState

OPEN = (LibraryState("access", "Access"),)
VEILED = (LibraryState("access", "Access", veiled=True), LibraryState("other", "Other"))


def rules(judgement: Any) -> set[str]:
    return {one.rule for one in judgement.verdicts}


def test_nothing_is_missing_where_it_may_wait_for_approval(world: Any) -> None:
    seen = world.judge("2026-05-20", libraries=OPEN)
    veiled = world.judge("2026-05-20", libraries=VEILED)
    assert {"MISSING", "PERIOD-GAP"} & rules(seen)
    assert not {"MISSING", "NOT-COVERED", "PERIOD-GAP", "OK"} & rules(veiled)
    (one,) = world.found(veiled, "CANNOT-JUDGE")
    assert one.item == "E010"
    by_title = world.judge("2026-05-20", items=[world.item(library="Access")], libraries=VEILED)
    assert rules(by_title) == rules(veiled), "the list of expected evidence holds titles"
    assert "what waits for approval in Access" in one.message
    assert "MISSING" in one.message
    assert seen.items["E010"].state is ItemState.MISSING
    assert veiled.items["E010"].state is ItemState.CANNOT_JUDGE


def test_an_item_of_another_library_and_one_that_is_covered_are_judged_as_ever(world: Any) -> None:
    elsewhere = world.item(library="other")
    assert "MISSING" in rules(world.judge("2026-05-20", items=[elsewhere], libraries=VEILED))
    days = [f"2026-{month:02}-03" for month in range(1, 6)]
    documents = [world.document(number, day) for number, day in enumerate(days, 1)]
    for libraries in (OPEN, VEILED):
        judged = world.judge("2026-05-20", *documents, libraries=libraries)
        assert "CANNOT-JUDGE" not in rules(judged)
        assert judged.items["E010"].state is ItemState.DUE_SOON


def test_what_left_may_only_wait_for_approval_again(world: Any) -> None:
    left = (world.document(9, "2026-05-03"),)
    gone = rules(world.judge("2026-05-20", gone=left, libraries=OPEN))
    kept = rules(world.judge("2026-05-20", gone=left, libraries=VEILED))
    assert gone - kept >= {"EVIDENCE-GONE"}


@pytest.mark.parametrize(
    ("body", "veiled"),
    [
        ({"High": "432", "Low": "1011028719"}, True),  # Contribute
        ({"High": "432", "Low": "1012866047"}, False),  # Design, which may approve
        ({"Low": "many"}, True),
        (None, True),
    ],
)
def test_who_may_not_approve_does_not_see_all(body: Any, veiled: bool) -> None:
    class Told:
        async def read(self, readings: Any) -> Any:
            return {one: SimpleNamespace(body=body) for one in readings}

    places = {
        "a": Place("a", "1", "A", moderated=True),
        "b": Place("b", "2", "B", moderated=False),
    }
    found = asyncio.run(_with_veils(Told(), places))  # type: ignore[arg-type]
    assert (found["a"].veiled, found["b"].veiled) == (veiled, False)

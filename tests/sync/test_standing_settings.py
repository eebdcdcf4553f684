"""The catalogue's terms and the libraries' safeguards."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.sync.facts import ItemTerms, LibraryState
from provisioner.sync.vocabulary import Cadence

from .conftest import D

APPLIED = ItemTerms("monthly", "snapshot")


@pytest.mark.parametrize(
    ("changes", "filed", "names"),
    [
        ({}, APPLIED, []),
        ({"cadence": Cadence.ANNUAL}, APPLIED, ["Cadence"]),
        ({"cadence": None}, APPLIED, ["Cadence"]),
        ({"kind": None}, APPLIED, ["Kind"]),
        ({"enabled": False}, APPLIED, ["Enabled"]),
        ({"anchor": "2026-02-01"}, APPLIED, ["Anchor date"]),
        ({"grace_days": 0}, APPLIED, ["Grace days"]),
        ({"lead_days": 3, "grace_days": 3}, APPLIED, ["Grace days", "Lead days"]),
        ({"cadence": Cadence.ANNUAL}, ItemTerms("annual", "snapshot"), []),  # the file agrees
        ({"cadence": Cadence.ANNUAL}, None, ["Cadence"]),  # no longer in the file
        ({"title": "Another", "review_sla_days": 9}, APPLIED, []),
    ],
)
def test_a_term_a_person_changed_is_told_until_the_file_says_the_same(
    world: Any, changes: dict[str, Any], filed: ItemTerms | None, names: list[str]
) -> None:
    item = world.item(applied=APPLIED, filed=filed, **changes)
    judged = world.judge("2026-06-15", items=[item])
    found = world.found(judged, "CATALOGUE-CHANGED")
    assert [sorted(one.facts) for one in found] == ([sorted(names)] if names else [])


def test_without_a_last_applied_value_there_is_nothing_to_compare(world: Any) -> None:
    judged = world.judge("2026-06-15", items=[world.item(filed=APPLIED, cadence=Cadence.ANNUAL)])
    assert world.found(judged, "CATALOGUE-CHANGED") == []


def test_an_item_that_is_not_expected_gets_only_that(world: Any) -> None:
    item = world.item(applied=APPLIED, filed=APPLIED, enabled=False, kind=None)
    judged = world.judge("2026-06-15", items=[item])
    assert world.codes(judged, "E010") == ["CATALOGUE-CHANGED"]
    assert judged.items["E010"].state == "Not applicable"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({}, ""),
        ({"versioned": True, "limit": 500, "declared_limit": 500}, ""),
        ({"versioned": True, "limit": 499, "declared_limit": 500}, "499 versions"),
        ({"versioned": True, "limit": 501, "declared_limit": 500}, ""),
        ({"versioned": True, "limit": 100}, ""),
        ({"versioned": False}, "versioning is off"),
        ({"versioned": False, "declared_limit": 0}, ""),
        ({"own_permissions": False, "declared_own": True}, "inherits its permissions again"),
        ({"own_permissions": True, "declared_own": False}, "no longer inherits"),
        ({"own_permissions": True, "declared_own": True}, ""),
        ({"own_permissions": True}, ""),
        ({"links": ("mfa.csv",)}, "mfa.csv is shared by a link"),
        ({"guests": ("g@other.example",)}, "the guest g@other.example can get in"),
    ],
)
def test_a_weaker_library_is_told_of(world: Any, state: dict[str, Any], word: str) -> None:
    library = LibraryState("access", "Access", **state)
    judged = world.judge("2026-06-15", libraries=(library,))
    found = world.found(judged, "WORKSPACE-DRIFT")
    assert len(found) == bool(word)
    assert all(word in one.message and one.subject == "workspace" for one in found)


def test_all_libraries_stand_in_one_finding_in_a_fixed_order(world: Any) -> None:
    some = [LibraryState(key, key.title(), versioned=False) for key in ("b", "a")]
    one = world.judge("2026-06-15", libraries=tuple(some))
    other = world.judge("2026-06-15", libraries=tuple(reversed(some)))
    assert one == other
    [found] = world.found(one, "WORKSPACE-DRIFT")
    assert found.message == "A: versioning is off. B: versioning is off."


def test_anchor_dates_compare_by_day(world: Any) -> None:
    terms = ItemTerms("monthly", "snapshot", anchor=D("2026-02-01"))
    item = world.item(applied=terms, filed=terms, anchor="2026-02-01")
    assert world.found(world.judge("2026-06-15", items=[item]), "CATALOGUE-CHANGED") == []

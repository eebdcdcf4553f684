"""A list that gets another key keeps its records."""

from __future__ import annotations

from provisioner.core.resource import Resource
from provisioner.engine.moved_keys import moved_keys
from provisioner.ledger.state import Entry, LedgerState


def ledger(*addresses: str, baseline: tuple[str, ...] = ()) -> LedgerState:
    kind = {"list": "list", "view": "view", "group": "group"}
    return LedgerState(
        {
            one: Entry(kind[one.rpartition("/")[2].partition(":")[0]], one, {}, made=True, run="1")
            for one in addresses
        },
        present=True,
        baseline=frozenset(baseline),
    )


def declared(key: str, *former: str) -> dict[str, Resource]:
    own = f"list:{key}"
    return {own: Resource("list", own, {}, extra={"renamedFrom": former})}


def test_the_list_and_all_in_it_move_along() -> None:
    before = ledger("list:old", "list:old/view:All", "list:older", baseline=("list:old/view:Mine",))
    after = moved_keys(before, declared("new", "unknown", "old"))
    assert set(after.objects) == {"list:new", "list:new/view:All", "list:older"}
    assert after.objects["list:new"].id == "list:old"
    assert after.baseline == {"list:new/view:Mine"}
    assert after.present


def test_a_list_recorded_under_its_new_key_stays_as_it_is() -> None:
    before = ledger("list:old", "list:new")
    assert moved_keys(before, declared("new", "old")) is before


def test_a_former_key_that_another_list_has_now_is_left_to_it() -> None:
    before = ledger("list:old")
    assert moved_keys(before, {**declared("new", "old"), **declared("old")}) is before


def test_a_group_of_another_name_keeps_its_records() -> None:
    own = "group:Prüfer"
    renamed = {own: Resource("group", own, {}, extra={"renamedFrom": ("Externe",)})}
    after = moved_keys(ledger("group:Externe"), renamed)
    assert {name: one.id for name, one in after.objects.items()} == {own: "group:Externe"}

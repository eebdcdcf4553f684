"""What is made before the plan is stored, and what of it may wait."""

from __future__ import annotations

from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation
from provisioner.engine.foundation import foundation_of, in_two
from provisioner.engine.ledger_library import LEDGER_ADDRESS, LOCK_ADDRESS


def request(path: str, **more: dict[str, str]) -> Operation:
    return Operation("sharepoint", "POST", path, "", "s", **more)


def made(address: str, kind: str, *paths: str, action: Action = Action.CREATE) -> Change:
    operations = tuple(
        request(path, produces={"id": "/id"}) if path == "make" else request(path) for path in paths
    )
    return Change(address, kind, action, "", "low", operations=operations)


def sent(changes: list[Change]) -> dict[str, list[str]]:
    return {c.address: [op.path for op in c.operations] for c in changes}


LEDGER = made(LEDGER_ADDRESS, "list", "make", "settings")
CLOSED = made(f"{LEDGER_ADDRESS}/permissions", "permissions", "break", "take away")


def test_a_new_list_of_ours_lets_nobody_in_before_the_plan_is_stored_and_is_set_up_after() -> None:
    first, later = in_two([LEDGER, CLOSED])
    assert sent(first) == {LEDGER.address: ["make"], CLOSED.address: ["break"]}
    assert sent(later) == {LEDGER.address: ["settings"], CLOSED.address: ["take away"]}


def test_what_is_there_already_is_mended_before_anything_else() -> None:
    mended = made(LEDGER_ADDRESS, "list", "settings", action=Action.UPDATE)
    first, later = in_two([mended])
    assert (sent(first), later) == ({LEDGER_ADDRESS: ["settings"]}, [])


def test_the_list_of_the_lock_comes_first() -> None:
    other = made("list:risks", "list", "make")
    lock = made(LOCK_ADDRESS, "list", "make", "settings")
    assert [c.address for c in foundation_of([other, CLOSED, LEDGER, lock])] == [
        LOCK_ADDRESS,
        LEDGER_ADDRESS,
        CLOSED.address,
    ]

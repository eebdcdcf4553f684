"""What an apply makes before anything else: the lists of our own records. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provisioner.core.address import SITE
from provisioner.core.resource import Action, Change
from provisioner.engine.ledger_library import LEDGER_ADDRESS, LOCK_ADDRESS


def foundation_of(changes: Sequence[Change]) -> list[Change]:
    """The lock's list first, the ledger library, and what they stand on; the site left out.

    They are made before anything else, so that every later change is guarded and recorded.
    """
    by_address = {change.address: change for change in changes if change.address != SITE}
    wanted = [
        a
        for own in (LOCK_ADDRESS, LEDGER_ADDRESS)
        for a in by_address
        if a == own or a.startswith(own + "/")
    ]
    for one in wanted:
        wanted += [a for a in by_address[one].depends if a in by_address and a not in wanted]
    chosen = [change for change in changes if change.address in wanted]
    first = (LOCK_ADDRESS, LEDGER_ADDRESS)  # side by side, so that one batch makes both
    return sorted(chosen, key=lambda c: first.index(c.address) if c.address in first else 2)


def in_two(foundation: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """What must be done before the plan is stored, and what of the same changes may go with the rest.

    Before it the lists are made and let nobody in; their settings follow along with everything else.
    """
    first, later = [], []
    for change in foundation:
        needed = _before_the_plan(change)
        first.append(replace(change, operations=change.operations[:needed]))
        if needed < len(change.operations):
            later.append(replace(change, operations=change.operations[needed:]))
    return first, later


def _before_the_plan(change: Change) -> int:
    """How many of its requests: those that make a list, and the one that cuts it off from the site."""
    if change.action is not Action.CREATE or change.kind not in {"list", "permissions"}:
        return len(change.operations)
    if change.kind == "permissions":
        return 1
    return max((at for at, op in enumerate(change.operations, 1) if op.produces), default=0)

"""The order in which an apply changes columns and all the rest.

Columns that change their type come first, before what may stand on them. A list's column that gives
way to the site's is taken out; then the site's column and its content types are made; then the
values are written; then all the rest. What stands on a column that failed is not tried.
"""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.core.resource import Action, Change
from provisioner.engine.column_moves import Move
from provisioner.engine.receipt import result_of
from provisioner.engine.type_switch import begin_moves, finish_moves, how_of, switch_types
from provisioner.engine.waves import Work, carry_out
from provisioner.kinds.base import Scope


async def carry_out_all(
    changes: Sequence[Change], brought: Sequence[Move], scope: Scope, run_id: str, work: Work
) -> None:
    """Send every request of the changes. `brought` are the columns that content types bring.

    Raises:
        ProvisionerError: what sending, reading and storing raise, and LOCK-LOST.
    """
    columns = [c for c in changes if c.action is Action.REPLACE]
    others = [c for c in changes if c.action is not Action.REPLACE]
    await switch_types(columns, scope, run_id, work)
    moved = sorted((c for c in columns if how_of(c) == "moved"), key=lambda c: c.address)
    if moved:
        begun = await begin_moves(moved, scope, run_id, work)
        own = {change.address for change in moved}
        roots = {
            address
            for one in brought
            if one.own in own
            for address in (one.binding, one.content_type, one.shared)
        }
        first = _standing_below(roots, others)
        await carry_out(_tried(first, work), work)
        await finish_moves(begun, scope, run_id, work)
        others = [c for c in others if c not in first]
    await carry_out(_tried(others, work), work)


def _standing_below(roots: set[str], changes: Sequence[Change]) -> list[Change]:
    """The changes at these addresses and all that they stand on, in their order."""
    wanted = set(roots)
    size = -1
    while size != len(wanted):
        size = len(wanted)
        for change in changes:
            along = any(one.inside in wanted for one in change.operations if one.inside)
            if along:
                wanted.add(change.address)
            if change.address in wanted:
                wanted.update(change.depends)
    return [change for change in changes if change.address in wanted]


def _tried(changes: Sequence[Change], work: Work) -> list[Change]:
    """Those that stand on nothing that failed; the others are skipped, and say why."""
    lost = {address for address, result in work.results.items() if result.status != "done"}
    tried = []
    for change in changes:
        below = next((one for one in change.depends if one in lost), None)
        if below is None:
            tried.append(change)
        else:
            lost.add(change.address)
            work.results[change.address] = result_of(
                change, "skipped", "SKIPPED", f"{below} was not done"
            )
    return tried

"""The order of changes: what others stand on first, stable for everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.core.address import parent_of
from provisioner.core.resource import Action, Change


def dependencies(change: Change, changing: Mapping[str, Change]) -> tuple[str, ...]:
    """Addresses of other changes that must be done before this one.

    They are its parent, what it declares to stand on, and whatever its requests refer to.
    """
    wanted = {parent_of(change.address), *change.depends}
    wanted |= {address for op in change.operations for address, _ in op.needs()}
    wanted.discard(change.address)
    if change.action is Action.DELETE:
        wanted = {a for a in changing if a.startswith(change.address + "/")}
    return tuple(sorted(a for a in wanted if a in changing and changing[a].operations))


def ordered(changes: Sequence[Change]) -> list[Change]:
    """The changes in an order that can be carried out, each with its `depends` filled in.

    Raises `ValueError` for a circle, naming its addresses; kinds are written so that none arises
    (lists come before their lookup columns).
    """
    changing = {change.address: change for change in changes}
    waiting = {c.address: set(dependencies(c, changing)) for c in changes}
    needs = {address: tuple(sorted(names)) for address, names in waiting.items()}
    done: list[Change] = []
    while waiting:
        ready = [address for address, names in waiting.items() if not names]
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise ValueError(f"these changes wait for one another: {circle}")
        for address in ready:
            del waiting[address]
            done.append(replace(changing[address], depends=needs[address]))
        for names in waiting.values():
            names.difference_update(ready)
    return done

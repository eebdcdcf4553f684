"""The order of changes: what others stand on first, stable for everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from provisioner.core.address import parent_of, root_of
from provisioner.core.resource import Action, Change
from provisioner.kinds import kind_named

Roots = Mapping[str, Sequence[Change]]
"""Changes by the first part of their address: all those in one list, together."""


def dependencies(change: Change, changing: Mapping[str, Change], roots: Roots) -> tuple[str, ...]:
    """Addresses of other changes that must be done before this one.

    They are its parent, what it declares to stand on, whatever its requests refer to, and in the
    same list all changes of the kinds that its kind comes after, or of its own kind further out.
    What goes is named by nobody first: a view lets go of a column before the column is deleted.
    """
    if change.action is Action.DELETE:
        wanted = {a for a in changing if a.startswith(change.address + "/")}
        near = roots[root_of(change.address)]
        wanted |= {o.address for o in near if change.kind in kind_named(o.kind).after}
    else:
        wanted = {parent_of(change.address), *change.depends}
        wanted |= {address for op in change.operations for address, _ in op.needs()}
        kind, near = kind_named(change.kind), roots[root_of(change.address)]
        standing = (o for o in near if o.action is not Action.DELETE)
        wanted |= {o.address for o in standing if o.kind in kind.after}
        if kind.outer_first:
            wanted |= {o.address for o in near if o.kind == kind.name and _around(o, change)}
    wanted.discard(change.address)
    return tuple(sorted(a for a in wanted if a in changing and changing[a].operations))


def _around(outer: Change, inner: Change) -> bool:
    """Whether what `outer` is about holds what `inner` is about; folders are told by their path."""
    around = parent_of(outer.address)
    return parent_of(inner.address).startswith((f"{around}/", f"{around}%2F"))


def ordered(changes: Sequence[Change]) -> list[Change]:
    """The changes in an order that can be carried out, each with its `depends` filled in.

    Raises `ValueError` for a circle, naming its addresses; kinds are written so that none arises
    (lists come before their lookup columns).
    """
    changing = {change.address: change for change in changes}
    roots: dict[str, list[Change]] = {}
    for change in changes:
        roots.setdefault(root_of(change.address), []).append(change)
    needs = {c.address: dependencies(c, changing, roots) for c in changes}
    waiting = {address: set(names) for address, names in needs.items()}
    for earlier, later in _in_file_order(changes):
        waiting[later].add(earlier)
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


def _in_file_order(changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Neighbours that must be made in the order of the file, such as entries of one menu.

    The second waits for the first's turn and does not stand on it: it is made where the first fails.
    """
    last: dict[str, str] = {}
    for change in changes:
        for path in {op.path for op in change.operations if op.in_order}:
            if path in last:
                yield last[path], change.address
            last[path] = change.address

"""Merging one tree over another: what a client's file changes in the packs it extends.

Maps merge by key. A list of named things merges by the first of `key`, `name`, `id` that all its
maps have, in the order of the base with new ones at the end; a plain text in such a list stands for
the thing of that name. Any other list is replaced, and so is every list by an empty one. A map with
`remove: true` drops what it names. Each value keeps the origin it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Entry, Node, Scalar

IDENTITIES = ("key", "name", "id")
REMOVE = "remove"


@dataclass(slots=True)
class Overlay:
    """Merges trees and gathers what does not fit."""

    problems: list[Problem] = field(default_factory=list)

    def merge(self, base: Node | None, over: Node) -> Node:
        """`over` on `base`. With no base, the same tree with its own lists checked."""
        if over.is_mapping:
            return self._merge_maps(base if base is not None and base.is_mapping else None, over)
        if isinstance(over.value, tuple):
            below = base.value if base is not None and isinstance(base.value, tuple) else ()
            return over.with_value(self._merge_lists(below, over.value))
        return over

    def _merge_maps(self, base: Node | None, over: Node) -> Node:
        merged = {entry.key: entry for entry in base.entries()} if base is not None else {}
        for entry in over.entries():
            if entry.key == REMOVE and entry.value.value is True:
                continue  # spoken to by the list or map this one stands in
            if _removes(entry.value):
                self._check_removal(entry.key, entry.where, entry.value, list(merged))
                merged.pop(entry.key, None)
                continue
            below = merged.get(entry.key)
            value = self.merge(below.value if below else None, entry.value)
            merged[entry.key] = Entry(entry.key, entry.where, value)
        return over.with_value(merged)

    def _merge_lists(self, base: tuple[Node, ...], over: tuple[Node, ...]) -> tuple[Node, ...]:
        if not over:
            return ()
        identity = identity_of((*base, *over))
        if identity is None:
            self._unnamed(base, over)
            return tuple(self.merge(None, item) for item in over if not self._stray(item))
        merged: dict[str, Node] = {}
        for item in base:
            merged[_name(item, identity)] = item
        seen: dict[str, Where] = {}
        for item in over:
            name = _name(item, identity)
            if name in seen:
                self.problems.append(
                    Problem(
                        "SPEC-DUPLICATE-NAME",
                        f"“{name}” is already in this list, at {seen[name]}.",
                        item.where,
                        f"Join the two, or give one another {identity}.",
                    )
                )
                continue
            seen[name] = item.where
            if _removes(item):
                self._check_removal(name, item.where, item, list(merged))
                merged.pop(name, None)
            elif item.is_mapping or name not in merged:
                merged[name] = self.merge(merged.get(name), item)
        return tuple(merged.values())

    def _check_removal(self, name: str, where: Where, removal: Node, known: list[str]) -> None:
        extra = [e for e in removal.entries() if e.key != REMOVE and e.key not in IDENTITIES]
        if extra:
            self.problems.append(
                Problem(
                    "SPEC-REMOVE",
                    f"“{name}” is removed, so “{extra[0].key}” has no effect.",
                    extra[0].where,
                    "Keep only the name and `remove: true`, or take `remove` away.",
                )
            )
        if name not in known:
            self.problems.append(
                Problem(
                    "SPEC-REMOVE",
                    f"There is nothing called “{name}” to remove.",
                    where,
                    nearest_hint(name, known) or "Take this entry away.",
                )
            )

    def _stray(self, item: Node) -> bool:
        if not _removes(item):
            return False
        self.problems.append(
            Problem(
                "SPEC-REMOVE",
                "This list has no names, so nothing in it can be removed by name.",
                item.where,
                "Write the list as it should be; it replaces the one below it.",
            )
        )
        return True

    def _unnamed(self, base: tuple[Node, ...], over: tuple[Node, ...]) -> None:
        identity = identity_of(base)
        if identity is None:
            return
        for item in over:
            if item.is_mapping and _identity_value(item, identity) is None:
                self.problems.append(
                    Problem(
                        "SPEC-MERGE",
                        f"Things in this list are found by their {identity}; this one has none.",
                        item.where,
                        f"Add `{identity}:` to it.",
                    )
                )


def identity_of(items: Sequence[Node]) -> str | None:
    """The key that names the things of a list: the first of `key`, `name`, `id` all its maps have.

    None for a list without maps, or with values that are neither a map nor text.
    """
    maps = [item for item in items if item.is_mapping]
    if not maps or any(not (item.is_mapping or isinstance(item.value, str)) for item in items):
        return None
    for identity in IDENTITIES:
        if all(_identity_value(item, identity) is not None for item in maps):
            return identity
    return None


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that is most like `word`, or None when none is like it."""
    by_fold = {name.casefold(): name for name in reversed(known)}
    found = get_close_matches(word.casefold(), list(by_fold), 1)
    return by_fold[found[0]] if found else None


def nearest_hint(word: str, known: Sequence[str]) -> str:
    """“Did you mean “x”?” for the nearest known word; "" when there is none."""
    found = nearest(word, known)
    return f"Did you mean “{found}”?" if found else ""


def _identity_value(item: Node, identity: str) -> Scalar:
    found = item.get(identity)
    if found is None or isinstance(found.value, bool) or not isinstance(found.value, str | int):
        return None
    return found.value


def _name(item: Node, identity: str) -> str:
    return item.value if isinstance(item.value, str) else str(_identity_value(item, identity))


def _removes(node: Node) -> bool:
    flag = node.get(REMOVE)
    return flag is not None and flag.value is True

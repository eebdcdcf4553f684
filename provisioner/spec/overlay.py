"""Merging one tree over another: what a client's file changes in the packs it extends.

Maps merge by key. A list of named things merges by the first of `key`, `name`, `id`, `path`, `title`
that all its maps have, in the order of the base with new ones at the end; a plain text in such a list
stands for the thing of that name. Rows to seed are named by the column that `key` beside them says.
A list without names that holds "..." keeps what is below it, at that place: `choices: ["...",
Webhooks]` adds one. Any other list is replaced, and so is every list by an empty one. A map with
`remove: true` drops what it names. Each value keeps the origin it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Entry, Node, Scalar

IDENTITIES = ("key", "name", "id", "path", "title")
REMOVE = "remove"
LIKE = "like"
"""The key that names a pattern; see `provisioner.spec.patterns`."""
SEED = "seed"
_FEW = 120
MOST_HINTS = 100
MOST_PROBLEMS = 1_000
"""How many are looked for, and for how many of one sort a word that was meant: a file that is no
workspace at all is told so at once."""
REST = "..."
"""In a list without names: what the base has there."""


@dataclass(slots=True)
class Overlay:
    """Merges trees and gathers what does not fit."""

    problems: list[Problem] = field(default_factory=list)
    _liked: int = 0
    """How many of the maps being merged are like a pattern, which may have more than is seen here."""

    def merge(self, base: Node | None, over: Node) -> Node:
        """`over` on `base`. With no base, the same tree with its own lists checked."""
        if over.is_mapping:
            return self._merge_maps(base if base is not None and base.is_mapping else None, over)
        if isinstance(over.value, tuple):
            below = base.value if base is not None and isinstance(base.value, tuple) else ()
            return over.with_value(self._merge_lists(below, over.value))
        return over

    def _merge_maps(self, base: Node | None, over: Node) -> Node:
        merged = {
            entry.key: entry
            for entry in (base.entries() if base is not None else ())
            if entry.key != REMOVE or entry.value.value is not True
        }
        liked = any(one is not None and one.get(LIKE) is not None for one in (base, over))
        self._liked += liked
        for entry in over.entries():
            if entry.key == REMOVE and entry.value.value is True:
                continue  # spoken to by the list or map this one stands in
            if _removes(entry.value):
                self._check_removal(entry.key, entry.where, entry.value, list(merged))
                gone = merged.pop(entry.key, None)
                if self._liked:
                    marker = _marker(entry.value, gone.value if gone else None)
                    merged[entry.key] = Entry(entry.key, entry.where, marker)
                continue
            below = merged.get(entry.key)
            value = self._value(entry, below.value if below else None, over, base)
            merged[entry.key] = entry.with_value(value)
        self._liked -= liked
        return over.with_value(merged)

    def _value(self, entry: Entry, below: Node | None, over: Node, base: Node | None) -> Node:
        """The merged value of a key. Rows to seed are named by the column that `key` beside them says."""
        key = over.get("key") or (base.get("key") if base is not None else None)
        rows = entry.value.value
        if entry.key != SEED or key is None or not isinstance(rows, tuple):
            return self.merge(below, entry.value)
        under = below.value if below is not None and isinstance(below.value, tuple) else ()
        return entry.value.with_value(self._merge_lists(under, rows, str(key.value)))

    def _merge_lists(
        self, base: tuple[Node, ...], over: tuple[Node, ...], column: str | None = None
    ) -> tuple[Node, ...]:
        if not over:
            return ()
        if any(item.value == REST for item in over):
            return self._spread(base, over)
        identity = column if _has(column, (*base, *over)) else identity_of((*base, *over))
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
                self._check_removal(name, item.where, item, list(merged), identity)
                gone = merged.pop(name, None)
                if self._liked:
                    merged[name] = _marker(item, gone)
            elif item.is_mapping or name not in merged:
                merged[name] = self.merge(merged.get(name), item)
        return tuple(merged.values())

    def _spread(self, base: tuple[Node, ...], over: tuple[Node, ...]) -> tuple[Node, ...]:
        """A list without names, with the base's own values where "..." stands."""
        rest = [item for item in over if item.value == REST]
        others = tuple(item for item in over if item.value != REST)
        wrong = ""
        if identity_of((*base, *others)) is not None:
            wrong = "“...” is for lists without names; named things are merged by themselves."
        elif len(rest) > 1:
            wrong = "“...” is there twice."
        elif not base:
            wrong = "“...” stands for what a pack has here, and there is nothing."
        if wrong:
            self.problems.append(Problem("SPEC-MERGE", wrong, rest[-1].where, "Take “...” away."))
            return others
        own = [item.plain() for item in others]
        below = [item for item in base if item.plain() not in own]
        made: list[Node] = []
        for item in over:
            made.extend(below if item.value == REST else (item,))
        return tuple(made)

    def _check_removal(
        self, name: str, where: Where, removal: Node, known: list[str], identity: str = ""
    ) -> None:
        extra = [e for e in removal.entries() if e.key not in {REMOVE, identity, *IDENTITIES}]
        if extra:
            self.problems.append(
                Problem(
                    "SPEC-REMOVE",
                    f"“{name}” is removed, so “{extra[0].key}” has no effect.",
                    extra[0].where,
                    "Keep only the name and `remove: true`, or take `remove` away.",
                )
            )
        if name not in known and not self._liked:
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
    """The key that names the things of a list: the first of `IDENTITIES` that all its maps have.

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
    start = word[:1].casefold()
    # Among thousands only those that begin alike, and not all of them: a file may hold as many words.
    some = known if len(known) <= _FEW else [one for one in known if one[:1].casefold() == start]
    by_fold = {name.casefold(): name for name in reversed(some[:_FEW])}
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


def _has(column: str | None, rows: Sequence[Node]) -> bool:
    return column is not None and all(
        row.is_mapping and _identity_value(row, column) is not None for row in rows
    )


def _marker(removal: Node, gone: Node | None) -> Node:
    """What tells a pattern that a thing is not wanted; it keeps what was there before."""
    before = {entry.key: entry for entry in (gone.entries() if gone else ())}
    return removal.with_value({**before, **{entry.key: entry for entry in removal.entries()}})


def _name(item: Node, identity: str) -> str:
    return item.value if isinstance(item.value, str) else str(_identity_value(item, identity))


def _removes(node: Node) -> bool:
    flag = node.get(REMOVE)
    return flag is not None and flag.value is True

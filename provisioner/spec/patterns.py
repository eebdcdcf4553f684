"""Patterns: what several libraries, lists or columns have in common, written once.

```yaml
patterns:
  evidence-library:
    versioning: {major: 500, minor: 0}
    views: [{name: Needs review, columns: [LinkFilename]}]
libraries:
  - {key: payroll-evidence, like: evidence-library, title: Payroll Evidence}
```

`like` fills in what the thing does not say itself. Maps are filled key by key. A list of named
things keeps its own, in its own order, and gets the pattern's others at its end; a plain text in it
says where one of the pattern's stands, and `remove: true` leaves one out. Any other list stays as it
is. A pattern may be like another one. Patterns are merged over packs as everything else is, and read
when all is merged, so a change of a pattern reaches all that is like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.core.errors import Problem
from provisioner.core.node import Entry, Node
from provisioner.spec.compose import MAX_DEPTH, MAX_NODES
from provisioner.spec.overlay import (
    IDENTITIES,
    LIKE,
    MOST_HINTS,
    MOST_PROBLEMS,
    REMOVE,
    identity_of,
    nearest_hint,
)

PATTERNS = "patterns"
PLACES = ("columns", "libraries", "lists")
"""The top-level lists in whose entries, and in what these hold, `like` may stand."""
_MOST_NAMES = 40
_NOT_IN = frozenset({"items", "where", "checks", "formatting"})
"""Keys below which people's own words stand."""


def expand(root: Node) -> tuple[Node, list[Problem]]:
    """The merged tree with every `like` filled in, without `patterns`, and what is wrong.

    Codes: SPEC-LIKE, SPEC-TYPE, SPEC-REMOVE, SPEC-TOO-DEEP, SPEC-TOO-LARGE.
    """
    patterns = root.get(PATTERNS)
    problems: list[Problem] = []
    if patterns is not None and not patterns.is_mapping:
        message = f"`patterns` is a map of names and patterns, not {patterns.sort}."
        hint = "Write `patterns: {evidence-library: {…}}`."
        problems.append(Problem("SPEC-TYPE", message, patterns.where, hint))
    known = patterns.value if patterns is not None else {}
    filling = _Filling(known if isinstance(known, dict) else {}, problems)
    kept = {}
    for entry in root.entries():
        if entry.key in PLACES:
            kept[entry.key] = entry.with_value(filling.walk(entry.value, ()))
        elif entry.key != PATTERNS:
            kept[entry.key] = entry
    return root.with_value(kept), problems


@dataclass(slots=True)
class _Filling:
    patterns: Mapping[str, Entry]
    problems: list[Problem] = field(default_factory=list)
    _values: int = 0

    def walk(self, node: Node, stack: tuple[str, ...]) -> Node:
        """The node with every `like` in it filled in; `stack` are the patterns it comes from."""
        self._values += bool(stack)
        if self._values >= MAX_NODES:  # patterns in patterns double with each level
            if self._values == MAX_NODES:
                self._too_much(node)
            return node
        if isinstance(node.value, tuple):
            return node.with_value(tuple(self.walk(one, stack) for one in node.value))
        if not isinstance(node.value, dict):
            return node
        node, stack = self._whole(node, stack)
        return node.with_value(
            {
                one.key: one if one.key in _NOT_IN else one.with_value(self.walk(one.value, stack))
                for one in node.entries()
            }
        )

    def _whole(self, node: Node, stack: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
        like = node.get(LIKE)
        if like is None:
            return node, stack
        rest = node.with_value({one.key: one for one in node.entries() if one.key != LIKE})
        name = like.value
        if not isinstance(name, str) or name not in self.patterns or name in stack:
            self._unknown(like, stack)
            return rest, stack
        if len(stack) >= MAX_DEPTH:
            message = f"Patterns are like one another more than {MAX_DEPTH} deep."
            self.problems.append(
                Problem("SPEC-TOO-DEEP", message, like.where, "Put some of them together.")
            )
            return rest, stack
        pattern, stack = self._whole(self.patterns[name].value, (*stack, name))
        return self._filled(rest, pattern), stack

    def _too_much(self, node: Node) -> None:
        self.problems.append(
            Problem(
                "SPEC-TOO-LARGE",
                f"With its patterns filled in the file stands for more than {MAX_NODES:,} values.",
                node.where,
                "Use fewer patterns inside of patterns.",
            )
        )

    def _unknown(self, like: Node, stack: tuple[str, ...]) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            return
        names, name = list(self.patterns), like.value
        if not isinstance(name, str):
            message, hint = f"`like` names a pattern, and this is {like.sort}.", ""
        elif name in stack:
            message, hint = f"The pattern “{name}” is like itself.", ""
        else:
            message, hint = f"There is no pattern called “{name}”.", ""
            if len(self.problems) < MOST_HINTS:
                hint = nearest_hint(name, names)
        more = ", …" if len(names) > _MOST_NAMES else ""
        known = f"Patterns here: {', '.join(names[:_MOST_NAMES]) or 'none'}{more}."
        self.problems.append(Problem("SPEC-LIKE", message, like.where, f"{hint} {known}".strip()))

    def _filled(self, own: Node, pattern: Node) -> Node:
        """`own` with what `pattern` has and it lacks."""
        if own.is_mapping and pattern.is_mapping:
            made = {}
            for entry in own.entries():
                below = pattern.get(entry.key)
                if self._left_out(entry.value, entry.key, below is not None):
                    continue
                value = entry.value if below is None else self._filled(entry.value, below)
                made[entry.key] = entry.with_value(value)
            own_keys = {entry.key for entry in own.entries()}
            made |= {one.key: one for one in pattern.entries() if one.key not in own_keys}
            return own.with_value(made)
        if isinstance(own.value, tuple) and isinstance(pattern.value, tuple):
            return own.with_value(self._filled_list(own.value, pattern.value))
        return own

    def _filled_list(self, own: tuple[Node, ...], pattern: tuple[Node, ...]) -> tuple[Node, ...]:
        identity = identity_of((*own, *pattern))
        if identity is None:
            return own
        known = {_name(one, identity): one for one in pattern}
        made: list[Node] = []
        for one in own:
            name = _name(one, identity)
            below = known.pop(name, None)
            if self._left_out(one, name, below is not None):
                continue
            if below is None:
                made.append(one)
            else:
                made.append(self._filled(one, below) if one.is_mapping else below)
        return (*made, *known.values())

    def _left_out(self, one: Node, name: str, there: bool) -> bool:
        """Whether `remove: true` takes it away."""
        removed = one.get(REMOVE)
        if removed is None or removed.value is not True:
            return False
        own = {entry.key for entry in one.entries()} - {REMOVE, *IDENTITIES}
        if not there and not own:
            message = f"There is nothing called “{name}” to remove."
            self.problems.append(
                Problem("SPEC-REMOVE", message, one.where, "Take this entry away.")
            )
        return True


def _name(one: Node, identity: str) -> str:
    found = one.get(identity)
    return str(found.value if found is not None else one.value)

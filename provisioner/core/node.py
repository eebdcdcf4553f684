"""A YAML tree that remembers where each value was written, frozen so that it can be shared.

Values are scalars, tuples of nodes, or mappings of key to `Entry`. Every node has a `where` (file,
line, column) and an `origin`: the source it came from, "workspace.yaml" or
"soc2-fintech-api@1.0.0", so that an error and an explanation can both name a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.core.errors import Where

Scalar = str | int | float | bool | None
Step = str | int
"""One step into a tree: a key of a mapping or an index of a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping: its text, the place of the key itself, and the value."""

    key: str
    where: Where
    value: Node

    def with_value(self, value: Node) -> Entry:
        """The same key at the same place with another value."""
        return self if value is self.value else Entry(self.key, self.where, value)


@dataclass(frozen=True, slots=True, repr=False)
class Node:
    """A located value. Mappings keep the order in which the file wrote their keys.

    They are dicts, which nobody changes: a sort that is told apart tens of thousands of times a file.
    """

    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    where: Where
    origin: str

    def __repr__(self) -> str:
        """What it is and where; the whole tree would fill a screen."""
        own = repr(self.value) if not isinstance(self.value, (tuple, dict)) else self.sort
        return f"Node({own} at {self.where})"

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it has items."""
        return isinstance(self.value, tuple)

    @property
    def sort(self) -> str:
        """What it is, for a sentence: "a map", "a list", "text", "a number", "nothing"."""
        value = self.value
        if isinstance(value, dict):
            return "a map"
        if isinstance(value, tuple):
            return "a list"
        if isinstance(value, bool):
            return "true or false"
        if isinstance(value, str):
            return "text"
        return "nothing" if value is None else "a number"

    def plain(self) -> Any:
        """The same tree as dicts, lists and scalars, without places."""
        value = self.value
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return {key: entry.value.plain() for key, entry in value.items()}
        if isinstance(value, tuple):
            return [item.plain() for item in value]
        return value

    def get(self, key: str) -> Node | None:
        """The value of a key; None when there is none, or when this is not a mapping."""
        value = self.value
        entry = value.get(key) if isinstance(value, dict) else None
        return entry.value if entry is not None else None

    def entry(self, key: str) -> Entry | None:
        """The key with its own place; None when there is none, or when this is not a mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def entries(self) -> tuple[Entry, ...]:
        """The keys in file order; nothing when this is not a mapping."""
        return tuple(self.value.values()) if isinstance(self.value, dict) else ()

    def items(self) -> Iterator[tuple[Step, Node]]:
        """Each key or index with its value; nothing for a scalar."""
        if isinstance(self.value, tuple):
            yield from enumerate(self.value)
        elif isinstance(self.value, dict):
            for key, entry in self.value.items():
                yield key, entry.value

    def at(self, path: Sequence[Step]) -> Node:
        """The node at `path`, or the nearest one above it that exists; this one if none does.

        A step that does not fit what is there is passed over: pydantic puts the name of a union's
        member into its paths.
        """
        if not path:
            return self
        return (self._child(path[0]) or self).at(path[1:])

    def exactly(self, path: Sequence[Step]) -> Node | None:
        """The node at `path`; None when any step of it is missing."""
        if not path:
            return self
        child = self._child(path[0])
        return child.exactly(path[1:]) if child is not None else None

    def walk(self, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Node]]:
        """Every node with its path, this one first, in file order."""
        waiting = [(path, self)]
        while waiting:
            here, node = waiting.pop()
            yield here, node
            if not isinstance(node.value, str):  # most are texts, and asked for fast
                inner = [((*here, step), child) for step, child in node.items()]
                waiting += reversed(inner)

    def with_value(self, value: Scalar | tuple[Node, ...] | dict[str, Entry]) -> Node:
        """The same place and origin with another value."""
        return Node(value, self.where, self.origin)

    def values(self) -> Iterator[Node]:
        """Every node inside, this one first, in file order; `walk` without the paths."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node.value, dict):
                waiting += [entry.value for entry in reversed(node.value.values())]
            elif isinstance(node.value, tuple):
                waiting += reversed(node.value)

    def _child(self, step: Step) -> Node | None:
        if isinstance(step, str):
            return self.get(step)
        if isinstance(self.value, tuple) and 0 <= step < len(self.value):
            return self.value[step]
        return None

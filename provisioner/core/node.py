"""A YAML tree that remembers where each value was written, frozen so that it can be shared.

Values are scalars, tuples of nodes, or mappings of key to `Entry`. Every node has a `where` (file,
line, column) and an `origin`: the source it came from, "workspace.yaml" or
"soc2-fintech-api@1.0.0", so that an error and an explanation can both name a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, repr=False)
class Node:
    """A located value. Mappings keep the order in which the file wrote their keys."""

    value: Scalar | tuple[Node, ...] | Mapping[str, Entry]
    where: Where
    origin: str

    def __repr__(self) -> str:
        """What it is and where; the whole tree would fill a screen."""
        own = repr(self.value) if not isinstance(self.value, (tuple, Mapping)) else self.sort
        return f"Node({own} at {self.where})"

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        # Most values are texts, and whether one is a Mapping is dear to ask.
        return not isinstance(self.value, (str, tuple)) and isinstance(self.value, Mapping)

    @property
    def is_list(self) -> bool:
        """Whether it has items."""
        return isinstance(self.value, tuple)

    @property
    def sort(self) -> str:
        """What it is, for a sentence: "a map", "a list", "text", "a number", "nothing"."""
        value = self.value
        if isinstance(value, Mapping):
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
        if isinstance(value, Mapping):
            return {key: entry.value.plain() for key, entry in value.items()}
        if isinstance(value, tuple):
            return [item.plain() for item in value]
        return value

    def get(self, key: str) -> Node | None:
        """The value of a key; None when there is none, or when this is not a mapping."""
        entry = self.entry(key)
        return entry.value if entry else None

    def entry(self, key: str) -> Entry | None:
        """The key with its own place; None when there is none, or when this is not a mapping."""
        return self.value.get(key) if isinstance(self.value, Mapping) else None

    def entries(self) -> tuple[Entry, ...]:
        """The keys in file order; nothing when this is not a mapping."""
        return tuple(self.value.values()) if isinstance(self.value, Mapping) else ()

    def items(self) -> Iterator[tuple[Step, Node]]:
        """Each key or index with its value; nothing for a scalar."""
        if isinstance(self.value, tuple):
            yield from enumerate(self.value)
        elif isinstance(self.value, Mapping):
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

    def with_value(self, value: Scalar | tuple[Node, ...] | Mapping[str, Entry]) -> Node:
        """The same place and origin with another value."""
        return replace(self, value=value)

    def _child(self, step: Step) -> Node | None:
        if isinstance(step, str):
            return self.get(step)
        if isinstance(self.value, tuple) and 0 <= step < len(self.value):
            return self.value[step]
        return None


def path_text(path: Sequence[Step]) -> str:
    """A path as a person writes it: `libraries[0].views[2].name`; "" for the whole file."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text

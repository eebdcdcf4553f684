"""YAML events into located nodes, with YAML 1.2's words and hard limits.

Built on the parser's events and not on its composer, so that depth and alias expansion are bounded
before anything is built. Plain words follow the YAML 1.2 core schema (yaml.org/spec/1.2.2, §10.3):
only `true` and `false` are booleans; `yes`, `no`, `on`, `off` and dates stay text. A number that
starts with a zero stays text too, because it is an identifier more often than a quantity.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Entry, Node, Scalar
from provisioner.spec.syntax import character_problem, syntax_problem

MAX_DEPTH = 40
MAX_NODES = 100_000
"""Nodes of one file, counting what aliases stand for each time they are used."""

_PARSER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 40
_CORE_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"


class Halted(Exception):
    """The rest of the file cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Sized:
    """A node with how many nodes and levels it stands for, aliases counted out."""

    node: Node
    count: int
    depth: int


@dataclass(slots=True)
class Composer:
    """Reads one text. `file` is the name shown in places, `origin` the source's name."""

    text: str
    file: str
    origin: str
    problems: list[Problem] = field(default_factory=list)
    _anchors: dict[str, _Sized] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _values: int = 0

    def compose(self) -> Node | None:
        """The one document of the text; None when it is empty. Raises `Halted`."""
        events = self._events()
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise Halted(
                        Problem(
                            "SPEC-YAML",
                            "The file holds more than one document.",
                            self._where(event),
                            "Keep what is above the line `---`, and move the rest to its own file.",
                        )
                    )
                root = self._node(next(events), events, 1).node
        return root

    def _events(self) -> Iterator[Any]:
        loader = _PARSER(self.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        except yaml.MarkedYAMLError as error:
            raise Halted(syntax_problem(error, self.text, self.file)) from None
        except yaml.reader.ReaderError as error:
            raise Halted(character_problem(error.position, self.text, self.file)) from None
        finally:
            loader.dispose()

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> _Sized:
        if depth > MAX_DEPTH:
            raise Halted(self._too_deep(event))
        if isinstance(event, yaml.AliasEvent):
            known = self._alias(event, depth)
            self._count(known.count, event)
            return known
        self._count(1, event)
        anchor: str | None = event.anchor
        if anchor:
            self._open.add(anchor)
        if isinstance(event, yaml.ScalarEvent):
            made = _Sized(Node(self._scalar(event), self._where(event), self.origin), 1, 1)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._check_tag(event, "seq")
            made = self._sequence(event, events, depth)
        else:
            self._check_tag(event, "map")
            made = self._mapping(event, events, depth)
        if anchor:
            self._open.discard(anchor)
            self._anchors[anchor] = made
        return made

    def _count(self, more: int, event: Any) -> None:
        """Halts at the value that is one too many, so that no more of the file is read."""
        self._values += more
        if self._values > MAX_NODES:
            raise Halted(
                Problem(
                    "SPEC-TOO-LARGE",
                    f"The file stands for more than {MAX_NODES:,} values.",
                    self._where(event),
                    "Split it into several packs, or use fewer aliases.",
                )
            )

    def _alias(self, event: Any, depth: int) -> _Sized:
        name: str = event.anchor
        known = self._anchors.get(name)
        if known is None:
            inside = name in self._open
            raise Halted(
                Problem(
                    "SPEC-YAML",
                    f"The alias *{name} is used inside the value it stands for."
                    if inside
                    else f"The alias *{name} stands for nothing: no &{name} comes before it.",
                    self._where(event),
                    "Write the value out here.",
                )
            )
        if depth + known.depth - 1 > MAX_DEPTH:
            raise Halted(self._too_deep(event))
        return known

    def _sequence(self, start: Any, events: Iterator[Any], depth: int) -> _Sized:
        items: list[Node] = []
        count, deepest = 1, 0
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            made = self._node(event, events, depth + 1)
            items.append(made.node)
            count, deepest = count + made.count, max(deepest, made.depth)
        return _Sized(Node(tuple(items), self._where(start), self.origin), count, deepest + 1)

    def _mapping(self, start: Any, events: Iterator[Any], depth: int) -> _Sized:
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        count, deepest = 1, 0
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, where = self._key(event), self._where(event)
            made = self._node(next(events), events, depth + 1)
            count, deepest = count + made.count, max(deepest, made.depth)
            if key == _MERGE and event.implicit[0]:
                for name, entry in self._merge_source(made.node).items():
                    merged.setdefault(name, entry)
            elif key in own:
                self.problems.append(
                    Problem(
                        "SPEC-DUPLICATE-KEY",
                        f"The key “{key}” is already given at {own[key].where}.",
                        where,
                        "Keep one of the two.",
                    )
                )
            else:
                own[key] = Entry(key, where, made.node)
        value = {**{k: v for k, v in merged.items() if k not in own}, **own} if merged else own
        return _Sized(Node(value, self._where(start), self.origin), count, deepest + 1)

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or (event.value == "" and event.implicit[0]):
            raise Halted(
                Problem(
                    "SPEC-YAML",
                    "A key must be a plain word or a quoted text.",
                    self._where(event),
                    "Write `name: value`. A text that starts with { or [ needs quotes.",
                )
            )
        return str(event.value)

    def _merge_source(self, node: Node) -> dict[str, Entry]:
        sources = node.value if isinstance(node.value, tuple) else (node,)
        found: dict[str, Entry] = {}
        for source in sources:
            if not source.is_mapping:
                self.problems.append(
                    Problem(
                        "SPEC-YAML",
                        f"A merge key takes a map or a list of maps, not {source.sort}.",
                        source.where,
                        "Write `<<: *name` with the alias of a map.",
                    )
                )
            for entry in source.entries():
                found.setdefault(entry.key, entry)
        return found

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        tag: str | None = event.tag
        if tag == _CORE_TAG + "str" or (tag in {None, "!"} and not event.implicit[0]):
            return text
        if tag is not None and not (tag.startswith(_CORE_TAG) and tag[len(_CORE_TAG) :] in _PLAIN):
            self._check_tag(event, "str")
            return text
        return self._plain(text, event)

    def _plain(self, text: str, event: Any) -> Scalar:
        if text in {"", "~", "null", "Null", "NULL"}:
            return None
        if text in {"true", "True", "TRUE"}:
            return True
        if text in {"false", "False", "FALSE"}:
            return False
        number: int | float
        if _INTEGER.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
            number = int(text)
        elif _FLOAT.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
            number = float(text)
        elif _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            number = math.inf
        else:
            return text
        if math.isinf(number) or abs(number) > 2**63:
            self.problems.append(
                Problem(
                    "SPEC-NUMBER",
                    "The number is too large.",
                    self._where(event),
                    "Put it in quotes if it is meant as text.",
                )
            )
            return text
        return number

    def _check_tag(self, event: Any, own: str) -> None:
        if event.tag not in {None, "!", _CORE_TAG + own}:
            self.problems.append(
                Problem(
                    "SPEC-TAG",
                    "YAML tags such as !name are not used here.",
                    self._where(event),
                    "Remove the tag.",
                )
            )

    def _too_deep(self, event: Any) -> Problem:
        return Problem(
            "SPEC-TOO-DEEP",
            f"Values are nested more than {MAX_DEPTH} levels deep.",
            self._where(event),
            "Look for brackets that are never closed.",
        )

    def _where(self, event: Any) -> Where:
        mark = event.start_mark
        return Where(self.file, mark.line + 1, mark.column + 1)


_PLAIN = frozenset({"null", "bool", "int", "float"})

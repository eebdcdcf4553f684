"""Parameters: what packs ask for, what a workspace gives, and `{{ name }}` in texts.

A reference stands in a value that is text, never in a key, and what comes out is text too.
`{{ auditStart - 90d }}` is the day 90 days before a parameter that is a date; `+ 14d` counts on.
In the `message` of a check, `{{ Column }}` names a column of the row: a name that is no parameter
stays as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Node, Step
from provisioner.spec.overlay import MOST_HINTS, MOST_PROBLEMS, nearest, nearest_hint

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*(?:([+-])\s*([0-9]{1,4})\s*d\s*)?\}\}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CHECK_MESSAGE = ("checks", "message")
_MOST_FILLED = 16 * 1024 * 1024
"""Characters that references may become in all: a long value, named often, is a file without end."""
NOT_SUBSTITUTED = frozenset({"apiVersion", "kind", "extends", "parameters"})
"""Top-level keys that are read before parameters are known."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a pack asks for. Without a default it must be given; `choices` empty means any text.

    `type` is "text" or "date" (ISO, YYYY-MM-DD).
    """

    name: str
    description: str
    where: Where
    default: str | None = None
    choices: tuple[str, ...] = ()
    type: str = "text"


@dataclass(slots=True)
class Substitution:
    """Fills references in a tree, and remembers which names were used and what was wrong."""

    values: Mapping[str, str]
    pending: frozenset[str] = frozenset()
    """Names declared and not given: reported once, so a use of them is not reported again."""
    dates: frozenset[str] = frozenset()
    """Names declared as dates: a value that is none was reported when it was given."""
    used: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _filled: int = 0

    def fill(self, root: Node) -> Node:
        """The tree with every reference replaced."""
        kept = {
            entry.key: entry
            if entry.key in NOT_SUBSTITUTED
            else entry.with_value(self._node(entry.value, (entry.key,)))
            for entry in root.entries()
        }
        return root.with_value(kept)

    def _node(self, node: Node, path: tuple[Step, ...]) -> Node:
        value = node.value
        if isinstance(value, str):
            return node.with_value(self._text(node, value, path)) if "{{" in value else node
        if isinstance(value, tuple):
            items = (self._node(item, (*path, index)) for index, item in enumerate(value))
            return node.with_value(tuple(items))
        if isinstance(value, dict):
            return node.with_value(
                {
                    key: entry.with_value(self._node(entry.value, (*path, key)))
                    for key, entry in value.items()
                }
            )
        return node

    def _text(self, node: Node, text: str, path: tuple[Step, ...]) -> str:
        of_check = tuple(step for step in path if isinstance(step, str))[-2:] == _CHECK_MESSAGE

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            self.used.add(name)
            if name in self.values:
                if self._too_much(node, len(self.values[name])):
                    return ""
                days = int(f"{match[2]}{match[3]}") if match[3] else None
                return self.values[name] if days is None else self._shifted(node, name, days)
            known = of_check or name in self.pending
            if not known and len(self.problems) < MOST_PROBLEMS:
                self.problems.append(
                    Problem(
                        "SPEC-PARAMETER-UNKNOWN",
                        f"There is no parameter “{name}”.",
                        node.where,
                        (
                            len(self.problems) < MOST_HINTS
                            and nearest_hint(name, sorted(self.values))
                        )
                        or f"Give it under `parameters:`, as `{name}: …`.",
                    )
                )
            return match[0]

        if "{{" in _REFERENCE.sub("", text):
            self.problems.append(
                Problem(
                    "SPEC-PARAMETER-SYNTAX",
                    "The text holds {{ without a parameter's name and }} after it.",
                    node.where,
                    "Write `{{ name }}`: letters, digits and underscores only. Days are added to a "
                    "date as in `{{ auditStart + 14d }}`.",
                )
            )
        return _REFERENCE.sub(filled, text)

    def _too_much(self, node: Node, more: int) -> bool:
        """Whether so many characters more are too many, which is said once."""
        before, self._filled = self._filled, self._filled + more
        if before <= _MOST_FILLED < self._filled:
            self.problems.append(
                Problem(
                    "SPEC-TOO-LARGE",
                    f"Parameters fill in more than {_MOST_FILLED // (1024 * 1024)} MB of text.",
                    node.where,
                    "Give shorter values, or refer to them less often.",
                )
            )
        return self._filled > _MOST_FILLED

    def _shifted(self, node: Node, name: str, days: int) -> str:
        value = self.values[name]
        try:
            day = date.fromisoformat(value) if _ISO_DAY.fullmatch(value) else None
            if day is not None:
                return (day + timedelta(days=days)).isoformat()
        except ValueError:
            day = None  # no such day
        except OverflowError:
            day = date.max  # beyond the calendar
        if day is None and name in self.dates:
            return value
        self.problems.append(
            Problem(
                "SPEC-PARAMETER-DATE",
                f"Days are added to the parameter “{name}”, which gives no date that way.",
                node.where,
                f"Give `{name}` as YYYY-MM-DD, or take the days away.",
            )
        )
        return value


def resolve_parameters(
    declared: Sequence[Parameter], given: Node | None, root: Node
) -> tuple[dict[str, str], list[Problem]]:
    """The value of every parameter as text, and what is wrong with what was given.

    `given` is the `parameters` map of the workspace; `root` says where a missing one belongs.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    by_name = {parameter.name: parameter for parameter in declared}
    if given is not None and not given.is_mapping:
        message = f"`parameters` is a map of name and value, not {given.sort}."
        hint = "Write `parameters: {client: Acme}`."
        return values, [Problem("SPEC-TYPE", message, given.where, hint)]
    for entry in given.entries() if given else ():
        text = _as_text(entry.value)
        if text is None:
            message = f"The parameter “{entry.key}” is {entry.value.sort}, and must be text."
            hint = "Give one value, in quotes if it holds : or #."
            problems.append(Problem("SPEC-PARAMETER-VALUE", message, entry.value.where, hint))
            continue
        values[entry.key] = text
        wrong = _wrong_value(by_name.get(entry.key), text)
        if wrong:
            problems.append(
                Problem("SPEC-PARAMETER-VALUE", wrong[0], entry.value.where, hint=wrong[1])
            )
    named = {entry.key for entry in given.entries()} if given else set()
    for parameter in declared:
        if parameter.name in named:
            continue
        if parameter.default is not None:
            values[parameter.name] = parameter.default
        else:
            problems.append(_missing(parameter, given or root, sorted(named - set(by_name))))
    return values, problems


def unused_parameters(
    declared: Sequence[Parameter], given: Node | None, used: set[str]
) -> list[Problem]:
    """One problem for each parameter that is given, not declared by a pack and used nowhere."""
    names = [parameter.name for parameter in declared]
    return [
        Problem(
            "SPEC-PARAMETER-UNUSED",
            f"Nothing uses the parameter “{entry.key}”.",
            entry.where,
            nearest_hint(entry.key, names) or "Take it away, or refer to it as `{{ name }}`.",
        )
        for entry in (given.entries() if given else ())
        if entry.key not in names and entry.key not in used
    ]


def _missing(parameter: Parameter, at: Node, strangers: list[str]) -> Problem:
    near = nearest(parameter.name, strangers)
    misspelt = f" Is “{near}” meant for it?" if near else ""
    return Problem(
        "SPEC-PARAMETER-MISSING",
        f"The parameter “{parameter.name}” is not given. {parameter.description}".strip(),
        at.where,
        f"Add `{parameter.name}: …` under `parameters:`.{misspelt}",
    )


def _as_text(node: Node) -> str | None:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _wrong_value(parameter: Parameter | None, text: str) -> tuple[str, str] | None:
    if parameter is None:
        return None
    if parameter.choices and text not in parameter.choices:
        allowed = ", ".join(parameter.choices)
        return f"The parameter “{parameter.name}” cannot be that.", f"It is one of: {allowed}."
    if parameter.type == "date":
        try:
            good = _ISO_DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
        except ValueError:
            good = False
        if not good:
            return f"The parameter “{parameter.name}” is not a date.", "Write it as YYYY-MM-DD."
    return None

"""Conditions of the `where` language as values, and how they are read from plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Path = tuple[str | int, ...]

OPERATORS = (
    "eq", "ne", "lt", "le", "gt", "ge", "in", "notIn", "contains", "beginsWith", "empty",
)  # fmt: skip
ORDERED = frozenset({"lt", "le", "gt", "ge"})
MEMBERSHIP = frozenset({"in", "notIn"})
TEXTUAL = frozenset({"contains", "beginsWith"})
COMPARING = frozenset({"eq", "ne"}) | ORDERED
"""Operators that may also compare a column with another one: `{eq: {field: Requester}}`."""
MOST_VALUES = 60
"""With more values in CAML's In, SharePoint treats the field as not indexed and may refuse the query
(learn.microsoft.com archive, "CAML Query that contains more than 60 values for the In clause is
throttled")."""

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
_TODAY = re.compile(r"today(?:([+-])(\d{1,4})([db]))?")
_LIKE_TODAY = re.compile(r"today\s*[+-].*", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class WhereError(ValueError):
    """A condition cannot be read or said. `path` leads to the part at fault, from the condition."""

    def __init__(self, message: str, path: Path = (), hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Today:
    """The day a view is looked at or a check is run, `offset` days later (earlier if negative).

    `business`: counted in business days, which only a check can do.
    """

    offset: int = 0
    business: bool = False


@dataclass(frozen=True, slots=True)
class OtherField:
    """What stands in another column of the same row. `name` is its internal name."""

    name: str


@dataclass(frozen=True, slots=True)
class Me:
    """The person who looks at the view."""


Literal = str | int | float | bool | Today | Me
Operand = Literal | OtherField


@dataclass(frozen=True, slots=True)
class Test:
    """One field, one operator. `values` has one operand, or several literals for `in` and `notIn`."""

    __test__ = False  # the name is the language's; it is no test case

    field: str
    operator: str
    values: tuple[Operand, ...]
    path: Path = ()

    @property
    def other(self) -> str | None:
        """The column it compares with; None where it compares with a value."""
        first = self.values[0]
        return first.name if isinstance(first, OtherField) else None

    @property
    def literals(self) -> tuple[Literal, ...]:
        """The values it compares with; nothing where it compares with a column."""
        return tuple(one for one in self.values if not isinstance(one, OtherField))


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds (`any`)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold. `path` leads to it."""

    part: Condition
    path: Path = ()


Condition = Test | All | Either | Not


def parse(data: Any, path: Path = ()) -> Condition:
    """The condition that plain data (maps, lists, scalars) says. Raises `WhereError`."""
    if not isinstance(data, Mapping):
        raise WhereError(
            "A condition is a map of fields and what they must be.",
            path,
            "Write it like {Status: {ne: Closed}}.",
        )
    if not data:
        raise WhereError("The condition is empty.", path, "Say what must hold, or take it away.")
    parts = tuple(part for key, value in data.items() for part in _entry(key, value, (*path, key)))
    return parts[0] if len(parts) == 1 else All(parts)


def fields_of(condition: Condition) -> frozenset[str]:
    """Internal names of every field the condition asks about."""
    named = ({test.field, test.other or test.field} for test in tests_of(condition))
    return frozenset().union(*named)


def tests_of(condition: Condition) -> tuple[Test, ...]:
    """Every test of the condition, in the order written."""
    if isinstance(condition, Test):
        return (condition,)
    if isinstance(condition, Not):
        return tests_of(condition.part)
    return tuple(test for part in condition.parts for test in tests_of(part))


def as_day(literal: Literal) -> date | None:
    """The date an ISO text names; None for anything else."""
    if not isinstance(literal, str) or not _DAY.fullmatch(literal):
        return None
    try:
        return date.fromisoformat(literal)
    except ValueError:
        return None


def _entry(key: Any, value: Any, path: Path) -> tuple[Condition, ...]:
    if key in {"any", "all"}:
        if not isinstance(value, (list, tuple)) or not value:
            raise WhereError(f"`{key}` takes a list of conditions.", path, f"{key}: [{{…}}, {{…}}]")
        parts = tuple(parse(one, (*path, index)) for index, one in enumerate(value))
        return (Either(parts) if key == "any" else All(parts),)
    if key == "not":
        return (Not(parse(value, path), path),)
    if not isinstance(key, str) or not _FIELD.fullmatch(key):
        raise WhereError(
            f"“{key}” is not the internal name of a column.", path, "Use its `name`, not its title."
        )
    if key in OPERATORS:
        raise WhereError(
            f"The operator `{key}` belongs below a column.",
            path,
            f"Write {{Column: {{{key}: …}}}}.",
        )
    if not isinstance(value, Mapping) or not value:
        raise WhereError(
            f"“{key}” needs an operator and a value.", path, f"Write {{{key}: {{eq: …}}}}."
        )
    return tuple(_test(key, operator, one, (*path, operator)) for operator, one in value.items())


def _test(field: str, operator: Any, value: Any, path: Path) -> Test:
    if operator not in OPERATORS:
        raise WhereError(
            f"“{operator}” is not an operator.", path, f"Operators: {', '.join(OPERATORS)}."
        )
    if operator in MEMBERSHIP:
        if not isinstance(value, (list, tuple)) or not value:
            raise WhereError(f"`{operator}` takes a list of values.", path, f"{operator}: [A, B]")
        if len(value) > MOST_VALUES:
            raise WhereError(f"`{operator}` takes at most {MOST_VALUES} values.", path)
        values = tuple(_literal(one, (*path, index)) for index, one in enumerate(value))
        return Test(field, operator, values, path)
    if operator == "empty" and not isinstance(value, bool):
        raise WhereError("`empty` is true or false.", path)
    if isinstance(value, (list, tuple)):
        several = {"eq": "in", "ne": "notIn"}.get(operator)
        hint = f"Use `{several}` for several values." if several else ""
        raise WhereError(f"`{operator}` takes one value.", path, hint)
    if isinstance(value, Mapping):
        return Test(field, operator, (_other(operator, value, path),), path)
    literal = _literal(value, path)
    if operator in TEXTUAL and not isinstance(literal, str):
        raise WhereError(
            f"`{operator}` takes a text.", path, f"Put it in quotes: {operator}: '{literal}'."
        )
    if operator in ORDERED and not _is_ordered(literal):
        raise WhereError(
            f"`{operator}` takes a number or a day.",
            path,
            "Days are written 2026-03-31, today, today+14d. Text has no order here.",
        )
    return Test(field, operator, (literal,), path)


def _other(operator: str, value: Mapping[Any, Any], path: Path) -> OtherField:
    name = value.get("field")
    if len(value) != 1 or not isinstance(name, str) or not _FIELD.fullmatch(name):
        raise WhereError(
            "The value must be text, a number, a day, true or false.",
            path,
            "To compare with another column, write {field: Requester}, by its `name`.",
        )
    if operator not in COMPARING:
        raise WhereError(
            f"`{operator}` does not compare two columns.", path, "eq, ne, lt, le, gt and ge do."
        )
    return OtherField(name)


def _is_ordered(literal: Literal) -> bool:
    if isinstance(literal, str):
        return as_day(literal) is not None
    return isinstance(literal, (int, float, Today)) and not isinstance(literal, bool)


def _literal(value: Any, path: Path) -> Literal:
    if value is None or value == "":
        raise WhereError("There is no value to compare with.", path, "Ask with `empty: true`.")
    if isinstance(value, (date, Today, Me)):
        return value if isinstance(value, (Today, Me)) else value.isoformat()
    if isinstance(value, str):
        if value == "me":
            return Me()
        match = _TODAY.fullmatch(value)
        if match:
            days = int(match[2] or 0)
            return Today(-days if match[1] == "-" else days, business=match[3] == "b")
        if _LIKE_TODAY.fullmatch(value):
            raise WhereError(
                f"“{value}” is not a day.",
                path,
                "Write today, today+14d or today-3d; in checks also today-10b, in business days.",
            )
        if _DAY.fullmatch(value) and as_day(value) is None:
            raise WhereError(f"“{value}” is not a day that exists.", path)
        return value
    if isinstance(value, (bool, int, float)):
        return value
    raise WhereError("The value must be text, a number, a day, true or false.", path)

"""A condition as a Python predicate over rows, agreeing with the CAML it compiles to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from provisioner.core.where_terms import (
    All,
    Condition,
    Literal,
    Me,
    Not,
    Test,
    Today,
    as_day,
)

Row = Mapping[str, object]
"""Internal name -> value.

text, choice: str · number: int or float · boolean: bool · dates: `date`, ISO day, or a `datetime`
in the site's time zone · person: display name, or a map with `id`, `title`, `email` · lookup: text,
or a map with `id`, `title` · several values: a list of these · empty: None, "", [] or no key.
"""

_DATES = frozenset({"dateTime", "dateOnly"})
_SEVERAL = frozenset({"multichoice", "multiperson", "multilookup"})
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}T\d", re.ASCII)


def to_predicate(
    condition: Condition, field_types: Mapping[str, str] | None = None
) -> Callable[[Row, date, str], bool]:
    """A function of a row, today and me (an e-mail address, display name or user id).

    With `field_types` (as for `to_caml`) it agrees with SharePoint to the letter. Without, a text
    that is an ISO day counts as a day, and a value that is no list as a single one. The function
    raises `ValueError` for a date-time text: only the caller knows which day that is on the site.
    """
    types = field_types or {}

    def holds(row: Row, today: date, me: str) -> bool:
        return _holds(condition, row, types, today, me)

    return holds


def _holds(condition: Condition, row: Row, types: Mapping[str, str], today: date, me: str) -> bool:
    if isinstance(condition, Not):
        return not _holds(condition.part, row, types, today, me)
    if isinstance(condition, Test):
        return _test(condition, row.get(condition.field), types.get(condition.field), today, me)
    check = all if isinstance(condition, All) else any
    return check(_holds(part, row, types, today, me) for part in condition.parts)


def _test(test: Test, held: object, kind: str | None, today: date, me: str) -> bool:
    several = kind in _SEVERAL or isinstance(held, (list, tuple))
    every = held if isinstance(held, (list, tuple)) else (held,)
    values = [value for value in every if value is not None and value != ""]
    operator = test.operator
    if operator == "empty":
        return (not values) is test.values[0]
    if operator in {"ne", "notIn"}:
        return not any(_same(v, one, kind, today, me) for v in values for one in test.values)
    if operator in {"eq", "in"} or (several and operator == "contains"):
        return any(_same(v, one, kind, today, me) for v in values for one in test.values)
    if operator in {"contains", "beginsWith"}:
        return any(_holds_text(v, operator, str(test.values[0])) for v in values)
    return any(_in_order(v, operator, test.values[0], today) for v in values)


def _same(value: Any, literal: Literal, kind: str | None, today: date, me: str) -> bool:
    if isinstance(literal, Me):
        return _is_me(value, me)
    wanted = _day(literal, today)
    if wanted is not None and (kind in _DATES or (kind is None and _may_be_day(value))):
        return _row_day(value) == wanted
    return not isinstance(literal, Today) and _equal(value, literal)


def _equal(value: Any, literal: str | float | bool) -> bool:
    if isinstance(literal, bool) or isinstance(value, bool):
        return isinstance(value, bool) and value is literal
    if isinstance(literal, str):
        text = _text_of(value)
        return text is not None and _folded(text) == _folded(literal)
    if isinstance(value, Mapping):
        return value.get("id") == literal
    return isinstance(value, (int, float)) and value == literal


def _in_order(value: Any, operator: str, literal: Literal, today: date) -> bool:
    wanted = _day(literal, today)
    if wanted is not None:
        held = _row_day(value)
        return held is not None and _compare(held, operator, wanted)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return _compare(value, operator, literal)


def _compare(held: Any, operator: str, wanted: Any) -> bool:
    if operator == "lt":
        return bool(held < wanted)
    if operator == "le":
        return bool(held <= wanted)
    return bool(held > wanted) if operator == "gt" else bool(held >= wanted)


def _holds_text(value: Any, operator: str, wanted: str) -> bool:
    text = _text_of(value)
    if text is None:
        return False
    held, part = text.casefold(), wanted.casefold()
    return part in held if operator == "contains" else held.startswith(part)


def _day(literal: Literal, today: date) -> date | None:
    return today + timedelta(literal.offset) if isinstance(literal, Today) else as_day(literal)


def _may_be_day(value: Any) -> bool:
    if isinstance(value, str):
        return as_day(value) is not None or _TIMED.match(value) is not None
    return isinstance(value, date)


def _row_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _TIMED.match(value):
        msg = f"{value!r} is a moment, not a day: convert it to the site's time zone first"
        raise ValueError(msg)
    return as_day(value) if isinstance(value, str) else None


def _text_of(value: Any) -> str | None:
    if isinstance(value, Mapping):
        title = value.get("title")
        return title if isinstance(title, str) else None
    return value if isinstance(value, str) else None


def _folded(text: str) -> str:
    return text.casefold().rstrip(" ")


def _is_me(value: Any, me: str) -> bool:
    if not me:
        return False
    own = value.values() if isinstance(value, Mapping) else (value,)
    return any(str(one).casefold() == me.casefold() for one in own if one is not None)

"""A condition as a Python predicate over rows, agreeing with the CAML it compiles to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from provisioner.core.where_terms import (
    ORDERED,
    All,
    Condition,
    Literal,
    Me,
    Not,
    Test,
    Today,
    WhereError,
    as_day,
    tests_of,
)

Row = Mapping[str, object]
"""Internal name -> value.

text, choice: str · number: int or float · boolean: bool · dates: `date`, ISO day, or a `datetime`
in the site's time zone · person: display name, or a map with `id`, `title`, `email` · lookup: text,
or a map with `id`, `title` · several values: a list of these · empty: None, "", [] or no key.
"""

_DATES = frozenset({"dateTime", "dateOnly"})
_SEVERAL = frozenset({"multichoice", "multiperson", "multilookup"})
_SATURDAY = 5
_SORTS = {
    "dateTime": "day", "dateOnly": "day", "person": "person", "multiperson": "person",
    "lookup": "lookup", "multilookup": "lookup", "number": "number", "boolean": "boolean",
    "text": "text", "note": "text", "choice": "text", "multichoice": "text", "calculated": "text",
}  # fmt: skip
"""What columns of a type hold: only one sort is compared with another column of it."""
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}T\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Moment:
    """When and by whom a condition is asked."""

    today: date
    me: str
    holidays: Collection[date]

    def day(self, literal: Literal) -> date | None:
        """The day a literal names."""
        if not isinstance(literal, Today):
            return as_day(literal)
        if literal.business:
            return business_day(self.today, literal.offset, self.holidays)
        return self.today + timedelta(literal.offset)


def to_predicate(
    condition: Condition,
    field_types: Mapping[str, str] | None = None,
    *,
    holidays: Collection[date] = (),
) -> Callable[[Row, date, str], bool]:
    """A function of a row, today and me (an e-mail address, display name or user id).

    With `field_types` (as for `to_caml`) it agrees with SharePoint to the letter. Without, a text
    that is an ISO day counts as a day, and a value that is no list as a single one. `holidays` are
    no business days. The function raises `ValueError` for a date-time text: only the caller knows
    which day that is on the site.
    """
    types = field_types or {}

    def holds(row: Row, today: date, me: str) -> bool:
        return _holds(condition, row, types, _Moment(today, me, holidays))

    return holds


def business_day(today: date, offset: int, holidays: Collection[date] = ()) -> date:
    """The business day `offset` business days from today: Monday to Friday, less the holidays.

    Going back, a day off counts as the last business day before it, so that a day lies before
    `today-10b` exactly when more than ten business days have passed since.
    """
    day = today
    if offset < 0:
        while _off(day, holidays):
            day -= timedelta(1)
    step, left = timedelta(1 if offset > 0 else -1), abs(offset)
    while left:
        day += step
        left -= not _off(day, holidays)
    return day


def _off(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() >= _SATURDAY or day in holidays


def refuse_unlike(condition: Condition, field_types: Mapping[str, str]) -> None:
    """Raises `WhereError` for two columns that cannot be compared, by the types of both.

    A column whose type is not known is left to whoever reports that.
    """
    for test in tests_of(condition):
        one, other = field_types.get(test.field), field_types.get(test.other or "")
        if test.other is None or one is None or other is None:
            continue
        sort = _SORTS.get(one)
        if sort is None or sort != _SORTS.get(other):
            raise WhereError(
                f"“{test.field}” and “{test.other}” hold different sorts of values, so they are "
                "never equal.",
                test.path,
                "Compare a person with a person, a day with a day, a text with a text.",
            )
        if test.operator in ORDERED and sort not in {"day", "number"}:
            raise WhereError(
                f"“{test.field}” and “{test.other}” have no order.",
                test.path,
                "Days and numbers have; compare others with eq or ne.",
            )


def _holds(condition: Condition, row: Row, types: Mapping[str, str], moment: _Moment) -> bool:
    if isinstance(condition, Not):
        return not _holds(condition.part, row, types, moment)
    if isinstance(condition, Test):
        kind = types.get(condition.field)
        if condition.other is not None:
            return _compared(condition, row, kind or types.get(condition.other))
        return _test(condition, row.get(condition.field), kind, moment)
    check = all if isinstance(condition, All) else any
    return check(_holds(part, row, types, moment) for part in condition.parts)


def _test(test: Test, held: object, kind: str | None, moment: _Moment) -> bool:
    several = kind in _SEVERAL or isinstance(held, (list, tuple))
    values, literals = _filled(held), test.literals
    operator = test.operator
    if operator == "empty":
        return (not values) is literals[0]
    if operator in {"ne", "notIn"}:
        return not any(_same(v, one, kind, moment) for v in values for one in literals)
    if operator in {"eq", "in"} or (several and operator == "contains"):
        return any(_same(v, one, kind, moment) for v in values for one in literals)
    if operator in {"contains", "beginsWith"}:
        return any(_holds_text(v, operator, str(literals[0])) for v in values)
    return any(_in_order(v, operator, literals[0], moment) for v in values)


def _filled(held: object) -> list[Any]:
    every = held if isinstance(held, (list, tuple)) else (held,)
    return [value for value in every if value is not None and value != ""]


def _compared(test: Test, row: Row, kind: str | None) -> bool:
    """Two columns of a row. Where one is empty, only `ne` holds."""
    pairs = [
        (one, other)
        for one in _filled(row.get(test.field))
        for other in _filled(row.get(test.other or ""))
    ]
    if test.operator == "ne":
        return not any(_alike(one, other, kind) for one, other in pairs)
    if test.operator == "eq":
        return any(_alike(one, other, kind) for one, other in pairs)
    return any(_both_in_order(one, test.operator, other, kind) for one, other in pairs)


def _alike(one: Any, other: Any, kind: str | None) -> bool:
    if kind in _DATES or (kind is None and _may_be_day(one) and _may_be_day(other)):
        day = _row_day(one)
        return day is not None and day == _row_day(other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        ids = (one.get("id"), other.get("id"))
        if None not in ids:
            # Two people may have one name; the site's number for each is theirs alone.
            return str(ids[0]) == str(ids[1])
        return _same_text(_text_of(one), _text_of(other))
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        return _same_text(_text_of(one), _text_of(other))
    return _equal(one, other)


def _both_in_order(one: Any, operator: str, other: Any, kind: str | None) -> bool:
    if kind in _DATES or (kind is None and _may_be_day(one) and _may_be_day(other)):
        days = (_row_day(one), _row_day(other))
        return None not in days and _compare(days[0], operator, days[1])
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (one, other))
    return numbers and _compare(one, operator, other)


def _same(value: Any, literal: Literal, kind: str | None, moment: _Moment) -> bool:
    if isinstance(literal, Me):
        return _is_me(value, moment.me)
    wanted = moment.day(literal)
    if wanted is not None and (kind in _DATES or (kind is None and _may_be_day(value))):
        return _row_day(value) == wanted
    return not isinstance(literal, Today) and _equal(value, literal)


def _equal(value: Any, literal: str | float | bool) -> bool:
    if isinstance(literal, bool) or isinstance(value, bool):
        return isinstance(value, bool) and value is literal
    if isinstance(literal, str):
        return _same_text(_text_of(value), literal)
    if isinstance(value, Mapping):
        return value.get("id") == literal
    return isinstance(value, (int, float)) and value == literal


def _same_text(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and _folded(one) == _folded(other)


def _in_order(value: Any, operator: str, literal: Literal, moment: _Moment) -> bool:
    wanted = moment.day(literal)
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

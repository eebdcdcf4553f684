"""A condition as a `$filter` of Microsoft Graph's: a prefilter, which may leave more rows, never fewer.

Graph filters list items by one indexed column at a time ("List items",
learn.microsoft.com/graph/api/listitem-list), so the filter asks about one, and what it leaves is given
to the predicate. Whatever a service might compare in another way than we do is not asked of it: an
empty column, a text (its case and its blanks), and a person by name (microsoft-graph-docs#2351: a
lookup filtered by its text answers with every row).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from provisioner.core.where_terms import (
    ORDERED,
    All,
    Condition,
    Literal,
    Not,
    Test,
    Today,
    as_day,
    tests_of,
)

_MOST = 20
"""Values of one `in`: an address has an end."""
_AROUND = timedelta(2)
"""A day on the site begins up to 14 hours before or after that of UTC; a little more costs nothing."""
_OPPOSITE = {"ne": "eq", "notIn": "in"}
_DATES = frozenset({"dateTime", "dateOnly"})
_BY_ID = frozenset({"person", "lookup"})


def to_odata(
    condition: Condition, field_types: Mapping[str, str], indexed: Collection[str], today: date
) -> str:
    """The `$filter`, not yet encoded for an address; "" where nothing can be left out safely.

    `field_types` as for `to_caml`. `indexed`: internal names of the columns with an index; the first
    that the condition names and that leaves something out is asked about. `today` is the site's.
    """
    for test in tests_of(condition):
        kind = field_types.get(test.field, "")
        if test.field in indexed:
            said = _weakened(condition, test.field, kind, today, negated=False)
            if said is not None:
                return said
    return ""


def _weakened(
    condition: Condition, name: str, kind: str, today: date, *, negated: bool
) -> str | None:
    """What must hold of one column wherever the condition holds; None where nothing must."""
    if isinstance(condition, Test):
        return _test(condition, kind, today, negated=negated) if condition.field == name else None
    if isinstance(condition, Not):
        return _weakened(condition.part, name, kind, today, negated=not negated)
    parts = [_weakened(part, name, kind, today, negated=negated) for part in condition.parts]
    said = [part for part in parts if part is not None]
    if isinstance(condition, All) is not negated:
        return _joined("and", said) if said else None
    return _joined("or", said) if len(said) == len(parts) else None


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"


def _test(test: Test, kind: str, today: date, *, negated: bool) -> str | None:
    """A test as a comparison. What holds of an empty column, too, leaves nothing out."""
    operator = _OPPOSITE.get(test.operator, "") if negated else test.operator
    if test.other is not None or not operator or len(test.values) > _MOST:
        return None
    if operator in ORDERED:
        return _compared(test.field, kind, operator, test.literals[0], today)
    if operator not in {"eq", "in"}:
        return None
    some = [_compared(test.field, kind, "eq", value, today) for value in test.literals]
    said = [one for one in some if one is not None]
    return _joined("or", said) if len(said) == len(some) else None


def _compared(name: str, kind: str, operator: str, value: Literal, today: date) -> str | None:
    if kind in _DATES:
        return _days(name, operator, value, today)
    if isinstance(value, bool):
        return None
    if kind == "choice" and isinstance(value, str) and value.isascii():
        # A choice is one of the words of its column; what stands behind it makes no other word.
        return f"startswith(fields/{name},'{value.rstrip().replace(chr(39), chr(39) * 2)}')"
    if kind == "number" and isinstance(value, int | float):
        return f"fields/{name} {operator} {value}"
    if kind in _BY_ID and isinstance(value, int):
        return f"fields/{name}LookupId eq {value}"
    return None


def _days(name: str, operator: str, value: Literal, today: date) -> str | None:
    if isinstance(value, Today):
        day = None if value.business else today + timedelta(value.offset)
    else:
        day = as_day(value)
    if day is None:
        return None
    first, last = (f"{one.isoformat()}T00:00:00Z" for one in (day - _AROUND, day + _AROUND))
    parts = [f"fields/{name} ge '{first}'"] if operator in {"eq", "ge", "gt"} else []
    parts += [f"fields/{name} le '{last}'"] if operator in {"eq", "le", "lt"} else []
    return _joined("and", parts)

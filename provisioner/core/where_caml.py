"""A condition as CAML, the query language of SharePoint views.

CAML's And and Or are written with exactly two parts, and it has no Not (learn.microsoft.com, "Query
schema"), so negation is pushed down to the tests. Whether Neq returns empty rows, we found stated
nowhere, so every negative test says `IsNull` itself. Without IncludeTimeValue the time of day is
ignored ("Value element (Query)"); Includes and NotIncludes are for lookups of several values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from xml.sax.saxutils import escape

from provisioner.core.where_terms import (
    ORDERED,
    All,
    Condition,
    Literal,
    Me,
    Not,
    Path,
    Test,
    Today,
    WhereError,
    as_day,
)

FIELD_TYPES = frozenset(
    {
        "text", "note", "choice", "multichoice", "number", "dateTime", "dateOnly", "boolean",
        "person", "multiperson", "lookup", "multilookup", "calculated",
    }
)  # fmt: skip
"""Type words. For a calculated column, give the type of its result when it is not text."""

_TAGS = {"eq": "Eq", "lt": "Lt", "le": "Leq", "gt": "Gt", "ge": "Geq"}
_OPPOSITE = {
    "eq": "ne", "ne": "eq", "in": "notIn", "notIn": "in", "lt": "ge", "ge": "lt", "gt": "le",
    "le": "gt",
}  # fmt: skip
_DATES = frozenset({"dateTime", "dateOnly"})
_BY_ID = frozenset({"person", "multiperson", "lookup", "multilookup"})
_PERSON = frozenset({"person", "multiperson"})
_INCLUDES = frozenset({"multiperson", "multilookup"})
_SEVERAL = frozenset({"multichoice", *_INCLUDES})
_TEXTS = frozenset({"text", "note", "choice", "calculated"})
_VALUE_TYPES = {
    "text": "Text", "note": "Note", "choice": "Choice", "multichoice": "MultiChoice",
    "number": "Number", "boolean": "Boolean", "person": "User", "multiperson": "User",
    "lookup": "Lookup", "multilookup": "Lookup", "calculated": "Text",
}  # fmt: skip
_NAMES = {
    "text": "text", "note": "long text", "choice": "a choice", "multichoice": "a choice of several",
    "number": "a number", "dateTime": "a date", "dateOnly": "a date", "boolean": "yes or no",
    "person": "a person", "multiperson": "people", "lookup": "a lookup",
    "multilookup": "a lookup of several", "calculated": "a calculated text",
}  # fmt: skip
_BASIC = frozenset({"eq", "ne", "in", "notIn", "empty"})
_ALLOWED = {
    **dict.fromkeys(("text", "choice", "calculated"), _BASIC | {"contains", "beginsWith"}),
    "note": frozenset({"contains", "beginsWith", "empty"}),
    **dict.fromkeys(("person", "lookup"), _BASIC | {"contains", "beginsWith"}),
    **dict.fromkeys(("multichoice", "multiperson", "multilookup"), _BASIC | {"contains"}),
    **dict.fromkeys(("number", "dateTime", "dateOnly"), _BASIC | ORDERED),
    "boolean": frozenset({"eq", "ne", "empty"}),
}


def to_caml(condition: Condition, field_types: Mapping[str, str]) -> str:
    """What goes inside `<Where>`.

    `field_types`: internal name -> one of `FIELD_TYPES`. Raises `WhereError` for a field that is
    not there and for what CAML cannot say.
    """
    return _render(condition, field_types, negated=False)


def _render(condition: Condition, types: Mapping[str, str], *, negated: bool) -> str:
    if isinstance(condition, Not):
        return _render(condition.part, types, negated=not negated)
    if isinstance(condition, Test):
        return _test(condition, types, negated=negated)
    parts = [_render(part, types, negated=negated) for part in condition.parts]
    return _join("And" if isinstance(condition, All) is not negated else "Or", parts)


def _join(tag: str, parts: Sequence[str]) -> str:
    """Parts in pairs, as a balanced tree: SharePoint refuses queries that are nested too deeply."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"<{tag}>{_join(tag, parts[:half])}{_join(tag, parts[half:])}</{tag}>"


def _test(test: Test, types: Mapping[str, str], *, negated: bool) -> str:
    kind = _kind(test, types)
    operator = test.operator
    if test.other is not None:
        raise WhereError(
            f"CAML cannot compare two columns (“{test.field}” and “{test.other}”).",
            test.path,
            "Only checks can. For a view, make a calculated column of it and ask about that.",
        )
    if operator not in _ALLOWED[kind]:
        allowed = ", ".join(sorted(_ALLOWED[kind]))
        raise WhereError(
            f"`{operator}` cannot be asked of “{test.field}”, which is {_NAMES[kind]}.",
            test.path,
            f"It can be asked: {allowed}.",
        )
    if operator == "empty":
        return _empty(test.field, yes=(test.values[0] is True) is not negated)
    if operator in {"contains", "beginsWith"} and kind not in _SEVERAL:
        if negated:
            raise WhereError(
                f"CAML cannot say that a text does not hold something (`not` and `{operator}`).",
                test.path,
                "Ask with `notIn`, or turn the condition round.",
            )
        tag = "Contains" if operator == "contains" else "BeginsWith"
        return _compare(tag, test, kind, test.literals[0])
    if operator == "contains":
        operator = "eq"
    if negated:
        operator = _OPPOSITE[operator]
    said = _POSITIVE.get(operator, _comparison)(test, kind, operator)
    takes_empty = operator in {"ne", "notIn"} or (negated and operator in ORDERED)
    return _join("Or", [_empty(test.field, yes=True), said]) if takes_empty else said


def _kind(test: Test, types: Mapping[str, str]) -> str:
    kind = types.get(test.field)
    if kind is None:
        near = get_close_matches(test.field, list(types), 1)
        hint = f"Did you mean “{near[0]}”?" if near else "Use the column's `name`."
        raise WhereError(f"There is no column “{test.field}” here.", test.path[:-1], hint)
    if kind not in FIELD_TYPES:
        raise WhereError(f"The column “{test.field}” cannot be asked about.", test.path[:-1])
    return kind


def _none_of(test: Test, kind: str, _operator: str) -> str:
    tag = "NotIncludes" if kind in _INCLUDES else "Neq"
    return _join("And", [_compare(tag, test, kind, value) for value in test.literals])


def _one_of(test: Test, kind: str, _operator: str) -> str:
    if len(test.values) > 1 and kind in {"text", "choice", "number", "calculated"}:
        values = "".join(_value(test, kind, value)[1] for value in test.literals)
        return f"<In>{_field(test.field)}<Values>{values}</Values></In>"
    tag = "Includes" if kind in _INCLUDES else "Eq"
    return _join("Or", [_compare(tag, test, kind, value) for value in test.literals])


def _comparison(test: Test, kind: str, operator: str) -> str:
    return _compare(_TAGS[operator], test, kind, test.literals[0])


_POSITIVE: Mapping[str, Callable[[Test, str, str], str]] = {
    "eq": _one_of,
    "in": _one_of,
    "ne": _none_of,
    "notIn": _none_of,
}


def _compare(tag: str, test: Test, kind: str, literal: Literal) -> str:
    by_id, value = _value(test, kind, literal)
    return f"<{tag}>{_field(test.field, by_id=by_id)}{value}</{tag}>"


def _value(test: Test, kind: str, literal: Literal) -> tuple[bool, str]:
    """Whether it is compared by id, and the Value element."""
    if kind in _DATES:
        return False, f'<Value Type="DateTime">{_day(test, literal)}</Value>'
    if isinstance(literal, Today):
        raise _wrong(test, kind, "`today` is a day")
    if isinstance(literal, Me):
        if kind not in _PERSON:
            raise _wrong(test, kind, "`me` is a person")
        return True, '<Value Type="Integer"><UserID/></Value>'
    if isinstance(literal, bool) or kind == "boolean":
        return False, f'<Value Type="Boolean">{_truth(test, kind, literal)}</Value>'
    if isinstance(literal, str):
        return False, f'<Value Type="{_VALUE_TYPES[kind]}">{_text(test, kind, literal)}</Value>'
    return _number(test, kind, literal)


def _truth(test: Test, kind: str, literal: Literal) -> int:
    if kind != "boolean":
        raise _wrong(test, kind, "The value is true or false")
    if not isinstance(literal, bool):
        raise _wrong(test, kind, "The value is neither true nor false")
    return int(literal)


def _number(test: Test, kind: str, literal: float) -> tuple[bool, str]:
    if kind == "number" and math.isfinite(literal):
        return False, f'<Value Type="Number">{literal}</Value>'
    if kind in _BY_ID and isinstance(literal, int):
        return True, f'<Value Type="Integer">{literal}</Value>'
    raise _wrong(test, kind, "The value is a number", "Put it in quotes if it is text.")


def _text(test: Test, kind: str, literal: str) -> str:
    if kind not in _TEXTS | _SEVERAL | _BY_ID:
        raise _wrong(test, kind, "The value is text")
    if kind in _PERSON and "@" in literal:
        raise _wrong(
            test,
            kind,
            "SharePoint does not compare people by e-mail",
            "Use the display name or `me`.",
        )
    return escape(literal)


def _day(test: Test, literal: Literal) -> str:
    if isinstance(literal, Today):
        if literal.business:
            raise WhereError(
                "CAML does not know business days.",
                test.path,
                "Only checks do. For a view, write calendar days: today-14d.",
            )
        return f'<Today OffsetDays="{literal.offset}"/>' if literal.offset else "<Today/>"
    day = as_day(literal)
    if day is None:
        raise _wrong(
            test, "dateOnly", "The value is not a day", "Write 2026-03-31, today or today+14d."
        )
    return f"{day.isoformat()}T00:00:00Z"


def _field(name: str, *, by_id: bool = False) -> str:
    return f'<FieldRef Name="{name}" LookupId="TRUE"/>' if by_id else f'<FieldRef Name="{name}"/>'


def _empty(name: str, *, yes: bool) -> str:
    tag = "IsNull" if yes else "IsNotNull"
    return f"<{tag}>{_field(name)}</{tag}>"


def _wrong(test: Test, kind: str, reason: str, hint: str = "") -> WhereError:
    path: Path = test.path
    return WhereError(f"{reason}, and “{test.field}” is {_NAMES[kind]}.", path, hint)

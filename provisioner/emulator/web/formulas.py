"""Calculated columns, worked out for the reader.

The functions here are those of "Examples of common formulas in lists" (support.microsoft.com) that
combine columns of one item. A formula that uses anything else shows as not worked out, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<number>\d+(?:\.\d+)?)|\[(?P<column>[^\]]+)\]'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|<=|>=|[-+*/&=<>(),]))"
)
_PICTURE = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dd|d", re.IGNORECASE)
_STRENGTH = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
}


class _NotWorkedOut(Exception):
    """The formula says something not built here."""


def calculate(field: Field, opened: OpenList, values: Mapping[str, Any]) -> Any:
    """The value of a calculated column: text, a number, yes or no, or None.

    None stands for an empty result and for a formula that is not worked out here; `works` tells
    them apart.
    """
    try:
        return _Reader(field, opened, values).result()
    except (_NotWorkedOut, ValueError, TypeError, ZeroDivisionError):
        return None


def works(field: Field, opened: OpenList) -> bool:
    """Whether the formula is one that can be worked out here."""
    try:
        _Reader(field, opened, {}).result()
    except _NotWorkedOut:
        return False
    except (ValueError, TypeError, ZeroDivisionError):
        return True
    return True


class _Reader:
    """Reads one formula from left to right, and works it out on the way."""

    def __init__(self, field: Field, opened: OpenList, values: Mapping[str, Any]) -> None:
        self._tokens = _tokens(str(field.doc.get("Formula") or ""))
        self._at = 0
        self._opened, self._values = opened, values

    def result(self) -> Any:
        found = self._expression(0)
        if self._at < len(self._tokens):
            raise _NotWorkedOut
        if isinstance(found, float) and found.is_integer():
            return int(found)
        return None if found == "" else found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, sign: str) -> None:
        if self._peek() != ("sign", sign):
            raise _NotWorkedOut
        self._at += 1

    def _expression(self, strength: int) -> Any:
        left = self._operand()
        while True:
            kind, sign = self._peek()
            if kind != "sign" or _STRENGTH.get(sign, 0) <= strength:
                return left
            self._at += 1
            left = _OPERATORS[sign](left, self._expression(_STRENGTH[sign]))

    def _operand(self) -> Any:
        kind, word = self._peek()
        self._at += 1
        if kind == "text":
            return word[1:-1].replace('""', '"')
        if kind == "number":
            return float(word)
        if kind == "column" or (kind == "word" and self._peek() != ("sign", "(")):
            return self._column(word)
        if kind == "word":
            return self._call(word.upper())
        if (kind, word) == ("sign", "-"):
            return -_number(self._operand())
        if (kind, word) == ("sign", "("):
            found = self._expression(0)
            self._take(")")
            return found
        raise _NotWorkedOut

    def _column(self, title: str) -> Any:
        if title.upper() in ("TRUE", "FALSE"):
            return title.upper() == "TRUE"
        for name, field in self._opened.columns.items():
            if title.lower() not in (field.title.lower(), name.lower()):
                continue
            value = self._values.get(name)
            if value is not None and field.type == "DateTime":
                return datetime.fromisoformat(value).astimezone(self._opened.zone)
            if isinstance(value, list | dict):
                raise _NotWorkedOut
            return value
        raise _NotWorkedOut

    def _call(self, name: str) -> Any:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise _NotWorkedOut
        self._take("(")
        given: list[Any] = []
        while self._peek() != ("sign", ")"):
            if given:
                self._take(",")
            given.append(self._expression(0))
        self._take(")")
        return function(given)


def _tokens(formula: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, source = 0, formula.strip().removeprefix("=").rstrip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _NotWorkedOut
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


def _number(value: Any) -> float:
    if value is None or value == "":
        return 0.0  # an empty cell counts as nothing
    if isinstance(value, str | datetime):
        raise TypeError
    return float(value)


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        raise _NotWorkedOut  # SharePoint writes the serial number of the day
    return "" if value is None else str(value)


def _equal(left: Any, right: Any) -> bool:
    empty = (None, "")
    if left in empty or right in empty:
        return left in empty and right in empty
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return bool(left == right)


def _text(given: list[Any]) -> str:
    value, picture = given
    if value in (None, ""):
        return ""
    if not isinstance(value, datetime):
        raise _NotWorkedOut
    if re.search(r"[hs0#]", picture, re.IGNORECASE):
        raise _NotWorkedOut
    forms = {"yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m", "dd": "%d"}

    def part(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in forms:
            return value.strftime(forms[word])
        return str(value.day if word == "d" else value.month)

    return _PICTURE.sub(part, picture)


def _if(given: list[Any]) -> Any:
    return given[1] if given[0] else given[2] if len(given) > 2 else False


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": _equal,
    "<>": lambda left, right: not _equal(left, right),
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
    "&": lambda left, right: _string(left) + _string(right),
    "+": lambda left, right: _number(left) + _number(right),
    "-": lambda left, right: _number(left) - _number(right),
    "*": lambda left, right: _number(left) * _number(right),
    "/": lambda left, right: _number(left) / _number(right),
}
_FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "IF": _if,
    "AND": all,
    "OR": any,
    "NOT": lambda given: not given[0],
    "ISBLANK": lambda given: given[0] in (None, ""),
    "TEXT": _text,
    "CONCATENATE": lambda given: "".join(map(_string, given)),
    "SUM": lambda given: sum(map(_number, given)),
    "MAX": lambda given: max(map(_number, given)),
    "MIN": lambda given: min(map(_number, given)),
}

"""Default values of columns as SharePoint writes them in a library's file, by type of column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_TODAY = "[today]"
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?")


@dataclass(frozen=True, slots=True)
class TextOf:
    """How one type of column is written.

    `written`: the file's value as text; raises `ValueError` with a sentence. `same`: a text of
    SharePoint's in that form. `said`: such a text as a value of the file.
    """

    written: Callable[[Any], str]
    same: Callable[[str], str]
    said: Callable[[str], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f'Write a text in quotes, such as "{value}".')  # noqa: TRY004 - as the others
    return value


def _yes(value: Any) -> str:
    if not isinstance(value, bool):
        raise ValueError("Write true or false.")  # noqa: TRY004 - as the others
    return "1" if value else "0"


def _same_yes(text: str) -> str:
    return {"true": "1", "false": "0"}.get(text.strip().lower(), text)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Write a number.")  # noqa: TRY004 - as the others
    return _plain(float(value))


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _same_number(text: str) -> str:
    try:
        return _plain(float(text))
    except ValueError:
        return text


def _said_number(text: str) -> Any:
    number = float(text)
    return int(number) if number.is_integer() else number


def _date(value: Any) -> str:
    if value == "today":
        return _TODAY
    found = _DATE.fullmatch(str(value))
    if found is None:
        raise ValueError("Write a day such as 2026-03-31, or today.")
    day = date.fromisoformat(found[1])  # says itself what is wrong with 2026-02-30
    return f"{day.isoformat()}T00:00:00Z"


def _same_date(text: str) -> str:
    if text.strip().lower() == _TODAY:
        return _TODAY
    found = _DATE.fullmatch(text.strip())
    return f"{found[1]}T00:00:00Z" if found else text


def _said_date(text: str) -> str:
    return "today" if text == _TODAY else text[:10]


def _whole(text: str) -> str:
    return text


_PLAIN_TEXT = TextOf(_text, _whole, _whole)
_DAY = TextOf(_date, _same_date, _said_date)
TYPES: Mapping[str, TextOf] = {
    "text": _PLAIN_TEXT,
    "note": _PLAIN_TEXT,
    "choice": _PLAIN_TEXT,
    "number": TextOf(_number, _same_number, _said_number),
    "boolean": TextOf(_yes, _same_yes, lambda text: text == "1"),
    "dateOnly": _DAY,
    "dateTime": _DAY,
}
"""By the word of the `where` language. What SharePoint writes for several choices, people, terms and
links at once is not documented well enough to write it."""


def text_of(value: Any, word: str) -> str:
    """A value of the file as SharePoint writes it; "" for none.

    Raises:
        ValueError: with a sentence, where a column of this type takes no such value, or none at all.
    """
    if value is None:
        return ""
    one = TYPES.get(word)
    if one is None:
        raise ValueError("Only text, choice, number, yes/no and date columns can have one.")
    return one.written(value)


def canonical(text: str, word: str) -> str:
    """A text of SharePoint's in one form."""
    one = TYPES.get(word)
    return one.same(text) if one is not None else text

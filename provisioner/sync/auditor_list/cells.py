"""What stands in a cell of a request list, as a value of ours: days, words of a choice, criteria.

A day that two people would read differently is refused, not guessed. Texts come from somebody else,
so one that a spreadsheet would take for a formula is given an apostrophe in front.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from provisioner.sync import columns
from provisioner.sync.auditor_list.table import Cell

DayOrder = Literal["", "day-first", "month-first"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_PLAIN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})[ .,-]+(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})[ .-]+(\d{1,2})(?:st|nd|rd|th)?[ .,-]+(\d{4})")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[ ,.]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BULLET = re.compile(r"[-+] [^|!(=@]*", re.DOTALL)
_CRITERION = re.compile(r"\b(CC|PI|A|C|P)\s?(\d{1,2}\.\d{1,2})\b", re.IGNORECASE)

_PRIORITIES = {
    "High": ("high", "h", "1", "urgent", "critical", "p1"),
    "Normal": ("normal", "medium", "med", "m", "moderate", "2", "p2"),
    "Low": ("low", "l", "3", "p3"),
}
_STATUSES = {
    "Not ready": ("not ready", "open", "new", "requested", "pending", "outstanding", "not started",
                  "not received", "in progress"),
    "Ready": ("ready", "received", "submitted", "provided", "ready for review", "in review",
              "under review"),
    "Flagged": ("flagged", "returned", "rejected", "follow up", "needs revision", "incomplete",
                "sent back", "reopened", "question"),
    "Accepted": ("accepted", "approved", "complete", "completed", "closed", "done", "satisfied"),
    "N/A": ("n a", "na", "not applicable", "withdrawn", "cancelled", "canceled"),
}  # fmt: skip
_YES, _NO = {"yes", "y", "true", "x", "1", "required"}, {"no", "n", "false", "0"}


_NOT_YET = {"-", "\u2013", "\u2014", "n/a", "na", "none", "tba", "tbc", "tbd", "to be agreed",
            "to be confirmed", "to be determined"}  # fmt: skip
# Days of 1982 to 2064, as Excel counts them from the end of 1899.
_EPOCH, _SERIALS = date(1899, 12, 30), range(30_000, 60_001)


class UnreadableCell(ValueError):
    """A cell that says something we cannot take, in words for the person who has the list."""


def day(cell: Cell, order: DayOrder) -> date:
    """A day. Raises `UnreadableCell` for one that is none, or may be two."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float):
        meant = _EPOCH + timedelta(days=int(cell)) if cell in _SERIALS else None
        hint = f"; were its column shown as a date, it would be {meant}" if meant else ""
        raise UnreadableCell(f"{cell:g} is a number and no date{hint}")
    text = _WEEKDAY.sub("", " ".join(cell.casefold().split()), count=1)
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DOTS.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _DAY_MONTH.fullmatch(text):
            return date(int(match[3]), _month(match[2]), int(match[1]))
        if match := _MONTH_DAY.fullmatch(text):
            return date(int(match[3]), _month(match[1]), int(match[2]))
        if match := _PLAIN.fullmatch(text):
            return _in_order(int(match[1]), int(match[2]), int(match[3]), order, cell)
    except UnreadableCell:
        raise
    except ValueError:
        read = f", read {order}" if order and _PLAIN.fullmatch(text) else ""
        raise UnreadableCell(f'"{cell}" is no day of the calendar{read}') from None
    raise UnreadableCell(f'"{cell}" is no date with a year of four digits')


def _month(word: str) -> int:
    wanted = word[:3] if word[:4] == "sept" else word
    found = [at for at, name in enumerate(_MONTHS, 1) if name == word or name[:3] == wanted]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def _in_order(first: int, second: int, year: int, order: DayOrder, cell: str) -> date:
    if order == "day-first":
        return date(year, second, first)
    if order == "month-first":
        return date(year, first, second)
    if first == second or first > 12:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    raise UnreadableCell(
        f'"{cell}" may be {date(year, second, first)} or {date(year, first, second)}; '
        "say which with --dates day-first or --dates month-first"
    )


def not_yet(cell: Cell) -> bool:
    """Whether a cell for a day says that there is none yet, as "TBD" does."""
    return isinstance(cell, str) and " ".join(cell.casefold().split()) in _NOT_YET


def words(cell: Cell) -> str:
    """A text as it is stored: one sort of line end, and nothing a spreadsheet would calculate."""
    if isinstance(cell, float):
        cell = f"{cell:.0f}" if cell.is_integer() else repr(cell)
    text = columns.lines(cell.isoformat() if isinstance(cell, date) else cell)
    if "\0" in text or any(ord(one) < 32 and one not in "\n\t" for one in text):
        raise UnreadableCell("it holds characters that are no text")
    if text.startswith(_FORMULA) and not _BULLET.fullmatch(text):
        return f"'{text}"
    return text


def reference(cell: Cell) -> str:
    """The auditor's reference on one line. Raises `UnreadableCell` for a formula."""
    text = " ".join(words(cell).split())
    if text.startswith("'"):
        raise UnreadableCell(f"{text[1:]} is a formula and no reference")
    return text


def priority(cell: Cell) -> str:
    """High, Normal or Low. Raises `UnreadableCell`."""
    return _choice(cell, _PRIORITIES, "priority")


def status(cell: Cell) -> str:
    """What the requester says of it. Raises `UnreadableCell`."""
    return _choice(cell, _STATUSES, "status")


def yes_or_no(cell: Cell) -> bool:
    """Yes or no. Raises `UnreadableCell`."""
    said = words(cell).casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise UnreadableCell(f'"{said}" is neither yes nor no')


def criteria(cell: Cell, known: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The criteria a text names that the list knows, and what is left of it."""
    text = words(cell)
    by_plain = {one.casefold(): one for one in known}
    found, left = [], text
    for match in _CRITERION.finditer(text):
        name = by_plain.get(f"{match[1]}{match[2]}".casefold())
        if name is not None:
            found.append(name)
            left = left.replace(match[0], " ", 1)
    return tuple(sorted(dict.fromkeys(found))), " ".join(re.sub(r"[\s,;/&.]+", " ", left).split())


def _choice(cell: Cell, choices: dict[str, tuple[str, ...]], what: str) -> str:
    said = " ".join(re.sub(r"[^\w]+", " ", words(cell).casefold()).split())
    for choice, meant in choices.items():
        if said in meant:
            return choice
    raise UnreadableCell(f'"{words(cell)}" is no {what} we know')

"""Requests as an auditor's list states them, row by row, and the rows nobody can read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from provisioner.sync.auditor_list import cells
from provisioner.sync.auditor_list.cells import DayOrder, UnreadableCell
from provisioner.sync.auditor_list.headings import DISPLAYED, REFERENCE, TEXT, TITLE, Headings
from provisioner.sync.auditor_list.table import Cell, Row, Table
from provisioner.sync.columns import Value

LONGEST = MappingProxyType({REFERENCE: 32, TITLE: 255})
"""Characters a column takes; columns of several lines take `_LONGEST_NOTE`."""
_LONGEST_NOTE = 63_000
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `values` are columns that say something, by internal name; `notes` what was left out.

    `title` is for a new row, where the list has no titles: the first words of the request.
    """

    line: int
    reference: str
    title: str
    values: Mapping[str, Value]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that is not taken, and why, in words."""

    line: int
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a list says: its requests, rows nobody can read, and headings between them by line."""

    asked: tuple[Asked, ...]
    unread: tuple[Unread, ...]
    passed: Mapping[int, str]


def requests_in(
    table: Table,
    headings: Headings,
    *,
    prefix: str = "",
    order: DayOrder = "",
    criteria: Collection[str] = (),
) -> Read:
    """The requests below the headings, and what cannot be read.

    `prefix` goes before each reference; `criteria` are those the list knows. A row of one cell that
    does not stand where requests do is a heading between them.
    """
    readers = _readers(order, criteria)
    asked: list[Asked] = []
    unread: list[Unread] = []
    passed: dict[int, str] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        told = {column: _at(row, place) for column, place in headings.places.items()}
        again = told == headings.titles  # lists of several pages repeat them
        if row.line <= headings.line or again:
            continue
        if row.filled == 1 and not told.get(TEXT) and not told.get(TITLE):
            passed[row.line] = str(next(filter(None, row.cells)))
            continue
        found = _request(row.line, told, readers, prefix)
        if isinstance(found, Asked) and (key := found.reference.casefold()) in lines:
            why = f"the reference stands on line {lines[key]} already"
            found = Unread(row.line, found.reference, why)
        if isinstance(found, Asked):
            lines[found.reference.casefold()] = row.line
            asked.append(found)
        else:
            unread.append(found)
    return Read(tuple(asked), tuple(unread), passed)


_Reader = Callable[[Cell], Value]


def _readers(order: DayOrder, criteria: Collection[str]) -> Mapping[str, _Reader]:
    in_order = partial(cells.day, order=order)
    return {
        "RequestedOn": in_order,
        "DueOn": in_order,
        "Priority": cells.priority,
        "RequesterStatus": cells.status,
        "PopulationNeeded": cells.yes_or_no,
        "TrustServicesCriteria": lambda cell: cells.criteria(cell, criteria)[0],
    }


def _request(
    line: int, told: Mapping[str, Cell], readers: Mapping[str, _Reader], prefix: str
) -> Asked | Unread:
    wrong: list[str] = []
    values: dict[str, Value] = {}
    for column, cell in told.items():
        if cell == "" or column == REFERENCE:
            continue
        try:
            values[column] = _fitting(column, readers.get(column, cells.words)(cell))
        except UnreadableCell as error:
            wrong.append(f"{DISPLAYED[column]}: {error}")
    reference = ""
    try:
        reference = str(_fitting(REFERENCE, f"{prefix}{cells.reference(told[REFERENCE])}"))
    except UnreadableCell as error:
        wrong.append(f"{DISPLAYED[REFERENCE]}: {error}")
    if told[REFERENCE] == "":
        wrong = ["it has no reference"]
    if not values.get(TITLE) and not values.get(TEXT):
        wrong.append("it does not say what is asked for")
    if wrong:
        return Unread(line, reference, "; ".join(wrong))
    return Asked(
        line, reference, _title(values), _without_empty(values), tuple(_left(told, values))
    )


def _left(told: Mapping[str, Cell], values: Mapping[str, Value]) -> Iterable[str]:
    """What of the criteria is none that we know."""
    named = values.get("TrustServicesCriteria")
    if isinstance(named, tuple):
        left = cells.criteria(told["TrustServicesCriteria"], named)[1]
        if left:
            yield f'"{left}" is no criterion of the list'


def _fitting(column: str, value: Value) -> Value:
    longest = LONGEST.get(column, _LONGEST_NOTE)
    if isinstance(value, str) and len(value) > longest:
        raise UnreadableCell(f"it is longer than the {longest} characters the column takes")
    return value


def _title(values: Mapping[str, Value]) -> str:
    title = " ".join(str(values.get(TITLE) or values.get(TEXT)).split())
    if values.get(TITLE) or len(title) <= _SHOWN:
        return title
    return f"{title[:_SHOWN].rsplit(' ', 1)[0]} …"


def _without_empty(values: Mapping[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType({name: one for name, one in values.items() if one not in ("", ())})


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else ""

"""Requests as an auditor's list states them, row by row, and the rows nobody can read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from provisioner.sync.auditor_list import cells
from provisioner.sync.auditor_list.cells import DayOrder, UnreadableCell
from provisioner.sync.auditor_list.headings import DISPLAYED, REFERENCE, TEXT, TITLE, Headings
from provisioner.sync.auditor_list.table import NO_RESULT, Cell, Table
from provisioner.sync.columns import Value

LONGEST = MappingProxyType({REFERENCE: 32, TITLE: 255})
"""Characters a column takes; columns of several lines take `_LONGEST_NOTE`."""
_LONGEST_NOTE = 63_000
_SHOWN = 120
_DAYS = ("RequestedOn", "DueOn")
_NO_RESULT = "a formula whose result is not in the file; open it in Excel and save it again"


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
        told = {column: row.at(place) for column, place in headings.places.items()}
        again = told == headings.titles  # lists of several pages repeat them
        if row.line <= headings.line or again:
            continue
        if row.filled == 1 and not told.get(TEXT) and not told.get(TITLE):
            passed[row.line] = str(next(filter(None, row.cells))).replace(NO_RESULT, "a formula")
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


def within(read: Read, columns: Collection[str]) -> Read:
    """The same without what the tracker of this site has no column for; each request says so."""
    return replace(read, asked=tuple(_within(one, columns) for one in read.asked))


def _within(asked: Asked, columns: Collection[str]) -> Asked:
    missing = [name for name in asked.values if name not in columns]
    return replace(
        asked,
        values=MappingProxyType({k: v for k, v in asked.values.items() if k in columns}),
        notes=(*asked.notes, *(f"the tracker has no column {DISPLAYED[one]}" for one in missing)),
    )


_Reader = Callable[[Cell], Value]


def _readers(order: DayOrder, criteria: Collection[str]) -> Mapping[str, _Reader]:
    in_order = partial(cells.day, order=order)
    return {
        **dict.fromkeys(_DAYS, in_order),
        "Priority": cells.priority,
        "RequesterStatus": cells.status,
        "PopulationNeeded": cells.yes_or_no,
        "TrustServicesCriteria": lambda cell: cells.criteria(cell, criteria)[0],
    }


def _request(
    line: int, told: Mapping[str, Cell], readers: Mapping[str, _Reader], prefix: str
) -> Asked | Unread:
    wrong = [f"{DISPLAYED[one]}: {_NO_RESULT}" for one in told if told[one] == NO_RESULT]
    if wrong:
        return Unread(line, "", "; ".join(wrong))
    values: dict[str, Value] = {}
    for column, cell in told.items():
        if cell == "" or column == REFERENCE or (column in _DAYS and cells.not_yet(cell)):
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
    """What is not taken: days that are none yet, and criteria that we do not know."""
    for column in _DAYS:
        if cells.not_yet(cell := told.get(column, "")):
            yield f'{DISPLAYED[column]}: "{cell}" is no day yet and is left out'
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

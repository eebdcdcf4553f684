"""Whose a value is that stands in a column after its change: the service's, or somebody's. Pure.

Whether SharePoint moves a row's Modified when its column changes type is not documented, so values
are compared first, and Modified tells only what they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from provisioner.engine.column_conversion import YES_NO, numeral
from provisioner.engine.column_copy import Kept
from provisioner.engine.column_values import ColumnValues

_PARTS = re.compile(r"(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})(\D.*)?")
_YES = frozenset({*(yes.casefold() for yes, _ in YES_NO), "-1"})
_NO = frozenset(no.casefold() for _, no in YES_NO)


def others(
    wrong: Iterable[int], kept: Kept, found: ColumnValues, *, resumed: bool
) -> frozenset[int]:
    """Which of the rows that do not hold what they must were written by somebody meanwhile.

    A column that is new in the list was empty: what it holds is somebody's. One that changed in
    place holds what the service made of the values, until somebody writes; it is only looked at
    again where a run was cut off (`resumed`).
    """
    if kept.how != "in place":
        return frozenset(item for item in wrong if _written(item, kept, found))
    if not resumed:
        return frozenset()
    moved = {item for item in kept.values.cells if _moved(item, kept, found)}
    telling = len(moved) < len(kept.values.cells)  # Modified of some row did not move by itself
    return frozenset(
        item for item in wrong if _changed(item, kept, found, moved=item in moved, telling=telling)
    )


def _moved(item: int, kept: Kept, found: ColumnValues) -> bool:
    return found.modified.get(item) != kept.values.modified.get(item)


def _written(item: int, kept: Kept, found: ColumnValues) -> bool:
    now = found.cells.get(item)
    if now is False:  # what a new column of yes and no says of a row that nobody touched
        stored = kept.after is not None and kept.after.get(item) is False
        return not stored and _moved(item, kept, found)
    return now is not None


def _changed(item: int, kept: Kept, found: ColumnValues, *, moved: bool, telling: bool) -> bool:
    now = found.cells.get(item)
    if kept.after is not None:
        return bool(now != kept.after.get(item))
    if alike(kept.values.cells[item], now):
        return False
    if now is None:  # lost on the way, or emptied; a value too many is better than one too few
        return moved and telling
    return moved


def alike(before: Any, now: Any) -> bool:
    """Whether one may be how the service spells the other in another type."""
    if isinstance(now, list) or isinstance(before, list):
        one, other = _several(before), _several(now)
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(_spellings(before) & _spellings(now))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _spellings(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, bool):
        return frozenset({"yes" if value else "no"})
    if isinstance(value, Mapping):
        return frozenset({str(value.get("url"))})
    text = numeral(value) if isinstance(value, (int, float)) else str(value).strip()
    found = {text.casefold()}
    if text.casefold() in _YES:
        found.add("yes")
    if text.casefold() in _NO:
        found.add("no")
    try:
        found.add(f"{float(text):.10g}")
    except ValueError:
        found |= _days(text)
    return frozenset(found)


def _days(text: str) -> set[str]:
    """The days that a date in one of the usual orders may mean."""
    read = _PARTS.fullmatch(text)
    if read is None:
        return set()
    first, second, third = (int(read[number]) for number in (1, 2, 3))
    days = set()
    for year, month, day in (
        (first, second, third),
        (third, first, second),
        (third, second, first),
    ):
        try:
            days.add(date(year, month, day).isoformat())
        except ValueError:
            continue
    return days

"""How a column or the rows of a view are shown: our formats by name, and JSON in one spelling.

A format is JSON that SharePoint draws a cell with (learn.microsoft.com, "Use column formatting to
customize SharePoint" and "Use view formatting to customize SharePoint", whose classes
`sp-field-severity--…` follow the site's theme and keep text readable on their background). Colour
never stands alone: the word or the date is always written, and an icon stands before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

COLUMN_SCHEMA = "https://developer.microsoft.com/json-schemas/sp/v2/column-formatting.schema.json"
ROW_SCHEMA = "https://developer.microsoft.com/json-schemas/sp/v2/row-formatting.schema.json"
FormatName = Literal[
    "status-pill", "status-pills", "due-date", "person-chip", "person-chips", "progress"
]
FITS: Mapping[str, frozenset[str]] = {
    "status-pill": frozenset({"text", "choice", "calculated", "lookup"}),
    "status-pills": frozenset({"multichoice"}),
    "due-date": frozenset({"dateOnly", "dateTime"}),
    "person-chip": frozenset({"person"}),
    "person-chips": frozenset({"multiperson"}),
    "progress": frozenset({"number"}),
}
"""The sorts of column each format is for."""
Formatting = FormatName | dict[str, Any]
"""A format by name, or the JSON of one."""
ROW_NAMES = ("status-pill", "due-date")
"""Formats that can colour whole rows of a view by one column."""

_WORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "good",
        "CheckMark",
        (
            "Fresh",
            "Approved",
            "Active",
            "Completed",
            "Done",
            "Issued",
            "Closed",
            "Resolved",
            "Mitigated",
            "Removed in SLA",
            "Low",
            "Covered",
            "Answered",
        ),
    ),
    (
        "low",
        "Forward",
        (
            "In review",
            "Submitted",
            "Open",
            "New",
            "Acknowledged",
            "Fieldwork",
            "Report draft",
            "In progress",
            "Treating",
            "Ready for verification",
            "note",
        ),
    ),
    (
        "warning",
        "Clock",
        (
            "Due soon",
            "Needs changes",
            "Rotation due",
            "Cannot judge",
            "Medium",
            "Waived",
            "warning",
            "Under review",
            "Not covered",
        ),
    ),
    ("severeWarning", "Warning", ("Stale", "Removed late", "High", "Late", "Overdue")),
    (
        "blocked",
        "ErrorBadge",
        (
            "Expired",
            "Missing",
            "Rejected",
            "Critical",
            "Severe",
            "Blocked",
            "Suspended",
            "error",
        ),
    ),
)
"""Class, icon and words of each tone; a word that is in none stays neutral."""
_NEUTRAL = "ms-bgColor-neutralLighter ms-fontColor-neutralPrimary"
_SEVERITY = "sp-field-severity--"
_DAY = 86_400_000
"""Milliseconds of a day, which is how formulas of formats count time."""
_SOON = 14
_PILL = {
    "display": "inline-flex",
    "align-items": "center",
    "border-radius": "12px",
    "padding": "2px 10px",
    "margin": "2px 4px 2px 0",
    "max-width": "100%",
    "box-sizing": "border-box",
}


def as_format(value: Formatting) -> Formatting:
    """The value, if it can be a column's format. Raises `ValueError`."""
    if isinstance(value, dict) and value and "elmType" not in value:
        raise ValueError("Column formatting in JSON starts with `elmType`, such as div.")
    return value


def column_format(name: str) -> dict[str, Any]:
    """The JSON of a column format. Raises `KeyError` for a name we do not have."""
    return {"$schema": COLUMN_SCHEMA, **_COLUMNS[name]}


def row_format(name: str, column: str) -> dict[str, Any]:
    """The JSON that colours the rows of a view by a column. Raises `KeyError` for other names."""
    value = f"[${column}]"
    rule = {"status-pill": _tones(value, ""), "due-date": _lateness(value, "")}[name]
    return {"$schema": ROW_SCHEMA, "additionalRowClass": rule}


def column_normal(value: Any) -> str | dict[str, Any] | None:
    """A column's formatting as it is compared: our name for it, else its JSON; None for none."""
    read = _plain(value)
    if isinstance(read, dict):
        named = (name for name, known in _COLUMNS.items() if known == read)
        return next(named, None) or read
    return read


def row_normal(value: Any) -> str | dict[str, Any] | None:
    """A view's formatting as it is compared: `{"due-date": "Due"}` or its JSON; None for none."""
    read = _plain(value)
    if not isinstance(read, dict):
        return read
    column = re.search(r"\[\$(\w+)\]", str(read.get("additionalRowClass") or ""))
    for name in ROW_NAMES if column else ():
        if _plain(row_format(name, column[1] if column else "")) == read:
            return {name: column[1] if column else ""}
    return read


def sent(value: str | Mapping[str, Any] | None) -> str:
    """Formatting as SharePoint takes it, JSON as text; "" takes it away."""
    if not value:
        return ""
    if isinstance(value, str):
        whole: Mapping[str, Any] = column_format(value) if value in _COLUMNS else {}
        return _text(whole) if whole else value
    name = next(iter(value))
    if len(value) == 1 and name in ROW_NAMES:
        return _text(row_format(name, str(value[name])))
    return _text(value)


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> str | dict[str, Any] | None:
    """JSON as a value, without the address of its schema; other text as it is; None for none."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        try:
            value = json.loads(text)
        except ValueError:
            return text
    if not isinstance(value, Mapping):
        return None if value is None else str(value)
    return {str(key): one for key, one in value.items() if key != "$schema"} or None


def _chosen(value: str, parts: tuple[tuple[str, tuple[str, ...]], ...], other: str) -> str:
    """A formula: the first part one of whose words the value is, else `other`."""
    formula = f"'{other}'"
    for result, words in reversed(parts):
        tests = " || ".join(f"{value} == '{word}'" for word in words)
        formula = f"if({tests}, '{result}', {formula})"
    return f"={formula}"


def _tones(value: str, other: str) -> str:
    return _chosen(value, tuple((_SEVERITY + tone, words) for tone, _, words in _WORDS), other)


def _icons(value: str) -> str:
    return _chosen(value, tuple((icon, words) for _, icon, words in _WORDS), "CircleRing")


def _lateness(value: str, other: str, late: str = "", soon: str = "") -> str:
    """A formula over a date: late from the day after it, soon in the fortnight before."""
    late, soon = late or f"{_SEVERITY}blocked", soon or f"{_SEVERITY}warning"
    return (
        f"=if(Number({value}) == 0, '{other}', if(Number({value}) + {_DAY} <= Number(@now), '{late}', "
        f"if(Number({value}) <= Number(@now) + {_SOON * _DAY}, '{soon}', '{other}')))"
    )


def _pill(tone: str, icon: str, text: str, empty: str) -> dict[str, Any]:
    return {
        "elmType": "div",
        "attributes": {"class": tone, "title": text},
        "style": {**_PILL, "display": f"=if({empty}, 'none', 'inline-flex')"},
        "children": [
            {
                "elmType": "span",
                "attributes": {"iconName": icon, "aria-hidden": "true"},
                "style": {"padding-right": "6px", "flex-shrink": "0"},
            },
            {
                "elmType": "span",
                "txtContent": text,
                "style": {"overflow": "hidden", "text-overflow": "ellipsis"},
            },
        ],
    }


def _each(member: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A format drawn for each value of a column that holds several."""
    return {
        "elmType": "div",
        "style": {"display": "flex", "flex-wrap": "wrap"},
        "children": [{"forEach": f"{member} in @currentField", **one}],
    }


def _status(value: str) -> dict[str, Any]:
    return _pill(_tones(value, _NEUTRAL), _icons(value), value, f"{value} == ''")


def _chip(value: str) -> dict[str, Any]:
    return _pill(_NEUTRAL, "Contact", f"{value}.title", f"{value}.title == ''")


_DUE = _pill(
    _lateness("@currentField", _NEUTRAL),
    _lateness("@currentField", "Calendar", "ErrorBadge", "Clock"),
    "=toLocaleDateString(@currentField)",
    "Number(@currentField) == 0",
)
_PERCENT = "=toString(floor(@currentField * 100 + 0.5)) + ' %'"
_PROGRESS: dict[str, Any] = {
    "elmType": "div",
    "attributes": {"title": _PERCENT},
    "style": {"display": "flex", "align-items": "center", "width": "100%"},
    "children": [
        {
            "elmType": "div",
            "attributes": {"class": "ms-bgColor-neutralLight", "aria-hidden": "true"},
            "style": {
                "flex-grow": "1",
                "height": "8px",
                "border-radius": "4px",
                "overflow": "hidden",
            },
            "children": [
                {
                    "elmType": "div",
                    "attributes": {"class": "ms-bgColor-themePrimary"},
                    "style": {
                        "height": "8px",
                        "width": "=if(@currentField >= 1, '100%', if(@currentField <= 0, '0%', "
                        "toString(@currentField * 100) + '%'))",
                    },
                }
            ],
        },
        {
            "elmType": "span",
            "txtContent": _PERCENT,
            "style": {"padding-left": "8px", "min-width": "44px"},
        },
    ],
}
_COLUMNS: Mapping[str, dict[str, Any]] = {
    "status-pill": _status("@currentField"),
    "status-pills": _each("word", _status("[$word]")),
    "due-date": _DUE,
    "person-chip": _chip("@currentField"),
    "person-chips": _each("person", _chip("[$person]")),
    "progress": _PROGRESS,
}

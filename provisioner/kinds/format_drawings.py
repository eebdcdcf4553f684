"""What our formats draw: the words of a good, a bad and a waiting state, their colours and icons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def _chosen(value: str, parts: tuple[tuple[str, tuple[str, ...]], ...], other: str) -> str:
    """A formula: the first part one of whose words the value is, else `other`."""
    formula = f"'{other}'"
    for result, words in reversed(parts):
        tests = " || ".join(f"{value} == '{word}'" for word in words)
        formula = f"if({tests}, '{result}', {formula})"
    return f"={formula}"


def tones(value: str, other: str) -> str:
    """The formula of a colour by the word that stands in a value; `other` where none does."""
    return _chosen(value, tuple((_SEVERITY + tone, words) for tone, _, words in _WORDS), other)


def _icons(value: str) -> str:
    return _chosen(value, tuple((icon, words) for _, icon, words in _WORDS), "CircleRing")


def lateness(value: str, other: str, late: str = "", soon: str = "") -> str:
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
    return _pill(tones(value, _NEUTRAL), _icons(value), value, f"{value} == ''")


def _chip(value: str) -> dict[str, Any]:
    return _pill(_NEUTRAL, "Contact", f"{value}.title", f"{value}.title == ''")


_DUE = _pill(
    lateness("@currentField", _NEUTRAL),
    lateness("@currentField", "Calendar", "ErrorBadge", "Clock"),
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
DRAWINGS: Mapping[str, dict[str, Any]] = {
    "status-pill": _status("@currentField"),
    "status-pills": _each("word", _status("[$word]")),
    "due-date": _DUE,
    "person-chip": _chip("@currentField"),
    "person-chips": _each("person", _chip("[$person]")),
    "progress": _PROGRESS,
}

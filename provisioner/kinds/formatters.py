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

from provisioner.kinds.format_drawings import DRAWINGS, lateness, tones

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


def as_format(value: Formatting) -> Formatting:
    """The value, if it can be a column's format. Raises `ValueError`."""
    if isinstance(value, dict) and value and "elmType" not in value:
        raise ValueError("Column formatting in JSON starts with `elmType`, such as div.")
    return value


def column_format(name: str) -> dict[str, Any]:
    """The JSON of a column format. Raises `KeyError` for a name we do not have."""
    return {"$schema": COLUMN_SCHEMA, **DRAWINGS[name]}


def row_format(name: str, column: str) -> dict[str, Any]:
    """The JSON that colours the rows of a view by a column. Raises `KeyError` for other names."""
    value = f"[${column}]"
    rule = {"status-pill": tones(value, ""), "due-date": lateness(value, "")}[name]
    return {"$schema": ROW_SCHEMA, "additionalRowClass": rule}


def column_normal(value: Any) -> str | dict[str, Any] | None:
    """A column's formatting as it is compared: our name for it, else its JSON; None for none."""
    read = _plain(value)
    if isinstance(read, dict):
        named = (name for name, known in DRAWINGS.items() if known == read)
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
        whole: Mapping[str, Any] = column_format(value) if value in DRAWINGS else {}
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
        except (ValueError, RecursionError):
            return text
    if not isinstance(value, Mapping):
        return None if value is None else str(value)
    return {str(key): one for key, one in value.items() if key != "$schema"} or None

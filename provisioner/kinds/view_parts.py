"""The parts of a view beside its columns and query: totals, widths, layout, depth.

Names and values: learn.microsoft.com, "View element" and "SPView members"; the layouts and the XML
of boards and calendars as pnp/cli-microsoft365 sends them (spo list view add).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from pydantic import Field

from provisioner.kinds.base import SpecModel
from provisioner.kinds.formatters import row_normal, sent

Layout = Literal["list", "compact", "gallery", "calendar", "board"]
Depth = Literal["default", "recursive", "recursiveAll", "filesOnly"]
Total = Literal["count", "sum", "average", "min", "max", "standardDeviation", "variance"]
LAYOUTS: Mapping[str, str] = {
    "list": "",
    "compact": "COMPACTLIST",
    "gallery": "TILES",
    "calendar": "MODERNCALENDAR",
    "board": "KANBAN",
}
DEPTHS = ("default", "recursive", "recursiveAll", "filesOnly")
NEW: Mapping[str, Any] = {"scope": "default", "totals": {}, "layout": "list", "formatting": None}
"""What a view starts with, so that it need not be told."""
TOTALS: Mapping[str, str] = {
    "count": "COUNT",
    "sum": "SUM",
    "average": "AVG",
    "min": "MIN",
    "max": "MAX",
    "standardDeviation": "STDEV",
    "variance": "VAR",
}


class Calendar(SpecModel):
    """Which columns a calendar is drawn from."""

    start: str = Field(description="Internal name of the column with the first day.")
    end: str = Field(description="Internal name of the column with the last day.")
    title: str = Field(default="Title", description="Internal name of the column that is written.")


def fields_of(fragment: Any) -> list[dict[str, str]]:
    """The attributes of each element of an XML fragment; [] for none and for what is no XML."""
    try:
        root = ET.fromstring(f"<All>{fragment or ''}</All>")  # noqa: S314 - defines no entities
    except ET.ParseError:
        return []
    return [dict(one.attrib) for one in root.iter("FieldRef")]


def totals_xml(totals: Mapping[str, str]) -> str:
    """Totals as `Aggregations`."""
    return "".join(
        f'<FieldRef Name={quoteattr(name)} Type="{TOTALS[word]}"/>' for name, word in totals.items()
    )


def totals_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The totals an `SP.View` shows: internal name to word; {} where they are switched off."""
    if str(row.get("AggregationsStatus") or "on").casefold() == "off":
        return {}
    words = {text: word for word, text in TOTALS.items()}
    found = fields_of(row.get("Aggregations"))
    kinds = {one["Name"]: str(one.get("Type") or "").upper() for one in found if "Name" in one}
    return {name: words.get(kind, kind) for name, kind in kinds.items()}


def widths_xml(widths: Mapping[str, int]) -> str:
    """Widths as `ColumnWidth`."""
    return "".join(
        f'<FieldRef Name={quoteattr(name)} width="{width}"/>' for name, width in widths.items()
    )


def widths_of(row: Mapping[str, Any]) -> dict[str, int]:
    """The widths an `SP.View` keeps, in pixels by internal name."""
    found = {}
    for one in fields_of(row.get("ColumnWidth")):
        width = str(one.get("width") or one.get("Width") or "")
        if "Name" in one and width.isdecimal():
            found[one["Name"]] = int(width)
    return found


def board_data(column: str) -> dict[str, str]:
    """What a board is drawn from."""
    return {"KanbanPivotColumn": column}


def calendar_data(calendar: Calendar) -> dict[str, str]:
    """What a calendar writes on its days."""
    parts = ("CalendarMonthTitle", "CalendarWeekTitle", "CalendarDayTitle")
    return dict.fromkeys(parts, calendar.title)


def calendar_query(calendar: Calendar) -> str:
    """The rows a calendar shows: those of the month it is turned to."""
    return (
        f"<Where><DateRangesOverlap><FieldRef Name={quoteattr(calendar.start)}/>"
        f"<FieldRef Name={quoteattr(calendar.end)}/>"
        '<Value Type="DateTime"><Month/></Value></DateRangesOverlap></Where>'
    )


def data_normal(fragment: Any) -> dict[str, str]:
    """What a layout is drawn from: the sort of part to the column; empty parts are left out."""
    return {
        one["Type"]: one["Name"]
        for one in fields_of(fragment)
        if one.get("Name") and one.get("Type")
    }


def canonical_parts(row: Mapping[str, Any]) -> dict[str, Any]:
    """These parts of an `SP.View` in the form that is compared."""
    words = {text: word for word, text in LAYOUTS.items()}
    layout = str(row.get("ViewType2") or "").upper()
    depth = int(row.get("Scope") or 0)
    return {
        "scope": DEPTHS[depth] if 0 <= depth < len(DEPTHS) else str(depth),
        "totals": totals_of(row),
        "widths": widths_of(row),
        "layout": words.get(layout, layout),
        "layoutData": data_normal(row.get("ViewData")),
        "formatting": row_normal(row.get("CustomFormatter")),
    }


def settings(said: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of `said` as a MERGE of the view takes them; others are left out."""
    body: dict[str, Any] = {
        word: said[name]
        for name, word in (
            ("name", "Title"),
            ("query", "ViewQuery"),
            ("rowLimit", "RowLimit"),
            ("paged", "Paged"),
            ("default", "DefaultView"),
        )
        if name in said
    }
    if "scope" in said:
        body["Scope"] = DEPTHS.index(said["scope"])
    if "totals" in said:
        body["Aggregations"] = totals_xml(said["totals"])
        body["AggregationsStatus"] = "On" if said["totals"] else "Off"
    if "widths" in said:
        body["ColumnWidth"] = widths_xml(said["widths"])
    if "layout" in said:
        body["ViewType2"] = LAYOUTS[said["layout"]]
    if "layoutData" in said:
        body["ViewData"] = data_xml(said["layoutData"])
    if "formatting" in said:
        body["CustomFormatter"] = sent(said["formatting"])
    return body


def data_xml(parts: Mapping[str, str]) -> str:
    """`data_normal` the other way round."""
    return "".join(
        f'<FieldRef Name={quoteattr(name)} Type="{part}"/>' for part, name in parts.items()
    )

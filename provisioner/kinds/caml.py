"""One spelling for CAML queries that mean the same.

SharePoint gives a view's query back with its own spacing, attribute order and self-closing tags,
so two queries are compared as structure (learn.microsoft.com, "Query schema in CAML").
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

_DEFAULTS = {
    ("FieldRef", "Ascending"): "TRUE",
    ("FieldRef", "LookupId"): "FALSE",
    ("GroupBy", "Collapse"): "FALSE",
    ("GroupBy", "GroupLimit"): "30",
    ("Value", "IncludeTimeValue"): "FALSE",
    ("Today", "OffsetDays"): "0",
    ("OrderBy", "Override"): "FALSE",
}
"""What an attribute means when it is not written."""
_TIME = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ][\d:.]+Z?$")
_ORDER = {"Where": 0, "GroupBy": 1, "OrderBy": 2}


def normal(query: str) -> str:
    """The inside of a `<Query>` in one spelling; text that is no XML comes back stripped."""
    try:
        root = ET.fromstring(f"<Query>{query}</Query>")  # noqa: S314 - defines no entities
    except ET.ParseError:
        return query.strip()
    if len(root) == 1 and root[0].tag == "Query":
        root = root[0]
    parts = sorted(root, key=lambda part: _ORDER.get(part.tag, len(_ORDER)))
    return "".join(_written(part) for part in parts if len(part))


def _written(element: ET.Element) -> str:
    given = {name: _value(value) for name, value in sorted(element.attrib.items())}
    attributes = "".join(
        f" {name}={quoteattr(value)}"
        for name, value in given.items()
        if _DEFAULTS.get((element.tag, name)) != value
    )
    within = [_written(child) for child in element]
    if element.tag == "Values":
        within.sort()  # one of them must be met, whichever is named first
    inside = "".join(within) or escape((element.text or "").strip())
    if element.tag == "Value" and element.get("Type") == "Boolean":
        inside = {"true": "1", "false": "0"}.get(inside.lower(), inside)
    if element.tag == "Value" and element.get("Type") == "DateTime" and not _with_time(element):
        inside = _TIME.sub("", inside)  # the query compares days, whatever is written behind them
    return (
        f"<{element.tag}{attributes}>{inside}</{element.tag}>"
        if inside
        else (f"<{element.tag}{attributes}/>")
    )


def _with_time(element: ET.Element) -> bool:
    return (element.get("IncludeTimeValue") or "").strip().upper() == "TRUE"


def _value(text: str) -> str:
    text = text.strip()
    return text.upper() if text.upper() in {"TRUE", "FALSE"} else text


_TEXTS = {"Choice": "Text", "MultiChoice": "Text", "Note": "Text", "Computed": "Text"}
_NUMBERS = {"Counter": "Number", "Currency": "Number"}


def meaning(query: str) -> str:
    """A normal query with one word for each sort of value, for comparing only.

    SharePoint's own pane for views writes `Type="Text"` for the values of a choice, and asks the
    same with it.
    """
    try:
        root = ET.fromstring(f"<Query>{query}</Query>")  # noqa: S314 - defines no entities
    except ET.ParseError:
        return query
    for value in root.iter("Value"):
        sort = value.get("Type", "Text")
        value.set("Type", _TEXTS.get(sort, _NUMBERS.get(sort, sort)))
    return "".join(_written(part) for part in root)

"""Which words of a column go with which of its types, which names it may not have, and which defaults."""

from __future__ import annotations

import re
from datetime import datetime
from math import isfinite
from typing import Literal

ColumnType = Literal[
    "text",
    "note",
    "choice",
    "number",
    "currency",
    "dateTime",
    "boolean",
    "person",
    "lookup",
    "hyperlink",
    "calculated",
    "term",
]
GOES_WITH: dict[str, tuple[str, ...]] = {
    "max_length": ("text",),
    "lines": ("note",),
    "rich_text": ("note",),
    "append_changes": ("note",),
    "choices": ("choice",),
    "multiple": ("choice", "person", "lookup", "term"),
    "allow_text_entry": ("choice",),
    "display_as": ("choice", "dateTime"),
    "choose_from_type": ("person",),
    "from_group": ("person",),
    "decimals": ("number", "currency", "calculated"),
    "percentage": ("number", "calculated"),
    "min": ("number", "currency"),
    "max": ("number", "currency"),
    "locale": ("currency",),
    "picture": ("hyperlink",),
    "list": ("lookup",),
    "show": ("lookup",),
    "on_delete": ("lookup",),
    "primary_column": ("lookup",),
    "formula": ("calculated",),
    "result": ("calculated",),
    "format": ("dateTime", "calculated"),
    "term_set": ("term",),
    "parent_term": ("term",),
    "show_fully_qualified_name": ("term",),
    "default": ("text", "note", "choice", "number", "currency", "dateTime", "boolean"),
    "validation": ("text", "choice", "number", "currency", "dateTime"),
    "indexed": (
        "text",
        "choice",
        "number",
        "currency",
        "dateTime",
        "boolean",
        "person",
        "lookup",
    ),
    "unique": ("text", "choice", "number", "currency", "dateTime", "person", "lookup"),
}
"""Which types each word belongs to. Index and unique: learn.microsoft.com, "Field element"."""
EVERY_TITLE = frozenset({"default", "validation", "indexed", "unique"})
"""Those that the column every list has may have too, without its type."""
NEEDED = {
    "choice": "choices",
    "lookup": "list",
    "calculated": "formula",
    "term": "term_set",
}
"""The word that a type cannot do without."""
SHOWN = {"choice": ("dropDownMenu", "radioButtons"), "dateTime": ("standard", "friendly")}
"""The ways in which forms and views show the values of a type."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+")
"""Names that a formula takes for a cell."""
RESERVED = frozenset(
    {
        "author",
        "contenttype",
        "created",
        "description",
        "editor",
        "id",
        "modified",
        "name",
        "order",
        "path",
        "size",
        "type",
        "version",
    }
)
"""Names of columns that every list has, in small letters."""


def is_number(value: object) -> bool:
    """Whether a default is a finite number, or text that reads as one."""
    try:
        return isfinite(float(str(value)))
    except ValueError:
        return False


def is_moment(value: object) -> bool:
    """Whether a default is the word for the day it is made, a day, or a moment."""
    text = str(value).strip()
    try:
        return text.lower() in {"today", "[today]"} or bool(datetime.fromisoformat(text))
    except ValueError:
        return False

"""What to do instead, for each property that SharePoint cannot change in place."""

from __future__ import annotations

from collections.abc import Mapping

_COLUMN_TYPE = (
    "Declare another column of the new type and move the values to it; a list's own column can "
    "change between text, note, choice, number, currency, dateTime and boolean, between hyperlink "
    "and text, and from one value to several. Or let the file say what is there."
)
_HINTS: Mapping[tuple[str, str], str] = {
    ("column", "type"): _COLUMN_TYPE,
    ("column", "multiple"): _COLUMN_TYPE,
    ("column", "list"): "A lookup keeps its list for good. Declare another lookup that points at "
    "the new list, fill it, and take this one out of the file.",
    ("column", "show"): "A lookup keeps the column it shows. Declare another lookup with "
    "`primaryColumn` set to this one, which shows the other column of the same row.",
    (
        "column",
        "primaryColumn",
    ): "Take this column out of the file, apply with --prune, and declare "
    "it anew: it holds no values of its own.",
    (
        "column",
        "fromGroup",
    ): "Set the group in the column's settings in SharePoint (“Choose from”), "
    "or let the file say what is there.",
    (
        "column",
        "termSet",
    ): "The values are terms of the old set. Declare another column for the new "
    "set and choose its terms, or let the file say what is there.",
    (
        "column",
        "parentTerm",
    ): "Set the term in the column's settings in SharePoint, or let the file say what is there.",
    ("list", "template"): "A list stays a list and a library a library. Declare the new one under "
    "another key and URL, and move the content.",
    ("contentType", "base"): "Declare a content type of another name with the new base, and give "
    "the documents that one.",
}
_GENERAL = "Declare it under another name and move the values, or set the file to what is there."


def way_out(kind: str, path: str) -> str:
    """What to do about a property that cannot change; a general word where there is no better."""
    return _HINTS.get((kind, path), _GENERAL)

"""Text inside Markdown tables and code spans."""

from __future__ import annotations

import re

# Pictures are fetched by whoever looks at a page, links lead away, and a name behind @ is told of it.
_MARKS = re.compile(r"([\\\[<]|@(?=\w)|:(?=//)|(?<=www)\.)", re.IGNORECASE)


def cell(text: str) -> str:
    """Text that cannot break out of a cell, a code span or a line."""
    return " ".join(text.replace("|", "/").replace("`", "'").split())


def words(text: str) -> str:
    """The same outside of a code span, where it could be a picture, a link or markup besides."""
    return _MARKS.sub(r"\\\1", cell(text))

"""Text inside Markdown tables and code spans."""

from __future__ import annotations


def cell(text: str) -> str:
    """Text that cannot break out of a cell, a code span or a line."""
    return " ".join(text.replace("|", "/").replace("`", "'").split())

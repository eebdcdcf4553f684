"""A demo file as bytes, its format chosen by its name. The same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.pdf import pdf
from provisioner.cli.demo.png import png
from provisioner.cli.demo.sheets import csv_file, xlsx


def file_bytes(name: str, content: Content) -> bytes:
    """The content in the format of the name: pdf, xlsx, csv, png, txt or md.

    Raises:
        ValueError: the name ends in something else.
    """
    suffix = PurePosixPath(name).suffix.lower()
    make = _FORMATS.get(suffix)
    if make is None:
        known = ", ".join(sorted(_FORMATS))
        raise ValueError(f"{name}: the demo makes files that end in {known}.")
    return make(content)


def text(content: Content) -> bytes:
    """Plain text, the table in columns that line up. A content that is only a title is just that."""
    parts = [content.title]
    if content.lines or content.rows:
        parts += ["=" * len(content.title), ""]
    parts += content.lines
    if content.columns:
        cells = [[str(cell) for cell in row] for row in (content.columns, *content.rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(content.columns))]
        parts += [""] + [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
    return ("\n".join(parts) + "\n").encode()


def markdown(content: Content) -> bytes:
    """Markdown: a heading, paragraphs, a table."""
    parts = [f"# {content.title}", ""]
    for line in content.lines:
        parts += [line, ""]
    if content.columns:
        parts += [_markdown_row(content.columns), _markdown_row(["---"] * len(content.columns))]
        parts += [_markdown_row([str(cell) for cell in row]) for row in content.rows]
    return ("\n".join(parts).rstrip() + "\n").encode()


def _markdown_row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


_FORMATS: dict[str, Callable[[Content], bytes]] = {
    ".pdf": pdf,
    ".xlsx": xlsx,
    ".csv": csv_file,
    ".png": png,
    ".txt": text,
    ".md": markdown,
}

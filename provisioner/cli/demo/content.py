"""What a demo file says, before it has a format."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Content:
    """A title, some sentences, and a table.

    Each row has as many cells as there are columns. A picture shows the first text cell and the
    first number of each row.
    """

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

"""A request list as a table of texts: what a CSV file says, line by line, whatever it is written in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from provisioner.core.errors import ProvisionerError

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes; a list of 10,000 requests is a tenth of it."""
MOST_ROWS = 10_000
MOST_COLUMNS = 200

Cell = str | date | float
"""A text, or where the file knows better: a day or a number. Blank is ""."""
NO_RESULT = "\0"
"""A formula whose result the file does not hold; no text of a file is this one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` is its number in the file, from 1."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        """How many cells say something."""
        return sum(cell != "" for cell in self.cells)

    def at(self, place: int) -> Cell:
        """The cell in a column, blank behind the last."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Every row that is not blank. `sheet` is the worksheet's name, "" for a CSV file."""

    rows: tuple[Row, ...]
    sheet: str = ""


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252.

    Raises:
        ProvisionerError: REQUESTS-UNREADABLE for anything else.
    """
    encodings: tuple[str, ...]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    elif data[:64].count(0) > len(data[:64]) // 4:
        encodings = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise unreadable(
        "it is text in no encoding we know", "Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."
    )


def csv_tables(text: str) -> Sequence[Table]:
    """The text as a table, once for each separator that may be meant; the caller knows which it is.

    Raises:
        ProvisionerError: REQUESTS-UNREADABLE, REQUESTS-TOO-LARGE.
    """
    problem: ProvisionerError | None = None
    tables = []
    for separator in ",;\t|":
        if separator in text or separator == ",":
            try:
                tables.append(Table(tuple(_csv_rows(text, separator))))
            except ProvisionerError as error:
                problem = problem or error
    if problem is not None and (not tables or problem.code != "REQUESTS-UNREADABLE"):
        raise problem
    return tables


def _csv_rows(text: str, separator: str) -> Iterable[Row]:
    # Strict: else a quotation mark that is never closed makes one request of all that follow.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, count = 1, 0
    try:
        for values in reader:
            cells = tuple(value.strip() for value in values)
            if any(cells):
                count += 1
                checked_size(count, cells)
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(
            f"line {line} is no CSV: {error}",
            "Look whether a quotation mark is opened there and never closed, or save the list again.",
        ) from error


def checked_size(rows: int, cells: Sequence[Cell]) -> None:
    """Raises `ProvisionerError` REQUESTS-TOO-LARGE for a list nobody writes by hand."""
    if rows > MOST_ROWS or len(cells) > MOST_COLUMNS:
        raise too_large(f"it has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")


def unreadable(why: str, hint: str) -> ProvisionerError:
    """The file cannot be taken for a request list."""
    return ProvisionerError("REQUESTS-UNREADABLE", f"The list cannot be read: {why}.", hint=hint)


def too_large(why: str) -> ProvisionerError:
    """The file is larger than any request list."""
    return ProvisionerError(
        "REQUESTS-TOO-LARGE",
        f"The list is too large: {why}.",
        hint="Leave only the requests in it, or import it in parts.",
    )

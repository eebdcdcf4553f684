"""A request list from an Excel workbook: the worksheets of an XLSX file as tables.

Only values are read: of a formula its last result, never the formula. Parts of a workbook are named
as in "Structure of a SpreadsheetML document" (learn.microsoft.com/office/open-xml/spreadsheet). The
file comes from somebody else, so what unpacks to very much, and a document type, are refused.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from datetime import date, timedelta
from io import BytesIO
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.sync.auditor_list.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    NO_RESULT,
    Cell,
    Row,
    Table,
    checked_size,
    too_large,
    unreadable,
)

_LARGEST = 64 * 1024 * 1024  # bytes of all parts that are read
_MOST_ELEMENTS = 4_000_000
_BITE = 1 << 16
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_BUILT_IN_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_TRUTH = {"1": "yes", "0": "no"}
_LAST_SERIAL = 2_958_465


def tables(data: bytes) -> tuple[Table, ...]:
    """The visible worksheets of a workbook, in order.

    Raises:
        ProvisionerError: REQUESTS-UNREADABLE, REQUESTS-TOO-LARGE.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _Book(archive).tables()
    except (
        zipfile.BadZipFile, ET.ParseError, LookupError, ValueError, NotImplementedError,
        RuntimeError,
    ) as error:  # fmt: skip
        raise unreadable(
            "it is no whole Excel workbook, or it is protected by a password",
            "Save it again as .xlsx without a password, or as CSV UTF-8.",
        ) from error


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left, self._elements = _LARGEST, _MOST_ELEMENTS
        self._names = frozenset(archive.namelist())
        book = self._part("xl/workbook.xml")
        properties = book.find(f"{_MAIN}workbookPr")
        old = properties is not None and properties.get("date1904") in ("1", "true")
        self._epoch = _EPOCH_1904 if old else _EPOCH
        self._sheets = [
            one for one in book.iter(f"{_MAIN}sheet") if one.get("state", "visible") == "visible"
        ]
        self._texts = self._shared()
        self._dates = self._date_styles()

    def tables(self) -> tuple[Table, ...]:
        links = {
            str(one.get("Id")): str(one.get("Target"))
            for one in self._part("xl/_rels/workbook.xml.rels")
        }
        made = []
        for sheet in self._sheets:
            target = links[str(sheet.get(_ID))]
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            if path in self._names:
                made.append(self._table(self._part(path), str(sheet.get("name") or "")))
        return tuple(made)

    def _part(self, name: str) -> ET.Element:
        with self._archive.open(name) as part:
            data = part.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise too_large("it unpacks to more than 64 MB")
        # UTF-16 would hide the words looked for here, and Excel writes UTF-8.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
            raise unreadable("a part of it declares a document type", "Save it again with Excel.")
        return self._parsed(data)

    def _parsed(self, data: bytes) -> ET.Element:
        """The root of a part, its elements counted as they come: a small file can hold very many."""
        parser: ET.XMLPullParser[Any] = ET.XMLPullParser(("start",))
        root: ET.Element | None = None
        for start in range(0, len(data) + 1, _BITE):
            parser.feed(data[start : start + _BITE])
            begun: list[Any] = list(parser.read_events())  # pairs, since only "start" is asked for
            if root is None and begun:
                root = begun[0][1]
            self._elements -= len(begun)
            if self._elements < 0:
                raise too_large("it has millions of cells")
        parser.close()
        if root is None:
            raise ET.ParseError("nothing in it")
        return root

    def _shared(self) -> tuple[str, ...]:
        if "xl/sharedStrings.xml" not in self._names:
            return ()
        return tuple(_text(one) for one in self._part("xl/sharedStrings.xml"))

    def _date_styles(self) -> frozenset[int]:
        """The numbers of the cell styles that show a number as a day."""
        if "xl/styles.xml" not in self._names:
            return frozenset()
        styles = self._part("xl/styles.xml")
        own = {
            int(str(one.get("numFmtId"))): str(one.get("formatCode") or "")
            for one in styles.iter(f"{_MAIN}numFmt")
        }
        cells = styles.find(f"{_MAIN}cellXfs")
        found = set()
        for number, style in enumerate(cells if cells is not None else ()):
            shown = int(style.get("numFmtId") or 0)
            if shown in _BUILT_IN_DATES or _shows_day(own.get(shown, "")):
                found.add(number)
        return frozenset(found)

    def _table(self, sheet: ET.Element, name: str) -> Table:
        rows: dict[int, dict[int, Cell]] = {}
        line = 0
        for one in sheet.iter(f"{_MAIN}row"):
            line = int(one.get("r") or line + 1)
            cells: dict[int, Cell] = {}
            place = -1
            for cell in one.iter(f"{_MAIN}c"):
                match = _REFERENCE.fullmatch(cell.get("r") or "")
                place = _column(match[1]) if match else place + 1
                value = self._value(cell)
                if value != "":
                    if place >= MOST_COLUMNS:
                        break  # what somebody noted far to the right is no part of the list
                    cells[place] = value
            if cells:
                rows[line] = cells
                checked_size(len(rows), ())
        _fill_down(rows, sheet)
        return Table(
            tuple(
                Row(line, tuple(cells.get(at, "") for at in range(max(cells) + 1)))
                for line, cells in sorted(rows.items())
            ),
            name,
        )

    def _value(self, cell: ET.Element) -> Cell:
        sort, told = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
        if not told and sort == "n" and cell.find(f"{_MAIN}f") is not None:
            return NO_RESULT
        inside = cell.find(f"{_MAIN}is")
        if inside is not None:
            told = _text(inside)
        if not told or sort == "e":  # nothing, or a formula that came to nothing
            return ""
        if sort == "d":
            return date.fromisoformat(told[:10])
        if sort != "n":
            words = {"s": lambda: self._texts[int(told)], "b": lambda: _TRUTH.get(told, "")}
            return words.get(sort, lambda: told)().strip()
        number = float(told)
        if int(cell.get("s") or 0) in self._dates and 0 < number <= _LAST_SERIAL:
            return self._epoch + timedelta(days=int(number))
        return number


def _fill_down(rows: dict[int, dict[int, Cell]], sheet: ET.Element) -> None:
    """What is merged over several rows holds for each of them; over columns, for the first alone."""
    lines, left = sorted(rows), MOST_ROWS * MOST_COLUMNS
    for merged in sheet.iter(f"{_MAIN}mergeCell"):
        first, _, last = str(merged.get("ref") or "").partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if start is None or end is None:
            continue
        value = rows.get(int(start[2]), {}).get(_column(start[1]))
        below = lines[bisect_right(lines, int(start[2])) : bisect_right(lines, int(end[2]))]
        left -= len(below)
        if left < 0:
            raise too_large("more cells are merged than it can have")
        if value is not None:
            for line in below:
                rows[line].setdefault(_column(start[1]), value)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(element: ET.Element) -> str:
    """The runs of a text, without the phonetic reading that may stand beside them."""
    phonetic = {id(one) for each in element.iter(f"{_MAIN}rPh") for one in each.iter(f"{_MAIN}t")}
    return "".join(one.text or "" for one in element.iter(f"{_MAIN}t") if id(one) not in phonetic)


def _shows_day(code: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.lower())
    return "d" in plain or "yy" in plain

"""A report as a workbook: a summary, readiness, questions, findings, evidence index, heat maps.

Rows are streamed (openpyxl's write-only mode), so that an index of 100,000 documents needs no more
memory than one of ten. Everything people wrote is a text cell, whatever it begins with.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from provisioner.report import tables
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html_words import MEANINGS, SIGNS, counted, day, shown, tone
from provisioner.report.logo import sheet_picture
from provisioner.report.questions import Reply
from provisioner.report.readiness import ReadinessReport
from provisioner.report.readiness_lines import Coverage, CoverageRow, SlotCell
from provisioner.report.tables import Column, Table, Value

LONGEST = 32_767
"""Characters a cell takes (support.microsoft.com, "Excel specifications and limits")."""
MOST_ROWS = 1_048_576
"""Rows a sheet takes, by the same page."""
MOST_LINKS = 65_530
"""Links a sheet takes, by the same page; a workbook with more of them is "repaired" by Excel."""
_LONGEST_LINK = 2_079  # the longest address Excel opens as a link; longer ones stay text
_DATE, _SHARE = "yyyy-mm-dd", "0%"
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=16)
_LOGO = 40  # pixels high
_LINK = Font(color="1A4FB4", underline="single")
_TOP = Alignment(vertical="top", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center")
_FILLS = {
    "bad": ("C4272E", "FFFFFF"),
    "warn": ("EC9438", "2B1400"),
    "soon": ("EFCF57", "332700"),
    "unknown": ("8A4BB5", "FFFFFF"),
    "wait": ("246FBD", "FFFFFF"),
    "good": ("257A49", "FFFFFF"),
    "waived": ("98D1D1", "0D383B"),
    "later": ("CFD6E0", "2C3542"),
}
_REPLIES = {"Yes": "good", "Partly": "soon", "No": "bad"}


def report_xlsx(report: ReadinessReport, brand: Brand = PLAIN) -> bytes:
    """The workbook. Raises `ValueError` for a table with more rows than a sheet takes."""
    parts = [tables.readiness(report)]
    parts += [tables.questions(report)] if report.checklist or report.buyers else []
    parts += [tables.findings(report), tables.evidence_index(report), tables.review_ageing(report)]
    for one in parts:  # before the first sheet: a workbook that was begun has to be ended
        if len(one.rows) >= MOST_ROWS:
            raise ValueError(f"{one.name} has more rows than a sheet takes; the CSV has them all.")
    book = Workbook(write_only=True)
    book.properties.title = _clean(f"Evidence readiness: {report.client}")
    book.properties.creator = _clean(brand.name) or "provisioner"
    book.properties.created = report.generated_at.replace(tzinfo=None)
    sheets = _Sheets(book, brand)
    sheets.summary(report)
    for one in parts:
        sheets.table(one)
    for number, coverage in enumerate(report.coverage, 1):
        sheets.heat_map(coverage, "Heat map" if len(report.coverage) == 1 else f"Heat map {number}")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Sheets:
    """Writes sheets of one workbook, one after the other."""

    def __init__(self, book: Workbook, brand: Brand) -> None:
        self._book, self._brand = book, brand
        self._head_fill = PatternFill("solid", fgColor=brand.head[1:].upper())
        self._fills = {
            name: PatternFill("solid", fgColor=back) for name, (back, _) in _FILLS.items()
        }
        self._fonts = {name: Font(bold=True, color=ink) for name, (_, ink) in _FILLS.items()}

    def summary(self, report: ReadinessReport) -> None:
        """One page to begin with: what, when, and the numbers."""
        sheet = self._sheet("Summary", heading=False)
        picture = sheet_picture(self._brand.logo, _LOGO, "C1")
        if picture is not None:
            sheet.add_image(picture)
            sheet.row_dimensions[1].height = _LOGO * 0.75 + 4  # points
        sheet.column_dimensions["A"].width = 34
        sheet.column_dimensions["B"].width = 60
        sheet.append([self._cell(sheet, f"Evidence readiness: {report.client}", font=_TITLE)])
        sheet.append([])
        if self._brand:
            self._fact(sheet, "Prepared by", self._brand.name)
        for name, value in _facts(report):
            self._fact(sheet, name, value)
        sheet.append([])
        sheet.append([self._cell(sheet, "Items by state", font=_BOLD)])
        for state, count in report.headline.tally.states:
            sheet.append([self._toned(sheet, str(state), tone(state)), self._cell(sheet, count)])
        if report.coverage:
            sheet.append([])
            sheet.append([self._cell(sheet, "Signs on the heat map", font=_BOLD)])
            for state, sign in SIGNS.items():
                mark = self._toned(sheet, sign, tone(state), middle=True)
                sheet.append([mark, self._cell(sheet, f"{state}: {MEANINGS[state]}")])
        sheet.append([])
        words = (
            "Judged by fixed rules from what stood in the workspace. It is not an audit opinion; "
            "whether a control worked is the auditor's judgement."
        )
        for one in (words, tables.DIGESTS, self._brand.footer):
            if one:
                sheet.append([self._cell(sheet, one)])

    def _sheet(self, name: str, *, heading: bool = True) -> Any:
        """A new sheet. On paper it is as wide as a page, and each page has the heading."""
        sheet = self._book.create_sheet(name)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0  # as many pages as it needs
        sheet.page_setup.orientation = "landscape" if heading else "portrait"
        if heading:
            sheet.print_title_rows = "1:1"
        return sheet

    def _fact(self, sheet: Any, name: str, value: Value) -> None:
        sheet.append([self._cell(sheet, name, font=_BOLD), self._cell(sheet, value)])

    def table(self, table: Table) -> None:
        """A table with a frozen heading and a filter."""
        if len(table.rows) >= MOST_ROWS:
            raise ValueError(
                f"{table.name} has more rows than a sheet takes; the CSV has them all."
            )
        sheet = self._sheet(table.name)
        last = get_column_letter(len(table.columns))
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
        for place, column in enumerate(table.columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.append([self._head(sheet, one.name) for one in table.columns])
        for number, row in enumerate(table.rows):
            cells = [
                self._value(sheet, value, column)
                for value, column in zip(row, table.columns, strict=True)
            ]
            if table.link_column is not None and number < MOST_LINKS:
                self._linked(cells[table.link_column], table.links[number])
            sheet.append(cells)

    def heat_map(self, coverage: Coverage, name: str) -> None:
        """Items down, slots across: a sign and a colour for each, by the month its slot ends."""
        sheet = self._sheet(name)
        months = _months(coverage)
        heads = ["Item", "Title", "Part", "State", "Covered", "Begun", "Next due"]
        sheet.freeze_panes = f"{get_column_letter(len(heads) + 1)}2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(coverage.rows) + 1}"
        for place, width in enumerate((12, 38, 18, 14, 9, 8, 12), 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for place in range(len(months)):
            sheet.column_dimensions[get_column_letter(len(heads) + 1 + place)].width = 9
        labels = [f"{year}-{month:02}" for year, month in months]
        sheet.append([self._head(sheet, one) for one in (*heads, *labels)])
        for row in coverage.rows:
            sheet.append(self._strip(sheet, row, months))

    def _strip(self, sheet: Any, row: CoverageRow, months: Sequence[tuple[int, int]]) -> list[Any]:
        values = (row.item, row.title, row.part, None, row.covered, row.begun, row.next_due)
        cells = [self._value(sheet, one) for one in values]
        cells[3] = self._toned(sheet, str(row.state), tone(row.state))
        ending: dict[tuple[int, int], list[SlotCell]] = {}
        for slot in row.slots:
            ending.setdefault(_month_of(slot.last, months), []).append(slot)
        for month in months:
            slots = ending.get(month, [])
            signs = "".join(_sign(slot) for slot in slots)
            worst = min((slot for slot in slots if slot.state), key=_rank, default=None)
            mark = tone(worst.state) if worst is not None else ""
            cells.append(self._toned(sheet, signs, mark, middle=True))
        return cells

    def _head(self, sheet: Any, text: str) -> Any:
        cell = self._cell(sheet, text, font=_HEAD_FONT)
        cell.fill = self._head_fill
        return cell

    def _toned(self, sheet: Any, text: str, mark: str, *, middle: bool = False) -> Any:
        cell = self._cell(sheet, text)
        if mark in self._fills:
            cell.fill, cell.font = self._fills[mark], self._fonts[mark]
        if middle:
            cell.alignment = _MIDDLE
        return cell

    def _value(self, sheet: Any, value: Value, column: Column | None = None) -> Any:
        toned = column is not None and column.toned and isinstance(value, str)
        mark = _REPLIES.get(str(value)) or tone(str(value)) if toned else ""
        cell = self._toned(sheet, str(value), mark) if toned else self._cell(sheet, value)
        if column is not None and column.share:
            cell.number_format = _SHARE
        cell.alignment = _TOP
        return cell

    @staticmethod
    def _cell(sheet: Any, value: Value, font: Font | None = None) -> Any:
        cell = WriteOnlyCell(sheet)
        if isinstance(value, str):
            cell.value = _clean(value)
            cell.data_type = "s"  # a text that begins with "=" is no formula
            cell.quotePrefix = value[:1] in "=+-@'"
        elif value is not None:
            cell.value = value
            if isinstance(value, date):
                cell.number_format = _DATE
        if font is not None:
            cell.font = font
        return cell

    @staticmethod
    def _linked(cell: Any, link: str | None) -> None:
        if link and len(link) <= _LONGEST_LINK and cell.value:
            cell.hyperlink = link
            cell.font = _LINK


def _facts(report: ReadinessReport) -> Iterable[tuple[str, Value]]:
    head, tally = report.headline, report.headline.tally
    yield "Workspace", report.workspace
    yield "Site", report.site_url
    yield "As of", report.today
    yield "Written", f"{report.generated_at:%Y-%m-%d %H:%M} UTC"
    yield "Policy", report.policy
    for one in report.windows:
        yield f"Audit window {one.name}", f"{day(one.first)} to {day(one.last)}"
    yield "Items that hold", f"{tally.holding} of {tally.judged} due so far"
    yield "Open errors", head.errors
    yield "Open warnings", head.warnings
    yield "Accepted by waiver", head.waived
    yield "Documents that count", f"{head.sound} of {counted(head.documents, 'document')}"
    for name, some in (("Readiness checklist", report.checklist), ("Buyers", report.buyers)):
        if some:
            told = (f"{sum(q.reply is one for q in some)} {one.lower()}" for one in Reply)
            yield name, ", ".join(word for word in told if not word.startswith("0 "))


def _months(coverage: Coverage) -> tuple[tuple[int, int], ...]:
    first, last = coverage.first, coverage.last
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(
        (first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1)
        for step in range(count)
    )


def _month_of(when: date, months: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The column of a slot; one that ends outside the window stands at its edge."""
    return min(max((when.year, when.month), months[0]), months[-1])


def _rank(slot: SlotCell) -> int:
    return list(SIGNS).index(slot.state) if slot.state is not None else len(SIGNS)


def _sign(slot: SlotCell) -> str:
    if slot.state is not None:
        return SIGNS[slot.state]
    return "✓" if slot.covered else " "


def _clean(text: str) -> str:
    """Text as a cell can hold it: no control characters, not longer than a cell is."""
    plain = str(shown(text)).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"

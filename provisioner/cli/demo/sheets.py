"""Tables as files: CSV, and an Excel workbook of one sheet.

The workbook is written part by part (ECMA-376, part 1, sections 12 and 18) with fixed dates inside
the zip: a library would stamp the hour it was made, and the same evidence would never be the same
bytes twice.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from provisioner.cli.demo.content import Cell, Content

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def csv_file(content: Content) -> bytes:
    """The table as CSV in UTF-8, with a mark at the start so that Excel reads it as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(content.columns)
    writer.writerows(content.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx(content: Content) -> bytes:
    """A workbook: title and sentences on top, then the table with a bold head."""
    rows: list[tuple[tuple[Cell, ...], bool]] = [((content.title,), True)]
    rows += [((line,), False) for line in content.lines]
    rows += [((), False), (content.columns, True)]
    rows += [(row, False) for row in content.rows]
    sheet = "".join(_row(number, cells, bold) for number, (cells, bold) in enumerate(rows, 1))
    widths = "".join(
        f'<col min="{at}" max="{at}" width="24" customWidth="1"/>'
        for at in range(1, max(len(content.columns), 1) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPES}.styles+xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}/relationships">'
        '<sheets><sheet name="Evidence" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEETS}"><cols>{widths}</cols>'
        f"<sheetData>{sheet}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same bytes on every system
            archive.writestr(entry, _XML + text)
    return out.getvalue()


_STYLES = (
    f'<styleSheet xmlns="{_SHEETS}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _row(number: int, cells: Iterable[Cell], bold: bool) -> str:
    style = ' s="1"' if bold else ""
    inner = "".join(_cell(f"{_letters(at)}{number}", cell, style) for at, cell in enumerate(cells))
    return f'<row r="{number}">{inner}</row>'


def _cell(place: str, value: Cell, style: str) -> str:
    if isinstance(value, str):
        text = escape(value)
        return (
            f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        )
    return f'<c r="{place}"{style}><v>{value}</v></c>'


def _letters(at: int) -> str:
    """Column 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

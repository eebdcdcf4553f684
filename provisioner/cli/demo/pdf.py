"""A PDF of a few pages, written by hand: Helvetica for words, Courier for the table.

Structure as in ISO 32000-1, section 7.5: header, numbered objects, a cross-reference table with the
byte offset of each, a trailer. Text is Latin-1 (WinAnsiEncoding); other signs become "?".
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from provisioner.cli.demo.content import Content

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56  # A4 in points
_LEADING = 14
_LINES_ON_PAGE = (_HEIGHT - 2 * _MARGIN - 40) // _LEADING
_SIGNS_ON_LINE = 88
_COLUMN_LIMIT = 30

_Line = tuple[str, int, str]  # font name, size, text


def pdf(content: Content) -> bytes:
    """The content as a PDF; a table that does not fit goes on over further pages."""
    lines = _lines(content)
    pages = [lines[i : i + _LINES_ON_PAGE] for i in range(0, len(lines), _LINES_ON_PAGE)]
    streams = [_page_stream(page, number, len(pages)) for number, page in enumerate(pages, 1)]
    return _assemble(streams, content.title)


def _lines(content: Content) -> list[_Line]:
    lines: list[_Line] = [("F2", 15, content.title), ("F1", 10, "")]
    for paragraph in content.lines:
        wrapped = textwrap.wrap(paragraph, _SIGNS_ON_LINE) or [""]
        lines += [("F1", 10, line) for line in wrapped]
    if content.columns:
        cells = [[str(cell) for cell in row] for row in (content.columns, *content.rows)]
        widths = [
            min(max(len(row[at]) for row in cells), _COLUMN_LIMIT)
            for at in range(len(content.columns))
        ]
        head, *body = (_table_line(row, widths) for row in cells)
        lines += [("F1", 10, ""), ("F4", 9, head), ("F3", 9, "-" * len(head))]
        lines += [("F3", 9, row) for row in body]
    return lines


def _table_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell[:width].ljust(width) for cell, width in zip(cells, widths, strict=True)
    ).rstrip()


def _page_stream(lines: Sequence[_Line], number: int, of: int) -> bytes:
    parts = [f"BT {_MARGIN} {_HEIGHT - _MARGIN} Td {_LEADING} TL"]
    for font, size, text in lines:
        parts.append(f"/{font} {size} Tf ({_escaped(text)}) Tj T*")
    parts.append("ET")
    parts.append(f"BT /F1 8 Tf {_MARGIN} 30 Td (Acme Payments   page {number} of {of}) Tj ET")
    return "\n".join(parts).encode("latin-1", "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assemble(streams: Sequence[bytes], title: str) -> bytes:
    fonts = ("Helvetica", "Helvetica-Bold", "Courier", "Courier-Bold")
    first_page = 3 + len(fonts) + 1
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(streams)))
    named = " ".join(f"/F{i + 1} {3 + i} 0 R" for i in range(len(fonts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode()
            for font in fonts
        ),
        f"<< /Title ({_escaped(title)}) /Author (Acme Payments) >>".encode("latin-1", "replace"),
    ]
    for at, stream in enumerate(streams):
        body = first_page + 2 * at + 1
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            f"/Resources << /Font << {named} >> >> /Contents {body} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    # The second line holds bytes above 127, so that no program takes the file for text.
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (
        len(objects) + 1,
        3 + len(fonts),
    )
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)

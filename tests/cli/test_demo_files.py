"""The demo's files are real: the programs people have can open them, and they never change by chance."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import openpyxl
import pytest

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.files import file_bytes

UPTIME = Content(
    "Uptime (API) \\ by day",
    ("Period: 2026-01-01 to 2026-04-10", "Café & <co>"),
    ("Date", "API %", "Note"),
    tuple((f"day {number:03}", 99.5 + number / 1000, "a & b") for number in range(100)),
)


def test_a_pdf_has_its_objects_where_its_table_says() -> None:
    data = file_bytes("uptime.pdf", UPTIME)
    assert data.startswith(b"%PDF-1.4\n")
    assert data.endswith(b"%%EOF\n")
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    table = data[start:].split(b"trailer")[0].splitlines()
    assert table[0] == b"xref"
    assert table[1] == f"0 {len(table) - 2}".encode()
    for number, line in enumerate(table[3:], 1):
        assert data[int(line[:10]) :].startswith(f"{number} 0 obj\n".encode())


def test_a_long_table_goes_on_over_further_pages_of_a_pdf() -> None:
    data = file_bytes("uptime.pdf", UPTIME)
    pages = data.count(b"/Type /Page ")
    assert pages >= 2
    assert f"/Count {pages}".encode() in data
    for length, body in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", data, re.DOTALL):
        assert int(length) == len(body)
    assert b"day 099" in data
    assert rb"Uptime \(API\) \\ by day" in data
    assert "Café".encode("latin-1") in data


def test_excel_opens_the_workbook_and_reads_numbers_as_numbers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(file_bytes("uptime.xlsx", UPTIME))).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][0] == UPTIME.title
    assert rows[2][0] == "Café & <co>"
    assert rows[4] == UPTIME.columns
    assert rows[5] == UPTIME.rows[0]
    assert len(rows) == 5 + len(UPTIME.rows)


def test_a_workbook_of_many_columns_is_read_back_whole() -> None:
    columns = tuple(f"column {number}" for number in range(60))
    made = file_bytes("wide.xlsx", Content("Wide", (), columns, (tuple(range(60)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    assert list(sheet.values)[-1] == tuple(range(60))


def test_a_picture_is_a_valid_png_with_bars_in_it() -> None:
    data = file_bytes("uptime.png", UPTIME)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, rest = {}, data[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, body = rest[4:8], rest[8 : 8 + length]
        assert struct.unpack(">I", rest[8 + length : 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        rest = rest[12 + length :]
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 3)
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == height * (width + 1)
    assert set(pixels) <= set(range(len(chunks[b"PLTE"]) // 3))
    assert b"\x03" * 250 in pixels  # a bar


def test_text_markdown_and_csv_hold_every_row() -> None:
    assert file_bytes("a.txt", UPTIME).decode().count("\nday ") == 100
    assert "| day 099 | 99.599 | a & b |" in file_bytes("a.md", UPTIME).decode()
    lines = file_bytes("a.csv", UPTIME).decode("utf-8-sig").splitlines()
    assert lines[0] == "Date,API %,Note"
    assert len(lines) == 101


@pytest.mark.parametrize("suffix", ["pdf", "xlsx", "csv", "png", "txt", "md"])
def test_the_same_content_gives_the_same_bytes(suffix: str) -> None:
    again = Content(UPTIME.title, UPTIME.lines, UPTIME.columns, UPTIME.rows)
    assert file_bytes(f"a.{suffix}", UPTIME) == file_bytes(f"b.{suffix}", again)


def test_a_workbook_tells_nothing_about_the_machine_it_was_made_on() -> None:
    archive = zipfile.ZipFile(io.BytesIO(file_bytes("uptime.xlsx", UPTIME)))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any(name.startswith("docProps") for name in archive.namelist())


def test_an_unknown_format_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match=r"a\.docx: the demo makes files that end in \.csv, \.md"):
        file_bytes("a.docx", UPTIME)

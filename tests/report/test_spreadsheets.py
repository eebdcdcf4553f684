"""The report as a workbook, as CSV and as Markdown: what a reader opens, and what an attacker tries."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from provisioner.report import tables, xlsx
from provisioner.report.csv_tables import safe_text, table_csv
from provisioner.report.html_words import SIGNS
from provisioner.report.report_markdown import plain, report_markdown
from provisioner.report.xlsx import report_xlsx
from provisioner.sync.facts import EvidenceFacts

FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1",
    "\uff1d1+1", "\x00=1", "\ufeff=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def book(acme):
    return openpyxl.load_workbook(io.BytesIO(report_xlsx(acme.report)))


@pytest.fixture(scope="module")
def poisoned(acme):
    """A report in which people wrote formulas, control characters and far too much."""
    lines = tuple(
        replace(line, name=FORMULAS[place % len(FORMULAS)], owner='=HYPERLINK("http://x")')
        for place, line in enumerate(acme.report.evidence)
    )
    lines = (
        replace(lines[0], name="a\x07b\x1bc\ud800\ufffe", link="https://x/" + "y" * 3000),
        replace(lines[1], name="#REF!", item_title="x" * 40_000),
        *lines[2:],
    )
    return replace(acme.report, evidence=lines, client="=1+1")


def test_the_workbook_has_what_an_auditor_opens(book, acme):
    assert book.sheetnames == [
        *("Summary", "Readiness", "Findings", "Evidence index", "Review ageing", "Heat map")
    ]
    for name in book.sheetnames[1:5]:
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert (
            sheet.auto_filter.ref
            == f"A1:{sheet.cell(1, sheet.max_column).coordinate[:-1]}{sheet.max_row}"
        )
        assert all(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1])
    for sheet in book:
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            0,
            True,
        )
        assert sheet.print_title_rows == (None if sheet.title == "Summary" else "$1:$1")
    index = book["Evidence index"]
    heads = [cell.value for cell in index[1]]
    assert index.max_row == len(acme.report.evidence) + 1
    for wanted in (
        "Evidence id",
        "Version",
        "SHA-256",
        "Criteria",
        "Owner",
        "Reviewer",
        "Location",
    ):
        assert wanted in heads
    first = dict(zip(heads, index[2], strict=True))
    assert first["Document"].hyperlink.target == acme.report.evidence[0].link
    dated = next(row for row in index.iter_rows(min_row=2) if row[heads.index("Reviewed on")].value)
    cell = dated[heads.index("Reviewed on")]
    assert cell.is_date
    assert cell.number_format == "yyyy-mm-dd"


def test_shares_are_numbers_in_percent_and_states_have_their_colour(book):
    sheet = book["Readiness"]
    heads = [cell.value for cell in sheet[1]]
    shares = [row[heads.index("Share")] for row in sheet.iter_rows(min_row=2)]
    assert any(
        isinstance(cell.value, float | int) and cell.number_format == "0%" for cell in shares
    )
    assert all(cell.value is None or 0 <= cell.value <= 1 for cell in shares)
    worst = [row[heads.index("Worst state")] for row in sheet.iter_rows(min_row=2)]
    missing = next(cell for cell in worst if cell.value == "Missing")
    assert missing.fill.fgColor.rgb.endswith("C4272E")


def test_the_heat_map_has_a_row_for_each_part_and_a_column_for_each_month(book, acme):
    sheet = book["Heat map"]
    (coverage,) = acme.report.coverage
    assert sheet.max_row == len(coverage.rows) + 1
    months = [cell.value for cell in sheet[1]][7:]
    assert (months[0], months[-1], len(months)) == ("2025-08", "2026-07", 12)
    monthly = next(place for place, row in enumerate(coverage.rows) if row.item == "E010")
    signs = [cell.value for cell in sheet[monthly + 2]][7:]
    assert sum(bool(one) for one in signs) == len(coverage.rows[monthly].slots)


def test_the_signs_of_the_heat_map_are_explained_in_the_workbook(book):
    said = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}
    assert all(said[sign].startswith(f"{state}: ") for state, sign in SIGNS.items())


def test_no_cell_of_the_workbook_is_a_formula_whatever_people_wrote(poisoned):
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(poisoned)))
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in values if cell.data_type in {"f", "e"}]
    texts = [cell.value for cell in values if isinstance(cell.value, str)]
    assert "=1+1" in {one.removeprefix("Evidence readiness: ") for one in texts}
    assert any(one.startswith("=HYPERLINK") for one in texts)
    assert max(map(len, texts)) <= xlsx.LONGEST
    assert all(len(cell.hyperlink.target) < 2080 for cell in values if cell.hyperlink)
    assert not any(re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", one) for one in texts)


def test_more_rows_than_a_sheet_takes_are_refused_and_not_cut(acme, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 10)
    with pytest.raises(ValueError, match="more rows than a sheet takes"):
        report_xlsx(acme.report)


def test_more_links_than_a_sheet_takes_stay_text(acme, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_LINKS", 3)
    index = openpyxl.load_workbook(io.BytesIO(report_xlsx(acme.report)))["Evidence index"]
    assert [bool(cell.hyperlink) for cell in index["E"][1:6]] == [True, True, True, False, False]
    assert index.cell(5, 5).value == acme.report.evidence[3].name


def test_an_empty_report_is_a_workbook_too(build):
    report = build(EvidenceFacts(), libraries={}).report
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(report)))
    assert book["Evidence index"].max_row == 1


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_takes_the_sting_out_of_a_formula(text):
    assert safe_text(text).startswith("'")


@pytest.mark.parametrize("text", ["a=b", "E010", "1-2", "x@y", "", "'quoted", "\u2013 dash"])
def test_csv_leaves_other_text_alone(text):
    assert safe_text(text) == text


def test_csv_reads_back_row_by_row(acme, hostile, poisoned):
    for report in (acme.report, hostile.report, poisoned):
        for table in (tables.evidence_index(report), tables.findings(report)):
            text = table_csv(table)
            rows = list(csv.reader(io.StringIO(text)))
            assert rows[0] == [one.name for one in table.columns]
            assert len(rows) == len(table.rows) + 1
            assert {len(row) for row in rows} == {len(table.columns)}
            assert not any(
                cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
            )
            text.encode("utf-8")


def test_findings_say_what_is_open_and_until_when_the_rest_is_waived(acme):
    table = tables.findings(acme.report)
    states = [row[0] for row in table.rows]
    assert states.count("Open") == sum(len(group.findings) for group in acme.report.attention)
    waived = [row for row in table.rows if row[0] == "Waived"]
    assert {row[10] for row in waived} == {date(2026, 7, 31)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("a | b\n# c", r"a \| b \# c"),
        ("`code` *bold* _it_ @team", r"\`code\` \*bold\* \_it\_ \@team"),
        (
            "see https://evil.example and www.evil.example",
            r"see https\://evil.example and www\.evil.example",
        ),
        ("&lt;", r"\&lt;"),
        ("\\", r"\\"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_markdown_is_none_in_what_people_wrote(text, shown):
    assert plain(text) == shown


def test_markdown_is_a_page_with_the_standing_and_what_to_do(acme, hostile):
    text = report_markdown(acme.report)
    assert text.startswith("# Evidence readiness: Acme Payments\n")
    tally = acme.report.headline.tally
    assert f"**{tally.holding} of {tally.judged} items** due so far" in text
    assert len(text.splitlines()) < 100
    first = acme.report.attention[0]
    assert f"**{first.item}** {first.title}" in text
    for line in report_markdown(hostile.report).splitlines():
        assert not re.search(r"(?<!\\)[<>`]", line), line
    quiet = report_markdown(replace(acme.report, attention=()))
    assert "Nothing needs attention" in quiet

"""An auditor's request list is read whatever it was written with, and nothing in it is guessed."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.spec.request_map import FILE_NAME, RequestMap, read_map, write_map
from provisioner.sync.auditor_list import cells, workbook
from provisioner.sync.auditor_list.cells import UnreadableCell
from provisioner.sync.auditor_list.headings import chosen, our_column, plain
from provisioner.sync.auditor_list.incoming import Known, Terms, decide
from provisioner.sync.auditor_list.reading import Asked, Read, requests_in
from provisioner.sync.auditor_list.table import Table, csv_tables, decoded

LIST = """\
Firm LLP;;;
Request list 2026;;;

PBC #;Request;Date due;Status;Owner
1;Tokens, with scopes;2026-03-31;Open;ann
Access;;;;
2;"Leavers
of the quarter";25/03/2026;Received;bob
"""


def table_of(text: str) -> tuple[Table, object]:
    return chosen(csv_tables(text), {})


def requests(text: str, **options):
    return requests_in(*table_of(text), **options)


def xlsx(rows: str, *, styles: str = "", merged: str = "", extra: str = "") -> bytes:
    """A workbook of one sheet; `rows` is the XML inside its sheetData."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}">{extra}<sheets>'
        '<sheet name="PBC" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Target="worksheets/s.xml"/></R>',
        "xl/worksheets/s.xml": f"<worksheet {main}><sheetData>{rows}</sheetData>{merged}</worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}><si><t>Ref</t></si><si><r><t>Requ</t></r><r><t>est</t></r>"
        "<rPh><t>no</t></rPh></si><si><t>Due</t></si></sst>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}<cellXfs><xf/><xf numFmtId='14'/>"
        "<xf numFmtId='170'/></cellXfs></styleSheet>",
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


HEAD = '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c></row>'


def test_headings_are_found_below_a_title_and_rows_keep_their_line_numbers() -> None:
    read = requests(LIST)
    asked = read.asked
    assert [(one.line, one.reference, one.title) for one in asked] == [
        (5, "1", "Tokens, with scopes"),
        (7, "2", "Leavers of the quarter"),
    ]
    assert (read.unread, read.passed) == ((), {6: "Access"})
    assert asked[0].values == {
        "RequestText": "Tokens, with scopes",
        "DueOn": date(2026, 3, 31),
        "RequesterStatus": "Not ready",
    }
    headings = table_of(LIST)[1]
    assert headings.unused == ("Owner",), "people are ours to name"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_and_any_encoding_that_excel_writes(encoding: str, separator: str) -> None:
    text = "ref,title\r\n7,Prüfung für 5 €\r\n".replace(",", separator)
    [one] = requests(decoded(text.encode(encoding))).asked
    assert (one.reference, one.title) == ("7", "Prüfung für 5 €")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"ref,title\n1,\x81\x8d\n", "REQUESTS-UNREADABLE"),
        (b"\xff\xfea", "REQUESTS-UNREADABLE"),
        (b"ref,title\n1,a\0b" + b"c" * 99, "REQUESTS-UNREADABLE"),
        (b"ref,title\n1," + b"x" * 200_000, "REQUESTS-UNREADABLE"),
        (b"ref,title\n" + b"1,x\n" * 10_001, "REQUESTS-TOO-LARGE"),
        (b"a,b\n1,2\n", "REQUESTS-NO-HEADINGS"),
        (b"", "REQUESTS-NO-HEADINGS"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ProvisionerError) as caught:
        chosen(csv_tables(decoded(data)), {})
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-04", "", date(2026, 3, 4)),
        ("2026/3/4", "", date(2026, 3, 4)),
        ("2026-03-04T00:00:00Z", "", date(2026, 3, 4)),
        ("04.03.2026", "", date(2026, 3, 4)),
        ("4 March 2026", "", date(2026, 3, 4)),
        ("Wednesday, March 4th, 2026", "", date(2026, 3, 4)),
        ("04-Mar-2026", "", date(2026, 3, 4)),
        ("Sept 4, 2026", "", date(2026, 9, 4)),
        ("25/03/2026", "", date(2026, 3, 25)),
        ("03/25/2026", "", date(2026, 3, 25)),
        ("04/04/2026", "", date(2026, 4, 4)),
        ("04/03/2026", "day-first", date(2026, 3, 4)),
        ("04/03/2026", "month-first", date(2026, 4, 3)),
        ("04/03/2026", "", None),
        ("25/03/2026", "month-first", None),
        ("04/03/26", "day-first", None),
        ("2026-02-30", "", None),
        ("ma 4 2026", "", None),
        ("soon", "", None),
        (46_000.0, "", None),
        (date(2026, 3, 4), "", date(2026, 3, 4)),
    ],
)
def test_days_are_read_and_never_guessed(text, order, expected) -> None:
    if expected is None:
        with pytest.raises(UnreadableCell):
            cells.day(text, order)
    else:
        assert cells.day(text, order) == expected


def test_no_text_becomes_a_formula_and_a_list_stays_a_list() -> None:
    for text in ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "- 2+cmd|' /C calc'!A0", "+ =1"):
        stored = cells.words(text)
        assert not stored.startswith(("=", "+", "-", "@", "\t")), text
        assert cells.words(stored) == stored, "read again, it is the same"
    assert cells.words("- users\r\n- admins ") == "- users\n- admins"
    assert [cells.words(one) for one in (3.0, 1.5, date(2026, 1, 2))] == ["3", "1.5", "2026-01-02"]
    with pytest.raises(UnreadableCell):
        cells.words("a\x07b")


def test_rows_that_cannot_be_read_are_named_with_their_lines_and_the_others_are_taken() -> None:
    text = (
        "Ref,Description,Due,Priority,TSC,Population\n"
        "1,Tokens,03/04/2026,High,CC6.1,yes\n"
        ",No reference,,,,\n"
        "=2,A formula,,,,\n"
        "3,,,High,,\n"
        "4,Good,,medium,cc6.1; A1.2 and HIPAA,x\n"
        "4,Twice,,,,\n"
        f"{'5' * 40},Long,,,,\n"
        "6,Odd,,whenever,,perhaps\n"
        "Ref,Description,Due,Priority,TSC,Population\n"
    )
    read = requests(text, criteria=("CC6.1", "A1.2"))
    [good] = read.asked
    assert (good.line, good.values["TrustServicesCriteria"]) == (6, ("A1.2", "CC6.1"))
    assert (good.values["Priority"], good.values["PopulationNeeded"]) == ("Normal", True)
    assert good.notes == ('"and HIPAA" is no criterion of the list',)
    assert {one.line: one.why for one in read.unread} == {
        2: 'Due: "03/04/2026" may be 2026-04-03 or 2026-03-04; '
        "say which with --dates day-first or --dates month-first",
        3: "it has no reference",
        4: "Request id: =2 is a formula and no reference",
        5: "it does not say what is asked for",
        7: "the reference stands on line 6 already",
        8: "Request id: it is longer than the 32 characters the column takes",
        9: 'Priority: "whenever" is no priority we know; '
        'Population needed: "perhaps" is neither yes nor no',
    }


def test_a_heading_that_was_named_comes_before_every_guess() -> None:
    text = "Ask,ID,Due date,Needed by\nTokens,9,2026-01-01,2026-02-02\n"
    said = {plain("ASK"): our_column("Request"), plain("Needed  by"): our_column("DueOn")}
    table, headings = chosen(csv_tables(text), said)
    [one] = requests_in(table, headings, prefix="2027-").asked
    assert (one.reference, one.values["DueOn"]) == ("2027-9", date(2026, 2, 2))
    assert headings.unused == ("Due date",)
    for name in ("Assignee", "Internal status", "Flags", "Nonsense"):
        with pytest.raises(ProvisionerError, match="fills no column"):
            our_column(name)


def test_what_was_named_is_kept_for_the_next_time(tmp_path) -> None:
    kept = RequestMap({"Ask: now": "Request"}, "day-first")
    assert read_map(tmp_path) == RequestMap()
    write_map(tmp_path, kept)
    assert read_map(tmp_path) == kept
    for text in ("- a\n", "dates: sometimes\n", "columns: [a]\n", "other: 1\n", "a: [\n"):
        (tmp_path / FILE_NAME).write_text(text, "utf-8")
        with pytest.raises(ProvisionerError, match="no map of headings"):
            read_map(tmp_path)


def test_a_workbook_gives_days_results_of_formulas_and_merged_cells() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Firm LLP</t></is></c></row>' + HEAD
        + '<row r="4"><c r="A4"><v>1</v></c><c r="B4" t="str"><f>1+1</f><v>Tokens</v></c>'
        '<c r="C4" s="1"><v>46112</v></c></row>'
        '<row r="5"><c r="A5"><v>2</v></c><c r="B5" t="inlineStr"><is><t>Leavers</t></is></c></row>'
        '<row r="6"><c r="A6" t="e"><v>#REF!</v></c><c r="B6" t="inlineStr"><is><t>x</t></is></c>'
        '<c r="C6" s="2"><v>46113</v></c></row>'
    )  # fmt: skip
    merged = '<mergeCells><mergeCell ref="C4:C5"/><mergeCell ref="A1:C1"/></mergeCells>'
    styles = "<numFmts><numFmt numFmtId='170' formatCode='dd\\.mm\\.yyyy'/></numFmts>"
    [table] = workbook.tables(xlsx(rows, merged=merged, styles=styles))
    read = requests_in(*chosen([table], {}))
    asked, unread = read.asked, read.unread
    assert [(one.line, one.reference, one.title) for one in asked] == [
        (4, "1", "Tokens"), (5, "2", "Leavers"),
    ]  # fmt: skip
    assert [one.values["DueOn"] for one in asked] == [date(2026, 3, 31), date(2026, 3, 31)]
    assert [(one.line, one.why) for one in unread] == [(6, "it has no reference")]
    old = '<workbookPr date1904="1"/>'
    [table] = workbook.tables(xlsx(rows, styles=styles, extra=old))
    assert table.rows[2].cells[2] == date(2030, 4, 1), "counted from 1904, as old Macs did"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 nothing more",
        xlsx(HEAD)[:-40],
        xlsx("<row><c><v>1</v></row>"),
        xlsx(HEAD, extra="<!DOCTYPE a [<!ENTITY b 'c'>]>"),
        xlsx('<row r="4"><c r="A4" t="s"><v>99999</v></c></row>').replace(b"99999", b"99998"),
    ],
)
def test_a_workbook_that_is_broken_or_hostile_is_refused(data: bytes) -> None:
    with pytest.raises(ProvisionerError) as caught:
        workbook.tables(data)
    assert caught.value.code == "REQUESTS-UNREADABLE"


def test_a_workbook_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(" " * 1_000_000)
    assert workbook.tables(data)[0].rows == ()
    monkeypatch.setattr(workbook, "_LARGEST", 900_000)
    with pytest.raises(ProvisionerError) as caught:
        workbook.tables(data)
    assert caught.value.code == "REQUESTS-TOO-LARGE"


def test_only_what_the_auditor_changed_is_written_and_nothing_is_emptied() -> None:
    def there(period: int | None = 1, **values) -> Known:
        empty = dict.fromkeys(("RequestText", "DueOn", "Title", "Priority"))
        return Known(
            5, "e", period, {**empty, "RequestId": "a1", "RequesterType": "Auditor", **values}
        )

    asked = Asked(2, "A1", "Tokens", {"RequestText": "Tokens", "DueOn": date(2026, 3, 1)})
    terms, periods = Terms(1, "2026"), {1: "2026", 2: "2025"}
    same = there(RequestText="Tokens", DueOn=date(2026, 3, 1), Title="Ours", Priority="High")
    assert decide(Read((asked,), (), {}), {"a1": same}, terms, periods).unchanged == (asked,)
    moved = decide(
        Read((asked,), (), {}), {"a1": there(RequestText="Tokens", Priority="High")}, terms, periods
    )
    [changed] = moved.changed
    assert changed.fields == {"DueOn": (None, date(2026, 3, 1))}
    clash = decide(Read((asked,), (), {}), {"a1": there(2)}, terms, periods)
    assert (clash.empty, "2025" in clash.unread[0].why) == (True, True)
    assert decide(Read((), (), {}), {"a1": there()}, terms, periods).absent == ("a1",)
    assert decide(Read((asked,), (), {}), {}, terms, periods).new == (asked,)

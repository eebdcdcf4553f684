"""Traps in an auditor's list: what costs very much, what can be read two ways, what the team wrote since."""

from __future__ import annotations

from datetime import date

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.sync.auditor_list import cells, workbook
from provisioner.sync.auditor_list.cells import UnreadableCell
from provisioner.sync.auditor_list.headings import chosen
from provisioner.sync.auditor_list.incoming import Known, Terms, decide
from provisioner.sync.auditor_list.reading import Asked, Read, requests_in, within
from provisioner.sync.auditor_list.taken import after, read_taken, taken_bytes

from .test_auditor_list import HEAD, requests, xlsx


def test_a_small_file_that_costs_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part named by many sheets, empty cells by the million, one merge over all rows again and again."""
    monkeypatch.setattr(workbook, "_MOST_ELEMENTS", 10_000)
    with pytest.raises(ProvisionerError, match="millions of cells"):
        workbook.tables(xlsx("<row>" + "<c/>" * 11_000 + "</row>"))
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 900))
    merged = '<mergeCell ref="A1:A9999999"/>' * 20
    [table] = workbook.tables(xlsx(rows, merged=merged))
    assert len(table.rows) == 899, "in no time, however far a merge says it goes"
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    with pytest.raises(ProvisionerError, match="more cells are merged"):
        workbook.tables(xlsx(rows, merged=merged))


def test_a_formula_without_a_result_is_never_taken_for_a_blank() -> None:
    rows = (
        HEAD + '<row r="4"><c r="A4"><v>1</v></c><c r="B4" t="str"><f>A1</f><v></v></c>'
        '<c r="C4"><f>TODAY()</f></c></row>'
        '<row r="5"><c r="A5"><v>2</v></c><c r="B5" t="inlineStr"><is><t>x</t></is></c>'
        '<c r="D5"><f>C5</f></c></row>'
    )
    [table] = workbook.tables(xlsx(rows))
    read = requests_in(*chosen([table], {}))
    assert [(one.line, one.why) for one in read.unread] == [
        (4, "Due: a formula whose result is not in the file; open it in Excel and save it again")
    ]
    assert [one.reference for one in read.asked] == ["2"], "a column nobody asked for may be empty"


def test_a_quotation_mark_that_is_never_closed_swallows_no_request() -> None:
    with pytest.raises(ProvisionerError) as caught:
        requests('Ref,Request\n1,"never closed\n2,second\n')
    assert "line 2" in caught.value.message
    assert "never closed" in caught.value.hint
    [one] = requests('Ref;Request\n"1";"with ""quotes"", and\nlines"\n').asked
    assert one.values["RequestText"] == 'with "quotes", and\nlines'


def test_which_of_two_columns_with_one_heading_is_meant_is_not_guessed() -> None:
    with pytest.raises(ProvisionerError, match='"due" and say different things'):
        requests("Ref,Request,Due,due\n1,a,2026-03-04,2026-03-04\n2,b,2026-03-04,2026-03-05\n")
    [one] = requests("Ref,Request,Due,Due\n1,a,2026-03-04,\n").asked
    assert one.values["DueOn"] == date(2026, 3, 4)
    assert requests("Ref,Request,Note,Note\n1,a,x,y\n").asked


@pytest.mark.parametrize("said", ["TBD", " n/a ", "-", "To be confirmed"])
def test_a_day_that_is_none_yet_costs_no_request(said: str) -> None:
    [one] = requests(f"Ref,Request,Due\n1,a,{said}\n").asked
    assert "DueOn" not in one.values
    assert one.notes == (f'Due: "{said.strip()}" is no day yet and is left out',)


def test_what_is_no_day_is_said_in_words_that_fit() -> None:
    def why(text: str, order: str = "") -> str:
        [one] = requests(f"Ref,Request,Due\n1,a,{text}\n", order=order).unread
        return one.why

    assert why("31/02/2026") == 'Due: "31/02/2026" is no day of the calendar'
    assert why("04/13/2026", "day-first").endswith("is no day of the calendar, read day-first")
    with pytest.raises(UnreadableCell, match="it would be 2026-03-04"):
        cells.day(46085.0, "")
    with pytest.raises(UnreadableCell, match=r"1e\+30 is a number and no date$"):
        cells.day(1e30, "")


def test_what_the_tracker_has_no_column_for_is_left_out_and_told() -> None:
    read = requests("Ref,Request,Priority\n1,a,high\n")
    [one] = within(read, {"RequestText"}).asked
    assert dict(one.values) == {"RequestText": "a"}
    assert one.notes == ("the tracker has no column Priority",)


def test_what_the_team_wrote_in_an_auditors_column_stays() -> None:
    before = Asked(2, "A1", "", {"RequestText": "Tokens", "DueOn": date(2026, 3, 1)})
    taken = read_taken(taken_bytes(after({}, [before], {})))

    def decided(theirs: Asked, **values: object):
        there = Known(5, "e", 1, {"RequestId": "a1", "RequesterType": "Auditor", **values})
        return decide(Read((theirs,), (), {}), {"a1": there}, Terms(1, "2026"), {}, taken)

    ours = decided(before, RequestText="Tokens, all of them", DueOn=date(2026, 3, 1))
    assert ours.empty
    assert [(one.column, one.moved) for one in ours.kept] == [("RequestText", False)]
    moved = Asked(2, "A1", "", {"RequestText": "Secrets", "DueOn": date(2026, 4, 1)})
    both = decided(moved, RequestText="Tokens, all of them", DueOn=date(2026, 3, 1))
    assert [(one.column, one.moved) for one in both.kept] == [("RequestText", True)]
    [changed] = both.changed
    assert list(changed.fields) == ["DueOn"], "the auditor's own day follows the list"
    theirs = decided(moved, RequestText="Tokens", DueOn=date(2026, 3, 1))
    assert not theirs.kept
    agreed = after(taken, [moved], {"a1": ["RequestText"]})["a1"]
    assert agreed["RequestText"] == taken["a1"]["RequestText"], "else the next list would win"
    assert agreed["DueOn"] != taken["a1"]["DueOn"]


@pytest.mark.parametrize("data", [b"", b"no", b"[]", b'{"kind":"TakenRequests","requests":[]}'])
def test_a_memory_that_is_none_is_an_empty_one(data: bytes) -> None:
    assert read_taken(data) == {}

"""A list in a browser: a view's columns, filter, order, groups and pages, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest


def rows(page: str) -> list[str]:
    """The words of each row of the table, in order, the heading first."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_a_view_shows_its_columns_in_order_with_their_titles(library: Any) -> None:
    library.put("a.pdf", Owner=library.owner, Area="Access")
    library.view("Owners", ["DocIcon", "LinkFilename", "Owner", "Area"])
    assert rows(library.get(view="Owners")) == [
        "Type Name Evidence owner Control area",
        "pdf a.pdf Ines Amari Access",
    ]


def test_the_default_view_is_first_and_the_others_are_tabs(library: Any) -> None:
    library.view("Stale only", ["LinkFilename"])
    library.view("Kept back", ["LinkFilename"], Hidden=True)
    page = library.get()
    assert '<a href="/sites/north/Evidence" aria-current="page">All Documents</a>' in page
    assert '<a href="/sites/north/Evidence?view=Stale+only">Stale only</a>' in page
    assert "Kept back" not in page
    chosen = library.get("/Forms/Stale only.aspx")
    assert 'aria-current="page">Stale only</a>' in chosen


def test_values_read_as_people_say_them(library: Any) -> None:
    library.put(
        "a.pdf",
        Freshness="Stale",
        Criteria=["CC6.1", "CC6.6"],
        Due="2026-12-01T05:00:00Z",
        Owner=library.owner,
        Done=True,
        Rows=12.0,
        Vendor=library.vendor,
        Flags="STALE, NO-REVIEWER\nToo old.\nAnd nobody looked.",
    )
    names = ["Freshness", "Criteria", "Due", "Owner", "Done", "Rows", "Vendor", "Flags", "Words"]
    library.view("All", ["LinkFilename", *names, "Modified", "Editor", "FileSizeDisplay"])
    page = library.get(view="All")
    assert '<span class="pill bad">Stale</span>' in page
    assert '<ul class="chips"><li>CC6.1</li><li>CC6.6</li></ul>' in page
    assert '<time datetime="2026-12-01">2026-12-01</time>' in page
    assert ">Ines Amari</td>" in page
    assert ">Yes</td>" in page
    assert '<td class="number">12</td>' in page
    assert '<a href="/sites/north/Lists/Vendors/DispForm.aspx?ID=1">Bank &amp; Co</a>' in page
    assert '<span class="code">STALE</span> <span class="code">NO-REVIEWER</span>' in page
    assert "Too old.<br>And nobody looked." in page
    assert ">2026-12-01!</td>" in page
    assert "2026-11-21 22:" in page, "the time of day is Toronto's"
    assert ">8 bytes</td>" in page


def test_a_formula_that_is_not_understood_is_not_guessed(library: Any) -> None:
    library.put("a.pdf", Rows=3)
    library.view("Odd", ["LinkFilename", "Odd"])
    assert "not worked out here" in library.get(view="Odd")


def test_a_lookup_whose_target_is_gone_says_so(library: Any) -> None:
    library.put("a.pdf", Vendor=99)
    library.view("Vendors", ["LinkFilename", "Vendor"])
    assert "item 99, which is gone" in library.get(view="Vendors")


def test_the_filter_is_honoured(library: Any, where: Callable[[str], list[str]]) -> None:
    library.put("a.pdf", Freshness="Stale", Due="2026-11-21T05:00:00Z")
    library.put("b.pdf", Freshness="Fresh", Due="2026-11-22T05:00:00Z", Vendor=library.vendor)
    library.put("c.pdf")
    stale = '<Eq><FieldRef Name="Freshness"/><Value Type="Choice">Stale</Value></Eq>'
    none = '<IsNull><FieldRef Name="Freshness"/></IsNull>'
    today = '<Leq><FieldRef Name="Due"/><Value Type="DateTime"><Today/></Value></Leq>'
    vendor = '<Eq><FieldRef Name="Vendor"/><Value Type="Lookup">bank &amp; co</Value></Eq>'
    name = '<BeginsWith><FieldRef Name="FileLeafRef"/><Value Type="Text">B</Value></BeginsWith>'
    assert where(stale) == ["a.pdf"]
    assert where(f"<Or>{stale}{none}</Or>") == ["a.pdf", "c.pdf"]
    assert where(today) == ["a.pdf"], "in Toronto it is still the 21st"
    assert where(vendor) == ["b.pdf"]
    assert where(name) == ["b.pdf"]


def test_a_view_of_mine_says_that_nobody_is_signed_in(library: Any) -> None:
    library.put("a.pdf", Owner=library.owner)
    mine = (
        '<Where><Eq><FieldRef Name="Owner" LookupId="TRUE"/><Value Type="Integer"><UserID/></Value>'
        "</Eq></Where>"
    )
    library.view("Mine", ["LinkFilename"], mine)
    page = library.get(view="Mine")
    assert "nobody is signed in" in page
    assert "No item meets the filter of this view." in page
    assert "0 of 1 item" in page


def test_a_filter_that_cannot_be_used_hides_nothing(library: Any) -> None:
    library.put("a.pdf")
    query = (
        '<Where><Membership Type="CurrentUserGroups"><FieldRef Name="Owner"/></Membership></Where>'
    )
    library.view("Ours", ["LinkFilename"], query)
    page = library.get(view="Ours")
    assert "“Membership” is not evaluated here. Every item is shown." in page
    assert ">a.pdf</a>" in page


def test_groups_have_a_heading_and_a_count(library: Any) -> None:
    library.put("a.pdf", Area="Change", Rows=1)
    library.put("b.pdf", Area="Access", Rows=2)
    library.put("c.pdf", Area="Access", Rows=3)
    library.put("d.pdf")
    query = (
        '<GroupBy><FieldRef Name="Area"/></GroupBy>'
        '<OrderBy><FieldRef Name="Rows" Ascending="FALSE"/></OrderBy>'
    )
    library.view("By area", ["LinkFilename", "Rows"], query)
    page = library.get(view="By area")
    assert rows(page) == [
        "Name Row count ▼",
        "Control area: No control area 1 item",
        "d.pdf",
        "Control area: Access 2 items",
        "c.pdf 3",
        "b.pdf 2",
        "Control area: Change 1 item",
        "a.pdf 1",
    ]
    assert page.count('scope="rowgroup"') == 3
    assert 'aria-sort="descending"' in page


def test_groups_within_groups(library: Any) -> None:
    library.put("a.pdf", Area="Access", Freshness="Stale")
    library.put("b.pdf", Area="Access", Freshness="Fresh")
    library.view(
        "Both",
        ["LinkFilename"],
        '<GroupBy><FieldRef Name="Area"/><FieldRef Name="Freshness"/></GroupBy>',
    )
    assert rows(library.get(view="Both"))[1:] == [
        "Control area: Access 2 items",
        "Freshness: Fresh 1 item",
        "b.pdf",
        "Freshness: Stale 1 item",
        "a.pdf",
    ]


def test_the_row_limit_makes_pages(library: Any) -> None:
    for number in range(5):
        library.put(f"{number}.pdf")
    library.view("Short", ["LinkFilename"], RowLimit=2)
    first = library.get(view="Short")
    assert rows(first)[1:] == ["0.pdf", "1.pdf"]
    assert "5 items, 2 on this page" in first
    assert 'href="/sites/north/Evidence?view=Short&amp;page=2">Next page</a>' in first
    assert rows(library.get(view="Short", page=3))[1:] == ["4.pdf"]
    assert rows(library.get(view="Short", page=99))[1:] == ["4.pdf"]
    library.view("Cut", ["LinkFilename"], RowLimit=2, Paged=False)
    cut = library.get(view="Cut")
    assert "Next page" not in cut
    assert rows(cut)[1:] == ["0.pdf", "1.pdf"]


def test_folders_open_and_a_view_without_folders_looks_into_them(library: Any) -> None:
    from provisioner.emulator.model import files

    with library.tenant.lock:
        files.ensure_folders(library.tenant, library.opened, "/2026/Q1", author=library.owner)
    library.put("deep.pdf", folder="/2026/Q1")
    library.view("Flat", ["LinkFilename"], Scope=1)
    assert rows(library.get())[1].startswith("folder 2026")
    assert "deep.pdf" not in library.get()
    inside = library.get("/2026/Q1")
    assert "<h1>Q1</h1>" in inside
    assert ">deep.pdf</a>" in inside
    assert rows(library.get(view="Flat"))[1:] == ["deep.pdf"]


def test_an_unknown_view_says_so_and_shows_the_default(library: Any) -> None:
    library.put("a.pdf")
    page = library.get(view="Nope <b>")
    assert "There is no view “Nope &lt;b&gt;” here; this is “All Documents”." in page
    assert ">a.pdf</a>" in page


def test_an_empty_list_says_so(library: Any) -> None:
    assert "Nothing is here yet." in library.get()


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_an_odd_page_number_is_no_fault(library: Any, page: str) -> None:
    library.put("a.pdf")
    assert ">a.pdf</a>" in library.get(page=page)

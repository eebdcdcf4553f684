"""An item in a browser: its columns, versions and permissions; files, pages and wrong addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.emulator.model import files, items, roles
from provisioner.emulator.model.role_names import READ

NASTY = '<script>alert("1")</script>\'&'


def form(library: Any, number: int) -> str:
    return str(library.get("/Forms/DispForm.aspx", ID=number))


def test_an_item_shows_every_column_with_what_it_means(library: Any) -> None:
    page = form(library, library.put("a.pdf", Freshness="Fresh", Area="Access"))
    assert "<h1>a.pdf</h1>" in page
    assert '<span class="pill good">Fresh</span>' in page
    assert '<th scope="row">Control area</th><td>Access</td>' in page
    assert '<th scope="row">Due<span class="help">The last day it counts.</span></th>' in page
    assert '<span class="unseen">empty</span>' in page


def test_versions_say_who_changed_what(library: Any) -> None:
    page = form(library, library.put("a.pdf", Freshness="Fresh", Area="Access"))
    assert "<td>2.0</td>" in page
    assert "<td>Control area, Freshness</td>" in page
    assert "<td>First version kept</td>" in page
    assert "<td>Ines Amari</td>" in page


def test_permissions_are_those_of_the_site_or_its_own(library: Any) -> None:
    number = library.put("a.pdf")
    inherited = form(library, number)
    assert "This item inherits its permissions." in inherited
    assert "North &amp; &lt;South&gt; Visitors" in inherited
    site_id, scope = library.opened.site_id, roles.item_scope(library.opened.id, number)
    with library.tenant.lock:
        roles.breakup(
            library.tenant, site_id, scope, copy=False, clear_subscopes=False, caller=None
        )
        roles.add(library.tenant, site_id, scope, library.owner, READ)
    own = form(library, number)
    assert "This item has permissions of its own." in own
    assert "<td>Ines Amari</td><td>Read</td><td>Person</td>" in own
    assert "Visitors" not in own
    assert "Limited Access" not in library.http.get("/sites/north").text


def test_a_file_is_a_download_that_a_browser_does_not_run(library: Any) -> None:
    page = form(library, library.put("a b.html"))
    assert '<a href="/sites/north/Evidence/a%20b.html" class="get">Download a b.html</a>' in page
    answer = library.http.get("/sites/north/Evidence/a%20b.html")
    assert answer.content == b"evidence"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20b.html"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_list_item_is_found_by_the_address_graph_gives_it(library: Any) -> None:
    page = library.http.get("/sites/north/Lists/Vendors/1_.000")
    assert page.status_code == 200
    assert "<h1>Bank &amp; Co</h1>" in page.text


def test_what_people_wrote_is_text_and_never_markup(library: Any) -> None:
    number = library.put(
        "a.pdf",
        Title=NASTY,
        Flags=f"STALE\n{NASTY}",
        Area=NASTY,
        Criteria=[NASTY],
        Link={"Url": "javascript:alert(1)", "Description": NASTY},
    )
    with library.tenant.lock:
        library.tenant.run("UPDATE list SET title = ?", NASTY)
        library.tenant.run("UPDATE field SET title = ? WHERE builtin = 0", NASTY)
        library.tenant.run("UPDATE view SET title = ?", NASTY)
        library.tenant.run("UPDATE navigation_node SET title = ?", NASTY)
        library.tenant.run(
            "UPDATE navigation_node SET url = 'javascript:alert(1)', external = 1 WHERE position < 0"
        )
    library.view(
        f"x{NASTY}"[:30],
        ["LinkFilename", "Title", "Flags", "Criteria", "Link"],
        '<GroupBy><FieldRef Name="Area"/></GroupBy>',
        DefaultView=True,
    )
    for page in (library.get(), form(library, number), library.http.get("/sites/north").text):
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert 'href="javascript' not in page


def test_rich_text_is_shown_as_its_words(library: Any) -> None:
    with library.tenant.lock:
        library.tenant.run(
            "UPDATE field SET doc = json_set(doc, '$.RichText', json('true')), "
            "internal_name = 'Report' WHERE internal_name = 'Flags'"
        )
    page = form(library, library.put("a.pdf", Report="<div>One<br>two</div><script>x()</script>"))
    assert "One<br>two" in page
    assert "<script" not in page


def test_nothing_may_be_loaded_or_run(library: Any) -> None:
    policy = library.http.get("/sites/north/Evidence").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy


def test_pages_are_made_for_keyboards_and_screen_readers(library: Any) -> None:
    library.put("a.pdf")
    page = library.get()
    assert '<html lang="en">' in page
    assert '<a href="#main" class="skip">Skip to the content</a>' in page
    assert '<nav class="launch" aria-label="Quick launch">' in page
    assert '<th scope="col" aria-sort="ascending">Name' in page
    assert 'role="region" aria-label="Table: Evidence, view All Documents" tabindex="0"' in page
    assert page.count("<h1>") == 1


def test_the_quick_launch_is_nested_and_marks_where_you_are(library: Any) -> None:
    from provisioner.emulator.model import navigation

    site = library.opened.site
    with library.tenant.lock:
        top = navigation.add(
            library.tenant,
            site,
            bar="quicklaunch",
            parent_id=0,
            title="Proof",
            url="/sites/north",
            external=False,
        )
        navigation.add(
            library.tenant,
            site,
            bar="quicklaunch",
            parent_id=int(top["id"]),
            title="All of it",
            url="/sites/north/Evidence",
            external=False,
        )
    page = library.get()
    assert (
        '<a href="/sites/north">Proof</a><ul><li><a href="/sites/north/Evidence" '
        'aria-current="page">All of it</a></li></ul>'
    ) in page


def test_a_site_counts_its_documents_and_items(library: Any) -> None:
    library.put("a.pdf")
    library.put("b.pdf")
    with library.tenant.lock:
        files.ensure_folders(library.tenant, library.opened, "/2026", author=library.owner)
    page = library.http.get("/sites/north").text
    evidence = page.partition(">Evidence</a>")[2]
    assert evidence.startswith('</td><td class="number">2</td>'), "a folder is no document"
    assert ">User Information List<" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/sites/nowhere",
        "/sites/north/Nothing",
        "/sites/north/Evidence/none.pdf",
        "/sites/north/Evidence/Forms/DispForm.aspx?ID=99",
        "/sites/north/Evidence/Forms/DispForm.aspx?ID=x",
        "/sites/north/Evidence/Forms/DispForm.aspx",
        "/sites/north/Evidence/none/deeper/<b>",
    ],
)
def test_an_address_with_nothing_says_so_in_plain_words(library: Any, address: str) -> None:
    answer = library.http.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "It may have been renamed or deleted" in answer.text
    assert "<b>" not in answer.text


def test_a_deleted_item_is_gone(library: Any) -> None:
    number = library.put("a.pdf")
    with library.tenant.lock:
        row = items.get(library.tenant, library.opened, number)
        items.delete(library.tenant, library.opened, row)
    assert library.http.get(f"/sites/north/Evidence/Forms/DispForm.aspx?ID={number}").is_error
    assert library.http.get("/sites/north/Evidence/a.pdf").status_code == 404
    assert ">a.pdf<" not in library.get()


def test_a_site_page_shows_its_words(library: Any) -> None:
    from provisioner.emulator.model import pages

    with library.tenant.lock:
        opened = pages.library(library.tenant, library.opened.site)
        part = {"@odata.type": "#microsoft.graph.textWebPart", "innerHtml": "<p>Wel<b>come</b></p>"}
        column = {"columns": [{"webparts": [part]}]}
        layout = {"canvasLayout": {"horizontalSections": [column]}}
        pages.create(library.tenant, opened, "Start.aspx", "Start here", layout, library.owner)
        library.tenant.run("UPDATE site SET welcome_page = 'SitePages/Start.aspx'")
    page = library.http.get("/sites/north/SitePages/Start.aspx").text
    assert "<h1>Start here</h1>" in page
    assert "Wel<b>come</b>" in page
    assert "Wel<b>come</b>" in library.http.get("/sites/north").text


def test_a_page_shows_its_lists_and_links_in_their_columns(library: Any) -> None:
    from provisioner.emulator.model import pages

    def control(place: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        at = {"zoneIndex": 1, "sectionIndex": place, "controlIndex": 1, "sectionFactor": 6}
        return {"controlType": 3, "webPartId": kind, "position": at, "webPartData": data}

    links = {
        "properties": {"items": [{"id": 1}, {"id": 2}]},
        "serverProcessedContent": {
            "searchablePlainTexts": {"items[0].title": "Out", "items[1].title": "Bad"},
            "links": {
                "items[0].sourceItem.url": "https://out.example/",
                "items[1].sourceItem.url": "javascript:alert(1)",
            },
        },
    }
    shown = {"properties": {"selectedListId": library.opened.id}}
    gone = {"properties": {"selectedListId": "0"}}
    listing = "f92bf067-bc19-489e-a556-7fe95f508720"
    controls = [
        control(1, listing, shown),
        control(2, "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd", links),
        control(3, listing, gone),
    ]
    controls[0]["zoneGroupMetadata"] = {"displayName": "Fold <me>", "isExpanded": True}
    with library.tenant.lock:
        opened = pages.library(library.tenant, library.opened.site)
        doc = {"CanvasContent1": json.dumps(controls)}
        pages.create(library.tenant, opened, "Parts.aspx", "Parts", doc, library.owner)
    page = library.http.get("/sites/north/SitePages/Parts.aspx").text
    assert '<a href="/sites/north/Evidence">Evidence</a>' in page
    assert '<a href="https://out.example/">Out</a>' in page
    assert "javascript:" not in page
    assert "<summary>Fold &lt;me&gt;</summary>" in page
    assert "The list that stood here is gone." in page

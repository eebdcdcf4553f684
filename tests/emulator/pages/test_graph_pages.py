"""Site pages through Graph: what may stand on one, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

TYPE = "#microsoft.graph.sitePage"
QUICK_LINKS = "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd"
LIST_WEB_PART = "f92bf067-bc19-489e-a556-7fe95f508720"
PAGES = "/sites/contoso.sharepoint.com:/sites/acme:/pages"


def canvas(*parts: dict[str, Any]) -> dict[str, Any]:
    column = {"id": "1", "width": 12, "webparts": list(parts)}
    section = {"layout": "oneColumn", "id": "1", "emphasis": "none", "columns": [column]}
    return {"horizontalSections": [section]}


def page(**changes: Any) -> dict[str, Any]:
    return {"@odata.type": TYPE, "name": "Guide.aspx", "title": "Guide"} | changes


@pytest.fixture
def made(graph: Any, site: str) -> dict[str, Any]:
    parts = ({"innerHtml": "<p>Hello</p>"}, {"webPartType": QUICK_LINKS, "data": {"title": "x"}})
    answer = graph("POST", PAGES, page(canvasLayout=canvas(*parts)))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_new_page_is_checked_out(made: dict[str, Any]) -> None:
    assert made["publishingState"] == {"level": "checkout", "versionId": "0.1"}
    assert made["webUrl"].endswith("/sites/acme/SitePages/Guide.aspx")
    assert "canvasLayout" not in made


def test_what_stands_on_it_comes_when_expanded(graph: Any, made: dict[str, Any]) -> None:
    one = f"{PAGES}/{made['id']}/microsoft.graph.sitePage"
    body = graph("GET", one + "?$expand=canvasLayout").json()
    (section,) = body["canvasLayout"]["horizontalSections"]
    kinds = [part["@odata.type"] for part in section["columns"][0]["webparts"]]
    assert kinds == ["#microsoft.graph.textWebPart", "#microsoft.graph.standardWebPart"]


def test_a_body_must_name_its_type(graph: Any, site: str) -> None:
    """ "@odata.type" is mandatory (sitepage-create)."""
    body = page()
    del body["@odata.type"]
    assert graph("POST", PAGES, body).status_code == 400


@pytest.mark.parametrize(
    "part",
    [
        {"webPartType": LIST_WEB_PART, "data": {}},
        {"webPartType": "cbe7b0a9-0000-0000-0000-000000000000", "data": {}},
        {"@odata.type": "#microsoft.graph.webPart"},
        {"innerHtml": 7},
    ],
    ids=["list", "unknown", "no type", "no text"],
)
def test_web_parts_outside_the_fourteen_are_refused(
    graph: Any, site: str, part: dict[str, Any]
) -> None:
    """Anything else "will result in a failure or exception" (sitepage-create)."""
    assert graph("POST", PAGES, page(canvasLayout=canvas(part))).status_code == 400
    assert len(graph("GET", PAGES).json()["value"]) == 1  # the home page only


@pytest.mark.parametrize(
    "change",
    [
        {"pageLayout": "poster"},
        {"colour": "red"},
        {"titleArea": {"colour": "red"}},
        {"name": "a/b.aspx"},
        {"name": "", "title": ""},
        {"showComments": "yes"},
        {"canvasLayout": {"horizontalSections": [{"layout": "fourColumns"}]}},
        {"canvasLayout": {"horizontalSections": [{"layout": "oneColumn", "columns": [{}, {}]}]}},
    ],
    ids=str,
)
def test_what_a_page_may_not_be(graph: Any, site: str, change: dict[str, Any]) -> None:
    assert graph("POST", PAGES, page(**change)).status_code == 400


def test_a_taken_name_is_refused(graph: Any, made: dict[str, Any]) -> None:
    assert graph("POST", PAGES, page(title="Other")).status_code == 409


def test_a_patch_needs_the_cast(graph: Any, made: dict[str, Any]) -> None:
    """Uncast it answers 404 (msgraph-sdk-powershell#3109)."""
    one, body = f"{PAGES}/{made['id']}", {"@odata.type": TYPE, "title": "Guide 2"}
    assert graph("PATCH", one, body).status_code == 404
    changed = graph("PATCH", one + "/microsoft.graph.sitePage", body)
    assert changed.status_code == 200
    assert graph("GET", one).json()["title"] == "Guide 2"


def test_publishing_makes_a_major_version(graph: Any, made: dict[str, Any]) -> None:
    one = f"{PAGES}/{made['id']}"
    published = graph("POST", one + "/microsoft.graph.sitePage/publish")
    assert (published.status_code, published.content) == (204, b"")
    state = graph("GET", one).json()["publishingState"]
    assert state == {"level": "published", "versionId": "1.0"}
    body = {"@odata.type": TYPE, "description": "More"}
    again = graph("PATCH", one + "/microsoft.graph.sitePage", body).json()
    assert again["publishingState"] == {"level": "checkout", "versionId": "1.1"}


def test_another_cannot_change_a_page_that_is_checked_out(
    graph: Any, made: dict[str, Any], grant: Any
) -> None:
    grant("sync", "write")
    one = f"{PAGES}/{made['id']}/microsoft.graph.sitePage"
    body = {"@odata.type": TYPE, "title": "Mine"}
    assert graph("PATCH", one, body, app="sync").status_code == 423
    assert graph("POST", one + "/publish", app="sync").status_code == 423


def test_a_deleted_page_is_gone(graph: Any, made: dict[str, Any]) -> None:
    assert graph("DELETE", f"{PAGES}/{made['id']}").status_code == 204
    assert graph("GET", f"{PAGES}/{made['id']}").status_code == 404


def test_a_reader_cannot_make_one(graph: Any, site: str) -> None:
    assert graph("POST", PAGES, page(), app="reader").status_code == 403
    assert graph("GET", PAGES, app="reader").status_code == 200


def test_a_new_site_has_its_home_page(graph: Any, rest: Any, site: str) -> None:
    (home,) = graph("GET", PAGES).json()["value"]
    assert (home["name"], home["publishingState"]["level"]) == ("Home.aspx", "published")
    folder = rest("GET", "/_api/web/rootfolder").json()
    assert folder["WelcomePage"] == "SitePages/Home.aspx"


def test_the_list_may_be_cast(graph: Any, made: dict[str, Any]) -> None:
    found = graph("GET", PAGES + "/microsoft.graph.sitePage").json()["value"]
    assert {each["name"] for each in found} == {"Home.aspx", "Guide.aspx"}

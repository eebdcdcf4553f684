"""Site pages through SharePoint REST, as CLI for Microsoft 365 makes them (spo page add)."""

from __future__ import annotations

import json
from typing import Any

import pytest

LIST_WEB_PART = "f92bf067-bc19-489e-a556-7fe95f508720"


@pytest.fixture
def made(rest: Any, site: str) -> dict[str, Any]:
    body = {"PageLayoutType": "Article", "Name": "Guide.aspx", "PromotedState": 0, "Title": "Guide"}
    answer = rest("POST", "/_api/sitepages/pages", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def content() -> str:
    return json.dumps([{"controlType": 3, "webPartId": LIST_WEB_PART}])


def test_a_page_may_hold_a_list_web_part(rest: Any, graph: Any, made: dict[str, Any]) -> None:
    one = f"/_api/SitePages/Pages({made['Id']})"
    assert made["IsPageCheckedOutToCurrentUser"] is True
    saved = rest(
        "POST",
        one + "/SavePage",
        {"CanvasContent1": content(), "Title": "Guide 2"},
        headers={"X-HTTP-Method": "MERGE", "If-Match": "*"},
    )
    assert saved.status_code == 200, saved.text
    page = rest("GET", one).json()
    assert (page["CanvasContent1"], page["Title"]) == (content(), "Guide 2")
    path = "DecodedUrl='/sites/acme/SitePages/Guide.aspx'"
    published = rest("POST", f"/_api/web/GetFileByServerRelativePath({path})/Publish()")
    assert published.status_code == 200, published.text
    assert rest("GET", one).json()["Version"] == "1.0"
    graph_pages = "/sites/contoso.sharepoint.com:/sites/acme:/pages"
    expanded = graph("GET", f"{graph_pages}/{made['UniqueId']}?$expand=canvasLayout")
    assert expanded.status_code == 501  # said, not pretended


def test_saving_needs_a_check_out(rest: Any, made: dict[str, Any]) -> None:
    one = f"/_api/sitepages/pages({made['Id']})"
    assert rest("POST", one + "/publish").status_code == 200
    body = {"CanvasContent1": content()}
    assert rest("POST", one + "/savepage", body).status_code == 409
    assert rest("POST", one + "/checkoutpage").status_code == 200
    assert rest("POST", one + "/savepage", body).status_code == 200


def test_check_in_makes_a_draft_or_a_version(rest: Any, made: dict[str, Any]) -> None:
    path = "DecodedUrl='/sites/acme/SitePages/Guide.aspx'"
    file = f"/_api/web/GetFileByServerRelativePath({path})"
    assert rest("POST", f"{file}/CheckIn(comment='',checkintype=1)").status_code == 200
    page = rest("GET", f"/_api/sitepages/pages({made['Id']})").json()
    assert (page["Version"], page["IsPageCheckedOutToCurrentUser"]) == ("1.0", False)
    assert rest("POST", f"{file}/CheckIn(comment='',checkintype=1)").status_code == 400


@pytest.mark.parametrize(
    "body",
    [{"Name": "Guide.aspx"}, {"Name": ""}, {"Name": "x.aspx", "PageLayoutType": "Poster"}],
    ids=str,
)
def test_what_a_new_page_may_not_be(rest: Any, made: dict[str, Any], body: Any) -> None:
    assert rest("POST", "/_api/sitepages/pages", body).status_code in (400, 409)


def test_a_page_that_is_not_there(rest: Any, site: str) -> None:
    assert rest("GET", "/_api/sitepages/pages(99)").status_code == 404
    missing = "GetFileByServerRelativeUrl('/sites/acme/SitePages/No.aspx')"
    assert rest("POST", f"/_api/web/{missing}/Publish()").status_code == 404


def test_deleting(rest: Any, made: dict[str, Any]) -> None:
    one = f"/_api/sitepages/pages({made['Id']})"
    answer = rest("POST", one, headers={"X-HTTP-Method": "DELETE", "If-Match": "*"})
    assert answer.status_code == 200
    assert rest("GET", one).status_code == 404


def test_a_text_is_kept_without_colons_and_html_is_no_content(
    rest: Any, made: dict[str, Any]
) -> None:
    """github.com/firmfooting/formwork, "Measured SharePoint behaviour"."""
    one = f"/_api/sitepages/pages({made['Id']})"
    text = json.dumps([{"controlType": 4, "innerHTML": "<p>Due: now</p>"}])
    assert rest("POST", one + "/savepage", {"CanvasContent1": text}).status_code == 200
    kept = rest("GET", one + "?$select=CanvasContent1").json()["CanvasContent1"]
    assert json.loads(kept)[0]["innerHTML"] == "<p>Due&#58; now</p>"
    assert rest("POST", one + "/savepage", {"CanvasContent1": "<div></div>"}).status_code == 500


def test_a_page_made_in_graph_has_its_text_here_too(rest: Any, graph: Any, site: str) -> None:
    parts = [
        {"innerHtml": "<p>Hello</p>"},
        {
            "webPartType": "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd",
            "data": {"serverProcessedContent": {"links": [{"key": "a", "value": "b"}]}},
        },
    ]
    columns = [{"width": 8, "webparts": parts}]
    section = {"layout": "oneThirdRightColumn", "emphasis": "soft", "columns": columns}
    page = {
        "@odata.type": "#microsoft.graph.sitePage",
        "name": "Both.aspx",
        "title": "Both",
        "canvasLayout": {"horizontalSections": [section]},
        "titleArea": {"layout": "overlap", "textAlignment": "center"},
    }
    pages = "/sites/contoso.sharepoint.com:/sites/acme:/pages"
    assert graph("POST", pages, page).status_code == 201
    (both,) = (
        one
        for one in rest("GET", "/_api/sitepages/pages").json()["value"]
        if one["FileName"] == "Both.aspx"
    )
    text, links, empty = json.loads(both["CanvasContent1"])
    assert (text["innerHTML"], text["position"]["sectionFactor"]) == ("<p>Hello</p>", 8)
    assert links["webPartData"]["serverProcessedContent"] == {"links": {"a": "b"}}
    assert (empty["position"]["sectionFactor"], empty["emphasis"]) == (4, {"zoneEmphasis": 2})
    (header,) = json.loads(both["LayoutWebpartsContent"])
    assert header["properties"]["layoutType"] == "CutInShape"


def test_a_page_goes_to_the_recycle_bin(rest: Any, made: dict[str, Any]) -> None:
    path = "DecodedUrl='/sites/acme/SitePages/Guide.aspx'"
    file = f"/_api/web/GetFileByServerRelativePath({path})"
    assert rest("POST", f"{file}/recycle()").status_code == 200
    assert rest("GET", f"/_api/sitepages/pages({made['Id']})").status_code == 404
    assert rest("POST", f"{file}/recycle()").status_code == 404

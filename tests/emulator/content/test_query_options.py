"""Query options as clients write them; "Use query parameters" (learn.microsoft.com/graph)."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def address(register: Any, add: Any) -> str:
    """Three items, the last two open."""
    for title, status in (("a", "Closed"), ("b", "Open"), ("c", "Open")):
        add(Title=title, Status=status, Score=len(title))
    return f"{register.graph}/items"


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["fields"]["Title"] for each in answer.json()["value"]]


@pytest.mark.parametrize(
    "query",
    [
        "$expand=fields&$filter=fields/Status eq 'Open'",
        "%24expand=fields&%24filter=fields%2FStatus%20eq%20%27Open%27",
        "$expand=fields($select=Title)&$filter=fields/Status+eq+'Open'",
        "%24expand=fields%28%24select%3DTitle%2CStatus%29&%24filter=fields%2FStatus%20eq%20'Open'",
        "expand=fields(select=Title)&filter=fields/Status eq 'Open'",
        "$Expand=fields&$Filter=fields/Status eq 'Open'",
        "$expand=fields($select=Title;$expand=*)&$filter=fields/Status eq 'Open'",
    ],
)
def test_the_same_question_in_each_spelling(graph: Any, address: str, query: str) -> None:
    assert titles(graph("GET", f"{address}?{query}")) == ["b", "c"]


def test_order_top_and_skip_token_work_together(graph: Any, address: str) -> None:
    first = graph("GET", f"{address}?$expand=fields&$orderby=fields/Status desc&$top=2")
    assert titles(first) == ["b", "c"]
    link = first.json()["@odata.nextLink"]
    assert "$skiptoken=" in link
    assert "$top=2" in link
    rest = graph("GET", link.partition("/v1.0")[2])
    assert titles(rest) == ["a"]
    assert "@odata.nextLink" not in rest.json()


def test_a_skip_token_that_is_not_ours_is_refused(graph: Any, address: str, refused: Any) -> None:
    refused(graph("GET", f"{address}?$skiptoken=nonsense"), 400, "invalidRequest")


@pytest.mark.parametrize("top", ["0", "-1", "many"])
def test_a_top_that_is_no_count_is_refused(
    graph: Any, address: str, refused: Any, top: str
) -> None:
    refused(graph("GET", f"{address}?$top={top}"), 400, "invalidRequest")


def test_items_expanded_with_their_list_take_options_of_their_own(graph: Any, address: str) -> None:
    """The example of learn.microsoft.com/graph/api/list-get: ``columns,items(expand=fields)``."""
    the_list = address.removesuffix("/items")
    query = "expand=columns(select=name),items($expand=fields($select=Title,Score))"
    found = graph("GET", f"{the_list}?{query}").json()
    assert {"name", "id"} >= set(found["columns"][0])
    assert [each["fields"]["Title"] for each in found["items"]] == ["a", "b", "c"]
    assert "Status" not in found["items"][0]["fields"]


@pytest.mark.parametrize("expand", ["nothing", "fields,nothing", "fields($select=Nothing)"])
def test_what_cannot_be_expanded_is_refused(
    graph: Any, address: str, refused: Any, expand: str
) -> None:
    refused(graph("GET", f"{address}?$expand={expand}"), 400, "invalidRequest")


@pytest.mark.parametrize(
    "path",
    [
        "/sites/contoso.sharepoint.com:/sites/acme",
        "/sites/contoso.sharepoint.com:/sites/acme:",
        "/sites/contoso.sharepoint.com:/sites/acme:/",
        "//sites/contoso.sharepoint.com:/sites//acme",
        "/sites/contoso.sharepoint.com%3A/sites/acme%3A",
        "/SITES/contoso.sharepoint.com:/sites/acme",
    ],
)
def test_a_site_by_path_in_each_spelling(graph: Any, site: str, path: str) -> None:
    """msgraph-sdk writes ``/v1.0//sites``; path resource names are in any case (use-the-api)."""
    answer = graph("GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["webUrl"].endswith("/sites/acme")


@pytest.mark.parametrize("tail", ["/lists", ":/lists", "://lists", ":/Lists"])
def test_what_follows_a_site_by_path(graph: Any, site: str, tail: str) -> None:
    """Only after a colon does an address go on below the site (learn.microsoft.com/graph)."""
    path = f"/sites/contoso.sharepoint.com:{site}{tail}"
    assert graph("GET", path).status_code == (200 if tail.startswith(":") else 404)

"""Pages of items are written as text; every one must say what the item alone says."""

from __future__ import annotations

from typing import Any

import pytest

TITLES = [
    "plain",
    'say "Title":"x" and "_UIVersion":7, "Owner":3',
    "back\\slash \\",
    "Überprüfung · 確認 \u2028 \U0001f512",
    "tab\tand\nnew line",
    "",
]


def same(graph: Any, address: str, expand: str = "fields") -> list[dict[str, Any]]:
    """The page, after each of its members was compared with the item alone."""
    page = graph("GET", f"{address}/items?$expand={expand}").json()["value"]
    for item in page:
        alone = graph("GET", f"{address}/items/{item['id']}?$expand={expand}").json()
        assert {k: v for k, v in alone.items() if k != "@odata.context"} == item
    delta = graph("GET", f"{address}/items/delta?$expand={expand}").json()["value"]
    assert delta == page
    return list(page)


def test_a_page_says_what_each_item_says(graph: Any, register: Any, add: Any, user_id: int) -> None:
    vendor = graph("POST", f"{register.other_id}/items", {"fields": {"Title": "V"}}).json()["id"]
    for title in TITLES:
        add(Title=title.replace("\n", " "), Notes=title)
    add(Title="all", Status="Open", Score=1.5, Done=True, Reviewed="2026-03-31", Seen="2026-03-31")
    add(Title="person", OwnerLookupId=str(user_id), VendorLookupId=vendor, Score=3)
    many = {"ReviewersLookupId@odata.type": "Collection(Edm.Int32)", "ReviewersLookupId": [user_id]}
    add(Title="people", **many)
    choices = {"Criteria@odata.type": "Collection(Edm.String)", "Criteria": ["CC6.1", "CC6.6"]}
    add(**choices)
    add()
    changed = add(Title="changed")
    graph("PATCH", f"{register.graph}/items/{changed['id']}/fields", {"Title": "again", "Score": 9})
    assert len(same(graph, register.graph)) == len(TITLES) + 6


def test_a_hyperlink_set_through_rest_is_in_the_page(
    graph: Any, rest: Any, register: Any, add: Any
) -> None:
    item = add(Title="x")
    link = {"Url": "https://a.example", "Description": '"Url":1'}
    headers = {"If-Match": "*", "X-HTTP-Method": "MERGE"}
    answer = rest("POST", f"{register.rest}/items({item['id']})", {"Link": link}, headers=headers)
    assert answer.status_code == 204, answer.text
    (found,) = same(graph, register.graph)
    assert found["fields"]["Link"] == link


def test_a_page_of_a_library_says_what_each_file_says(
    graph: Any, library: Any, upload: Any
) -> None:
    for path in ("a.txt", "q1/b & c.pdf", "no extension", 'q1/"quoted".docx'.replace('"', "'")):
        upload(path, b"x")
    first = graph("GET", f"{library.graph}/items?$expand=fields").json()["value"][0]
    graph("PATCH", f"{library.graph}/items/{first['id']}/fields", {"Title": "t", "Score": 2})
    graph("POST", f"{library.drive}/root:/a.txt:/checkout")
    assert len(same(graph, library.graph)) == 5
    same(graph, library.graph, "driveItem")


def test_a_moderated_list_tells_the_state_in_a_page_too(
    graph: Any, rest: Any, register: Any, add: Any
) -> None:
    rest("PATCH", register.rest, {"EnableModeration": True})
    add(Title="x")
    (found,) = same(graph, register.graph)
    assert found["fields"]["_ModerationStatus"] == 2


def test_the_values_of_a_deleted_column_are_gone(graph: Any, register: Any, add: Any) -> None:
    item = add(Title="x", Score=3)
    columns = graph("GET", f"{register.graph}/columns").json()["value"]
    (score,) = (column["id"] for column in columns if column["name"] == "Score")
    assert graph("DELETE", f"{register.graph}/columns/{score}").status_code == 204
    (found,) = same(graph, register.graph)
    assert "Score" not in found["fields"]
    graph("POST", f"{register.graph}/columns", {"name": "Score", "number": {}})
    alone = graph("GET", f"{register.graph}/items/{item['id']}?$expand=fields").json()
    assert "Score" not in alone["fields"]


@pytest.mark.parametrize("options", ["", "?$select=id,webUrl", "?$expand=fields($select=Title)"])
def test_other_shapes_of_a_page(graph: Any, register: Any, add: Any, options: str) -> None:
    item = add(Title="x")
    (found,) = graph("GET", f"{register.graph}/items{options}").json()["value"]
    alone = graph("GET", f"{register.graph}/items/{item['id']}{options}").json()
    assert {k: v for k, v in alone.items() if k != "@odata.context"} == found

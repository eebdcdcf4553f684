"""What Microsoft Graph refuses of items, one by one."""

from __future__ import annotations

from typing import Any


def test_a_hyperlink_value_is_refused_in_graph(graph: Any, register: Any, refused: Any) -> None:
    """400 "Invalid request" from 2018 to 2025: msgraph-sdk-dotnet#2957, microsoft-graph-docs#12638."""
    for value in ({"Url": "https://a.example", "Description": "a"}, "https://a.example"):
        answer = graph("POST", f"{register.graph}/items", {"fields": {"Link": value}})
        refused(answer, 400, "invalidRequest", "Invalid request")
    assert graph("GET", f"{register.graph}/items").json()["value"] == []


def test_an_order_needs_an_index(graph: Any, register: Any, add: Any, refused: Any) -> None:
    """microsoftgraph/microsoft-graph-docs#2351: "… cannot be referenced in filter or orderby"."""
    add(Title="x")
    answer = graph("GET", f"{register.graph}/items?$orderby=fields/Title")
    refused(
        answer, 400, "invalidRequest", "Field 'Title' cannot be referenced in filter or orderby"
    )
    assert graph("GET", f"{register.graph}/items?$orderby=fields/Score").status_code == 200


def test_a_filter_and_an_order_are_two_indexed_columns(
    graph: Any, register: Any, refused: Any
) -> None:
    """learn.microsoft.com/graph/api/listitem-list: "only … one indexed field at a time"."""
    query = "$filter=fields/Status eq 'Open'&$orderby=fields/Score"
    refused(graph("GET", f"{register.graph}/items?{query}"), 400, "invalidRequest")


def test_a_stale_if_match_on_a_file_answers_412(
    graph: Any, library: Any, upload: Any, refused: Any
) -> None:
    """learn.microsoft.com/graph/api/listitem-update: if-match; 412 when the eTag does not match."""
    before = upload("a.txt", b"1")
    upload("a.txt", b"2")
    address = f"{library.drive}/items/{before['id']}"
    stale = {"If-Match": before["eTag"]}
    change = graph("PATCH", f"{address}/listItem/fields", {"Title": "x"}, headers=stale)
    assert change.status_code == 412
    assert graph("DELETE", address, headers=stale).status_code == 412
    assert graph("GET", address).status_code == 200


def test_a_locked_file_refuses_its_metadata_too(
    graph: Any, emulator: Any, library: Any, upload: Any, refused: Any
) -> None:
    """microsoftgraph/microsoft-graph-docs#15111: 423 while it is open somewhere."""
    file = upload("a.txt", b"1")
    with emulator.tenant.lock:
        emulator.tenant.run("UPDATE item SET locked_until = '2999-01-01T00:00:00+00:00'")
    address = f"{library.drive}/items/{file['id']}"
    answer = graph("PATCH", f"{address}/listItem/fields", {"Title": "x"})
    refused(answer, 423, "resourceLocked")
    refused(graph("PUT", f"{address}/content", content=b"2"), 423, "resourceLocked")

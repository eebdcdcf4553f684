"""Versions of files and items: listed, downloaded, restored."""

from __future__ import annotations

from typing import Any

import httpx


def versions(graph: Any, one: str) -> list[dict[str, Any]]:
    return list(graph("GET", f"{one}/versions").json()["value"])


def test_each_upload_is_a_version(
    graph: Any, http: httpx.Client, library: Any, upload: Any
) -> None:
    item = upload("a.txt", b"one")
    upload("a.txt", b"three")
    one = f"{library.drive}/items/{item['id']}"
    found = versions(graph, one)
    assert [(each["id"], each["size"]) for each in found] == [("2.0", 5), ("1.0", 3)]
    old = graph("GET", f"{one}/versions/1.0/content")
    assert old.status_code == 302
    assert http.get(old.headers["Location"]).content == b"one"
    assert graph("GET", f"{one}/versions/2.0/content").status_code == 400
    assert graph("GET", f"{one}/versions/9.0").status_code == 404


def test_restoring_makes_a_new_version_of_the_old_content(
    graph: Any, library: Any, upload: Any
) -> None:
    item = upload("a.txt", b"one")
    changed = upload("a.txt", b"three")
    one = f"{library.drive}/items/{item['id']}"
    answer = graph("POST", f"{one}/versions/1.0/restoreVersion")
    assert (answer.status_code, answer.content) == (204, b"")
    assert [each["id"] for each in versions(graph, one)] == ["3.0", "2.0", "1.0"]
    now = graph("GET", one).json()
    assert now["file"]["hashes"] == item["file"]["hashes"]
    assert now["cTag"] != changed["cTag"]


def test_the_present_version_cannot_be_restored(graph: Any, library: Any, upload: Any) -> None:
    item = upload("a.txt", b"one")
    address = f"{library.drive}/items/{item['id']}/versions/1.0/restoreVersion"
    assert graph("POST", address).status_code == 400


def test_an_items_columns_come_back(graph: Any, rest: Any, register: Any, add: Any) -> None:
    rest("POST", register.rest, {"EnableVersioning": True}, headers={"X-HTTP-Method": "MERGE"})
    item = add(Title="First", Status="Open")
    one = f"{register.graph}/items/{item['id']}"
    assert graph("PATCH", f"{one}/fields", {"Title": "Second", "Status": None}).status_code == 200
    answer = graph("POST", f"{one}/versions/1.0/restoreVersion")
    assert answer.status_code == 204, answer.text
    fields = graph("GET", f"{one}?$expand=fields").json()["fields"]
    assert (fields["Title"], fields["Status"], fields["_UIVersionString"]) == (
        "First",
        "Open",
        "3.0",
    )


def test_a_checked_out_file_is_not_restored_by_another(
    graph: Any, library: Any, upload: Any, grant: Any
) -> None:
    item = upload("a.txt", b"one")
    upload("a.txt", b"two")
    one = f"{library.drive}/items/{item['id']}"
    assert graph("POST", f"{one}/checkout").status_code == 204
    grant("sync", "write")
    answer = graph("POST", f"{one}/versions/1.0/restoreVersion", app="sync")
    assert answer.status_code == 423


def test_a_folder_has_no_versions(graph: Any, library: Any, upload: Any) -> None:
    upload("2026/a.txt", b"one")
    assert graph("GET", f"{library.drive}/root:/2026:/versions").status_code == 400

from __future__ import annotations

from datetime import timedelta
from typing import Any


def path(link: str) -> str:
    return link.split("/v1.0", 1)[1]


def test_delta_gives_what_changed_since_the_token(graph: Any, register: Any, add: Any) -> None:
    """learn.microsoft.com/graph/api/listitem-delta."""
    add(Title="R-1")
    add(Title="R-2")
    address = f"{register.graph}/items/delta?$expand=fields($select=Title)"
    first = graph("GET", address).json()
    assert [each["fields"]["Title"] for each in first["value"]] == ["R-1", "R-2"]
    assert graph("GET", path(first["@odata.deltaLink"])).json()["value"] == []
    graph("PATCH", f"{register.graph}/items/2/fields", {"Title": "R-2b"})
    graph("DELETE", f"{register.graph}/items/1")
    second = graph("GET", path(first["@odata.deltaLink"])).json()
    assert second["value"][0] == {"id": "1", "deleted": {"state": "deleted"}}
    assert second["value"][1]["fields"]["Title"] == "R-2b"
    assert graph("GET", path(second["@odata.deltaLink"])).json()["value"] == []


def test_delta_from_now_on(graph: Any, register: Any, add: Any) -> None:
    latest = graph("GET", f"{register.graph}/items/delta?token=latest").json()
    assert latest["value"] == []
    add(Title="R-1")
    after = graph("GET", path(latest["@odata.deltaLink"])).json()
    assert [each["id"] for each in after["value"]] == ["1"]


def test_delta_pages(graph: Any, register: Any, add: Any) -> None:
    for number in range(5):
        add(Title=f"R-{number}")
    answer = graph("GET", f"{register.graph}/items/delta?$top=2").json()
    seen = [each["id"] for each in answer["value"]]
    while "@odata.nextLink" in answer:
        answer = graph("GET", path(answer["@odata.nextLink"])).json()
        seen += [each["id"] for each in answer["value"]]
    assert seen == ["1", "2", "3", "4", "5"]
    assert graph("GET", path(answer["@odata.deltaLink"])).json()["value"] == []


def test_an_old_token_answers_410(
    emulator: Any, graph: Any, register: Any, add: Any, refused: Any
) -> None:
    """learn.microsoft.com/graph/api/listitem-delta: 410, Location, resyncChangesApplyDifferences."""
    add(Title="R-1")
    link = path(graph("GET", f"{register.graph}/items/delta").json()["@odata.deltaLink"])
    with emulator.tenant.lock:
        emulator.tenant.set_clock(emulator.tenant.now() + timedelta(days=40))
    for address in (link, f"{register.graph}/items/delta?token=nonsense"):
        answer = graph("GET", address)
        refused(answer, 410, "resyncRequired")
        assert answer.json()["error"]["innerError"]["code"] == "resyncChangesApplyDifferences"
        again = graph("GET", path(answer.headers["location"])).json()
        assert [each["id"] for each in again["value"]] == ["1"]


def test_a_drives_delta(graph: Any, library: Any, upload: Any, fits: Any) -> None:
    """learn.microsoft.com/graph/api/driveitem-delta: no cTag, no lastModifiedBy, no parent path."""
    item = upload("2026/a.txt", b"x")
    first = graph("GET", f"{library.drive}/root/delta").json()
    fits(first, "driveItem")
    assert [each["name"] for each in first["value"]] == ["2026", "a.txt"]
    assert not {"cTag", "lastModifiedBy"} & set(first["value"][1])
    assert "path" not in first["value"][1]["parentReference"]
    graph("DELETE", f"{library.drive}/items/{item['id']}")
    second = graph("GET", path(first["@odata.deltaLink"])).json()
    assert second["value"] == [{"id": item["id"], "deleted": {"state": "deleted"}}]


def test_delta_of_library_items_brings_hashes(graph: Any, library: Any, upload: Any) -> None:
    upload("a.txt", b"x")
    address = f"{library.graph}/items/delta?$expand=fields,driveItem"
    value = graph("GET", address).json()["value"]
    assert value[0]["driveItem"]["file"]["hashes"]["quickXorHash"]

"""driveItem copy: 202, a monitor that needs no token, and what it tells."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


def copy(graph: Any, library: Any, item: dict[str, Any], **body: Any) -> Any:
    return graph("POST", f"{library.drive}/items/{item['id']}/copy", body)


def status(http: httpx.Client, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    told = http.get(answer.headers["Location"])
    assert told.status_code == 202
    return dict(told.json())


def test_a_copy_is_told_by_its_monitor(
    graph: Any, http: httpx.Client, library: Any, upload: Any
) -> None:
    http.put("/_emulator/settings", json={"provisioningDelayMs": 60_000})
    answer = copy(graph, library, upload("a.txt", b"one"), name="b.txt")
    assert status(http, answer)["status"] == "inProgress"
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 61})
    done = status(http, answer)
    assert done["status"] == "completed"
    made = graph("GET", f"{library.drive}/items/{done['resourceId']}").json()
    assert (made["name"], made["size"]) == ("b.txt", 3)


def test_a_folder_goes_with_all_in_it(
    graph: Any, http: httpx.Client, library: Any, upload: Any
) -> None:
    upload("2026/Q1/a.txt", b"one")
    folder = graph("GET", f"{library.drive}/root:/2026").json()
    done = status(http, copy(graph, library, folder, name="2027"))
    assert done["status"] == "completed"
    assert graph("GET", f"{library.drive}/root:/2027/Q1/a.txt").status_code == 200


def test_into_another_library(
    graph: Any, http: httpx.Client, library: Any, upload: Any, site: str
) -> None:
    other = graph("GET", "/sites/contoso.sharepoint.com:/sites/acme:/drive").json()["id"]
    item = upload("a.txt", b"one")
    answer = copy(graph, library, item, parentReference={"driveId": other, "id": "root"})
    assert status(http, answer)["status"] == "completed"
    assert graph("GET", f"/drives/{other}/root:/a.txt").status_code == 200


@pytest.mark.parametrize(("conflict", "told"), [("", "failed"), ("rename", "completed")])
def test_a_clash_of_names_is_told_by_the_monitor(
    graph: Any, http: httpx.Client, library: Any, upload: Any, conflict: str, told: str
) -> None:
    item = upload("a.txt", b"one")
    query = f"?@microsoft.graph.conflictBehavior={conflict}" if conflict else ""
    answer = graph("POST", f"{library.drive}/items/{item['id']}/copy{query}", {})
    done = status(http, answer)
    assert done["status"] == told
    if told == "failed":
        assert done["error"]["code"] == "nameAlreadyExists"


def test_the_other_site_has_to_be_allowed_too(
    graph: Any, library: Any, upload: Any, grant: Any
) -> None:
    item = upload("a.txt", b"one")
    grant("sync", "write")
    root = graph("GET", "/sites/root/drive").json()["id"]
    body = {"parentReference": {"driveId": root, "id": "root"}}
    address = f"{library.drive}/items/{item['id']}/copy"
    assert graph("POST", address, body, app="sync").status_code == 403
    assert graph("POST", address, {"name": "b.txt"}, app="sync").status_code == 202


def test_a_folder_is_not_copied_into_itself(graph: Any, library: Any, upload: Any) -> None:
    upload("2026/Q1/a.txt", b"one")
    folder = graph("GET", f"{library.drive}/root:/2026").json()
    inner = graph("GET", f"{library.drive}/root:/2026/Q1").json()
    answer = copy(graph, library, folder, name="x", parentReference={"id": inner["id"]})
    assert answer.status_code == 400


def test_search_is_not_built(graph: Any, library: Any) -> None:
    assert graph("GET", f"{library.drive}/root/search(q='a')").status_code == 501

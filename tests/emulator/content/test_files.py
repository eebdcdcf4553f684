from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

Json = dict[str, Any]


def package(text: str) -> bytes:
    """A small Office package."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", text)
    return data.getvalue()


def test_an_upload_makes_and_replaces(graph: Any, library: Any, fits: Any) -> None:
    address = f"{library.drive}/root:/2026/Q1/report.txt:/content"
    first = graph("PUT", address, content=b"one")
    assert first.status_code == 201
    second = graph("PUT", address, content=b"two!")
    assert second.status_code == 200
    one, two = first.json(), second.json()
    fits(one, "driveItem")
    assert one["id"] == two["id"]
    assert (one["size"], two["size"]) == (3, 4)
    assert one["file"]["mimeType"] == "text/plain"
    assert one["parentReference"]["path"] == f"{library.drive}/root:/2026/Q1"
    assert one["cTag"] != two["cTag"]
    assert one["eTag"] != two["eTag"]
    assert one["file"]["hashes"]["quickXorHash"] != two["file"]["hashes"]["quickXorHash"]


def test_a_download_is_a_redirect_that_needs_no_token(
    emulator: Any, graph: Any, http: Any, library: Any, upload: Any
) -> None:
    """learn.microsoft.com/graph/api/driveitem-get-content: 302 to a pre-authenticated address."""
    item = upload("a.txt", b"hello")
    answer = graph("GET", f"{library.drive}/items/{item['id']}/content")
    assert answer.status_code == 302
    target = answer.headers["location"].removeprefix(emulator.url)
    got = http.get(target)
    assert (got.status_code, got.content) == (200, b"hello")
    with emulator.tenant.lock:
        emulator.tenant.set_clock(emulator.tenant.now() + timedelta(hours=2))
    assert http.get(target).status_code == 401


def test_metadata_moves_the_etag_but_not_the_ctag_or_hash(
    graph: Any, library: Any, upload: Any
) -> None:
    """learn.microsoft.com/graph/api/resources/driveitem: cTag is for content alone."""
    before = upload("a.pdf", b"content")
    address = f"{library.drive}/items/{before['id']}"
    changed = graph("PATCH", f"{address}/listItem/fields", {"Status": "Open"})
    assert changed.status_code == 200
    assert changed.json()["Status"] == "Open"
    after = graph("GET", address).json()
    assert after["eTag"] != before["eTag"]
    assert after["cTag"] == before["cTag"]
    assert after["file"] == before["file"]
    again = upload("a.pdf", b"newer")
    assert graph("GET", f"{address}/listItem/fields").json()["Status"] == "Open"
    assert again["cTag"] != before["cTag"]


def test_the_hash_of_an_office_file_moves_with_its_metadata(
    graph: Any, http: Any, emulator: Any, library: Any, upload: Any, settings: Any
) -> None:
    """OneDrive/onedrive-api-docs#935: SharePoint writes properties into Office files."""
    before = upload("a.docx", package("text"))
    address = f"{library.drive}/items/{before['id']}"
    graph("PATCH", f"{address}/listItem/fields", {"Status": "Open"})
    after = graph("GET", address).json()
    assert after["file"]["hashes"] != before["file"]["hashes"]
    assert after["cTag"] == before["cTag"]
    location = graph("GET", f"{address}/content").headers["location"].removeprefix(emulator.url)
    with zipfile.ZipFile(io.BytesIO(http.get(location).content)) as archive:
        assert archive.read("word/document.xml") == b"text"
    settings(officeHashMoves=False)
    graph("PATCH", f"{address}/listItem/fields", {"Status": "Closed"})
    assert graph("GET", address).json()["file"] == after["file"]


def test_metadata_right_after_an_upload_answers_409(
    emulator: Any, graph: Any, library: Any, upload: Any, settings: Any, refused: Any
) -> None:
    """OneDrive/onedrive-api-docs#1414."""
    settings(settleMs=60_000)
    item = upload("a.txt", b"x")
    address = f"{library.drive}/items/{item['id']}/listItem/fields"
    refused(graph("PATCH", address, {"Status": "Open"}), 409, "resourceModified")
    with emulator.tenant.lock:
        emulator.tenant.set_clock(emulator.tenant.now() + timedelta(seconds=61))
    assert graph("PATCH", address, {"Status": "Open"}).status_code == 200


def test_a_locked_file_answers_423(
    emulator: Any, graph: Any, library: Any, upload: Any, refused: Any
) -> None:
    """microsoftgraph/microsoft-graph-docs#15111."""
    item = upload("a.txt", b"x")
    address = f"{library.drive}/items/{item['id']}"
    with emulator.tenant.lock:
        later = (emulator.tenant.now() + timedelta(minutes=5)).isoformat()
        emulator.tenant.run("UPDATE item SET locked_until = ?", later)
    refused(graph("PUT", f"{address}/content", content=b"y"), 423, "resourceLocked")
    refused(graph("PATCH", f"{address}/listItem/fields", {"Status": "Open"}), 423, "resourceLocked")
    refused(graph("DELETE", address), 423, "resourceLocked")


def test_a_checked_out_file_is_locked_for_others(
    emulator: Any, graph: Any, library: Any, upload: Any, refused: Any
) -> None:
    item = upload("a.txt", b"x")
    address = f"{library.drive}/items/{item['id']}"
    assert graph("POST", f"{address}/checkout").status_code == 204
    assert graph("PUT", f"{address}/content", content=b"y").status_code == 200
    with emulator.tenant.lock:
        emulator.tenant.run("UPDATE item SET checked_out = 1")
    refused(graph("PUT", f"{address}/content", content=b"z"), 423, "resourceLocked")


@pytest.mark.parametrize(
    "name",
    [
        "a*b.txt",
        "a?b.txt",
        'a"b.txt',
        "a|b.txt",
        "a<b.txt",
        " a.txt",
        "a.txt ",
        "CON",
        "lpt1",
        "desktop.ini",
        "~$a.docx",
        "a_vti_b",
        ".lock",
        "forms",
    ],
)
def test_names_sharepoint_does_not_take(graph: Any, library: Any, refused: Any, name: str) -> None:
    """support.microsoft.com "Restrictions and limitations in OneDrive and SharePoint"."""
    body = {"name": name, "folder": {}}
    refused(graph("POST", f"{library.drive}/root/children", body), 400, "invalidRequest")


def test_a_folder_that_exists(graph: Any, library: Any, refused: Any) -> None:
    address = f"{library.drive}/root/children"
    body: Json = {"name": "2026", "folder": {}}
    made = graph("POST", address, body)
    assert made.status_code == 201
    assert made.json()["folder"] == {"childCount": 0}
    refused(graph("POST", address, {**body, "name": "2026"}), 409, "nameAlreadyExists")
    renamed = graph("POST", address, {**body, "@microsoft.graph.conflictBehavior": "rename"})
    assert renamed.json()["name"] == "2026 1"


def test_children_and_their_list_items(graph: Any, library: Any, upload: Any, fits: Any) -> None:
    upload("2026/a.txt", b"x")
    upload("2026/b.txt", b"yy")
    top = graph("GET", f"{library.drive}/root/children").json()
    assert [(each["name"], each["folder"]) for each in top["value"]] == [
        ("2026", {"childCount": 2})
    ]
    inside = graph(
        "GET", f"{library.drive}/root:/2026:/children?$expand=listItem($expand=fields)"
    ).json()
    assert [each["listItem"]["fields"]["FileLeafRef"] for each in inside["value"]] == [
        "a.txt",
        "b.txt",
    ]
    fits(inside, "driveItem")
    page = graph("GET", f"{library.drive}/root:/2026:/children?$top=1").json()
    following = graph("GET", page["@odata.nextLink"].split("/v1.0", 1)[1]).json()
    assert [each["name"] for each in following["value"]] == ["b.txt"]


def test_a_library_as_items(graph: Any, library: Any, upload: Any, fits: Any) -> None:
    upload("2026/a.txt", b"x")
    body = graph("GET", f"{library.graph}/items?$expand=fields,driveItem").json()
    fits(body, "listItem")
    folder, file = body["value"]
    assert folder["contentType"]["name"] == "Folder"
    assert file["driveItem"]["file"]["hashes"]["quickXorHash"]
    assert file["driveItem"]["parentReference"]["driveId"] in library.drive
    refusal = graph("POST", f"{library.graph}/items", {"fields": {"Title": "x"}})
    assert refusal.status_code == 400


def test_a_deleted_folder_takes_all_with_it(
    graph: Any, library: Any, upload: Any, refused: Any
) -> None:
    upload("2026/Q1/a.txt", b"x")
    assert graph("DELETE", f"{library.drive}/root:/2026:").status_code == 204
    refused(graph("GET", f"{library.drive}/root:/2026/Q1/a.txt:"), 404, "itemNotFound")
    assert graph("GET", f"{library.graph}/items").json()["value"] == []


def test_a_folder_that_is_renamed_keeps_its_files(graph: Any, library: Any, upload: Any) -> None:
    upload("2026/Q1/a.txt", b"x")
    assert graph("PATCH", f"{library.drive}/root:/2026:", {"name": "Year 2026"}).status_code == 200
    assert graph("GET", f"{library.drive}/root:/Year 2026/Q1/a.txt:").status_code == 200
    assert graph("GET", f"{library.drive}/root:/2026:").status_code == 404


def test_a_file_that_waits_for_approval_is_not_shown_in_drives_either(
    emulator: Any, graph: Any, library: Any, upload: Any, refused: Any
) -> None:
    seen = upload("seen.txt", b"approved")
    upload("waits.txt", b"not yet")
    with emulator.tenant.lock:
        emulator.tenant.run(
            "UPDATE list SET doc = json_set(doc, '$.EnableModeration', json('true')) WHERE id = ?",
            library.id,
        )
        emulator.tenant.run("UPDATE item SET moderation = 2 WHERE name = 'waits.txt'")

    def names(app: str) -> list[str]:
        answer = graph("GET", f"{library.drive}/root/children", app=app)
        return [one["name"] for one in answer.json()["value"]]

    assert names("reader") == ["seen.txt"]
    assert names("full-control") == ["seen.txt", "waits.txt"]
    address = f"{library.drive}/root:/waits.txt:"
    for what in ("", "/content", "/listItem", "/listItem/fields"):
        place = address + what if what else address.rstrip(":")
        refused(graph("GET", place, app="reader"), 404, "itemNotFound")
    assert graph("GET", f"{library.drive}/items/{seen['id']}", app="reader").status_code == 200
    assert graph("GET", f"{address}/listItem").status_code == 200


def test_an_upload_session(
    emulator: Any, graph: Any, http: Any, library: Any, refused: Any
) -> None:
    """learn.microsoft.com/graph/api/driveitem-createuploadsession."""
    address = f"{library.drive}/root:/big.bin:/createUploadSession"
    url = graph("POST", address, {}).json()["uploadUrl"].removeprefix(emulator.url)
    size = 320 * 1024
    data = bytes(size) + b"tail"

    def put(first: int, last: int) -> Any:
        span = f"bytes {first}-{last}/{len(data)}"
        return http.put(url, content=data[first : last + 1], headers={"Content-Range": span})

    refused(put(0, 99), 400, "invalidRequest", "320 KiB")
    assert put(0, size - 1).json()["nextExpectedRanges"] == [f"{size}-"]
    refused(put(0, size - 1), 416, "invalidRange")
    done = put(size, len(data) - 1)
    assert done.status_code == 201
    assert done.json()["size"] == len(data)
    refused(http.get(url), 404, "itemNotFound")
    url = graph("POST", address, {}).json()["uploadUrl"].removeprefix(emulator.url)
    put(0, size - 1)
    refused(put(size, len(data) - 1), 409, "upload_name_conflict")


def test_the_drives_of_a_site(graph: Any, library: Any, fits: Any) -> None:
    site = library.graph.split("/lists/")[0]
    drives = graph("GET", f"{site}/drives").json()
    assert {"Documents", "Evidence"} <= {each["name"] for each in drives["value"]}
    fits(drives, "drive")
    assert graph("GET", f"{site}/drive").json()["name"] == "Documents"
    assert graph("GET", f"{library.graph}/drive").json()["name"] == "Evidence"
    root = graph("GET", f"{library.drive}/root").json()
    assert root["root"] == {}
    fits(root, "driveItem")


def test_the_ways_to_address_a_file(graph: Any, library: Any, upload: Any) -> None:
    """learn.microsoft.com/graph/api/resources/driveitem, "item addressing"."""
    folder = graph("POST", f"{library.drive}/root/children", {"name": "2026", "folder": {}}).json()
    below = f"{library.drive}/items/{folder['id']}:/a b.txt:"
    made = graph("PUT", f"{below}/content", content=b"x")
    assert made.status_code == 201
    item = made.json()["id"]
    for address in (
        f"{library.drive}/items/{item}",
        f"{library.drive}/root:/2026/a b.txt",
        below,
        f"{library.drive}/root:/2026/A%20B.txt:",
        f"{library.graph}/drive/items/{item}",
        f"{library.drive}/items/root:/2026/a b.txt:",
    ):
        assert graph("GET", address).json()["id"] == item, address
    fields = graph("GET", f"{library.graph}/items/2/driveItem").json()
    assert fields["id"] == item

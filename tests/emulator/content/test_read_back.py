"""What Microsoft 365 changes of what it was given, one by one."""

from __future__ import annotations

from typing import Any


def test_item_ids_are_strings(graph: Any, register: Any, add: Any) -> None:
    """The example of learn.microsoft.com/graph/api/listitem-create: "id": "20"."""
    item = add(Title="x")
    assert item["id"] == "1"
    assert item["fields"]["id"] == "1"


def test_site_ids_have_three_parts(graph: Any, site: str) -> None:
    """learn.microsoft.com/graph/api/resources/sharepoint: host, site collection, web."""
    found = graph("GET", f"/sites/contoso.sharepoint.com:{site}").json()["id"].split(",")
    assert found[0] == "contoso.sharepoint.com"
    assert [len(part) for part in found[1:]] == [36, 36]


def quoted(tag: str) -> bool:
    return tag[:2] == '"{' and tag[38:40] == "}," and tag[-1] == '"'


def test_etags_are_quoted(graph: Any, register: Any, add: Any) -> None:
    r"""learn.microsoft.com/graph/api/listitem-delta: ``"\"{12AD05BB-…},756\""``."""
    assert quoted(add(Title="x")["eTag"])
    item = graph("GET", f"{register.graph}/items/1")
    assert item.headers["ETag"] == item.json()["eTag"] == item.json()["@odata.etag"]


def test_etags_of_files_are_quoted(upload: Any) -> None:
    r"""learn.microsoft.com/graph/api/listitem-delta: ``"\"{12AD05BB-…},756\""``."""
    assert quoted(upload("a.txt", b"1")["eTag"])


def test_a_metadata_change_makes_a_version_and_moves_modified_and_etag(
    graph: Any, http: Any, library: Any, upload: Any
) -> None:
    """microsoftgraph/microsoft-graph-docs#4909: every PATCH of fields makes a version."""
    before = upload("a.txt", b"1")
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 60})
    address = f"{library.drive}/items/{before['id']}"
    assert graph("PATCH", f"{address}/listItem/fields", {"Title": "x"}).status_code == 200
    after = graph("GET", address).json()
    assert after["eTag"] != before["eTag"]
    assert after["lastModifiedDateTime"] > before["lastModifiedDateTime"]
    assert after["cTag"] == before["cTag"]
    assert after["file"]["hashes"] == before["file"]["hashes"]
    versions = graph("GET", f"{library.graph}/items/1/versions").json()["value"]
    assert [each["id"] for each in versions] == ["2.0", "1.0"]


def test_a_metadata_change_puts_an_approved_file_back_to_pending(
    graph: Any, rest: Any, emulator: Any, library: Any, upload: Any
) -> None:
    """support.microsoft.com, "Require approval of items in a site list or library"."""
    rest("PATCH", library.rest, {"EnableModeration": True})
    file = upload("a.txt", b"1")
    with emulator.tenant.lock:
        emulator.tenant.run("UPDATE item SET moderation = 0")
    address = f"{library.drive}/items/{file['id']}/listItem"
    graph("PATCH", f"{address}/fields", {"Title": "x"})
    found = graph("GET", f"{address}?$expand=fields").json()["fields"]
    assert found["_ModerationStatus"] == 2


def test_a_form_update_heeds_no_if_match(rest: Any, register: Any, add: Any) -> None:
    """Not documented by Microsoft: ValidateUpdateListItem has no ETag among its parameters."""
    add(Title="x")
    body = {"formValues": [{"FieldName": "Title", "FieldValue": "y"}], "bNewDocumentUpdate": False}
    address = f"{register.rest}/items(1)/ValidateUpdateListItem"
    answer = rest("POST", address, body, headers={"If-Match": '"{0},99"'})
    assert answer.status_code == 200, answer.text
    assert rest("GET", f"{register.rest}/items(1)").json()["Title"] == "y"

from __future__ import annotations

import pytest

from provisioner.emulator.rest.metadata import error_body, level_of, wrap
from provisioner.emulator.wire import Call, Refusal, Reply


def call(accept: str, path: str = "/_api/web/lists") -> Call:
    return Call(
        "rest", "GET", path, headers={"accept": accept}, base_url="https://h", site_path="/sites/x"
    )


VERBOSE = "application/json;odata=verbose"
NONE = "application/json;odata=nometadata"


@pytest.mark.parametrize(
    ("accept", "level"),
    [
        (VERBOSE, "verbose"),
        ("application/json; odata=verbose", "verbose"),
        (NONE, "none"),
        ("application/json;odata.metadata=none", "none"),
        ("application/json", "minimal"),
        ("*/*", "minimal"),
        ("", "minimal"),
    ],
)
def test_the_accept_header_chooses_the_metadata(accept: str, level: str) -> None:
    assert level_of(call(accept)) == level


def test_an_entity_in_each_style() -> None:
    reply = Reply(200, {"Id": "1", "odata.etag": '"1"'}, kind="SP.List")
    assert wrap(call(NONE), reply) == {"Id": "1"}
    minimal = wrap(call("application/json"), reply)
    assert minimal["odata.type"] == "SP.List"
    verbose = wrap(call(VERBOSE), reply)["d"]
    assert verbose["Id"] == "1"
    assert verbose["__metadata"] == {
        "type": "SP.List",
        "id": "https://h/sites/x/_api/web/lists",
        "uri": "https://h/sites/x/_api/web/lists",
        "etag": '"1"',
    }


def test_a_collection_in_each_style() -> None:
    value = [{"Id": 1, "Member": {"Title": "a"}, "Roles": [{"Id": 2}]}]
    body = {"value": value, "odata.nextLink": "https://h/next"}
    reply = Reply(200, body, kind="SP.RoleAssignment")
    assert wrap(call(NONE), reply)["value"] == value
    verbose = wrap(call(VERBOSE), reply)["d"]
    assert verbose["__next"] == "https://h/next"
    (first,) = verbose["results"]
    assert first["__metadata"]["type"] == "SP.RoleAssignment"
    assert first["Member"] == {"Title": "a"}
    assert first["Roles"] == {"results": [{"Id": 2}]}


def test_without_metadata_no_entity_is_annotated_however_deep() -> None:
    """ "JSON Light support in REST SharePoint API released" (microsoft.com/microsoft-365/blog)."""
    inner = {"odata.type": "SP.User", "odata.id": "x", "Title": "a"}
    body = {"value": [{"odata.type": "SP.Web", "odata.etag": "1", "Author": inner}]}
    assert wrap(call(NONE), Reply(200, body)) == {"value": [{"Author": {"Title": "a"}}]}
    paged = Reply(200, {"value": [], "odata.nextLink": "https://h/next"})
    assert wrap(call(NONE), paged)["odata.nextLink"] == "https://h/next"


def test_a_function_without_a_value_says_null() -> None:
    """A 204 stays empty; a 200 of a void function is null in the client's style."""
    void = call(VERBOSE, "/_api/web/BreakRoleInheritance")
    assert wrap(void, Reply(200, None)) == {"d": {"BreakRoleInheritance": None}}
    assert wrap(call(NONE), Reply(200, None)) == {"odata.null": True}
    assert wrap(call(NONE), Reply(204, None)) is None


def test_a_single_value_is_named_after_its_function_in_verbose() -> None:
    asked = call(VERBOSE, "/_api/web/HasUniqueRoleAssignments")
    assert wrap(asked, Reply(200, {"value": True})) == {"d": {"HasUniqueRoleAssignments": True}}


def test_errors_in_both_envelopes() -> None:
    refusal = Refusal(404, "itemNotFound", "gone")
    error = {
        "code": "-2147024894, System.IO.FileNotFoundException",
        "message": {"lang": "en-US", "value": "gone"},
    }
    assert error_body(call(VERBOSE), refusal) == {"error": error}
    assert error_body(call(NONE), refusal) == {"odata.error": error}

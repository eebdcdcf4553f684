from __future__ import annotations

from typing import Any

from provisioner.emulator.model import fields, lists


def _column(emulator: Any, list_id: str, name: str, kind: str, **doc: Any) -> None:
    tenant = emulator.tenant
    with tenant.lock:
        fields.add(
            tenant,
            site_id=lists.get(tenant, list_id)["site_id"],
            list_id=list_id,
            internal_name=name,
            title=name,
            type=kind,
            doc=doc,
        )


def test_a_unique_value_is_not_taken_twice(
    emulator: Any, graph: Any, register: Any, add: Any, refused: Any
) -> None:
    _column(emulator, register.id, "RiskId", "Text", Indexed=True, EnforceUniqueValues=True)
    add(RiskId="A")
    refused(
        graph("POST", f"{register.graph}/items", {"fields": {"RiskId": "a"}}),
        400,
        "invalidRequest",
        "duplicate values were found",
    )
    add(RiskId="B")
    address = f"{register.graph}/items/2/fields"
    refused(graph("PATCH", address, {"RiskId": "A"}), 400, "invalidRequest")
    assert graph("PATCH", address, {"RiskId": "B"}).status_code == 200


def test_defaults_fill_a_new_item(emulator: Any, register: Any, add: Any) -> None:
    _column(emulator, register.id, "State", "Choice", Choices=["New"], DefaultValue="New")
    _column(emulator, register.id, "Flag", "Boolean", DefaultValue="0")
    _column(emulator, register.id, "Count", "Number", DefaultValue="3")
    made = add(Title="R-1", Count=5)["fields"]
    assert (made["State"], made["Flag"], made["Count"]) == ("New", False, 5)


def test_more_than_twelve_lookups_are_dropped_in_silence(
    emulator: Any, graph: Any, register: Any, user_id: int
) -> None:
    """microsoftgraph/msgraph-sdk-powershell#2711."""
    names = [f"Person{letter}" for letter in "ABCDEFGHIJKLMN"]
    for name in names:
        _column(emulator, register.id, name, "User", SelectionMode=0)
    values = {f"{name}LookupId": str(user_id) for name in names}
    assert graph("POST", f"{register.graph}/items", {"fields": values}).status_code == 201
    read = graph("GET", f"{register.graph}/items?$expand=fields($select={','.join(names)})").json()
    assert len([n for n in read["value"][0]["fields"] if n.startswith("Person")]) == 12


def test_selecting_a_column_that_is_not_there(
    graph: Any, register: Any, add: Any, refused: Any
) -> None:
    add(Title="R-1")
    answer = graph("GET", f"{register.graph}/items?$expand=fields($select=Nothing)")
    refused(answer, 400, "invalidRequest", "Nothing")
    refused(graph("GET", f"{register.graph}/items?$expand=nothing"), 400, "invalidRequest")


def test_the_client_sdk_encodes_its_parentheses(graph: Any, register: Any, add: Any) -> None:
    """msgraph-sdk sends `$expand=fields%28%24select%3DTitle%2CStatus%29`."""
    add(Title="R-1", Status="Open")
    read = graph("GET", f"{register.graph}/items?%24expand=fields%28%24select%3DTitle%29").json()
    assert {k for k in read["value"][0]["fields"] if k[0] != "@"} == {"Title"}


def test_an_items_own_properties_are_selected(graph: Any, register: Any, add: Any) -> None:
    add(Title="R-1")
    read = graph("GET", f"{register.graph}/items?$select=id,eTag").json()["value"][0]
    assert {key for key in read if key[0] != "@"} == {"id", "eTag"}


def test_a_group_takes_its_assignments_with_it(rest: Any, site: str) -> None:
    assert rest("POST", "/_api/web/sitegroups/removebyid(4)").status_code == 200
    value = rest("GET", "/_api/web/roleassignments").json()["value"]
    assert [each["PrincipalId"] for each in value] == [3, 5]


def test_a_reader_may_not_write_items(graph: Any, register: Any, refused: Any) -> None:
    refused(
        graph("POST", f"{register.graph}/items", {"fields": {"Title": "x"}}, app="reader"),
        403,
        "accessDenied",
    )


def test_write_may_change_items_but_not_permissions(
    graph: Any, rest: Any, register: Any, grant: Any
) -> None:
    """learn.microsoft.com/graph/permissions-selected-overview: roles of Sites.Selected."""
    grant("sync", "write")
    made = graph("POST", f"{register.graph}/items", {"fields": {"Title": "x"}}, app="sync")
    assert made.status_code == 201
    assert made.json()["createdBy"]["application"]["displayName"] == "sync"
    broken = rest("POST", f"{register.rest}/breakroleinheritance(true)", app="sync")
    assert broken.status_code == 403

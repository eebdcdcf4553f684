"""Quick launch and top navigation: SharePoint REST only."""

from __future__ import annotations

from typing import Any

import pytest

QUICK = "/_api/web/navigation/quicklaunch"


def titles(rest: Any, address: Any = QUICK) -> Any:
    return [node["Title"] for node in rest("GET", address).json()["value"]]


def test_a_new_site_has_home_documents_and_pages(rest: Any, site: Any) -> None:
    assert titles(rest) == ["Home", "Documents", "Site Pages"]


def test_a_node_is_added_changed_and_deleted(rest: Any, list_id: Any) -> None:
    """pnp/cli-microsoft365 spo navigation node add, set, remove."""
    made = rest("POST", QUICK, {"Title": "Risks", "Url": "/sites/acme/Lists/Risk Register"})
    assert made.status_code == 201, made.text
    node = f"{QUICK}({made.json()['Id']})"
    assert titles(rest)[-1] == "Risks"
    assert rest("PATCH", node, {"Title": "Risk register"}).status_code == 204
    assert titles(rest)[-1] == "Risk register"
    assert rest("DELETE", node).status_code == 200
    assert rest("DELETE", node).status_code == 404


def test_children_stand_below_their_node_and_go_with_it(rest: Any, site: Any) -> None:
    parent = rest(
        "POST", QUICK, {"Title": "Links", "Url": "https://example.com", "IsExternal": True}
    )
    below = f"/_api/web/navigation/GetNodeById({parent.json()['Id']})"
    child = rest(
        "POST", f"{below}/Children", {"Title": "A", "Url": "https://a.example", "IsExternal": True}
    )
    assert child.status_code == 201
    assert titles(rest, f"{below}/Children") == ["A"]
    expanded = rest("GET", f"{QUICK}?$expand=Children").json()["value"][-1]
    assert [each["Title"] for each in expanded["Children"]] == ["A"]
    assert rest("DELETE", below).status_code == 200
    gone = f"/_api/web/navigation/GetNodeById({child.json()['Id']})"
    assert rest("GET", gone).status_code == 404


def test_the_top_bar_is_its_own(rest: Any, site: Any) -> None:
    top = "/_api/web/navigation/topnavigationbar"
    assert rest("POST", top, {"Title": "Home", "Url": "/sites/acme"}).status_code == 201
    assert titles(rest, top) == ["Home"]
    assert titles(rest, "/_api/web/navigation/GetNodeById(1002)/Children") == ["Home"]


@pytest.mark.parametrize(
    "body",
    [
        {"Title": "", "Url": "/sites/acme"},
        {"Title": "A", "Url": ""},
        {"Title": "A"},
        {"Title": "A", "Url": "/sites/acme/Lists/Nothing"},
        {"Title": "A", "Url": "https://example.com"},
        {"Title": "A", "Url": "/sites/acme", "Colour": "red"},
    ],
)
def test_a_node_that_leads_nowhere_is_refused(rest: Any, site: Any, body: Any) -> None:
    """ "Cannot open …: no such file or folder": an outside address must be called external."""
    assert rest("POST", QUICK, body).status_code == 400


def test_a_list_is_put_on_the_quick_launch_and_taken_off(rest: Any, the_list: Any) -> None:
    assert rest("PATCH", the_list, {"OnQuickLaunch": True}).status_code == 204
    assert titles(rest)[-1] == "Risk Register"
    assert rest("PATCH", the_list, {"OnQuickLaunch": False}).status_code == 204
    assert "Risk Register" not in titles(rest)


def test_a_node_is_moved_behind_another_of_its_level(rest: Any, site: Any) -> None:
    """pnp/pnpjs moveAfter; the arguments stand in the address or in the body."""
    home, documents, pages = (n["Id"] for n in rest("GET", QUICK).json()["value"])
    moved = rest("POST", f"{QUICK}/MoveAfter(nodeId={home},previousNodeId={pages})")
    assert moved.status_code == 200, moved.text
    assert titles(rest) == ["Documents", "Site Pages", "Home"]
    body = {"nodeId": pages, "previousNodeId": home}
    assert rest("POST", f"{QUICK}/MoveAfter", body).status_code == 200
    assert titles(rest) == ["Documents", "Home", "Site Pages"]
    for wrong in (f"nodeId={home},previousNodeId=9999", f"nodeId={documents},previousNodeId=x"):
        assert rest("POST", f"{QUICK}/MoveAfter({wrong})").status_code == 400

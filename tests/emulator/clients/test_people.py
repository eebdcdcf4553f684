"""A person who signed in may do what the app's scope and their own right on the site allow."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

OWNER = "vciso@contoso.example"
COLLEAGUE = "iam@contoso.example"
GRAPH = "https://graph.microsoft.com/"
SHAREPOINT = "https://contoso.sharepoint.com/"
WRITE = GRAPH + "Sites.ReadWrite.All"
MANAGE = GRAPH + "Sites.Manage.All"
SITE = "/v1.0/sites/contoso.sharepoint.com:/sites/acme:"


def _to_group(rest: Any, group: int, upn: str) -> None:
    body = {"LoginName": f"i:0#.f|membership|{upn}"}
    assert rest("POST", f"/_api/web/sitegroups({group})/users", body).status_code in (200, 201)


def test_who_is_signed_in(as_person: Any, graph: Any, emulator: Any) -> None:
    answer = as_person(COLLEAGUE, GRAPH + "User.Read", "GET", "/v1.0/me")
    assert answer.json()["userPrincipalName"] == COLLEAGUE
    alone = graph("GET", "/me")
    assert alone.status_code == 400
    assert "only valid with delegated" in alone.json()["error"]["message"]


def test_a_person_without_a_right_on_the_site_is_refused(as_person: Any, site: str) -> None:
    assert as_person(OWNER, WRITE, "GET", SITE).status_code == 200
    assert as_person(COLLEAGUE, WRITE, "GET", SITE).status_code == 403


@pytest.mark.parametrize(
    ("group", "reads", "makes_a_list", "makes_a_column"),
    [(4, 200, 403, 403), (5, 200, 201, 403), (3, 200, 201, 201)],
    ids=["visitor", "member", "owner"],
)
def test_the_persons_role_decides(
    as_person: Any,
    rest: Any,
    site: str,
    group: int,
    reads: int,
    makes_a_list: int,
    makes_a_column: int,
) -> None:
    _to_group(rest, group, COLLEAGUE)
    assert as_person(COLLEAGUE, MANAGE, "GET", f"{SITE}/lists").status_code == reads
    made = as_person(COLLEAGUE, MANAGE, "POST", f"{SITE}/lists", {"displayName": "Mine"})
    assert made.status_code == makes_a_list
    column = {"name": "Extra", "text": {}}
    answer = as_person(COLLEAGUE, MANAGE, "POST", f"{SITE}/columns", column)
    assert answer.status_code == makes_a_column


def test_the_scope_decides_too(as_person: Any, site: str) -> None:
    read = GRAPH + "Sites.Read.All"
    answer = as_person(OWNER, read, "POST", f"{SITE}/lists", {"displayName": "Mine"})
    assert answer.status_code == 403


def test_a_list_of_its_own_keeps_others_out(
    as_person: Any, rest: Any, graph: Any, site: str
) -> None:
    _to_group(rest, 5, COLLEAGUE)
    assert graph("POST", SITE[5:] + "/lists", {"displayName": "Board"}).status_code == 201
    items = f"{SITE}/lists/Board/items"
    assert as_person(COLLEAGUE, WRITE, "GET", items).status_code == 200
    broken = rest("POST", "/_api/web/lists/getbytitle('Board')/breakroleinheritance(false)")
    assert broken.status_code == 200
    assert as_person(COLLEAGUE, WRITE, "GET", items).status_code == 403
    assert as_person(OWNER, WRITE, "GET", items).status_code == 200


def test_items_carry_the_persons_name(as_person: Any, rest: Any, graph: Any, site: str) -> None:
    _to_group(rest, 5, COLLEAGUE)
    assert graph("POST", SITE[5:] + "/lists", {"displayName": "Log"}).status_code == 201
    made = as_person(
        COLLEAGUE, WRITE, "POST", f"{SITE}/lists/Log/items", {"fields": {"Title": "x"}}
    )
    assert made.json()["createdBy"]["user"]["displayName"] == "Ines Amari"


def test_sharepoint_takes_a_persons_token_however_the_app_proved_itself(
    as_person: Any, site: str
) -> None:
    scope = SHAREPOINT + "AllSites.Read"
    assert as_person(OWNER, scope, "GET", f"{site}/_api/web").status_code == 200
    refused = as_person(OWNER, scope, "POST", f"{site}/_api/web/lists", {"Title": "x"})
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["/v1.0/sites?search=acme", "/v1.0/sites/getAllSites"])
def test_what_would_need_trimming_is_refused(as_person: Any, site: str, path: str) -> None:
    assert as_person(OWNER, WRITE, "GET", path).status_code == 403


def test_a_graph_token_is_not_for_sharepoint(
    person_token: Any, http: httpx.Client, site: str
) -> None:
    headers = {"Authorization": f"Bearer {person_token(OWNER, WRITE)}"}
    assert http.get(f"{site}/_api/web", headers=headers).status_code == 401


def test_a_directory_group_brings_its_members_in(as_person: Any, rest: Any, site: str) -> None:
    from provisioner.emulator.seeds import GROUP, identifier

    assert as_person(COLLEAGUE, WRITE, "GET", SITE).status_code == 403
    group_id = identifier(f"group:{GROUP}")
    body = {"LoginName": f"c:0t.c|tenant|{group_id}"}
    added = rest("POST", "/_api/web/sitegroups(4)/users", body)
    assert added.status_code in (200, 201), added.text
    assert as_person(COLLEAGUE, WRITE, "GET", SITE).status_code == 200


def test_an_item_of_its_own_keeps_the_list_closed(
    as_person: Any, rest: Any, graph: Any, site: str
) -> None:
    """SharePoint would leave the item out; here a list that cannot be shown whole is refused."""
    _to_group(rest, 5, COLLEAGUE)
    assert graph("POST", SITE[5:] + "/lists", {"displayName": "Log"}).status_code == 201
    items = f"{SITE}/lists/Log/items"
    assert graph("POST", items[5:], {"fields": {"Title": "secret"}}).status_code == 201
    assert as_person(COLLEAGUE, WRITE, "GET", items).status_code == 200
    rest("POST", "/_api/web/lists/getbytitle('Log')/items(1)/breakroleinheritance(false)")
    assert as_person(COLLEAGUE, WRITE, "GET", items).status_code == 403


def test_a_token_lives_in_a_batch_too(as_person: Any, site: str) -> None:
    parts = [
        {"id": "1", "method": "GET", "url": SITE[5:]},
        {"id": "2", "method": "GET", "url": "/sites?search=acme"},
    ]
    answer = as_person(OWNER, WRITE, "POST", "/v1.0/$batch", {"requests": parts})
    assert {each["id"]: each["status"] for each in answer.json()["responses"]} == {
        "1": 200,
        "2": 403,
    }

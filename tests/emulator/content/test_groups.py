from __future__ import annotations

from typing import Any

GROUPS = "/_api/web/sitegroups"
LOGIN = "i:0#.f|membership|iam@contoso.example"


def error(answer: Any) -> str:
    return str(answer.json()["odata.error"]["message"]["value"])


def make(rest: Any, title: str = "Evidence Reviewers", **more: Any) -> int:
    answer = rest("POST", GROUPS, {"Title": title, **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["Id"])


def test_a_group_is_made_read_changed_and_deleted(rest: Any, site: str) -> None:
    number = make(rest, Description="Look at it", OnlyAllowMembersViewMembership=True)
    named = f"{GROUPS}/GetByName('evidence reviewers')"
    read = rest("GET", f"{named}?$expand=Users,Owner").json()
    assert read["Id"] == number
    assert read["PrincipalType"] == 8
    assert read["OnlyAllowMembersViewMembership"] is True
    assert read["Users"] == []
    assert read["Owner"]["Title"] == "full-control", "a group belongs to who made it"
    merge = {"X-HTTP-Method": "MERGE", "If-Match": "*"}
    assert (
        rest("POST", f"{GROUPS}({number})", {"Title": "Checkers"}, headers=merge).status_code == 204
    )
    assert rest("GET", named).status_code == 404
    assert rest("POST", f"{GROUPS}/removebyid({number})").status_code == 200
    assert rest("GET", f"{GROUPS}({number})").status_code == 404


def test_a_title_twice_is_refused(rest: Any, site: str) -> None:
    make(rest)
    again = rest("POST", GROUPS, {"Title": "EVIDENCE reviewers"})
    assert again.status_code == 500
    assert error(again) == "The specified name is already in use."


def test_a_title_that_is_no_text_is_refused(rest: Any, site: str) -> None:
    assert rest("POST", GROUPS, {"Title": {"Title": "x"}}).status_code == 400
    assert rest("POST", GROUPS, {"Title": " "}).status_code == 400


def test_the_owner_is_set_by_its_own_call_and_only_to_a_user(
    rest: Any, site: str, user_id: int
) -> None:
    """SharePoint/sp-dev-docs#5031: Owner in a MERGE changes nothing, SetUserAsOwner takes users."""
    number = make(rest)
    one = f"{GROUPS}({number})"
    merge = {"X-HTTP-Method": "MERGE", "If-Match": "*"}
    rest("POST", one, {"Owner": {"Id": user_id}}, headers=merge)
    assert rest("GET", f"{one}/owner").json()["Title"] == "full-control"
    assert rest("POST", f"{GROUPS}/GetById({number})/SetUserAsOwner({user_id})").status_code == 200
    assert rest("GET", f"{one}/owner").json()["Id"] == user_id
    assert rest("POST", f"{one}/SetUserAsOwner(3)").status_code == 404


def test_members_come_and_go(rest: Any, site: str) -> None:
    users = f"{GROUPS}({make(rest)})/users"
    assert rest("POST", users, {"LoginName": LOGIN}).status_code == 201
    assert rest("POST", users, {"LoginName": LOGIN}).status_code == 201
    members = rest("GET", users).json()["value"]
    assert [each["LoginName"] for each in members] == [LOGIN]
    assert members[0]["UserPrincipalName"] == "iam@contoso.example"
    gone = rest("POST", f"{users}/removeByLoginName(@v)?@v='{LOGIN.replace('#', '%23')}'")
    assert gone.status_code == 200, gone.text
    assert rest("GET", users).json()["value"] == []
    rest("POST", users, {"LoginName": LOGIN})
    number = members[0]["Id"]
    assert rest("POST", f"{users}/removebyid({number})").status_code == 200
    assert rest("POST", f"{users}/removebyid({number})").status_code == 404


def test_an_unknown_person_is_refused(rest: Any, site: str) -> None:
    """The wording is quoted in pnp/powershell#4143."""
    for name in (
        "nobody@contoso.example",
        "i:0#.f|membership|nobody@contoso.example",
        "c:0t.c|tenant|00000000-0000-0000-0000-000000000001",
    ):
        answer = rest("POST", "/_api/web/EnsureUser", {"logonName": name})
        assert answer.status_code == 400
        assert error(answer) == f"The specified user {name} could not be found."


def test_a_person_has_one_id_however_named(rest: Any, site: str) -> None:
    named = [LOGIN, "iam@contoso.example", "IAM@contoso.example"]
    ids = {rest("POST", "/_api/web/EnsureUser", {"logonName": n}).json()["Id"] for n in named}
    ids.add(rest("POST", "/_api/web/ensureuser('iam@contoso.example')").json()["Id"])
    assert len(ids) == 1
    assert rest("GET", f"/_api/web/siteusers/getbyid({ids.pop()})").json()["LoginName"] == LOGIN


def test_a_directory_group_is_a_principal(rest: Any, graph: Any, site: str) -> None:
    group = graph("GET", "/groups?$filter=displayName eq 'Evidence Contributors'").json()["value"][
        0
    ]
    login = f"c:0t.c|tenant|{group['id']}"
    made = rest("POST", "/_api/web/EnsureUser", {"logonName": login}).json()
    assert (made["Title"], made["PrincipalType"]) == ("Evidence Contributors", 4)
    assert rest("POST", f"{GROUPS}({make(rest)})/users", {"LoginName": login}).status_code == 201


def test_the_site_owner_is_its_administrator(rest: Any, site: str) -> None:
    users = rest("GET", "/_api/web/siteusers").json()["value"]
    admins = [each["UserPrincipalName"] for each in users if each["IsSiteAdmin"]]
    assert admins == ["vciso@contoso.example"]


def test_people_are_rows_of_the_user_information_list(
    emulator: Any, graph: Any, rest: Any, site: str, user_id: int
) -> None:
    with emulator.tenant.lock:
        row = emulator.tenant.one(
            "SELECT id FROM list WHERE template = 112 AND url LIKE ?", f"{site}/%"
        )
    address = f"/sites/contoso.sharepoint.com:{site}:/lists/{row['id']}/items/{user_id}"
    fields = graph("GET", f"{address}?$expand=fields($select=Title)").json()["fields"]
    assert fields["Title"] == "Ines Amari"

"""Permissions of folders and files by their path, of linked ones, and who the site's own groups are."""

from __future__ import annotations

from typing import Any

import pytest

EXPAND = "$expand=Member,RoleDefinitionBindings"
READ = 1073741826


@pytest.fixture
def folder(library: Any, graph: Any, rest: Any) -> str:
    """The REST address of the item of a new folder, with a blank and an apostrophe in its name."""
    name = "L'été 2026"
    made = graph("POST", f"{library.drive}/root/children", {"name": name, "folder": {}})
    assert made.status_code == 201
    rows = rest("GET", "/_api/web/lists?$select=RootFolder/ServerRelativeUrl&$expand=RootFolder")
    roots = [one["RootFolder"]["ServerRelativeUrl"] for one in rows.json()["value"]]
    paths = [f"{root}/{name}".replace("'", "''") for root in roots]
    calls = [
        f"/_api/web/GetFolderByServerRelativePath(DecodedUrl='{path}')/ListItemAllFields"
        for path in paths
    ]
    return next(call for call in calls if rest("GET", f"{call}?$select=Id").status_code == 200)


def titles(rest: Any, address: str) -> set[str]:
    value = rest("GET", f"{address}/roleassignments?{EXPAND}").json()["value"]
    return {one["Member"]["Title"] for one in value}


def unique(rest: Any, address: str) -> bool:
    answer = rest("GET", f"{address}?$select=Id,HasUniqueRoleAssignments")
    return bool(answer.json()["HasUniqueRoleAssignments"])


def test_a_folder_is_closed_opened_and_inherits_again_by_its_path(rest: Any, folder: str) -> None:
    assert not unique(rest, folder)
    assert rest("POST", f"{folder}/breakroleinheritance(false)").status_code == 200
    assert unique(rest, folder)
    visitors = rest("GET", "/_api/web/AssociatedVisitorGroup?$select=Id").json()["Id"]
    call = f"addroleassignment(principalid={visitors},roledefid={READ})"
    assert rest("POST", f"{folder}/roleassignments/{call}").status_code == 200
    assert "Acme Visitors" in titles(rest, folder)
    assert rest("POST", f"{folder}/resetroleinheritance").status_code == 200
    assert not unique(rest, folder)


def test_a_link_gives_permissions_of_their_own_which_stay_without_it(
    rest: Any, graph: Any, library: Any, folder: str
) -> None:
    number = rest("GET", f"{folder}?$select=Id").json()["Id"]
    children = graph("GET", f"{library.drive}/root/children?$select=id").json()["value"]
    one = f"{library.drive}/items/{children[0]['id']}"
    before = titles(rest, folder)
    made = graph("POST", f"{one}/createLink", {"type": "view", "scope": "anonymous"}).json()
    assert number
    assert unique(rest, folder)
    (group,) = titles(rest, folder) - before
    assert group.startswith("SharingLinks.")
    told = graph("GET", f"{one}/permissions").json()["value"]
    assert [each["link"]["scope"] for each in told if "link" in each] == ["anonymous"]
    assert graph("DELETE", f"{one}/permissions/{made['id']}").status_code == 204
    assert (unique(rest, folder), titles(rest, folder)) == (True, before)


def test_what_is_not_there_and_the_root_of_a_library_have_no_item(rest: Any, folder: str) -> None:
    start = folder.partition("/L'")[0]
    gone = f"{start}/none')/ListItemAllFields"
    root = f"{start}')/ListItemAllFields"
    assert [rest("GET", path).status_code for path in (gone, root)] == [404, 404]


def test_the_web_says_which_groups_came_with_it(rest: Any, site: str) -> None:
    names = [f"Associated{word}Group" for word in ("Owner", "Member", "Visitor")]
    selected = ",".join(f"{name}/Title" for name in names)
    body = rest("GET", f"/_api/web?$select={selected}&$expand={','.join(names)}").json()
    found = {name: body[name]["Title"] for name in names}
    assert found == {
        "AssociatedOwnerGroup": "Acme Owners",
        "AssociatedMemberGroup": "Acme Members",
        "AssociatedVisitorGroup": "Acme Visitors",
    }
    number = rest("GET", "/_api/web/AssociatedVisitorGroup?$select=Id").json()["Id"]
    assert rest("POST", f"/_api/web/sitegroups/removebyid({number})").status_code == 200
    assert rest("GET", "/_api/web/AssociatedVisitorGroup").json() == {"odata.null": True}


def test_a_user_becomes_an_administrator_and_no_longer_is(rest: Any, site: str) -> None:
    login = {"logonName": "i:0#.f|membership|iam@contoso.example"}
    number = rest("POST", "/_api/web/EnsureUser", login).json()["Id"]
    for wanted in (True, False):
        sent = rest("MERGE", f"/_api/web/siteusers({number})", {"IsSiteAdmin": wanted})
        assert sent.status_code == 204
        user = rest("GET", f"/_api/web/siteusers({number})").json()
        assert user["IsSiteAdmin"] is wanted
    other = rest("MERGE", f"/_api/web/siteusers({number})", {"Title": "Somebody"})
    assert other.status_code == 501

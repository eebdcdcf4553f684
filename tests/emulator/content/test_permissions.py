from __future__ import annotations

from typing import Any

import pytest

READ, CONTRIBUTE, FULL_CONTROL, LIMITED = 1073741826, 1073741827, 1073741829, 1073741825
EXPAND = "$expand=Member,RoleDefinitionBindings"


def assigned(rest: Any, address: str) -> dict[str, list[str]]:
    value = rest("GET", f"{address}/roleassignments?{EXPAND}").json()["value"]
    return {
        each["Member"]["Title"]: [level["Name"] for level in each["RoleDefinitionBindings"]]
        for each in value
    }


def unique(rest: Any, address: str) -> bool:
    answer = rest("GET", f"{address}?$select=HasUniqueRoleAssignments").json()
    return bool(answer["HasUniqueRoleAssignments"])


def error(answer: Any) -> str:
    return str(answer.json()["odata.error"]["message"]["value"])


def test_a_new_site_has_three_groups_with_their_levels(rest: Any, site: str) -> None:
    assert assigned(rest, "/_api/web") == {
        "Acme Owners": ["Full Control"],
        "Acme Visitors": ["Read"],
        "Acme Members": ["Edit"],
    }


def test_the_well_known_levels(rest: Any, site: str) -> None:
    levels = {each["Id"]: each for each in rest("GET", "/_api/web/roledefinitions").json()["value"]}
    assert {key: level["Name"] for key, level in levels.items()} == {
        LIMITED: "Limited Access",
        READ: "Read",
        CONTRIBUTE: "Contribute",
        1073741828: "Design",
        FULL_CONTROL: "Full Control",
        1073741830: "Edit",
    }
    assert levels[FULL_CONTROL]["RoleTypeKind"] == 5
    assert levels[READ]["BasePermissions"] == {"High": "176", "Low": "138612833"}
    by_type = rest("GET", "/_api/web/roledefinitions/getbytype(5)").json()
    assert by_type["Id"] == FULL_CONTROL


@pytest.mark.parametrize(
    "call",
    [
        "/breakroleinheritance(true)",
        "/breakroleinheritance(true,false)",
        "/breakroleinheritance(copyRoleAssignments=true, clearSubscopes=true)",
        "/BreakRoleInheritance(copyroleassignments=@c,clearsubscopes=@s)?@c=true&@s=false",
    ],
)
def test_breaking_inheritance_can_keep_what_is_there(rest: Any, register: Any, call: str) -> None:
    before = assigned(rest, register.rest)
    assert not unique(rest, register.rest)
    assert rest("POST", register.rest + call).status_code == 200
    assert unique(rest, register.rest)
    assert assigned(rest, register.rest) == before


def test_breaking_inheritance_without_copy_leaves_the_caller(rest: Any, register: Any) -> None:
    """SPSecurableObject.BreakRoleInheritance: only "the current user" is kept; here that is the app."""
    body = {"copyRoleAssignments": False, "clearSubscopes": True}
    assert rest("POST", f"{register.rest}/BreakRoleInheritance", body).status_code == 200
    assert assigned(rest, register.rest) == {"full-control": ["Full Control"]}
    me = rest("GET", "/_api/web/currentuser").json()["Id"]
    gone = rest(
        "POST",
        f"{register.rest}/roleassignments/getbyprincipalid({me})",
        headers={"X-HTTP-Method": "DELETE"},
    )
    assert gone.status_code == 200
    assert assigned(rest, register.rest) == {}


def test_inheriting_again_drops_own_assignments(rest: Any, register: Any) -> None:
    rest("POST", f"{register.rest}/breakroleinheritance(false)")
    assert rest("POST", f"{register.rest}/resetroleinheritance").status_code == 200
    assert not unique(rest, register.rest)
    assert "Acme Owners" in assigned(rest, register.rest)


def test_the_root_web_cannot_inherit(rest: Any, site: str) -> None:
    assert rest("POST", "/_api/web/resetroleinheritance").status_code == 400


def test_a_level_is_assigned_and_taken(rest: Any, register: Any, user_id: int) -> None:
    rest("POST", f"{register.rest}/breakroleinheritance(true)")
    there = f"{register.rest}/roleassignments"
    for level in (READ, CONTRIBUTE, CONTRIBUTE):
        url = f"{there}/addroleassignment(principalid={user_id},roledefid={level})"
        assert rest("POST", url).status_code == 200
    assert assigned(rest, register.rest)["Ines Amari"] == ["Read", "Contribute"]
    body = {"principalId": user_id, "roleDefId": READ}
    assert rest("POST", f"{there}/removeroleassignment", body).status_code == 200
    assert assigned(rest, register.rest)["Ines Amari"] == ["Contribute"]
    assert assigned(rest, "/_api/web")["Ines Amari"] == ["Limited Access"]


def test_what_role_assignment_refuses(rest: Any, register: Any, user_id: int) -> None:
    add = register.rest + "/roleassignments/addroleassignment(principalid={},roledefid={})"
    inherits = rest("POST", add.format(user_id, READ))
    assert (inherits.status_code, error(inherits)) == (
        400,
        "This operation is not allowed on an object that inherits permissions.",
    )
    rest("POST", f"{register.rest}/breakroleinheritance(true)")
    nobody = rest("POST", add.format(999, READ))
    assert (nobody.status_code, error(nobody)) == (404, "Can not find the principal with id: 999.")
    assert rest("POST", add.format(user_id, 999)).status_code == 404
    assert rest("POST", add.format(user_id, LIMITED)).status_code == 400
    assert "Ines Amari" not in assigned(rest, register.rest)


def test_an_item_has_permissions_of_its_own(
    rest: Any, register: Any, add: Any, user_id: int
) -> None:
    add(Title="R-1")
    item = f"{register.rest}/items(1)"
    assert not unique(rest, item)
    rest("POST", f"{item}/breakroleinheritance(false)")
    rest(
        "POST", f"{item}/roleassignments/addroleassignment(principalid={user_id},roledefid={READ})"
    )
    assert unique(rest, item)
    assert set(assigned(rest, item)) == {"full-control", "Ines Amari"}
    rest(
        "POST",
        f"{register.rest}/breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)",
    )
    assert not unique(rest, item), "clearSubscopes makes what is below inherit again"


def test_a_lists_role_assignments_are_expanded_with_it(rest: Any, register: Any) -> None:
    url = f"{register.rest}?$expand=RoleAssignments/Member,RoleAssignments/RoleDefinitionBindings"
    found = rest("GET", url + "&$select=RoleAssignments").json()["RoleAssignments"]
    assert {each["Member"]["Title"] for each in found} == {
        "Acme Owners",
        "Acme Visitors",
        "Acme Members",
    }


def test_a_level_of_ones_own(rest: Any, site: str) -> None:
    body = {
        "Name": "Evidence Auditor",
        "Description": "Reads",
        "BasePermissions": {"High": "176", "Low": "138612833"},
    }
    made = rest("POST", "/_api/web/roledefinitions", body)
    assert made.status_code == 201
    assert made.json()["BasePermissions"] == body["BasePermissions"]
    assert rest("POST", "/_api/web/roledefinitions", body).status_code == 500
    named = "/_api/web/roledefinitions/getbyname('evidence auditor')"
    assert (
        rest(
            "POST",
            named,
            {"Description": "Reads all"},
            headers={"X-HTTP-Method": "MERGE", "If-Match": "*"},
        ).status_code
        == 204
    )
    assert rest("GET", named).json()["Description"] == "Reads all"
    assert rest("DELETE", named).status_code == 200
    assert rest("GET", named).status_code == 404
    assert rest("DELETE", f"/_api/web/roledefinitions({FULL_CONTROL})").status_code == 400


def test_names_follow_the_language_of_the_site(emulator: Any, rest: Any) -> None:
    """Not documented in one place: groups and roles are named in the language of the site."""
    from provisioner.emulator.model.sites import create_site

    with emulator.tenant.lock:
        create_site(
            emulator.tenant,
            path="/sites/paris",
            title="Paris",
            template="STS#3",
            lcid=1036,
            owner_upn="vciso@contoso.example",
            time_zone="Europe/Paris",
        )
    value = rest("GET", f"/_api/web/roleassignments?{EXPAND}", site="/sites/paris").json()["value"]
    found = {e["Member"]["Title"]: e["RoleDefinitionBindings"][0]["Name"] for e in value}
    assert found == {
        "Propriétaires de Paris": "Contrôle total",
        "Visiteurs de Paris": "Lecture",
        "Membres de Paris": "Modification",
    }

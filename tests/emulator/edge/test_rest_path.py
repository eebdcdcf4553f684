from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.emulator.rest.path import argument, normalise
from provisioner.emulator.wire import Call

GUID = "0F1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"
LOW = GUID.lower()


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("lists(guid'{G}')", "lists(id={g})"),
        ("lists('{G}')", "lists(id={g})"),
        ("lists(guid'%7B{G}%7D')", "lists(id={g})"),
        ("Lists/GetById('{G}')", "lists(id={g})"),
        ("lists/getByTitle('Risk Register')", "lists(title=Risk%20Register)"),
        ("lists/GETBYTITLE(%27Risk%20Register%27)", "lists(title=Risk%20Register)"),
        ("lists/GetByTitle( 'Risks' )", "lists(title=Risks)"),
        ("lists/getByTitle('Vendor''s')", "lists(title=Vendor%27s)"),
        ("lists/getByTitle('a/b (c), d=e')", "lists(title=a%2Fb%20%28c%29%2C%20d%3De)"),
        ("GetList('/sites/x/Lists/R')", "lists(url=%2Fsites%2Fx%2FLists%2FR)"),
        ("lists('{G}')/items(7)", "lists(id={g})/items(7)"),
        ("lists('{G}')/items/GetById(7)", "lists(id={g})/items(7)"),
        ("lists('{G}')/getItemById(7)", "lists(id={g})/items(7)"),
        ("fields/getByInternalNameOrTitle('Title')", "fields(name=Title)"),
        ("fields/getByTitle('Title')", "fields(title=Title)"),
        ("fields('{G}')", "fields(id={g})"),
        ("views/getByTitle('All Items')", "views(title=All%20Items)"),
        ("contenttypes('0x0101')", "contenttypes(id=0x0101)"),
        ("sitegroups/getByName('Team Owners')", "sitegroups(name=Team%20Owners)"),
        ("sitegroups(5)", "sitegroups(id=5)"),
        ("roledefinitions/getByType(5)", "roledefinitions(type=5)"),
        ("roledefinitions(1073741826)", "roledefinitions(id=1073741826)"),
        ("roleassignments/getByPrincipalId(12)", "roleassignments(12)"),
        ("roleassignments/getByPrincipalId(principalid=12)", "roleassignments(12)"),
        ("getUserById(9)", "siteusers(id=9)"),
        ("siteusers/getByEmail('a@b.c')", "siteusers(email=a%40b.c)"),
        ("navigation/quicklaunch(2003)", "navigation/quicklaunch(2003)"),
        ("navigation/GetNodeById(2003)/Children", "navigation/getnodebyid(2003)/Children"),
        (
            "GetFileByServerRelativePath(DecodedUrl='/s/a.pdf')/Publish()",
            "getfilebyserverrelativepath(decodedurl=%2Fs%2Fa.pdf)/Publish",
        ),
    ],
)
def test_every_spelling_of_an_address_has_one_normal_form(spelling: str, normal: str) -> None:
    raw = f"/sites/x//_api//web/{spelling.format(G=GUID)}"
    found = normalise(raw, {})
    assert found.site_path == "/sites/x"
    assert found.path == f"/_api/web/{normal.format(g=LOW)}"


def test_the_root_site_has_an_empty_path() -> None:
    assert normalise("/_api/web", {}).site_path == ""


def test_the_root_web_of_the_site_collection_is_the_web() -> None:
    assert normalise("/_api/site/rootWeb/lists", {}).path == "/_api/web/lists"


def test_an_alias_is_read_from_the_query() -> None:
    query = {"@v": "'/sites/x/Lists/Risks'"}
    found = normalise("/sites/x/_api/web/GetList(@v)/views", query)
    assert found.path == "/_api/web/lists(url=%2Fsites%2Fx%2FLists%2FRisks)/views"


@pytest.mark.parametrize(
    ("call", "args"),
    [
        ("AddRoleAssignment(principalId=9, roleDefId=10)", {"principalid": "9", "roledefid": "10"}),
        ("breakroleinheritance(true)", {"0": "true"}),
        ("addviewfield('Title')", {"0": "Title"}),
        ("recycle()", {}),
        ("recycle", {}),
        ("move(newurl='/a/b',flags=1)", {"newurl": "/a/b", "flags": "1"}),
    ],
)
def test_the_arguments_of_a_function_call_are_given_apart(call: str, args: dict[str, str]) -> None:
    found = normalise(f"/_api/web/{call}", {})
    assert found.path == "/_api/web/" + call.partition("(")[0]
    assert found.args == args


def test_an_argument_comes_from_the_url_or_from_the_body() -> None:
    in_body = Call("rest", "POST", "/_api/x", body=b'{"copyRoleAssignments": false}')
    assert argument(in_body, "copyroleassignments") is False
    in_url = Call("rest", "POST", "/_api/x", args={"copyroleassignments": "false"})
    assert argument(in_url, "copyRoleAssignments") == "false"
    assert argument(Call("rest", "POST", "/_api/x", args={"0": "true"}), "first") == "true"
    assert argument(Call("rest", "POST", "/_api/x"), "absent", 7) == 7


def test_an_argument_without_a_name_answers_to_its_place_only() -> None:
    """``breakroleinheritance(true)`` says nothing about the second parameter."""
    call = Call("rest", "POST", "/_api/x", args={"0": "true"})
    assert argument(call, "copyRoleAssignments") == "true"
    assert argument(call, "clearSubscopes", position=1) is None


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_title_survives_normalisation(title: str) -> None:
    from urllib.parse import quote, unquote

    text = title.replace("'", "''")
    found = normalise(f"/_api/web/lists/getByTitle('{quote(text, safe='')}')/items", {})
    shown = found.path.removeprefix("/_api/web/lists(title=").removesuffix(")/items")
    assert unquote(shown) == title

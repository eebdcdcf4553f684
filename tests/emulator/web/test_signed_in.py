"""What a person who signed in may do on the pages, and what is refused in SharePoint's own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from provisioner.emulator.model import items, principals, roles
from provisioner.emulator.model.role_names import READ

FORM = "/sites/north/Evidence/Forms/EditForm.aspx"
OWNER = "vciso@contoso.example"


@pytest.fixture
def person(library: Any) -> Iterator[Callable[..., httpx.Client]]:
    """``person("iam@…")`` is somebody's browser, signed in."""
    library.http.cookies.clear()

    def signed_in(upn: str, then: str = "/sites/north") -> httpx.Client:
        answer = library.http.post("/signin", data={"user": upn, "then": then})
        assert answer.status_code == 303, answer.text
        return library.http  # type: ignore[no-any-return]

    yield signed_in
    library.http.cookies.clear()


def row(library: Any, number: int) -> Any:
    return items.get(library.tenant, library.opened, number)


def filled(library: Any, number: int, **changes: str) -> dict[str, str]:
    """The form as the page gave it, with these columns written anew."""
    return {"version": str(row(library, number)["version"]), "Area": "Access", **changes}


def test_a_person_reads_what_they_may_and_changes_no_more(library: Any, person: Any) -> None:
    number = library.put("a.pdf", Area="Access")
    outsider = person("iam@contoso.example")
    assert outsider.get("/sites/north").status_code == 403
    assert outsider.get("/sites/north/Evidence/a.pdf").status_code == 403
    with library.tenant.lock:
        roles.add(library.tenant, library.opened.site_id, roles.WEB, library.owner, READ)
    page = outsider.get("/sites/north/Evidence").text
    assert "Signed in as Ines Amari" in page
    assert "Upload a document" not in page
    assert "Edit the columns" not in library.get("/Forms/DispForm.aspx", ID=number)
    assert outsider.get(FORM, params={"ID": number}).status_code == 403
    sent = outsider.post(FORM, params={"ID": number}, data=filled(library, number, Area="Change"))
    assert sent.status_code == 403
    upload = outsider.post("/sites/north/Evidence", files={"file": ("b.pdf", b"b")})
    assert upload.status_code == 403
    assert row(library, number)["version"] == 2
    signed_out = outsider.post("/signout", data={"then": "//evil.example"})
    assert signed_out.headers["location"] == "/evil.example"
    assert "Sign in" in outsider.get("/sites/north").text


def test_a_saved_form_is_one_version_by_its_person(library: Any, person: Any) -> None:
    number = library.put("a.pdf", Area="Access", Criteria=["CC6.1"], Rows=3, Vendor=library.vendor)
    browser = person(OWNER)
    form = browser.get(FORM, params={"ID": number}).text
    assert '<option value="Access" selected>Access</option>' in form
    assert '<input type="text" value="3" id="column-Rows" name="Rows">' in form
    given = filled(
        library, number, Due="2026-12-01", Done="Yes", Rows="12.5", Criteria="CC6.6",
        Owner="i:0#.f|membership|iam@contoso.example", Link="https://a.example/1, Ticket <1>",
    )  # fmt: skip
    assert browser.post(FORM, params={"ID": number}, data=given).status_code == 303
    saved = library.get("/Forms/DispForm.aspx", ID=number)
    for shown in ("2026-12-01", "Yes", "12.5", "CC6.6", "Ines Amari", "Ticket &lt;1&gt;"):
        assert shown in saved
    after = row(library, number)
    assert "Vendor" not in json.loads(after["fields"]), "what the form leaves empty is cleared"
    assert (
        principals.by_id(library.tenant, library.opened.site_id, after["editor"])["email"] == OWNER
    )
    same = filled(library, number, **{k: v for k, v in given.items() if k != "version"})
    assert browser.post(FORM, params={"ID": number}, data=same).status_code == 303
    assert row(library, number)["version"] == after["version"], "nothing changed, nothing saved"


def test_a_form_with_mistakes_comes_back_as_it_was_and_saves_nothing(
    library: Any, person: Any
) -> None:
    number = library.put("a.pdf", Area="Access")
    browser = person(OWNER)
    wrong = filled(library, number, Rows="many", Due="<soon>", Done="Yes")
    answer = browser.post(FORM, params={"ID": number}, data=wrong)
    assert answer.status_code == 400
    assert "Only numbers can go here." in answer.text
    assert 'value="many"' in answer.text
    assert "&lt;soon&gt;" in answer.text
    assert 'aria-invalid="true"' in answer.text
    stale = filled(library, number, Area="Change") | {"version": "1"}
    conflict = browser.post(FORM, params={"ID": number}, data=stale)
    assert "Save conflict." in conflict.text
    elsewhere = {"Origin": "https://evil.example"}
    forged = browser.post(
        FORM, params={"ID": number}, data=filled(library, number, Area="Change"), headers=elsewhere
    )
    assert forged.status_code == 403
    assert row(library, number)["version"] == 2


def test_an_upload_leads_to_its_columns_and_never_replaces_unasked(
    library: Any, person: Any
) -> None:
    browser, body = person(OWNER), b"\r\n--x\r\n\x00\xff" * 3
    made = browser.post("/sites/north/Evidence", files={"file": ("C:\\scans\\né.pdf", body)})
    assert made.status_code == 303
    assert made.headers["location"] == f"{FORM}?ID=1"
    assert browser.get("/sites/north/Evidence/né.pdf").content == body
    again = browser.post("/sites/north/Evidence", files={"file": ("né.pdf", b"other")})
    assert again.status_code == 409
    assert "already exists" in again.text
    assert browser.get("/sites/north/Evidence/né.pdf").content == body
    replaced = browser.post(
        "/sites/north/Evidence", files={"file": ("né.pdf", b"other")}, data={"replace": "yes"}
    )
    assert replaced.status_code == 303
    assert browser.get("/sites/north/Evidence/né.pdf").content == b"other"
    bad = browser.post("/sites/north/Evidence", files={"file": ("a|b.pdf", b"x")})
    assert bad.status_code == 400
    assert browser.post("/sites/north/Evidence", data={"file": ""}).status_code == 400


def test_a_view_of_mine_shows_the_person_theirs(library: Any, person: Any) -> None:
    library.put("a.pdf", Owner=library.owner)
    library.put("b.pdf")
    with library.tenant.lock:
        roles.add(library.tenant, library.opened.site_id, roles.WEB, library.owner, READ)
    mine = (
        '<Where><Eq><FieldRef Name="Owner" LookupId="TRUE"/><Value Type="Integer"><UserID/></Value>'
        "</Eq></Where>"
    )
    library.view("Mine", ["LinkFilename"], mine)
    page = person("iam@contoso.example").get("/sites/north/Evidence", params={"view": "Mine"}).text
    assert "nobody is signed in" not in page
    assert ">a.pdf</a>" in page
    assert "b.pdf" not in page

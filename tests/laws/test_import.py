"""Laws of import: a plan of the imported file changes nothing, and it makes the same site again.

"Nothing" is no write and no refusal. A plan may still adopt, or forget, which only our own records
feel, and make the libraries those are kept in. "The same" is byte for byte.
"""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, ref
from provisioner.engine.observe import observe

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")
ACCESS = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, create: communication, owner: vciso@contoso.example}
roles:
  - {name: Filing, base: Contribute, remove: [DeleteListItems, DeleteVersions]}
groups:
  - {name: Owners of evidence, role: Read}
libraries:
  - key: proof
    title: Proof
    permissions:
      grants: [{to: 'group:Owners of evidence', role: Filing}, {to: 'user:iam@contoso.example', role: Read}]
lists:
  - {key: risks, title: Risk Register, url: RiskRegister}
pages:
  - name: Evidence
    title: Evidence at a glance
    home: true
    sections:
      - columns:
          - text: |
              ## What to do
              1. File it
              2. Submit it for **review**
          - quickLinks: [{title: Risks, link: 'list:risks'}, {title: Rules, link: 'https://rules.example/'}]
  - {name: Help, title: Help, sections: [{columns: [{text: Ask the *owner*.}]}]}
navigation:
  - title: Where things are
    children: [{title: Risks, link: 'list:risks'}, {title: Proof, link: 'library:proof'}]
"""
OURS = "list:provisioner-"
URL = "https://contoso.sharepoint.com/sites/acme"
EMPTY = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Another, create: team, owner: vciso@contoso.example}
"""


def imported(provisioner, name="imported.yaml", *options):
    """The imported file, checked by the command itself to change nothing."""
    out = provisioner.folder / name
    done = provisioner("import", URL, "--cloud", "emulator", "--out", out, *options)
    assert done.code == 0, done.err
    return out, done


def nothing_to_write(provisioner, file):
    planned = provisioner("plan", file, "--format", "json").json()
    changes = [c for c in planned["changes"] if not c["address"].startswith(OURS)]
    actions = {change["action"] for change in changes}
    assert (actions - {"adopt", "forget"}, planned["blocked"]) == (set(), [])


def made_again(provisioner, file):
    """What an import gives of an empty site that the file was applied to."""
    text = file.read_text("utf-8")
    provisioner.control.call("POST", "reset")
    provisioner.control.call("PUT", "settings", {"resourceUnitsPerMinute": 1_000_000})
    provisioner.applied(EMPTY, "empty.yaml")
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    return imported(provisioner, "again.yaml")[0].read_text("utf-8"), text


def send(file, *operations):
    """What somebody else does on the site, with the ids of an applied workspace."""

    async def doing():
        opened = open_workspace(file)
        async with transport_to(opened, Silent()) as transport:
            known = (await observe(transport, opened.desired, Silent())).bindings()
            for audience, method, path, body in operations:
                operation = Operation(audience, method, path, "x", "x", body=body)
                ((outcome,),) = await transport.write([Envelope((operation.filled(known),))])
                assert outcome.state == "done", outcome

    asyncio.run(doing())


@pytest.fixture
def applied(provisioner):
    return provisioner.applied(SMALL)


def test_import_writes_nothing_and_its_plan_changes_nothing(provisioner, applied):
    provisioner.forget_requests()
    out, done = imported(provisioner)
    assert "changes nothing" in done.err
    assert "Left out" not in done.err
    nothing_to_write(provisioner, out)
    assert provisioner.writes() == []


def test_the_file_makes_the_same_site_again(provisioner, applied):
    again, text = made_again(provisioner, imported(provisioner)[0])
    assert again == text


def test_the_file_is_short_grouped_and_says_what_things_are(provisioner, applied):
    out, _ = imported(provisioner)
    text, said = out.read_text("utf-8"), yaml.safe_load(out.read_text("utf-8"))
    order = [
        "tenant",
        "site",
        "groups",
        "columns",
        "contentTypes",
        "libraries",
        "lists",
        "navigation",
    ]
    assert [key for key in said if key in order] == order
    assert "# Libraries hold documents.\nlibraries:" in text
    assert max(map(len, text.splitlines())) < 140
    (evidence,) = [one for one in said["libraries"] if one["key"] == "evidence"]
    assert "columns" not in evidence, "they come with the content type"
    assert "approval" not in evidence, "it is off unless somebody turns it on"
    (risks,) = said["lists"]
    assert risks["views"][0]["where"] == {"Due": {"lt": "today"}}
    assert "items" not in risks, "rows are people's own"


def test_a_site_without_our_ledger_gets_keys_from_its_addresses(provisioner, applied):
    deleted = f"/_api/web/lists(guid'{ref('list:provisioner-ledger')}')/recycle()"
    send(applied, ("sharepoint", "POST", deleted, None))
    out, done = imported(provisioner)
    assert "our own ledger" in done.err
    nothing_to_write(provisioner, out)
    said = yaml.safe_load(out.read_text("utf-8"))
    keys = {one["key"] for one in [*said["libraries"], *said["lists"]]}
    assert keys == {"access-evidence", "risk-register", "shared-documents"}


def test_rows_come_along_when_they_are_asked_for(provisioner, applied):
    out, _ = imported(provisioner, "rows.yaml", "--rows", "Risk Register")
    (risks,) = yaml.safe_load(out.read_text("utf-8"))["lists"]
    assert risks["items"]["key"] == "RiskId"
    assert [row["Title"] for row in risks["items"]["seed"]] == ["Token leak", "Replay"]
    nothing_to_write(provisioner, out)


def test_a_list_for_rows_that_is_not_there_is_refused_with_those_that_are(provisioner, applied):
    out = provisioner.folder / "x.yaml"
    done = provisioner("import", URL, "--cloud", "emulator", "--out", out, "--rows", "riks")
    assert (done.code, out.exists()) == (64, False)
    assert "LIST-NOT-FOUND" in done.err
    assert "risks" in done.err


def test_what_people_made_in_the_browser_is_imported(provisioner, applied):
    """A list of their own with blanks and umlauts, a hidden column, a view, people in a group."""
    lists = f"/sites/{ref('site')}/lists"
    risks = f"/_api/web/lists(guid'{ref('list:risks')}')"
    view = {
        "Title": "Späte",
        "ViewFields": {"results": ["LinkTitle", "Due"]},
        "PersonalView": False,
    }
    send(
        applied,
        ("graph", "POST", lists, {"displayName": "Prüfungen & Befunde 2026",
                                  "list": {"template": "genericList"}}),
        ("graph", "POST", f"{lists}/{ref('list:risks')}/columns",
         {"name": "Interna", "displayName": "Nur für uns", "hidden": True, "text": {}}),
        ("sharepoint", "POST", f"{risks}/views/add", {"parameters": view}),
    )  # fmt: skip
    out, done = imported(provisioner)
    assert "Left out" not in done.err
    said = yaml.safe_load(out.read_text("utf-8"))
    titles = {one["title"]: one for one in said["lists"]}
    assert titles["Prüfungen & Befunde 2026"]["key"] == "pruefungen-befunde-2026"
    columns = {one["name"]: one for one in titles["Risk Register"]["columns"]}
    assert columns["Interna"]["hidden"] is True
    assert [one["name"] for one in titles["Risk Register"]["views"]] == ["Overdue", "Späte"]
    nothing_to_write(provisioner, out)
    again, text = made_again(provisioner, out)
    assert again == text


@pytest.mark.parametrize("locale", ["de-DE", "fr-FR"])
def test_a_site_in_another_language_is_imported_whole(provisioner, locale):
    provisioner.control.call("PUT", "settings", {"locale": locale})
    spoken = SMALL.replace("  timeZone: UTC", f"  timeZone: UTC\n  locale: {locale}")
    assert provisioner("apply", provisioner.file(spoken), "--yes").code == 0
    out, done = imported(provisioner)
    assert "Left out" not in done.err
    said = yaml.safe_load(out.read_text("utf-8"))
    assert said["site"]["locale"] == locale
    assert [one["name"] for one in said["groups"]] == ["Auditors", "Evidence Owners"]
    assert [one["name"] for one in said["lists"][0]["views"]] == ["Overdue"]
    nothing_to_write(provisioner, out)


def test_a_view_that_where_cannot_say_is_left_out_and_named(provisioner, applied):
    strange = (
        "<Where><Membership Type='CurrentUserGroups'><FieldRef Name='Keeper'/></Membership></Where>"
    )
    risks = f"/_api/web/lists(guid'{ref('list:risks')}')"
    view = {"Title": "Our groups", "ViewFields": {"results": ["LinkTitle"]}, "Query": strange,
            "PersonalView": False}  # fmt: skip
    send(applied, ("sharepoint", "POST", f"{risks}/views/add", {"parameters": view}))
    out, done = imported(provisioner)
    assert "Left out: list:risks/view:Our groups: its query asks something" in done.err
    assert "# - list:risks/view:Our groups" in out.read_text("utf-8")
    nothing_to_write(provisioner, out)


def test_a_site_that_is_not_there_is_a_sentence_and_no_file(provisioner):
    out = provisioner.folder / "x.yaml"
    done = provisioner("import", f"{URL}-not", "--cloud", "emulator", "--out", out)
    assert (done.code, out.exists()) == (1, False)
    assert "SITE-NOT-FOUND" in done.err


def test_an_address_that_is_no_site_and_a_file_that_is_there_are_refused(provisioner):
    out = provisioner.file("mine", "mine.yaml")
    assert "BAD-SITE-URL" in provisioner("import", "http://x/y", "--out", out, "--force").err
    assert "FILE-EXISTS" in provisioner("import", URL, "--out", out).err
    assert out.read_text() == "mine"


def test_every_property_of_lists_columns_and_views_is_imported(provisioner):
    """The workspace that drift is tested on, which has each of them."""
    text = (Path(__file__).parent.parent / "structure.yaml").read_text("utf-8")
    file = provisioner.file(text.replace("/sites/structure", "/sites/acme"))
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    out, done = imported(provisioner)
    assert "Left out" not in done.err
    nothing_to_write(provisioner, out)
    again, text = made_again(provisioner, out)
    assert again == text


def test_pages_levels_and_their_links_are_imported(provisioner):
    file = provisioner.file(ACCESS)
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    out, done = imported(provisioner)
    assert "Left out" not in done.err
    said = yaml.safe_load(out.read_text("utf-8"))
    assert [one["name"] for one in said["pages"]] == ["Evidence", "Help"]
    assert said["pages"][0]["home"] is True
    assert said["roles"] == [
        {"name": "Filing", "base": "Contribute", "remove": ["DeleteListItems", "DeleteVersions"]}
    ]
    nothing_to_write(provisioner, out)
    again, text = made_again(provisioner, out)
    assert again == text


def test_pages_that_may_not_be_read_are_left_out_and_named(provisioner, applied):
    refused = {
        "status": 403,
        "body": {"error": {"code": "accessDenied", "message": "Access denied"}},
    }
    match = {"path": r"/_api/sitepages/pages"}
    provisioner.control.call("PUT", "faults", [{"match": match, "do": refused}])
    try:
        out, done = imported(provisioner)
    finally:
        provisioner.control.call("PUT", "faults", [])
    assert "Left out: pages: " in done.err
    nothing_to_write(provisioner, out)


def test_the_pack_once_applied_is_imported_whole(provisioner):
    pack = """
    apiVersion: provisioner/v1
    kind: Workspace
    extends: soc2-fintech-api@1
    parameters: {client: Acme, auditStart: 2026-01-01, auditEnd: 2026-12-31}
    tenant: {cloud: emulator}
    site: {url: /sites/acme, title: Acme, create: communication, owner: vciso@contoso.example}
    """
    file = provisioner.file(pack)
    assert provisioner("apply", file, "--yes").code == 0
    out, done = imported(provisioner)
    assert "Left out" not in done.err
    nothing_to_write(provisioner, out)


TITLES = (
    st.text("Äöß éx-2 Bn.", min_size=1, max_size=14)
    .map(str.strip)
    .filter(lambda text: text.strip(" .-"))
)
TYPES = {
    "text": {"maxLength": st.integers(8, 255), "required": st.booleans(), "hidden": st.booleans()},
    "note": {"lines": st.integers(1, 20), "description": TITLES},
    "number": {"min": st.integers(-5, 0), "decimals": st.integers(0, 5), "default": st.integers(1, 4)},
    "boolean": {"default": st.booleans()},
    "dateTime": {"format": st.sampled_from(["dateOnly", "dateTime"]), "indexed": st.booleans(),
                 "default": st.just("today")},
    "choice": {"choices": st.lists(TITLES, min_size=1, max_size=4, unique_by=str.casefold)},
    "person": {"multiple": st.booleans()},
}  # fmt: skip
ASKED = {
    "text": [{"eq": "a&b"}, {"notIn": ["x", "y", "z"]}, {"contains": "<1>"}, {"empty": True}],
    "note": [{"beginsWith": "Ä"}, {"empty": False}],
    "number": [{"ge": 3}, {"in": [1, 2.5]}, {"ne": 0}],
    "boolean": [{"eq": True}, {"ne": False}],
    "dateTime": [{"lt": "today+14d"}, {"ge": "2026-01-31"}, {"notIn": ["today", "2026-02-01"]}],
    "choice": [{"ne": "a"}, {"in": ["a", "b"]}],
    "person": [{"empty": False}, {"eq": "Ann"}],
}


@st.composite
def columns(draw, prefix):
    made = []
    for number, sort in enumerate(draw(st.lists(st.sampled_from(sorted(TYPES)), max_size=4))):
        words = draw(st.fixed_dictionaries({}, optional=TYPES[sort]))
        made.append({"name": f"{prefix}{number}x", "displayName": f"{draw(TITLES)} {prefix}{number}",
                     "type": sort, **words})  # fmt: skip
    counted = [one["displayName"] for one in made if one["type"] == "number"]
    if counted and draw(st.booleans()):
        made += [
            {"name": f"B{prefix}", "type": "calculated", "formula": f"=[{counted[0]}]*2",
             "displayName": f"Summe {prefix}", "result": "number"},
            {"name": f"A{prefix}", "type": "calculated", "formula": f'="a "&[Summe {prefix}]'},
        ]  # fmt: skip
    return made


@st.composite
def conditions(draw, own, depth=2):
    if depth and draw(st.booleans()):
        word = draw(st.sampled_from(["any", "all", "not"]))
        parts = [draw(conditions(own, depth - 1)) for _ in range(draw(st.integers(1, 4)))]
        return {"not": parts[0]} if word == "not" else {word: parts}
    one = draw(st.sampled_from(own))
    return {one["name"]: draw(st.sampled_from(ASKED[one["type"]]))}


@st.composite
def lists(draw, number, types, targets):
    own = draw(columns(f"L{number}c"))
    made = {"key": f"list-{number}", "title": f"{draw(TITLES)} {number}", "columns": own}
    if draw(st.booleans()):
        made["url"] = f"Ä b{number}"
    sort = draw(st.sampled_from(["libraries", "lists"]))
    if sort == "libraries":
        made |= {"contentTypes": [types], "versioning": {"major": draw(st.integers(100, 900))}}
        made["folders"] = draw(st.sampled_from([[], ["2026/Q1", "2026/Ü 2", "Alt"]]))
        made["approval"] = draw(st.booleans())
    else:
        made["attachments"] = draw(st.booleans())
        if draw(st.booleans()):
            own.append(
                {"name": "Verweis", "type": "lookup", "list": draw(st.sampled_from(targets))}
            )
        if draw(st.booleans()):
            made["validation"] = {"formula": "=LEN( [Title] ) > 1", "message": "Zu kurz: „x“"}
    if draw(st.booleans()):
        made["permissions"] = {"grants": [{"to": "group:Prüfer", "role": "Lesen plus"}]}
    can_ask = [one for one in own if one["type"] in ASKED]
    made["views"] = [
        {"name": f"Ansicht {view}", "columns": ["Modified", *(one["name"] for one in own)],
         "default": view == 1, "rowLimit": draw(st.integers(1, 99)),
         **({"where": draw(conditions(can_ask))} if can_ask else {}),
         "orderBy": draw(st.sampled_from([[], ["Modified"], [{"Created": "desc"}, "Modified"]]))}
        for view in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return sort, made


@st.composite
def workspaces(draw):
    shared = draw(columns("S"))
    said = {
        **yaml.safe_load(EMPTY),
        "columns": shared,
        "roles": [{"name": "Lesen plus", "base": "Read", "add": ["EditListItems"]}],
        "groups": [{"name": "Prüfer", "role": "Read", "members": ["user:vciso@contoso.example"]}],
        "contentTypes": [{"name": "Beleg", "base": "Document",
                          "columns": [one["name"] for one in shared]}],
    }  # fmt: skip
    many = draw(st.integers(1, 3))
    for number in range(many):
        sort, made = draw(lists(number, "Beleg", [f"list-{each}" for each in range(many)]))
        said.setdefault(sort, []).append(made)
    return said


def test_generated_workspaces_are_imported_whole_and_made_again(provisioner):
    numbers = itertools.count()
    seen = set()

    @settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(workspaces())
    def law(said):
        number = next(numbers)
        provisioner.control.call("POST", "reset")
        provisioner.control.call("PUT", "settings", {"resourceUnitsPerMinute": 1_000_000})
        for old in provisioner.folder.glob("*.yaml"):
            old.unlink()
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
        file = provisioner.file(text, f"made-{number}.yaml")
        checked = provisioner("validate", file)
        if checked.code:
            return
        seen.add(number)
        done = provisioner("apply", file, "--yes")
        assert done.code == 0, done.err
        out, done = imported(provisioner)
        assert "Left out" not in done.err
        again, first = made_again(provisioner, out)
        assert again == first

    law()
    assert len(seen) >= 4, "too few of the generated workspaces are sound"

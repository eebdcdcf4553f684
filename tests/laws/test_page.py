"""Declared pages and navigation are made, compared with what stands there, mended and imported."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, ref
from provisioner.engine.observe import observe

WORKSPACE = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, create: communication, owner: vciso@contoso.example}
libraries:
  - {key: proof, title: Proof, url: Proof}
lists:
  - key: risks
    title: Risk Register
    url: RiskRegister
    columns: [{name: Score, type: number}]
    views: [{name: Open, columns: [LinkTitle]}]
pages:
  - name: Evidence
    title: Evidence at a glance
    description: "What is due: and to whom"
    home: true
    titleArea: {layout: colorBlock, align: center, textAbove: SOC 2, publishDate: true}
    sections:
      - layout: oneThirdRight
        emphasis: soft
        columns:
          - text: |
              ## What to do: now
              1. File it
              2. Submit it for **review**
          - parts:
              - quickLinks: [{title: Risks, link: 'list:risks'}, {title: Open, link: 'list:risks/view:Open'},
                             {title: Help, link: 'page:Help'}, {title: Rules, link: 'https://rules.example'}]
                linkLayout: list
              - button: {label: Ask, link: 'page:Help', align: left}
      - {list: risks, view: Open}
      - {library: proof, commandBar: false}
      - collapsible: {title: In numbers, expanded: false}
        columns:
          - {chart: {list: risks, label: Title, value: Score, type: pie, title: Risks}}
          - parts: [{divider: true}, {people: ['user:ann@contoso.example']}, {spacer: 20},
                    {image: {source: /sites/acme/SiteAssets/map.png, alt: A map}}]
          - {}
      - {layout: vertical, text: Beside}
  - {name: Help, title: Help, sections: [{text: Ask the *owner*.}]}
navigation:
  - {title: Proof, link: 'library:proof'}
  - title: Registers
    children:
      - {title: Open risks, link: 'list:risks/view:Open'}
      - title: Risks
        link: list:risks
        children:
          - {title: Deep, link: 'https://deep.example'}
          - {title: Deeper, link: 'https://deeper.example'}
  - {title: Help, link: 'page:Help'}
topNavigation:
  - {title: Ours, link: 'https://ours.example'}
  - {title: Theirs, link: 'https://theirs.example'}
"""
PAGE = f"/_api/sitepages/pages({ref('page:Evidence', 'number')})"
NODE = "/_api/web/navigation/GetNodeById({})"


async def look(file: Path) -> Any:
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        return await observe(transport, opened.desired, Silent())


def send(file: Path, *sent: tuple[str, str, Any]) -> None:
    """What somebody else does, with the ids of the applied workspace."""

    async def doing() -> None:
        known = (await look(file)).bindings()
        async with transport_to(open_workspace(file), Silent()) as transport:
            for method, path, body in sent:
                one = Operation("sharepoint", method, path, "x", "x", body=body).filled(known)
                ((outcome,),) = await transport.write([Envelope((one,))])
                assert outcome.state == "done", outcome

    asyncio.run(doing())


def saved(body: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Somebody edits the page in the browser and publishes it."""
    return [
        ("POST", f"{PAGE}/checkoutpage", None),
        ("POST", f"{PAGE}/SavePage", body),
        ("POST", f"{PAGE}/publish", None),
    ]


def after(one: str, other: str) -> str:
    """Somebody drags an entry behind another."""
    return f"MoveAfter(nodeId={ref(one)},previousNodeId={ref(other)})"


def page_of(provisioner: Callable, name: str = "Evidence.aspx") -> dict[str, Any]:
    """A page as the emulator keeps it."""
    state = provisioner.control.call("GET", "state")
    (site,) = (one for one in state["sites"] if one["path"] == "/sites/acme")
    (page,) = (one for one in site["pages"] if one["name"] == name)
    return dict(page)


def properties(control: dict[str, Any]) -> dict[str, Any]:
    """The properties of a control's web part."""
    return dict(control.get("webPartData", {}).get("properties", {}))


def findings(provisioner: Callable, file: Path) -> set[tuple[str, str, str]]:
    report = provisioner("drift", file, "--format", "json").json()
    return {(f["code"], f["address"], f["path"]) for f in report["findings"]}


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    file = provisioner.applied(WORKSPACE)
    assert provisioner("drift", file).out.startswith("No drift")
    assert provisioner("plan", file).code == 0
    return file


def test_each_part_of_a_page_and_of_navigation_is_named_alone_and_mended(provisioner, applied):
    changed, page, bar = "DRIFT-CHANGED", "page:Evidence", "/_api/web/navigation/"
    risks = "navigation:Registers/navigation:Risks"
    deep, deeper = f"{risks}/navigation:Deep", f"{risks}/navigation:Deeper"
    elsewhere = {"Url": "https://x.example/", "IsExternal": True}
    controls = json.loads(page_of(provisioner)["CanvasContent1"])
    (shown, *_) = (one for one in controls if "selectedViewId" in properties(one))
    shown["webPartData"]["properties"]["selectedViewId"] = ""
    left, top = f"{NODE.format(ref(risks))}/Children/", f"{bar}topnavigationbar/"
    ours, theirs = "topNavigation:Ours", "topNavigation:Theirs"
    home = {"WelcomePage": "SitePages/Home.aspx"}
    cases: list[tuple[tuple[str, str, str], list[tuple[str, str, Any]]]] = [
        ((changed, page, "title"), saved({"Title": "Proof"})),
        ((changed, page, "description"), saved({"Description": ""})),
        ((changed, page, "titleArea"), saved({"LayoutWebpartsContent": "[]"})),
        ((changed, page, "sections"), saved({"CanvasContent1": json.dumps(controls)})),
        ((changed, page, "published"), saved({"Title": "Proof"})[:2]),
        ((changed, page, "home"), [("MERGE", "/_api/web/rootfolder", home)]),
        (
            (changed, "navigationBar:quickLaunch", "order"),
            [("POST", left + after(deep, deeper), None)],
        ),
        ((changed, "navigationBar:top", "order"), [("POST", top + after(ours, theirs), None)]),
        ((changed, ours, "title"), [("MERGE", NODE.format(ref(ours)), {"Title": "Us"})]),
        ((changed, deeper, "link"), [("MERGE", NODE.format(ref(deeper)), elsewhere)]),
        (
            ("DRIFT-MISSING", "navigation:Proof", ""),
            [("DELETE", NODE.format(ref("navigation:Proof")), None)],
        ),
    ]
    before: set[tuple[str, str, str]] = set()
    for finding, sent in cases:
        send(applied, *sent)
        now = findings(provisioner, applied)
        assert now - before == {finding}
        before = now
    mended = provisioner("apply", applied, "--yes")
    assert (mended.code, mended.err) == (0, "")
    assert findings(provisioner, applied) == set()


def test_what_people_add_to_the_navigation_is_a_note_until_the_file_owns_it(provisioner, applied):
    theirs = {"Title": "Lunch", "Url": "https://lunch.example/", "IsExternal": True}
    send(applied, ("POST", "/_api/web/navigation/quicklaunch", theirs))
    assert findings(provisioner, applied) == {("UNDECLARED", "navigation:Lunch", "")}
    owned = provisioner.file(WORKSPACE + "navigationOwnership: exact\n", "owned.yaml")
    assert provisioner("plan", owned, "--format", "json").json()["changes"][0]["fields"] == [
        {"path": "extras", "before": ["Home", "Documents", "Site Pages", "Lunch"], "after": []}
    ]
    assert provisioner("apply", owned, "--yes").code == 0
    assert findings(provisioner, owned) == set()


def test_what_people_add_to_views_is_a_note_until_the_file_owns_them(provisioner, applied):
    columns = {"results": ["LinkTitle"]}
    view = {"Title": "Mine", "ViewFields": columns, "PersonalView": False}
    risks = f"/_api/web/lists(guid'{ref('list:risks')}')"
    send(applied, ("POST", f"{risks}/views/add", {"parameters": view}))
    assert findings(provisioner, applied) == {("UNDECLARED", "list:risks/view:Mine", "")}
    owning = "views: [{name: Open,"
    owned = WORKSPACE.replace(owning, f"viewOwnership: exact\n    {owning}")
    file = provisioner.file(owned)
    extra = ("DRIFT-CHANGED", "list:risks/viewOwnership", "extras")
    assert findings(provisioner, file) == {extra}
    assert provisioner("apply", file, "--yes").code == 0
    assert findings(provisioner, file) == set()


def test_a_page_that_is_gone_is_made_again(provisioner, applied):
    file = "/_api/web/GetFileByServerRelativePath(DecodedUrl='/sites/acme/SitePages/Help.aspx')"
    send(applied, ("POST", f"{file}/recycle()", None))
    assert findings(provisioner, applied) == {("DRIFT-MISSING", "page:Help", "")}
    assert provisioner("apply", applied, "--yes").code == 0
    assert findings(provisioner, applied) == set()


def test_the_last_page_of_the_file_can_be_pruned(provisioner, applied):
    without = WORKSPACE.partition("pages:")[0]
    file = provisioner.file(without)
    pruned = provisioner("apply", file, "--yes", "--prune")
    assert pruned.code == 0, pruned.err
    state = provisioner.control.call("GET", "state")
    (site,) = (one for one in state["sites"] if one["path"] == "/sites/acme")
    assert [one["name"] for one in site["pages"]] == ["Home.aspx"]
    provisioner.forget_requests()
    assert provisioner("drift", file).code == 0
    assert not [row for row in provisioner.requests() if "/pages" in row["path"].lower()]


def test_pages_and_navigation_are_imported_and_change_nothing(provisioner, applied):
    out = provisioner.folder / "imported.yaml"
    done = provisioner(
        "import", "https://contoso.sharepoint.com/sites/acme", "--cloud", "emulator", "--out", out
    )
    assert done.code == 0, done.err
    assert "Left out" not in done.err
    said, first = yaml.safe_load(out.read_text("utf-8")), yaml.safe_load(WORKSPACE)
    assert said["navigation"] == first["navigation"]
    assert said["topNavigation"] == first["topNavigation"]
    (page,) = (one for one in said["pages"] if one["name"] == "Evidence")
    assert page["sections"][1:3] == first["pages"][0]["sections"][1:3]
    planned = provisioner("plan", out, "--format", "json").json()
    assert {one["action"] for one in planned["changes"]} <= {"adopt", "forget"}

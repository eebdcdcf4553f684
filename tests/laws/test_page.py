"""A declared page is made, compared with what stands on it, and mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, ref
from provisioner.engine.observe import observe

PAGE = f"/sites/{ref('site')}/pages/{ref('page:Evidence')}/microsoft.graph.sitePage"
TYPE = {"@odata.type": "#microsoft.graph.sitePage"}
WORKSPACE = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, create: communication, owner: vciso@contoso.example}
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
"""


async def send(file: Path, *sent: Operation) -> None:
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        known = (await observe(transport, opened.desired, Silent())).bindings()
        for one in sent:
            ((outcome,),) = await transport.write([Envelope((one.filled(known),))])
            assert outcome.state == "done", outcome


def graph(method: str, path: str, body: object = None) -> Operation:
    return Operation("graph", method, path, "x", "x", body=body)


CASES = [
    ("title", (graph("PATCH", PAGE, {**TYPE, "title": "Proof"}), graph("POST", f"{PAGE}/publish"))),
    (
        "sections",
        (
            graph("PATCH", PAGE, {**TYPE, "canvasLayout": {"horizontalSections": []}}),
            graph("POST", f"{PAGE}/publish"),
        ),
    ),
    (
        "home",
        (
            Operation(
                "sharepoint", "MERGE", "/_api/web/rootfolder", "x", "x",
                body={"WelcomePage": "SitePages/Home.aspx"},
            ),
        ),
    ),
]  # fmt: skip


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    file = provisioner.file(WORKSPACE)
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("drift", file).out.startswith("No drift")
    assert provisioner("plan", file).code == 0
    return file


def test_what_people_change_on_a_page_is_named_and_mended(provisioner, applied):
    for path, sent in CASES:
        asyncio.run(send(applied, *sent))
        found = provisioner("drift", applied, "--format", "json").json()["findings"]
        assert [(f["code"], f["address"], f["path"]) for f in found] == [
            ("DRIFT-CHANGED", "page:Evidence", path)
        ]
        assert provisioner("apply", applied, "--yes").code == 0, path
        assert provisioner("drift", applied).out.startswith("No drift"), path


def test_a_draft_that_nobody_published_is_found(provisioner, applied):
    asyncio.run(send(applied, graph("PATCH", PAGE, {**TYPE, "title": "Evidence at a glance"})))
    found = provisioner("drift", applied, "--format", "json").json()["findings"]
    assert [(f["address"], f["path"]) for f in found] == [("page:Evidence", "published")]


def test_a_page_that_is_gone_is_made_again(provisioner, applied):
    page = PAGE.rpartition("/")[0].replace("page:Evidence", "page:Help")
    asyncio.run(send(applied, graph("DELETE", page)))
    found = provisioner("drift", applied, "--format", "json").json()["findings"]
    assert [(f["code"], f["address"]) for f in found] == [("DRIFT-MISSING", "page:Help")]
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner("drift", applied).out.startswith("No drift")


def test_the_emulator_shows_the_page_as_the_home_page(provisioner, applied):
    state = provisioner.control.call("GET", "state")
    (site,) = (one for one in state["sites"] if one["path"] == "/sites/acme")
    assert site["welcome_page"] == "SitePages/Evidence.aspx"


def test_without_declared_pages_none_are_read(provisioner):
    file = provisioner.file(WORKSPACE.partition("pages:")[0])
    assert provisioner("apply", file, "--yes").code == 0
    provisioner.forget_requests()
    assert provisioner("drift", file).code == 0
    assert not [row for row in provisioner.requests() if "/pages" in row["path"].lower()]

"""Who may do what in the whole site, where the file says it: found, mended, and imported again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.cli import settings
from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.address import address
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, ref
from provisioner.engine.observe import observe

GUEST = "auditor_auditor.example#ext#@contoso.example"
WORKSPACE = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site:
  url: /sites/acme
  title: Preuves d'Acme
  create: communication
  owner: vciso@contoso.example
  locale: fr-FR
  permissions:
    grants:
      - {to: 'group:Réviseurs', role: read}
      - {to: 'user:CTO@contoso.example', role: Contribute, until: 2027-03-31}
roles:
  - {name: Dépôt, base: Contribute, remove: [DeleteListItems]}
groups:
  - {name: Auditeurs, role: Read, guests: true}
  - {name: Réviseurs, members: ['user:VCISO@contoso.example']}
libraries:
  - key: preuves
    title: Preuves d'accès
    url: Preuves
    permissions:
      grants:
        - {to: 'group:Réviseurs', role: Contribute}
        - {to: 'site:owners', role: Full Control}
    folders:
      - path: 2026/L'été
        permissions: {grants: [{to: 'group:Auditeurs', role: Read}, {to: 'site:members', role: Dépôt}]}
      - 2026/Q2
lists:
  - key: risques
    title: Registre des risques
    url: Risques
    items:
      key: Title
      seed: [{Title: R-1}, {Title: R-2}]
      permissions: {R-1: {grants: [{to: 'group:Auditeurs', role: Read}]}}
"""
Finding = tuple[str, str, str, str]


def call(verb: str, who: str, level: str) -> str:
    path = f"{verb}roleassignment(principalid={ref(who)},roledefid={ref(f'role:{level}')})"
    return f"/_api/web/roleassignments/{path}"


TAMPERED = (
    ("ACCESS-EXTRA-GRANT", "site:visitors", call("add", "principal:site:visitors", "Contribute")),
    ("ACCESS-MISSING-GRANT", "site:members", call("remove", "principal:site:members", "Edit")),
    (
        "ACCESS-EXTRA-GRANT",
        "group:Réviseurs",
        call("add", address("group", "Réviseurs"), "Contribute"),
    ),
    (
        "ACCESS-DIRECT-USER",
        "user:iam@contoso.example",
        call("add", "principal:user:iam@contoso.example", "Read"),
    ),
    ("ACCESS-GUEST", f"user:{GUEST}", call("add", address("principal", f"user:{GUEST}"), "Read")),
)


async def post(file: Path, *sent: tuple[str, Any]) -> None:
    """Requests of somebody else, with the ids of the site as it is before each."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        for path, body in sent:
            known = (await observe(transport, opened.desired, Silent())).bindings()
            operation = Operation("sharepoint", "POST", path, "x", "x", body=body)
            ((outcome,),) = await transport.write([Envelope((operation.filled(known),))])
            assert outcome.state == "done", outcome


def findings(report: Any) -> list[tuple[str, str]]:
    """Code and principal of each finding about the site's grants; any other is shown whole."""
    made = []
    for one in report.json()["findings"]:
        assert (one["address"], one["path"]) == ("permissions", "grants"), one
        said, there = one["expected"], one["actual"]
        (who,) = {name for name in {*said, *there} if said.get(name) != there.get(name)}
        made.append((one["code"], who))
    return sorted(made)


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    return provisioner.applied(WORKSPACE)


def test_the_site_grants_exactly_what_the_file_says(provisioner, applied, monkeypatch):
    assert provisioner("drift", applied).out.startswith("No drift")
    people = [
        ("/_api/web/EnsureUser", {"logonName": f"i:0#.f|membership|{name}"})
        for name in ("iam@contoso.example", GUEST)
    ]
    asyncio.run(post(applied, *people, *((path, None) for _, _, path in TAMPERED)))
    report = provisioner("drift", applied, "--format", "json")
    assert findings(report) == sorted((code, who) for code, who, _ in TAMPERED)
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner("drift", applied).out.startswith("No drift")
    monkeypatch.setattr(settings, "now", lambda: datetime(2027, 4, 1, 9, tzinfo=UTC))
    report = provisioner("drift", applied, "--format", "json")
    assert findings(report) == [("ACCESS-PAST-END", "user:cto@contoso.example")]


def test_without_default_groups_only_the_grants_hold_and_all_is_imported(provisioner, applied):
    own = "  permissions:\n    grants:"
    said_so = "  permissions:\n    defaultGroups: false\n    grants:"
    owners = "\n      - {to: 'site:owners', role: full control}"
    strict = WORKSPACE.replace(own, said_so + owners, 1)
    file = provisioner.file(strict)
    assert [code for code, _ in findings(provisioner("drift", file, "--format", "json"))] == [
        "NOT-APPLIED",
        "NOT-APPLIED",
    ]
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0
    out = provisioner.folder / "imported.yaml"
    url = "https://contoso.sharepoint.com/sites/acme"
    done = provisioner("import", url, "--cloud", "emulator", "--out", out, "--rows", "risques")
    assert (done.code, "Left out" in done.err) == (0, False), done.err
    said = yaml.safe_load(out.read_text("utf-8"))
    assert said["site"]["permissions"] == {
        "defaultGroups": False,
        "grants": [
            {"to": "site:owners", "role": "Full Control"},
            {"to": "user:cto@contoso.example", "role": "Contribute"},
        ],
    }
    assert [(one["name"], one["role"]) for one in said["groups"]] == [
        ("Auditeurs", "Read"),
        ("Réviseurs", "Read"),
    ]
    (library,) = (one for one in said["libraries"] if one["key"] == "preuves")
    assert library["folders"] == [
        {
            "path": "2026/L'été",
            "permissions": {
                "inherit": False,
                "grants": [
                    {"to": "group:Auditeurs", "role": "Read"},
                    {"to": "site:members", "role": "Dépôt"},
                ],
            },
        },
        "2026/Q2",
    ]
    (register,) = said["lists"]
    assert list(register["items"]["permissions"]) == ["R-1"]

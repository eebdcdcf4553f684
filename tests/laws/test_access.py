"""Who can get at the evidence: each way of changing it has its own finding, and apply mends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import settings
from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Bindings, Envelope, Operation, ref
from provisioner.engine.observe import observe

LIBRARY = f"/_api/web/lists(guid'{ref('list:evidence')}')"
LIST = f"/_api/web/lists(guid'{ref('list:risks')}')"
ASSIGN = f"{LIBRARY}/roleassignments"
GUEST = "auditor_auditor.example#ext#@contoso.example"
GRANTS = "list:evidence/permissions"

WORKSPACE = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, create: communication, owner: vciso@contoso.example}
roles:
  - {name: Evidence Filing, base: Contribute, remove: [DeleteListItems, DeleteVersions]}
groups:
  - {name: Evidence Owners, role: Read}
  - {name: Auditors, role: Read, guests: true}
  - {name: Reviewers, members: ['user:vciso@contoso.example']}
libraries:
  - key: evidence
    title: Access evidence
    url: AccessEvidence
    permissions:
      grants:
        - {to: 'group:Evidence Owners', role: Evidence Filing}
        - {to: 'group:Auditors', role: Read, until: 2027-03-31}
    folders:
      - {path: 2026/Q1, permissions: {grants: [{to: 'group:Evidence Owners', role: Read}]}}
      - 2026/Q2
  - {key: plain, title: Plain, url: Plain, permissions: {inherit: true}}
lists:
  - key: risks
    title: Risk Register
    url: RiskRegister
    items:
      key: Title
      seed: [{Title: R-1}, {Title: R-2}]
      permissions: {R-1: {grants: [{to: 'group:Evidence Owners', role: Contribute}]}}
"""
Q1 = "/_api/web/GetFolderByServerRelativePath(DecodedUrl='/sites/acme/AccessEvidence/2026/Q1')"
Q2 = Q1.replace("Q1", "Q2")
FILE = f"{Q2.replace('GetFolder', 'GetFile').replace('/Q2', '/Q2/a.pdf')}/ListItemAllFields"
FOLDER = "list:evidence/folder:2026%2FQ1/permissions"
ROW = "list:risks/item:R-1/permissions"
BREAK = "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"


@dataclass(frozen=True)
class Step:
    """One request; `gives` is the id that later ones refer to as `new`."""

    method: str
    path: str
    body: object = None
    audience: str = "sharepoint"
    gives: str = "Id"


@dataclass(frozen=True)
class Case:
    what: str
    finding: tuple[str, str, str, str]
    steps: tuple[Step, ...]
    undo: tuple[Step, ...] = field(default=())


def met(person: str) -> Step:
    return Step("POST", "/_api/web/EnsureUser", {"logonName": f"i:0#.f|membership|{person}"})


def granted(level: str, who: str = ref("new"), to: str = ASSIGN) -> Step:
    call = f"addroleassignment(principalid={who},roledefid={ref(f'role:{level}')})"
    return Step("POST", f"{to}/{call}")


def taken(level: str, who: str = ref("new"), to: str = ASSIGN) -> Step:
    call = f"removeroleassignment(principalid={who},roledefid={ref(f'role:{level}')})"
    return Step("POST", f"{to}/{call}")


def joined(group: str, person: str) -> Step:
    path = f"/_api/web/sitegroups({ref(group)})/users"
    return Step("POST", path, {"LoginName": f"i:0#.f|membership|{person}"})


MENDED = [
    Case(
        "a person is let in directly",
        ("ACCESS-DIRECT-USER", "error", GRANTS, "grants"),
        (met("iam@contoso.example"), granted("Read")),
    ),
    Case(
        "a guest is let in",
        ("ACCESS-GUEST", "error", GRANTS, "grants"),
        (met(GUEST), granted("Read")),
    ),
    Case(
        "a declared group may do more",
        ("ACCESS-EXTRA-GRANT", "error", GRANTS, "grants"),
        (granted("Contribute", ref("group:Auditors")),),
    ),
    Case(
        "a declared group may do nothing",
        ("ACCESS-MISSING-GRANT", "warning", GRANTS, "grants"),
        (taken("Evidence Filing", ref("group:Evidence Owners")),),
    ),
    Case(
        "a person is let into a folder",
        ("ACCESS-DIRECT-USER", "error", FOLDER, "grants"),
        (
            met("iam@contoso.example"),
            granted("Read", to=f"{Q1}/ListItemAllFields/roleassignments"),
        ),
    ),
    Case(
        "a folder inherits again",
        ("ACCESS-INHERITS-AGAIN", "error", FOLDER, "inherit"),
        (Step("POST", f"{Q1}/ListItemAllFields/resetroleinheritance"),),
    ),
    Case(
        "a group may see a row",
        ("ACCESS-EXTRA-GRANT", "error", ROW, "grants"),
        (
            granted(
                "Read",
                ref("group:Auditors"),
                f"{LIST}/items({ref('list:risks/item:R-1')})/roleassignments",
            ),
        ),
    ),
    Case(
        "somebody joins a group whose members are named",
        ("ACCESS-MEMBER", "error", "group:Reviewers", "members"),
        (joined("group:Reviewers", "iam@contoso.example"),),
    ),
    Case(
        "a group may do more in the whole site",
        ("ACCESS-EXTRA-GRANT", "error", "group:Evidence Owners", "role"),
        (granted("Contribute", ref("group:Evidence Owners"), "/_api/web/roleassignments"),),
    ),
    Case(
        "the library inherits again",
        ("ACCESS-INHERITS-AGAIN", "error", GRANTS, "inherit"),
        (Step("POST", f"{LIBRARY}/resetroleinheritance"),),
    ),
    Case(
        "a library that inherits does no longer",
        ("ACCESS-INHERITANCE", "error", "list:plain/permissions", "inherit"),
        (
            Step(
                "POST",
                f"/_api/web/lists(guid'{ref('list:plain')}')/{BREAK}",
            ),
        ),
    ),
    Case(
        "a level allows more",
        ("DRIFT-CHANGED", "error", "role:Evidence Filing", "permissions"),
        (
            Step(
                "MERGE",
                f"/_api/web/roledefinitions({ref('role:Evidence Filing')})",
                {"BasePermissions": {"High": "432", "Low": "1011028719"}},
            ),
        ),
    ),
]

LEFT_TO_PEOPLE = [
    Case(
        "a guest is in a group that is not for guests",
        ("ACCESS-GUEST", "error", "group:Evidence Owners", "members"),
        (joined("group:Evidence Owners", GUEST),),
        (
            Step(
                "POST",
                f"/_api/web/sitegroups({ref('group:Evidence Owners')})/users/removebyid({ref('new')})",
            ),
        ),
    ),
    Case(
        "a list without declared permissions no longer inherits",
        ("ACCESS-INHERITANCE", "error", "list:risks/permissions", "inherit"),
        (Step("POST", f"{LIST}/{BREAK.replace('Subscopes=true', 'Subscopes=false')}"),),
        (Step("POST", f"{LIST}/resetroleinheritance"),),
    ),
    Case(
        "a folder without declared permissions no longer inherits",
        ("ACCESS-INHERITANCE", "warning", "list:evidence/folder:2026%2FQ2/permissions", "inherit"),
        (Step("POST", f"{Q2}/ListItemAllFields/{BREAK}"),),
        (Step("POST", f"{Q2}/ListItemAllFields/resetroleinheritance"),),
    ),
    Case(
        "a person is let into a folder without declared permissions",
        ("ACCESS-DIRECT-USER", "error", "list:evidence/folder:2026%2FQ2/permissions", "grants"),
        (
            Step("POST", f"{Q2}/ListItemAllFields/{BREAK}"),
            met("iam@contoso.example"),
            granted("Read", to=f"{Q2}/ListItemAllFields/roleassignments"),
        ),
        (Step("POST", f"{Q2}/ListItemAllFields/resetroleinheritance"),),
    ),
    Case(
        "a group may do more with a document",
        (
            "ACCESS-EXTRA-GRANT",
            "error",
            "list:evidence/file:2026%2FQ2%2Fa.pdf/permissions",
            "grants",
        ),
        (
            Step(
                "PUT",
                f"/sites/{ref('site')}/lists/{ref('list:evidence')}/drive/root:/2026/Q2/a.pdf:/content",
                b"%PDF-",
                "graph",
            ),
            Step("POST", f"{FILE}/{BREAK}"),
            granted("Contribute", ref("group:Auditors"), f"{FILE}/roleassignments"),
        ),
        (Step("POST", f"{FILE}/resetroleinheritance"),),
    ),
    Case(
        "a guest is let into a row",
        ("ACCESS-GUEST", "error", "list:risks/item:R-2/permissions", "grants"),
        (
            Step("POST", f"{LIST}/items({ref('list:risks/item:R-2')})/{BREAK}"),
            met(GUEST),
            granted("Read", to=f"{LIST}/items({ref('list:risks/item:R-2')})/roleassignments"),
        ),
        (Step("POST", f"{LIST}/items({ref('list:risks/item:R-2')})/resetroleinheritance"),),
    ),
    Case(
        "a person is let into the whole site",
        ("ACCESS-DIRECT-USER", "warning", "permissions", "grants"),
        (met("iam@contoso.example"), granted("Read", to="/_api/web/roleassignments")),
        (taken("Read", to="/_api/web/roleassignments"),),
    ),
    Case(
        "a person becomes administrator of the site",
        ("ACCESS-ADMINISTRATOR", "warning", "site", "administrators"),
        (
            met("iam@contoso.example"),
            Step("MERGE", f"/_api/web/siteusers({ref('new')})", {"IsSiteAdmin": True}),
        ),
        (Step("MERGE", f"/_api/web/siteusers({ref('new')})", {"IsSiteAdmin": False}),),
    ),
]


async def send(file: Path, steps: tuple[Step, ...], new: str = "") -> str:
    """What somebody else does, with the ids of the applied workspace; the last id it gave."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        known: Bindings = (await observe(transport, opened.desired, Silent())).bindings()
        for step in steps:
            known["new", "id"] = new
            sent = Operation(step.audience, step.method, step.path, "x", "x", body=step.body)
            ((outcome,),) = await transport.write([Envelope((sent.filled(known),))])
            assert outcome.state == "done", outcome
            body: Any = outcome.body
            if isinstance(body, dict) and step.gives in body:
                new = str(body[step.gives])
    return new


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    return provisioner.applied(WORKSPACE)


def findings(report: Any) -> list[tuple[str, str, str, str]]:
    return [(f["code"], f["severity"], f["address"], f["path"]) for f in report.json()["findings"]]


def rounds(cases: list[Case]) -> list[list[Case]]:
    """Cases that can stand side by side: nothing can be said of grants where all is inherited."""
    apart = [one for one in cases if one.finding[3] == "inherit"]
    return [[one for one in cases if one not in apart], apart]


def test_each_change_of_access_is_found_by_its_code_and_apply_mends_it(provisioner, applied):
    assert provisioner("drift", applied).out.startswith("No drift")
    for cases in rounds(MENDED):
        for case in cases:
            asyncio.run(send(applied, case.steps))
        report = provisioner("drift", applied, "--format", "json")
        assert sorted(findings(report)) == sorted(case.finding for case in cases)
        assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner("drift", applied).out.startswith("No drift")
    assert provisioner("plan", applied).code == 0


def test_what_apply_leaves_to_people_is_found_until_they_undo_it(provisioner, applied):
    for cases in rounds(LEFT_TO_PEOPLE):
        made = [(case, asyncio.run(send(applied, case.steps))) for case in cases]
        report = provisioner("drift", applied, "--format", "json")
        assert sorted(findings(report)) == sorted(case.finding for case in cases)
        assert report.code == 2
        assert provisioner("plan", applied).code == 0
        for case, new in made:
            asyncio.run(send(applied, case.undo, new))
    assert provisioner("drift", applied).out.startswith("No drift")


def test_a_guest_in_a_group_for_guests_is_no_finding(provisioner, applied):
    path = f"/_api/web/sitegroups({ref('group:Auditors')})/users"
    asyncio.run(send(applied, (Step("POST", path, {"LoginName": f"i:0#.f|membership|{GUEST}"}),)))
    assert provisioner("drift", applied).out.startswith("No drift")


def test_a_sharing_link_is_told_by_the_library_it_opens_and_by_nothing_else(provisioner, applied):
    site, library = ref("site"), ref("list:evidence")
    drive = f"/sites/{site}/lists/{library}/drive"
    for name, scope in (("Q3", "anonymous"), ("Q4", "organization")):
        made = (
            Step("POST", f"{drive}/root/children", {"name": name, "folder": {}}, "graph", "id"),
            Step(
                "POST",
                f"{drive}/items/{ref('new')}/createLink",
                {"type": "view", "scope": scope},
                "graph",
                "none",
            ),
        )
        assert asyncio.run(send(applied, made))
    report = provisioner("drift", applied, "--format", "json")
    assert findings(report) == [
        ("ACCESS-ANONYMOUS-LINK", "error", "list:evidence", "sharing"),
        ("ACCESS-SHARING-LINK", "warning", "list:evidence", "sharing"),
    ]
    assert [finding["actual"] for finding in report.json()["findings"]] == [
        "AnonymousView link to /sites/acme/AccessEvidence/Q3",
        "OrganizationView link to /sites/acme/AccessEvidence/Q4",
    ]


def test_access_past_its_last_day_is_found_and_taken_away(provisioner, applied, monkeypatch):
    monkeypatch.setattr(settings, "now", lambda: datetime(2027, 4, 1, 9, tzinfo=UTC))
    report = provisioner("drift", applied, "--format", "json")
    assert findings(report) == [("ACCESS-PAST-END", "error", GRANTS, "grants")]
    (finding,) = report.json()["findings"]
    assert finding["actual"]["group:Auditors"] == ["Read"]
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner("drift", applied).out.startswith("No drift")


def test_what_the_file_changed_is_not_blamed_on_anybody(provisioner, applied):
    more = "role: Evidence Filing}\n        - {to: 'user:iam@contoso.example', role: Read}"
    changed = provisioner.file(WORKSPACE.replace("role: Evidence Filing}", more))
    report = provisioner("drift", changed, "--format", "json")
    assert ("NOT-APPLIED", "error", GRANTS, "grants") in findings(report)
    assert not [one for one in findings(report) if one[0].startswith("ACCESS")]


def test_an_accepted_guest_is_a_note(provisioner, applied):
    path = f"/_api/web/sitegroups({ref('group:Evidence Owners')})/users"
    asyncio.run(send(applied, (Step("POST", path, {"LoginName": f"i:0#.f|membership|{GUEST}"}),)))
    provisioner.file(
        f"""
        - address: 'group:Evidence Owners'
          path: members
          value: ['user:{GUEST}']
          reason: They help with the first audit.
          approver: vciso@contoso.example
          expires: 2030-01-31
        """,
        "deviations.yaml",
    )
    report = provisioner("drift", applied, "--format", "json")
    assert (report.code, report.json()["summary"]["accepted"]) == (0, 1)


def test_a_level_the_file_drops_goes_with_prune(provisioner, applied):
    plain = WORKSPACE.replace("role: Evidence Filing", "role: Contribute")
    start = plain.index("roles:")
    file = provisioner.file(plain[:start] + plain[plain.index("groups:") :])
    plan = provisioner("plan", file, "--prune", "--format", "json")
    assert "role:Evidence Filing" in [one["address"] for one in plan.json()["changes"]]
    assert provisioner("apply", file, "--yes", "--prune").code == 0
    assert provisioner("drift", file).out.startswith("No drift")

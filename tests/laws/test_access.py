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
libraries:
  - key: evidence
    title: Access evidence
    url: AccessEvidence
    permissions:
      grants:
        - {to: 'group:Evidence Owners', role: Evidence Filing}
        - {to: 'group:Auditors', role: Read, until: 2027-03-31}
  - {key: plain, title: Plain, url: Plain, permissions: {inherit: true}}
lists:
  - {key: risks, title: Risk Register, url: RiskRegister}
"""


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


def granted(level: str, who: str = ref("new")) -> Step:
    call = f"addroleassignment(principalid={who},roledefid={ref(f'role:{level}')})"
    return Step("POST", f"{ASSIGN}/{call}")


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
        (
            Step(
                "POST",
                f"{ASSIGN}/removeroleassignment(principalid={ref('group:Auditors')},"
                f"roledefid={ref('role:Read')})",
            ),
        ),
    ),
    Case(
        "the library inherits again",
        ("ACCESS-INHERITANCE", "error", GRANTS, "inherit"),
        (Step("POST", f"{LIBRARY}/resetroleinheritance"),),
    ),
    Case(
        "a library that inherits does no longer",
        ("ACCESS-INHERITANCE", "error", "list:plain/permissions", "inherit"),
        (
            Step(
                "POST",
                f"/_api/web/lists(guid'{ref('list:plain')}')"
                "/breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)",
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
        (
            Step(
                "POST",
                f"/_api/web/sitegroups({ref('group:Evidence Owners')})/users",
                {"LoginName": f"i:0#.f|membership|{GUEST}"},
            ),
        ),
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
        (
            Step(
                "POST",
                f"{LIST}/breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)",
            ),
        ),
        (Step("POST", f"{LIST}/resetroleinheritance"),),
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
    file = provisioner.file(WORKSPACE)
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("drift", file).out.startswith("No drift")
    return file


def findings(report: Any) -> list[tuple[str, str, str, str]]:
    return [(f["code"], f["severity"], f["address"], f["path"]) for f in report.json()["findings"]]


def test_each_change_of_access_has_its_code_and_apply_mends_it(provisioner, applied):
    for case in MENDED:
        asyncio.run(send(applied, case.steps))
        report = provisioner("drift", applied, "--format", "json")
        assert (case.what, findings(report)) == (case.what, [case.finding])
        assert provisioner("apply", applied, "--yes").code == 0, case.what
        assert provisioner("drift", applied).out.startswith("No drift"), case.what
        assert provisioner("plan", applied).code == 0, case.what


def test_what_apply_leaves_to_people_is_found_until_they_undo_it(provisioner, applied):
    for case in LEFT_TO_PEOPLE:
        new = asyncio.run(send(applied, case.steps))
        report = provisioner("drift", applied, "--format", "json")
        assert (case.what, findings(report)) == (case.what, [case.finding])
        assert report.code == 2
        asyncio.run(send(applied, case.undo, new))
        assert provisioner("drift", applied).out.startswith("No drift"), case.what


def test_a_guest_in_a_group_for_guests_is_no_finding(provisioner, applied):
    path = f"/_api/web/sitegroups({ref('group:Auditors')})/users"
    asyncio.run(send(applied, (Step("POST", path, {"LoginName": f"i:0#.f|membership|{GUEST}"}),)))
    assert provisioner("drift", applied).out.startswith("No drift")


@pytest.mark.parametrize(
    ("scope", "sort", "severity"),
    [("anonymous", "AnonymousView", "error"), ("organization", "OrganizationView", "warning")],
)
def test_a_sharing_link_is_told_by_the_library_it_opens(
    provisioner, applied, scope, sort, severity
):
    site, library = ref("site"), ref("list:evidence")
    drive = f"/sites/{site}/lists/{library}/drive"
    made = (
        Step("POST", f"{drive}/root/children", {"name": "Q1", "folder": {}}, "graph", "id"),
        Step(
            "POST",
            f"{drive}/items/{ref('new')}/createLink",
            {"type": "view", "scope": scope},
            "graph",
            "none",
        ),
    )
    folder = asyncio.run(send(applied, made))
    report = provisioner("drift", applied, "--format", "json")
    assert findings(report) == [("ACCESS-SHARING-LINK", severity, "list:evidence", "sharing")]
    (finding,) = report.json()["findings"]
    assert finding["actual"] == f"{sort} link to /sites/acme/AccessEvidence/Q1"
    assert folder


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

"""One property of each kind is changed behind the tool's back: drift names it, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Bindings, Envelope, Operation, ref
from provisioner.engine.observe import observe

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")

LIST = f"/_api/web/lists(guid'{ref('list:risks')}')"
LIBRARY = f"/_api/web/lists(guid'{ref('list:evidence')}')"


@dataclass(frozen=True)
class Case:
    kind: str
    finding: tuple[str, str, str]
    method: str
    path: str
    body: object = None
    audience: str = "sharepoint"


CASES = [
    Case("site", ("DRIFT-CHANGED", "site", "title"), "MERGE", "/_api/web", {"Title": "Other"}),
    Case(
        "site column",
        ("DRIFT-CHANGED", "column:ControlArea", "choices"),
        "PATCH",
        f"/sites/{ref('site')}/columns/{ref('column:ControlArea')}",
        {"choice": {"choices": ["Access"], "allowTextEntry": False, "displayAs": "dropDownMenu"}},
        "graph",
    ),
    Case(
        "list column",
        ("DRIFT-CHANGED", "list:risks/column:Due", "displayName"),
        "MERGE",
        f"{LIST}/fields(guid'{ref('list:risks/column:Due')}')",
        {"Title": "Deadline"},
    ),
    Case(
        "content type",
        ("DRIFT-CHANGED", "contentType:Evidence Document", "group"),
        "PATCH",
        f"/sites/{ref('site')}/contentTypes/{ref('contentType:Evidence Document')}",
        {"group": "Other"},
        "graph",
    ),
    Case(
        "library",
        ("DRIFT-CHANGED", "list:evidence", "versioning"),
        "MERGE",
        LIBRARY,
        {"MajorVersionLimit": 100},
    ),
    Case(
        "view",
        ("DRIFT-CHANGED", "list:risks/view:Overdue", "columns"),
        "POST",
        f"{LIST}/views(guid'{ref('list:risks/view:Overdue')}')/viewfields/removeviewfield('Due')",
    ),
    Case(
        "group",
        ("ACCESS-MISSING-GRANT", "group:Evidence Owners", "role"),
        "POST",
        "/_api/web/roleassignments/removeroleassignment"
        f"(principalid={ref('group:Evidence Owners')},roledefid={ref('role:Read')})",
    ),
    Case(
        "permissions",
        ("ACCESS-EXTRA-GRANT", "list:evidence/permissions", "grants"),
        "POST",
        f"{LIBRARY}/roleassignments/addroleassignment"
        f"(principalid={ref('group:Auditors')},roledefid={ref('role:Contribute')})",
    ),
    Case(
        "row",
        ("DRIFT-MISSING", "list:risks/item:R-2", ""),
        "POST",
        f"{LIST}/items({ref('list:risks/item:R-2')})/recycle()",
    ),
    Case(
        "navigation",
        ("DRIFT-CHANGED", "navigation:Risks", "title"),
        "MERGE",
        f"/_api/web/navigation/GetNodeById({ref('navigation:Risks')})",
        {"Title": "Dangers"},
    ),
]


async def send(file: Path, case: Case) -> None:
    """What somebody else does, with the ids of the applied workspace."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        known: Bindings = (await observe(transport, opened.desired, Silent())).bindings()
        operation = Operation(case.audience, case.method, case.path, "x", "x", body=case.body)
        ((outcome,),) = await transport.write([Envelope((operation.filled(known),))])
    assert outcome.state == "done", outcome


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    return provisioner.applied(SMALL)


def test_each_kind_is_named_to_the_property_and_mended_by_apply(provisioner, applied):
    for case in CASES:
        asyncio.run(send(applied, case))
        report = provisioner("drift", applied, "--format", "json")
        found = [(f["code"], f["address"], f["path"]) for f in report.json()["findings"]]
        assert (case.kind, found) == (case.kind, [case.finding])
        assert report.code == 2
        assert provisioner("apply", applied, "--yes").code == 0, case.kind
        assert provisioner("drift", applied).code == 0, case.kind


def test_a_row_that_people_edited_is_a_note_and_is_never_changed_back(provisioner, applied):
    edit = Case(
        "row",
        ("", "", ""),
        "MERGE",
        f"{LIST}/items({ref('list:risks/item:R-1')})",
        {"Title": "Ours"},
    )
    asyncio.run(send(applied, edit))
    report = provisioner("drift", applied, "--format", "json")
    (finding,) = report.json()["findings"]
    assert (report.code, finding["severity"], finding["code"]) == (0, "note", "PEOPLE-EDITED")
    provisioner.forget_requests()
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner.writes() == []


def test_a_view_that_people_added_is_theirs(provisioner, applied):
    add = Case(
        "view",
        ("", "", ""),
        "POST",
        f"{LIST}/views/add",
        {
            "parameters": {
                "Title": "Mine",
                "ViewFields": {"results": ["LinkTitle"]},
                "PersonalView": False,
            }
        },
    )
    asyncio.run(send(applied, add))
    report = provisioner("drift", applied, "--format", "json")
    (finding,) = report.json()["findings"]
    assert (report.code, finding["code"], finding["address"]) == (
        0,
        "UNDECLARED",
        "list:risks/view:Mine",
    )
    assert provisioner("plan", applied).code == 0

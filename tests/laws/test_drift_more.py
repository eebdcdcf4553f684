"""Every property of lists, columns, views, folders and formats: changed behind the tool, it is named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Bindings, Envelope, Operation, ref
from provisioner.engine.observe import observe

WHOLE = (Path(__file__).parent.parent / "structure.yaml").read_text("utf-8")
LIBRARY, LIST = (f"/_api/web/lists(guid'{ref(f'list:{key}')}')" for key in ("proof", "register"))


@dataclass(frozen=True)
class Case:
    """One change that somebody else makes, and what drift must call it."""

    address: str
    path: str
    method: str
    request: str
    body: Any = None
    audience: str = "sharepoint"
    code: str = "DRIFT-CHANGED"


def setting(path: str, body: dict[str, Any]) -> Case:
    return Case("list:proof", path, "MERGE", LIBRARY, body)


def column(name: str, path: str, body: dict[str, Any]) -> Case:
    address = f"list:register/column:{name}"
    return Case(address, path, "MERGE", f"{LIST}/fields(guid'{ref(address)}')", body)


def shared(name: str, path: str, body: dict[str, Any]) -> Case:
    address = f"column:{name}"
    return Case(address, path, "MERGE", f"/_api/web/fields(guid'{ref(address)}')", body)


def view(path: str, body: dict[str, Any], name: str = "Late", place: str = "proof") -> Case:
    address = f"list:{place}/view:{name}"
    home = LIBRARY if place == "proof" else LIST
    return Case(address, path, "MERGE", f"{home}/views(guid'{ref(address)}')", body)


CASES = [
    setting("versioning", {"MajorWithMinorVersionsLimit": 5}),
    setting("draftVisibility", {"DraftVersionVisibility": 0}),
    setting("checkout", {"ForceCheckout": False}),
    setting("folderCreation", {"EnableFolderCreation": True}),
    setting("approval", {"EnableModeration": False}),
    Case("list:proof/validation", "message", "MERGE", LIBRARY, {"ValidationMessage": "No."}),
    Case(
        "list:proof/formatting:Area",
        "formatting",
        "MERGE",
        f"{LIBRARY}/fields/getbyinternalnameortitle('Area')",
        {"CustomFormatter": ""},
    ),
    Case(
        "list:proof/formatting:Budget",
        "formatting",
        "MERGE",
        f"{LIBRARY}/fields/getbyinternalnameortitle('Budget')",
        {"CustomFormatter": '{"elmType": "span", "txtContent": "@currentField"}'},
    ),
    Case(
        "list:proof/folder:2026%2FQ1",
        "",
        "DELETE",
        f"/sites/{ref('site')}/lists/{ref('list:proof')}/drive/items/"
        f"{ref('list:proof/folder:2026%2FQ1')}",
        audience="graph",
        code="DRIFT-MISSING",
    ),
    shared("Area", "formatting", {"CustomFormatter": '{"elmType":"div"}'}),
    shared("Budget", "min", {"MinimumValue": 5}),
    shared("Budget", "max", {"MaximumValue": 9}),
    shared("Budget", "decimals", {"DisplayFormat": 4}),
    shared("Budget", "locale", {"CurrencyLocaleId": 1033}),
    shared("Budget", "default", {"DefaultValue": "11"}),
    shared("Source", "picture", {"DisplayFormat": 1}),
    column("Site", "picture", {"DisplayFormat": 0}),
    column("Site", "required", {"Required": True}),
    column("Code", "unique", {"EnforceUniqueValues": False}),
    column("Status", "default", {"DefaultValue": "Closed"}),
    column("Status", "formatting", {"CustomFormatter": None}),
    column("Due", "default", {"DefaultFormula": "=[Today]+31"}),
    column("From", "default", {"DefaultValue": ""}),
    column("Share", "percentage", {"ShowAsPercentage": False}),
    column("Share", "formatting", {"CustomFormatter": "{}"}),
    column("Cost", "default", {"DefaultFormula": "=1+2"}),
    column("Diary", "appendChanges", {"AppendOnly": False}),
    view("scope", {"Scope": 0}),
    view("paged", {"Paged": True}),
    view("rowLimit", {"RowLimit": 60}),
    view("totals", {"AggregationsStatus": "Off"}),
    view("widths", {"ColumnWidth": ""}),
    view("formatting", {"CustomFormatter": ""}),
    view("query", {"ViewQuery": ""}),
    view("layout", {"ViewType2": None}, "Pictures"),
    view(
        "layoutData",
        {"ViewData": '<FieldRef Name="Tags" Type="KanbanPivotColumn" />'},
        "Board",
        "register",
    ),
    view("layout", {"ViewType2": ""}, "Days", "register"),
]


async def look(file: Path) -> Bindings:
    """The ids of everything in the applied workspace."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        return (await observe(transport, opened.desired, Silent())).bindings()


async def send(file: Path, case: Case, known: Bindings) -> None:
    """What somebody else does."""
    async with transport_to(open_workspace(file), Silent()) as transport:
        operation = Operation(case.audience, case.method, case.request, "x", "x", body=case.body)
        ((outcome,),) = await transport.write([Envelope((operation.filled(known),))])
    assert outcome.state == "done", (case, outcome)


def findings(answer: Any) -> set[tuple[str, str, str]]:
    return {(f["code"], f["address"], f["path"]) for f in answer.json()["findings"]}


@pytest.fixture
def applied(provisioner: Callable) -> Path:
    return provisioner.applied(WHOLE)


def test_what_was_applied_needs_nothing_more(provisioner, applied):
    provisioner.forget_requests()
    assert provisioner("plan", applied).code == 0
    assert provisioner("drift", applied).code == 0
    assert provisioner("apply", applied, "--yes").code == 0
    assert provisioner.writes() == []


@pytest.mark.parametrize("locale", ["fr-FR", "de-DE"])
def test_the_language_of_the_site_makes_no_difference(provisioner, locale):
    text = WHOLE.replace("  timeZone: UTC", f"  timeZone: UTC\n  locale: {locale}")
    file = provisioner.file(text)
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0
    assert provisioner("drift", file).code == 0


def test_each_property_is_named_alone_and_mended_by_apply(provisioner, applied):
    known, before = asyncio.run(look(applied)), set()
    for case in CASES:
        asyncio.run(send(applied, case, known))
        after = findings(provisioner("drift", applied, "--format", "json"))
        assert after - before == {(case.code, case.address, case.path)}, case
        before = after
    mended = provisioner("apply", applied, "--yes")
    assert (mended.code, mended.err) == (0, "")
    assert provisioner("drift", applied).code == 0


def test_a_view_renamed_in_the_file_is_the_same_view_and_never_pruned(provisioner, applied):
    before = ids(applied, "list:register/view:Board")
    text = WHOLE.replace("name: Board,", "name: Wall, renamedFrom: [Board],")
    file = provisioner.file(text)
    assert provisioner("apply", file, "--yes", "--prune").code == 0
    assert ids(file, "list:register/view:Wall") == before
    assert provisioner("drift", file).code == 0


def ids(file: Path, address: str) -> str:
    """The id behind an address, as it is now."""
    return asyncio.run(look(file))[address, "id"]


def test_seeded_rows_hold_links_people_and_rows_of_other_lists(provisioner, applied):
    rows = items(provisioner)
    first, second = rows["C-1"], rows["C-2"]
    assert first["fields"]["Site"] == {"Url": "https://example.com/a", "Description": "A picture"}
    assert second["fields"]["Before"] == first["id"]
    assert second["fields"]["Others"] == [first["id"]]
    assert len(second["fields"]["Helpers"]) == 2
    assert second["fields"]["Keeper"] in second["fields"]["Helpers"]


def items(provisioner: Any) -> dict[str, dict[str, Any]]:
    """The rows of the register by their code, from the emulator's own state."""
    (site,) = [
        s
        for s in provisioner.control.call("GET", "state")["sites"]
        if s["path"] == "/sites/structure"
    ]
    (register,) = [one for one in site["lists"] if one["title"] == "Register"]
    return {row["fields"]["Code"]: row for row in register["items"]}


def test_rows_that_wait_for_one_another_are_refused(provisioner):
    told = provisioner(
        "validate", provisioner.file(WHOLE.replace("Title: First,", "Title: First, Before: C-2,"))
    )
    assert told.code != 0
    assert "SEED-CIRCLE" in told.out + told.err


def test_a_format_for_another_sort_of_column_is_refused_at_its_place(provisioner):
    told = provisioner(
        "validate",
        provisioner.file(WHOLE.replace("Area: status-pill, Modified", "Area: due-date, Modified")),
    )
    assert told.code != 0
    assert "FORMATTING-TYPE" in told.out + told.err


def test_notes_that_append_need_versions(provisioner):
    told = provisioner(
        "validate",
        provisioner.file(WHOLE.replace("versioning: {major: 50}", "versioning: {major: 0}")),
    )
    assert told.code != 0
    assert "APPEND-NEEDS-VERSIONS" in told.out + told.err

"""Every word a column takes: applied, read back, drift by its own name, imported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from provisioner.cli.workspace import open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, ref
from provisioner.engine.observe import observe

SET = "8ed8c9ea-7052-4c1d-a4d7-b9c10bffea6f"
GROUP = "group:Reviewers"
TERM = "11111111-2222-4333-8444-555555555555"
WHOLE = (Path(__file__).parent / "columns.yaml").read_text("utf-8")
TAMPERED: tuple[tuple[str, str, Any], ...] = (
    ("Place", "showFullyQualifiedName", {"IsPathRendered": False}),
    ("Place", "termSet", {"TermSetId": TERM}),
    ("Place", "parentTerm", {"AnchorId": SET}),
    ("Place", "required", {"Required": False}),
    ("Tags", "allowTextEntry", {"FillInChoice": False}),
    ("Tags", "showInForms", "setshowineditform(true)"),
    ("Sort", "displayAs", {"EditFormat": 0}),
    ("Sort", "allowTextEntry", {"FillInChoice": False}),
    ("Due", "displayAs", {"FriendlyDisplayFormat": 1}),
    ("Team", "chooseFromType", {"SelectionMode": 0}),
    ("Checker", "chooseFromType", {"SelectionMode": 1}),
    ("Checker", "fromGroup", {"SelectionGroup": 0}),
    ("Risk", "onDelete", {"RelationshipDeleteBehavior": 1}),
    ("Cost", "readOnly", {"ReadOnlyField": False}),
    ("Twice", "decimals", {"DisplayFormat": 3}),
    ("Twice", "percentage", {"ShowAsPercentage": False}),
    ("Title", "showInForms", "setshowindisplayform(false)"),
)
BY_HAND: dict[tuple[str, str], dict[str, Any]] = {
    ("Place", "termSet"): {"TermSetId": SET},
    ("Place", "parentTerm"): {"AnchorId": TERM},
    ("Checker", "fromGroup"): {"SelectionGroup": GROUP},
}
"""What no request of ours sets, and how people set it back."""


async def tamper(file: Path, changes: Sequence[tuple[str, Any]]) -> None:
    """What somebody else does to columns of the list, one request after the other."""
    opened = open_workspace(file)
    async with transport_to(opened, Silent()) as transport:
        known = (await observe(transport, opened.desired, Silent())).bindings()
        for column, change in changes:
            own = f"list:actions/column:{column}"
            path = f"/_api/web/lists(guid'{ref('list:actions')}')/fields(guid'{ref(own)}')"
            body: dict[str, Any] | None = None
            if isinstance(change, str):
                call = Operation("sharepoint", "POST", f"{path}/{change}", "x", "x")
            else:
                body = {k: int(known[v, "id"]) if v == GROUP else v for k, v in change.items()}
                call = Operation("sharepoint", "MERGE", path, "x", "x", body=body)
            ((outcome,),) = await transport.write([Envelope((call.filled(known),))])
            assert outcome.state == "done", (column, change, outcome)


def test_every_word_of_a_column_is_kept_watched_and_imported(provisioner: Any) -> None:
    file = provisioner.file(WHOLE)
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    assert provisioner("plan", file).code == 0

    out = provisioner.folder / "imported.yaml"
    done = provisioner(
        "import",
        "https://contoso.sharepoint.com/sites/columns",
        "--cloud",
        "emulator",
        "--out",
        out,
    )
    assert done.code == 0, done.err
    planned = provisioner("plan", out, "--format", "json").json()
    assert planned["blocked"] == []
    assert {c["action"] for c in planned["changes"]} <= {"adopt", "forget"}
    said = yaml.safe_load(out.read_text("utf-8"))
    wrote = yaml.safe_load(WHOLE)
    for place, at in (("columns", None), ("lists", 0), ("lists", 1)):
        theirs, ours = (
            {c["name"]: c for c in (tree[place] if at is None else _list(tree, at)["columns"])}
            for tree in (said, wrote)
        )
        assert {n: _short(c) for n, c in theirs.items()} == {n: _short(c) for n, c in ours.items()}

    asyncio.run(tamper(file, [(column, change) for column, _, change in TAMPERED]))
    findings = provisioner("drift", file, "--format", "json").json()["findings"]
    told = {(f["address"].rpartition(":")[2], f["path"]): f["code"] for f in findings}
    assert set(told) == {(column, path) for column, path, _ in TAMPERED}
    assert {one for one, code in told.items() if code == "CANNOT-CHANGE-IN-PLACE"} == set(BY_HAND)
    assert provisioner("apply", file, "--yes").code == 3

    asyncio.run(tamper(file, [(column, change) for (column, _), change in BY_HAND.items()]))
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    assert provisioner("drift", file, "--format", "json").json()["findings"] == []


def test_a_term_set_that_is_not_there_is_said_so_and_nothing_is_made(provisioner: Any) -> None:
    head = WHOLE.partition("groups:")[0]
    column = f"columns:\n  - {{name: Place, type: term, termSet: {TERM}}}\n"
    file = provisioner.file(head + column)
    planned = provisioner("plan", file, "--format", "json").json()
    assert "sharepoint:TermStore.Read.All" in planned["permissions"]
    done = provisioner("apply", file, "--yes")
    assert done.code == 1
    assert "Look up the term set of column:Place" in done.err
    sites = provisioner.control.call("GET", "state")["sites"]
    made = next(one for one in sites if one["path"].endswith("/columns"))["columns"]
    assert not [one for one in made if not one["builtin"]]
    provisioner.control.call("PUT", "settings", {"termSets": [TERM]})
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0


def _list(tree: Any, at: int) -> Any:
    title = ("Risks", "Actions")[at]
    return next(one for one in tree["lists"] if one["title"] == title)


def _short(column: dict[str, Any]) -> dict[str, Any]:
    plain = dict(column)
    if plain.get("displayName") == plain["name"]:
        plain.pop("displayName")
    return plain

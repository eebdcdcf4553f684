"""Killed at any moment and run again: the same end, nothing twice, nothing orphaned, all of it ours."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pytest
from afterwards import goes_on, things

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a process is not killed by a signal there"
)


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    """What an undisturbed apply makes, filled in by the first test that needs it."""
    return {}


@pytest.fixture
def whole(provisioner: Any, small: str, undisturbed: dict[str, Any]) -> Counter[tuple[str, ...]]:
    if not undisturbed:
        assert provisioner("apply", provisioner.file(small), "--yes").code == 0
        undisturbed["things"] = things(provisioner)
        provisioner.control.call("POST", "reset")
        provisioner.control.call("PUT", "settings", {"resourceUnitsPerMinute": 1_000_000})
    found: Counter[tuple[str, ...]] = undisturbed["things"]
    return found


@pytest.mark.parametrize("number", [8, 17, 28])
def test_whatever_is_cut_off_the_next_run_ends_and_knows_what_is_ours(
    number: int,
    provisioner: Any,
    small: str,
    whole: Counter[tuple[str, ...]],
    run_apply_killed_after: Any,
) -> None:
    workspace = provisioner.file(small)
    assert len(run_apply_killed_after(number, workspace)) == number
    goes_on(provisioner, workspace, whole)
    verified = provisioner("receipts", "verify", workspace)
    assert verified.code == 0, verified.out
    plan = provisioner.file(small.replace("  - {title: Risks, link: 'list:risks'}\n", ""))
    (change,) = provisioner("plan", plan, "--prune", "--format", "json").json()["changes"]
    assert (change["action"], change["address"]) == ("delete", "navigation:Risks")


def test_resume_goes_on_with_what_was_approved_and_its_receipt_tells_the_whole(
    provisioner: Any, small: str, run_apply_killed_after: Any
) -> None:
    workspace = provisioner.file(small)
    plan = workspace.parent / "plan.json"
    assert provisioner("plan", workspace, "--out", plan).code == 2
    run_apply_killed_after(24, workspace, "--plan", str(plan))
    stale = provisioner("apply", workspace, "--plan", plan)
    assert (stale.code, "PLAN-STALE" in stale.err) == (3, True)

    resumed = provisioner("apply", workspace, "--resume", "--plan", plan, "--format", "json")
    assert resumed.code == 0, resumed.err
    assert "Going on with run" in resumed.err
    receipt, signed = resumed.json(), json.loads(plan.read_text("utf-8"))
    assert receipt["planDigest"] == signed["digest"]
    assert receipt["resumes"]
    told = {one["address"] for one in receipt["results"]}
    assert told >= {change["address"] for change in signed["changes"]}
    assert {one["status"] for one in receipt["results"]} == {"done"}
    again = provisioner("apply", workspace, "--resume")
    assert (again.code, "no run was cut off" in again.err.lower()) == (0, True)


def test_resume_plans_anew_and_asks_when_the_file_has_changed(
    provisioner: Any, small: str, run_apply_killed_after: Any
) -> None:
    run_apply_killed_after(24, provisioner.file(small))
    changed = provisioner.file(small.replace("Who may do what.", "Who may do it."))
    asked = provisioner("apply", changed, "--resume")
    assert asked.code == 3
    assert "the file has changed since" in asked.err
    assert "NOT-CONFIRMED" in asked.err
    assert provisioner("apply", changed, "--resume", "--yes").code == 0


def test_a_run_that_did_all_and_could_not_record_it_is_recorded_by_the_next(
    provisioner: Any, small: str
) -> None:
    assert provisioner("apply", provisioner.file(small), "--yes").code == 0
    workspace = provisioner.file(small.replace("Who may do what.", "Who may do it."))
    fault = {"match": {"method": "PUT", "path": "ledger.json"}, "do": {"status": 500}}
    provisioner.control.call("PUT", "faults", [fault])
    failed = provisioner("apply", workspace, "--yes", "--format", "json")
    provisioner.control.call("DELETE", "faults")
    assert (failed.code, "LEDGER-NOT-WRITTEN" in failed.err) == (1, True)
    run = failed.json()["runId"]
    assert provisioner("plan", workspace).code == 0, "all of it is done"
    early = provisioner("apply", workspace, "--undo", run, "--yes")
    assert (early.code, "UNDO-UNFINISHED" in early.err) == (3, True)

    assert provisioner("receipts", "verify", workspace).code == 2, "a receipt that nothing names"
    ended = provisioner("apply", workspace, "--format", "json")
    assert ended.code == 0, ended.err
    assert ended.json()["resumes"] == run
    assert provisioner("receipts", "verify", workspace).code == 0
    back = provisioner("apply", workspace, "--undo", run, "--yes")
    assert back.code == 0, back.err
    assert provisioner("plan", provisioner.file(small)).code == 0

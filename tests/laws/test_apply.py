"""Laws of plan, apply and drift, on a workspace that has every kind in it."""

from __future__ import annotations

import json
from pathlib import Path

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


def test_what_plan_promises_apply_does_and_a_second_apply_sends_no_write(provisioner):
    file = provisioner.file(SMALL)
    planned = provisioner("plan", file, "--format", "json")
    assert planned.code == 2
    promised = {change["address"] for change in planned.json()["changes"]}

    done = provisioner("apply", file, "--yes", "--format", "json")
    assert done.code == 0, done.err
    results = done.json()["results"]
    assert {result["address"] for result in results} == promised
    assert {result["status"] for result in results} == {"done"}

    provisioner.forget_requests()
    again = provisioner("apply", file, "--yes")
    assert (again.code, provisioner.writes()) == (0, [])
    assert provisioner("plan", file).code == 0


def test_a_drift_check_writes_nothing_and_finds_nothing_after_apply(provisioner):
    file = provisioner.applied(SMALL)
    checked = provisioner("drift", file, "--format", "json")
    assert (checked.code, checked.json()["findings"], provisioner.writes()) == (0, [], [])


def test_an_approved_plan_is_refused_once_the_file_has_moved(provisioner):
    file = provisioner.file(SMALL)
    plan = file.parent / "plan.json"
    assert provisioner("plan", file, "--out", plan).code == 2
    file.write_text(file.read_text().replace("Token leak", "Token theft"))
    refused = provisioner("apply", file, "--plan", plan)
    assert refused.code == 3
    assert "PLAN-STALE" in refused.err


def test_an_approved_plan_is_carried_out_without_asking(provisioner):
    file = provisioner.file(SMALL)
    plan = file.parent / "plan.json"
    provisioner("plan", file, "--out", plan)
    assert provisioner("apply", file, "--plan", plan).code == 0
    assert provisioner("plan", file).code == 0


def test_without_a_terminal_and_without_yes_nothing_is_applied(provisioner):
    file = provisioner.file(SMALL)
    refused = provisioner("apply", file)
    assert (refused.code, provisioner.writes()) == (3, [])
    assert "--yes" in refused.err


def test_a_site_that_must_be_adopted_and_is_not_there_is_refused_with_the_way_out(provisioner):
    file = provisioner.file(SMALL.replace("create: communication", "create: never"))
    refused = provisioner("apply", file, "--yes")
    assert (refused.code, provisioner.writes()) == (3, [])
    assert "SITE-NOT-FOUND" in refused.err


def test_what_the_file_drops_stays_on_the_site_and_is_forgotten(provisioner):
    file = provisioner.applied(SMALL)
    smaller = SMALL.replace("  - {title: Risks, link: 'list:risks'}\n", "")
    assert smaller != SMALL
    file = provisioner.file(smaller)
    plan = provisioner("plan", file, "--format", "json").json()
    assert [(c["action"], c["address"]) for c in plan["changes"]] == [
        ("forget", "navigation:Risks")
    ]
    provisioner.forget_requests()
    assert provisioner("apply", file, "--yes").code == 0
    names = [
        write.rpartition("/drive/root:/")[2].removesuffix(":/content")
        for write in provisioner.writes()
        if "/drive/root:/" in write  # beside them the lock is taken and laid down
    ]
    assert [name.rpartition("/")[2] for name in names] == ["receipt.json", "ledger.json"]
    assert provisioner("plan", file).code == 0


def test_with_prune_what_we_made_and_the_file_dropped_is_removed(provisioner):
    file = provisioner.applied(SMALL)
    file = provisioner.file(SMALL.replace("  - {title: Risks, link: 'list:risks'}\n", ""))
    plan = provisioner("plan", file, "--prune", "--format", "json").json()
    assert [(c["action"], c["risk"]) for c in plan["changes"]] == [("delete", "high")]
    assert provisioner("apply", file, "--yes", "--prune").code == 0
    assert provisioner("plan", file, "--prune").code == 0


def test_a_change_of_the_file_updates_exactly_that(provisioner):
    file = provisioner.applied(SMALL)
    file = provisioner.file(
        SMALL.replace("choices: [Mitigate, Accept]", "choices: [Mitigate, Accept, Avoid]")
    )
    (change,) = provisioner("plan", file, "--format", "json").json()["changes"]
    assert change["address"] == "list:risks/column:Treatment"
    assert [field["path"] for field in change["fields"]] == ["choices"]
    assert (
        provisioner("drift", file, "--format", "json").json()["findings"][0]["code"]
        == "NOT-APPLIED"
    )
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0


def test_what_cannot_change_in_place_is_refused_with_what_to_do(provisioner):
    file = provisioner.applied(SMALL)
    file = provisioner.file(SMALL.replace("type: number, min: 0, max: 25", "type: person"))
    assert provisioner("plan", file).code == 3
    refused = provisioner("apply", file, "--yes")
    assert refused.code == 3
    assert "CANNOT-CHANGE-IN-PLACE" in refused.err
    assert "workspace.yaml:" in refused.err


def test_an_accepted_deviation_is_shown_with_its_end_and_not_changed_back(provisioner):
    file = provisioner.applied(SMALL)
    changed = provisioner.file(
        SMALL.replace("description: Who may do what.", "description: Other words.")
    )
    provisioner.file(
        """
        - address: list:evidence
          path: description
          value: Who may do what.
          reason: The client prefers it.
          approver: vciso@contoso.example
          expires: 2999-12-31
        """,
        "deviations.yaml",
    )
    assert provisioner("plan", changed).code == 0
    (finding,) = provisioner("drift", changed, "--format", "json").json()["findings"]
    assert finding["accepted"]["expires"] == "2999-12-31"
    provisioner.file(
        (file.parent / "deviations.yaml").read_text().replace("2999", "2001"), "deviations.yaml"
    )
    assert provisioner("plan", changed).code == 2


def test_several_workspaces_are_each_checked_and_the_worst_code_is_given(provisioner):
    good = provisioner.applied(SMALL)
    bad = provisioner.file("apiVersion: provisioner/v1\n", "bad.yaml")
    both = provisioner("drift", good, bad)
    lines = [json.loads(line) for line in both.out.splitlines()]
    assert both.code == 1
    assert [line["kind"] for line in lines] == ["DriftReport", "Error"]

"""`apply --plan` does exactly what was approved, or says what is not as it was."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from provisioner.cli import settings

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


def test_an_approved_plan_is_done_as_it_is_or_refused_with_what_moved(provisioner):
    file = provisioner.file(SMALL)
    assert provisioner("apply", file, "--yes").code == 0
    file = provisioner.file(SMALL.replace("title: Access evidence", "title: Proof of access"))
    plan = file.parent / "plan.json"
    assert provisioner("plan", file, "--out", plan).code == 2
    text = plan.read_text("utf-8")
    signed = json.loads(text)
    assert set(signed) >= {"digest", "specDigest", "observedDigest", "cost", "permissions"}
    (change,) = signed["changes"]
    assert change["risk"]
    assert change["reason"]
    assert change["requests"][0]["bodyDigest"].startswith("sha256:")

    plan.write_text(text.replace("Proof of access", "Prof of access"), "utf-8")
    altered = provisioner("apply", file, "--plan", plan)
    assert (altered.code, "PLAN-ALTERED" in altered.err) == (3, True)
    plan.write_text(text, "utf-8")

    tenant = provisioner.running.tenant

    def rename(title):
        with tenant.lock:
            tenant.run(f"UPDATE list SET title = '{title}' WHERE url LIKE '%/AccessEvidence'")

    rename("Renamed")
    provisioner.forget_requests()
    moved = provisioner("apply", file, "--plan", plan)
    assert (moved.code, provisioner.writes()) == (3, [])
    assert "list:evidence: the site had “Access evidence” as title and has “Renamed”" in moved.err

    rename("Access evidence")
    file.write_text(file.read_text("utf-8").replace("Proof of access", "Papers"), "utf-8")
    moved = provisioner("apply", file, "--plan", plan, "--format", "json")
    assert moved.code == 3
    assert "the file said “Proof of access” as title and says “Papers”" in moved.json()["message"]
    assert moved.json()["address"] == "list:evidence"

    file.write_text(file.read_text("utf-8").replace("Papers", "Proof of access"), "utf-8")
    done = provisioner("apply", file, "--plan", plan, "--format", "json")
    assert done.code == 0, done.err
    assert done.json()["planDigest"] == signed["digest"]
    again = provisioner("apply", file, "--plan", plan)
    assert (again.code, "nothing to update any more" in again.err) == (3, True)


def test_what_was_allowed_for_the_plan_is_allowed_for_the_apply_and_another_day(
    provisioner, monkeypatch
):
    """Libraries with files in them go only by name, and who signs the plan has seen the name."""
    more = SMALL.replace(
        "lists:\n",
        "lists:\n  - {key: extra, title: Extra, items: {key: Title, seed: [{Title: One}]}}\n",
        1,
    )
    assert more != SMALL
    provisioner("apply", provisioner.file(more), "--yes")
    file = provisioner.file(SMALL)
    plan = file.parent / "plan.json"
    held = provisioner("plan", file, "--prune")
    assert (held.code, "NEEDS-ALLOW" in held.out) == (3, True)
    assert "--allow list:extra" in held.out
    refused = provisioner("apply", file, "--prune", "--yes")
    assert (refused.code, "NEEDS-ALLOW" in refused.err) == (3, True)
    allowed = ("--prune", "--allow", "list:extra")
    assert provisioner("plan", file, *allowed, "--out", plan).code == 2

    tomorrow = settings.now() + timedelta(days=1)
    monkeypatch.setattr(settings, "now", lambda: tomorrow)
    done = provisioner("apply", file, "--plan", plan, "--format", "json")
    assert done.code == 0, done.err
    assert done.json()["planDigest"] == json.loads(plan.read_text("utf-8"))["digest"]
    assert provisioner("plan", file).code == 0

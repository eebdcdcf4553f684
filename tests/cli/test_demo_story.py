"""The demo, told once from beginning to end, and what stands on the site afterwards."""

from __future__ import annotations

import json

from provisioner.cli.demo.evidence import demo_evidence
from provisioner.cli.settings import now


def test_the_whole_story_is_told_and_every_document_gets_its_verdict(provisioner, tmp_path):
    folder = tmp_path / "demo"
    today = now().date()
    told = provisioner("demo", "--dir", folder)
    assert told.code == 0, told.err
    assert "5 of 5 changes found, and nothing else." in told.out

    report = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    judged = {
        (line["key"].partition("/")[0], line["name"]): (sorted(line["flags"]), line["freshness"])
        for line in report["evidence"]
    }
    expected = {
        (one.library, one.name): (sorted(one.codes), one.freshness) for one in demo_evidence(today)
    }
    assert judged == expected

    # What the story tampers with last weakens a library, which the next run tells of once.
    seen = provisioner("sync", folder, "--format", "json").json()
    assert seen["findings"] == {"opened": 1, "updated": 0, "resolved": 0}
    assert seen["summary"]["byRule"]["WORKSPACE-DRIFT"] == 1
    provisioner.forget_requests()
    again = provisioner("sync", folder, "--format", "json")
    assert (again.code, again.json()["writes"], provisioner.writes()) == (2, 0, [])

    page = (folder / "report" / "report.html").read_text("utf-8")
    assert "<script src" not in page
    assert "Acme Payments" in page

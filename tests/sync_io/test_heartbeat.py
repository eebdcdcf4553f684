"""`--heartbeat`: a scheduler that died is seen by the team, by `status`, and by the other job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code
from provisioner.report.status_text import status_text

from .conftest import TODAY, Site

LONG_AGO = "2026-01-02T06:30:00Z"
SAID = "last ran on 2026-01-02 at 06:30 UTC, and should run every day"


def test_a_job_that_died_is_seen_and_only_asked_for_is_it_noted(
    site: Site, loaded_once: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    def ran(*words: str) -> tuple[int, Any, str]:
        """Exit code, document, and what was said beside it; requests are counted anew."""
        site.http.request("DELETE", "/_emulator/requests")
        capsys.readouterr()
        code = exit_code([words[0], str(loaded_once), "--format", "json", *words[1:]])
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    def jobs() -> dict[str, dict[str, Any]]:
        return {str(row["JobId"]): row for row in site.rows("Job Runs")}

    day = ("--as-of", TODAY.isoformat())
    code, receipt, _ = ran("sync", *day, "--heartbeat")
    assert [one["lastRun"] for one in receipt["jobs"]] == [None, None], "as they were before"
    assert (len(site.sent()), code) == (1, 2), "outside the law of no writes there is this one"
    row = jobs()["sync"]
    assert (row["LastResult"], row["EveryDays"]) == ("Findings", 1)
    assert row["SilentAfter"] > row["LastRun"]

    # The schedulers die. Drift, run by hand, tells of the other one, and is there itself again.
    for one in jobs().values():
        site.patch("Job Runs", one["id"], {"LastRun": LONG_AGO})
    code, report, _ = ran("drift", "--heartbeat")
    assert [(one["code"], one["address"], one["actual"]) for one in report["findings"]] == [
        ("JOB-SILENT", "list:job-runs/item:sync", SAID)
    ]
    assert (len(site.sent()), code) == (1, 2)
    assert jobs()["drift"]["LastResult"] == "Findings"
    assert len(jobs()) == 2, "a row is rewritten, and none is added"

    code, status, _ = ran("status")
    assert {one["job"]: one["silent"] for one in status["jobs"]} == {"sync": True, "drift": False}
    assert (code, site.sent()) == (0, [])
    line = status_text(status).splitlines()[-2]
    assert line.startswith("JOB-SILENT  Scheduled sync: last ran 2026-01-02T06:30:00Z (every day)")

    # Sync tells of the others too, and a dry run notes nothing.
    _, receipt, said = ran("sync", *day, "--heartbeat", "--dry-run")
    assert {one["job"]: one["silent"] for one in receipt["jobs"]} == {"sync": True, "drift": False}
    assert "JOB-SILENT  The scheduled sync last ran on 2026-01-02 at 06:30 UTC" in said
    assert site.sent() == []

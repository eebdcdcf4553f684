"""Two runs at one site: the second waits its turn, and nothing is written twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from provisioner.core.errors import Refused

from .conftest import LIBRARY, Site

LOCK = "ProvisionerLock"
FINDINGS = "Evidence Findings"


def held_by(run: str) -> str:
    return f"held run={run} host=elsewhere pid=7 boot=b prior=- beat=3"


def test_of_two_runs_the_second_waits_refuses_or_reads_again(site: Site) -> None:
    site.approved("report.csv", "E002", date(2026, 6, 10), reviewer=None)

    def another_run() -> None:
        # It begins and ends between this run's reading and its first write.
        other = threading.Thread(target=site.sync)
        other.start()
        other.join()

    done = site.sync(meddle=another_run)

    keys = [row.get("FindingKey") for row in site.rows(FINDINGS)]
    assert len(keys) == len(set(keys))
    assert any(str(key).startswith("NO-REVIEWER") for key in keys)
    assert done.writes == 0, "the other run had written everything"
    assert [row["Title"].split()[0] for row in site.rows(LOCK)] == ["free"]

    site.sync()
    methods = {(row["method"], row["path"]) for row in site.http.get("/_emulator/requests").json()}
    assert not [path for method, path in methods if method != "GET" and "$batch" not in path
                and "/oauth2/" not in path], "a run without changes does not even take the lock"  # fmt: skip

    [row] = site.rows(LOCK)
    site.patch(LOCK, row["id"], {"Title": held_by("20260615T120000Z-beef")})
    site.patch(LIBRARY, "1", {"SourceSystem": "Payroll"})
    site.patch(LIBRARY, "1", {"ReviewStatus": "Rejected"})
    with pytest.raises(Refused) as refused:
        site.sync()
    assert refused.value.code == "LOCKED"
    assert "20260615T120000Z-beef on elsewhere" in refused.value.message
    assert site.sent() == []
    assert site.sync(dry_run=True).writes, "looking is always allowed"

    site.emulator.tenant.set_clock(datetime(2026, 6, 15, 18, tzinfo=UTC) + timedelta(seconds=200))
    assert site.sync().writes, "whoever held it is gone, so it is taken over"
    assert [row["Title"].split()[0] for row in site.rows(LOCK)] == ["free"]


def test_two_processes_started_together_write_everything_once(site: Site) -> None:
    site.approved("report.csv", "E002", date(2026, 6, 10), reviewer=None)
    words = ["sync", str(site.applied / "workspace-0.yaml"), "--format", "json", "--heartbeat"]
    command = [sys.executable, "-m", "provisioner", *words, "--as-of", "2026-06-15"]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [(one.communicate(timeout=120), one.returncode) for one in runs]

    documents = [json.loads(out) for (out, _), _ in told]
    codes = sorted(code for _, code in told)
    assert codes in ([2, 2], [2, 3]), told  # the second read again, or was told to wait
    assert {one.get("code") for one in documents} <= {None, "LOCKED", "RUN-BETWEEN"}
    opened = sorted(one["findings"]["opened"] for one in documents if "findings" in one)
    assert opened[-1] > 0
    assert opened[:-1] in ([], [0]), "one of them opened all, and the other none"
    keys = [row.get("FindingKey") for row in site.rows(FINDINGS)]
    assert len(keys) == len(set(keys))
    assert len(site.rows("Job Runs")) == 2
    assert [row["Title"].split()[0] for row in site.rows(LOCK)] == ["free"]
    assert site.sync().writes == 0, "nothing was left undone"

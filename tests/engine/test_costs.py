"""A plan's cost is what its apply takes: requests, round trips and units, within a tenth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.engine import costs

SMALL = (Path(__file__).parents[1] / "small.yaml").read_text("utf-8")
STORED = 3
"""Round trips after the receipt was written: it is stored, the ledger too, the lock laid down."""


def taken(provisioner: Any) -> tuple[int, int]:
    rows = [row for row in provisioner.requests() if row["audience"] != "entra"]
    work = [row for row in rows if not row["path"].lower().endswith("$batch")]
    return len(work), sum(row["resourceUnits"] for row in work)


def close(said: float, took: float) -> bool:
    return abs(said - took) <= max(1, took / 10)


def test_a_plan_foretells_what_its_apply_takes(
    provisioner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = provisioner.file(SMALL)
    for text in (SMALL, SMALL.replace("title: Risk Register", "title: Risks")):
        workspace.write_text(text, "utf-8")
        said = provisioner("plan", workspace, "--format", "json").json()["cost"]
        provisioner.forget_requests()
        stats = provisioner("apply", workspace, "--yes", "--format", "json").json()["stats"]
        requests, units = taken(provisioner)
        assert close(said["requests"], requests), (said, requests)
        assert close(said["resourceUnits"], units), (said, units)
        assert close(said["roundTrips"], stats["roundTrips"] + STORED), (said, stats)
        assert 0 < said["seconds"] < 60
    nothing = provisioner("plan", workspace, "--format", "json").json()["cost"]
    assert nothing == {"requests": 0, "roundTrips": 0, "resourceUnits": 0, "seconds": 0.0}
    workspace.write_text(SMALL, "utf-8")
    monkeypatch.setattr(costs, "BUDGET", 50)
    waiting = provisioner("plan", workspace, "--format", "json").json()["cost"]
    assert waiting["seconds"] > 60 * ((waiting["resourceUnits"] - 1) // 50) >= 60

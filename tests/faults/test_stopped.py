"""Ended by somebody while it waits: a receipt of what was sent, a lock laid down, and a way on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest

from provisioner.cli import app

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_run_that_waits_gets_its_receipt_and_the_lock_is_free(
    sign: signal.Signals, provisioner: Any, small: str
) -> None:
    file = provisioner.applied(small)
    file.write_text(small.replace("Risk Register", "Risks").replace("Token leak", "Leak"))
    busy = {"match": {"path": "Risk", "method": "PATCH"}, "when": "before"}
    busy["do"] = {"status": 429, "retryAfter": 90}
    items = {**busy, "match": {"path": "/items/", "method": "PATCH", "nth": 2}}
    provisioner.control.call("PUT", "faults", [busy, items])
    command = [sys.executable, "-m", "provisioner", "apply", str(file), "--yes", "--format", "json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        line = running.stderr.readline()
        assert "Waiting" in line, line
        running.send_signal(sign)
        out, said = running.communicate(timeout=30)
    assert (running.returncode, "STOPPED" in said, "--resume" in said) == (1, True, True), said
    receipt = json.loads(out)
    assert {one["status"] for one in receipt["results"]} <= {"unknown", "skipped", "failed"}
    provisioner.control.call("DELETE", "faults")
    assert provisioner("apply", file, "--resume").code == 0
    assert provisioner("receipts", "verify", file).code == 0


def test_ctrl_c_anywhere_else_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("provisioner.cli.workspace.open_workspace", interrupted)
    assert app.exit_code(["plan", "workspace.yaml"]) == 1
    assert "Stopped." in capsys.readouterr().err

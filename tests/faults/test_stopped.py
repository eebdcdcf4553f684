"""Ended by somebody while it waits: a receipt of what was sent, and a way on."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from provisioner.cli import app
from provisioner.cli.progress import ConsoleProgress
from provisioner.ledger import lock_keeper

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """A shell that runs the tests in the background has them ignore SIGINT; Ctrl-C is never ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_run_that_waits_gets_its_receipt_and_a_way_on(
    sign: signal.Signals, provisioner: Any, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service says when to come again, which is long after whoever stopped the run has gone."""
    file = provisioner.applied(small)
    file.write_text(small.replace("Risk Register", "Risks").replace("Token leak", "Leak"))
    busy = {"match": {"path": "/web/lists", "method": "PATCH"}, "when": "before"}
    provisioner.control.call("PUT", "faults", [{**busy, "do": {"status": 429, "retryAfter": 90}}])
    with monkeypatch.context() as here:
        here.setattr(ConsoleProgress, "waiting", lambda *_: os.kill(os.getpid(), sign))
        here.setattr(lock_keeper, "_AT_THE_END", 0.1)
        stopped = provisioner("apply", file, "--yes", "--format", "json")
    assert (stopped.code, "STOPPED" in stopped.err, "--resume" in stopped.err) == (1, True, True)
    told = {one["address"]: one["status"] for one in stopped.json()["results"]}
    assert told == {"list:risks": "unknown", "list:risks/item:R-1": "skipped"}
    provisioner.control.call("DELETE", "faults")
    resumed = provisioner("apply", file, "--resume")
    assert (resumed.code, "Going on with run" in resumed.err) == (0, True), resumed.err
    assert provisioner("plan", file).code == 0


def test_ctrl_c_anywhere_else_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("provisioner.cli.workspace.open_workspace", interrupted)
    assert app.exit_code(["plan", "workspace.yaml", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert "Stopped. What was sent is on the site" in said.err
    assert json.loads(said.out)["code"] == "STOPPED"

"""What the tests of the whole product share: the command line on an emulated tenant."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from provisioner.cli.app import exit_code
from provisioner.cli.emulator import ControlPlane
from provisioner.emulator.server import RunningEmulator, environment, start

settings.register_profile("patient", deadline=None)  # a busy machine is no counterexample
settings.load_profile("patient")

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Commands:
    """Runs commands as a user would, in this process, against one emulated tenant."""

    running: RunningEmulator
    control: ControlPlane
    capture: pytest.CaptureFixture[str]
    folder: Path

    def __call__(self, *arguments: object) -> Answer:
        self.capture.readouterr()
        code = exit_code([str(one) for one in arguments])
        printed = self.capture.readouterr()
        return Answer(code, printed.out, printed.err)

    def file(self, text: str, name: str = "workspace.yaml") -> Path:
        path = self.folder / name
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def requests(self) -> list[dict[str, Any]]:
        return list(self.control.call("GET", "requests"))

    def forget_requests(self) -> None:
        self.control.call("DELETE", "requests")

    def writes(self) -> list[str]:
        """Every request that could change the site; the envelopes of batches are not counted."""
        return [
            f"{row['method']} {row['path']}"
            for row in self.requests()
            if row["method"] in WRITES
            and row["audience"] in {"graph", "sharepoint"}
            and not row["path"].lower().endswith("/$batch")
        ]


@pytest.fixture(scope="session")
def product_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    running = start(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture
def provisioner(
    product_server: RunningEmulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Commands:
    """``provisioner("plan", file)`` on a tenant that is new, with room in its budget."""
    monkeypatch.setenv("PROVISIONER_HOME", str(product_server.home))
    control = ControlPlane(environment(product_server.home, product_server.url))
    control.call("POST", "reset")
    control.call("PUT", "settings", {"resourceUnitsPerMinute": 1_000_000})
    control.call("DELETE", "requests")
    return Commands(product_server, control, capsys, tmp_path)

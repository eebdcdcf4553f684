"""What the tests of the whole product share: the command line on an emulated tenant."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import settings

from provisioner.cli.app import exit_code
from provisioner.cli.emulator import ControlPlane
from provisioner.emulator.server import RunningEmulator, environment, start

sys.path.insert(0, str(Path(__file__).parent))  # `merged_pack` stands beside the tests

settings.register_profile("patient", deadline=None)  # a busy machine is no counterexample
settings.load_profile("patient")

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--thorough`: the dearest tests too."""
    parser.addoption("--thorough", action="store_true", help="also run the dearest tests")


def pytest_configure(config: pytest.Config) -> None:
    """Where Python may not keep what it compiles beside the sources, pytest's cache keeps it.

    Compiling all tests takes ten seconds, in each worker; so do the processes that tests start.
    """
    if sys.dont_write_bytecode and hasattr(config, "cache"):
        sys.pycache_prefix = str(config.cache.mkdir("compiled"))
        sys.dont_write_bytecode = False
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the dearest tests, and say how many (pytest counts them as deselected).

    A test that is asked for by its file or name always runs.
    """
    from thorough import is_thorough

    if config.getoption("--thorough") or _named(config):
        return
    dear = [item for item in items if is_thorough(item.nodeid)]
    config.hook.pytest_deselected(items=dear)
    items[:] = [item for item in items if not is_thorough(item.nodeid)]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(optionalhook=True)  # xdist's; it may be switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n`, neighbours stay together, so that what a file prepares is prepared once."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


def _named(config: pytest.Config) -> bool:
    return any("tests" in str(one) for one in config.invocation_params.args)


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
    prepared: set[str]

    def __call__(self, *arguments: object) -> Answer:
        self.capture.readouterr()
        code = exit_code([str(one) for one in arguments])
        printed = self.capture.readouterr()
        return Answer(code, printed.out, printed.err)

    def file(self, text: str, name: str = "workspace.yaml") -> Path:
        path = self.folder / name
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def applied(self, text: str, name: str = "workspace.yaml") -> Path:
        """The file of a workspace that is applied already.

        That is done once a session; afterwards the tenant is put back to what it was then. Tests
        that are about the first apply itself call it themselves.
        """
        file = self.file(text, name)
        settings = self.control.call("GET", "settings")
        settings.pop("clock")
        said = json.dumps([file.read_text("utf-8"), settings], sort_keys=True)
        snapshot = f"applied-{hashlib.sha256(said.encode()).hexdigest()[:24]}"
        if snapshot in self.prepared:
            self.control.call("POST", "restore", {"id": snapshot})
        else:
            done = self("apply", file, "--yes")
            assert done.code == 0, done.err
            self.control.call("POST", "snapshot", {"name": snapshot})
            self.prepared.add(snapshot)
        self.forget_requests()
        return file

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


@pytest.fixture(scope="session", autouse=True)
def nothing_is_done_twice() -> Iterator[None]:
    """MSAL checks its private key at each sign-in, which takes a twentieth of a second."""
    from jwt.algorithms import RSAAlgorithm

    read = functools.cache(functools.partial(RSAAlgorithm.prepare_key, RSAAlgorithm(SHA256)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)  # nothing here must outlive a power cut
        patch.setattr(
            RSAAlgorithm,
            "prepare_key",
            lambda _algorithm, key: read(key) if isinstance(key, str | bytes) else key,
        )
        yield


@pytest.fixture(scope="session")
def product_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    running = start(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def prepared_tenants() -> set[str]:
    """Snapshots of the session's server: see `Commands.applied`."""
    return set()


@pytest.fixture
def provisioner(
    product_server: RunningEmulator,
    prepared_tenants: set[str],
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
    return Commands(product_server, control, capsys, tmp_path, prepared_tenants)

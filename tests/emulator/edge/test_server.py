from __future__ import annotations

import json
import ssl
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Never

import httpx
import pytest

from provisioner.emulator.server import (
    EmulatorError,
    RunningEmulator,
    environment,
    find_running,
    serve,
    start,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def running(home: Path) -> Iterator[RunningEmulator]:
    emulator = start(home)
    yield emulator
    emulator.stop()


def ask(emulator: RunningEmulator, path: str) -> httpx.Response:
    context = ssl.create_default_context(cafile=str(emulator.ca_path))
    return httpx.get(f"{emulator.url}{path}", verify=context, trust_env=False)


def test_it_serves_tls_on_loopback_with_its_own_authority(running: RunningEmulator) -> None:
    assert running.url.startswith("https://localhost:")
    assert ask(running, "/_emulator/health").json()["status"] == "ok"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(running.url, trust_env=False)


def test_another_process_can_find_it_while_it_serves(home: Path, running: RunningEmulator) -> None:
    assert find_running(home) == running.url
    running.stop()
    assert find_running(home) is None
    running.stop()


def test_a_file_left_by_a_process_that_died_is_not_believed(
    home: Path, running: RunningEmulator
) -> None:
    file = home / "emulator" / "running.json"
    details = json.loads(file.read_text())
    running.stop()
    for left in ("{", json.dumps(details), json.dumps(details | {"pid": 2**22 + 1}), "[]"):
        file.write_text(left)
        assert find_running(home) is None


def test_one_home_has_one_server(home: Path, running: RunningEmulator) -> None:
    with pytest.raises(EmulatorError, match="already serves"):
        start(home)


def test_a_taken_port_is_named(home: Path, running: RunningEmulator, tmp_path: Path) -> None:
    port = int(running.url.rpartition(":")[2])
    with pytest.raises(EmulatorError, match=f"Port {port}"):
        start(tmp_path, port)


def test_what_was_made_is_there_after_a_restart(home: Path, running: RunningEmulator) -> None:
    before = environment(home, running.url)
    ca = running.ca_path.read_bytes()
    state = ask(running, "/_emulator/state").json()["sites"]
    running.stop()
    again = start(home)
    try:
        assert again.ca_path.read_bytes() == ca
        assert environment(home, running.url) == before
        assert ask(again, "/_emulator/state").json()["sites"] == state
    finally:
        again.stop()


def test_without_the_control_plane_only_health_answers(tmp_path: Path) -> None:
    emulator = start(tmp_path, control=False)
    try:
        assert ask(emulator, "/_emulator/requests").status_code == 404
        assert find_running(tmp_path) == emulator.url
    finally:
        emulator.stop()


def test_the_environment_lets_another_program_sign_in(home: Path, running: RunningEmulator) -> None:
    env = environment(home, running.url, "sync")
    assert set(env) == {
        "EMULATOR_URL",
        "EMULATOR_CA",
        "EMULATOR_TENANT_ID",
        "EMULATOR_CLIENT_ID",
        "EMULATOR_CLIENT_SECRET",
        "EMULATOR_CERTIFICATE",
    }
    assert (
        environment(home, running.url, "reader")["EMULATOR_CLIENT_ID"] != env["EMULATOR_CLIENT_ID"]
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode")
def test_private_keys_are_readable_by_their_owner_only(
    home: Path, running: RunningEmulator
) -> None:
    env = environment(home, running.url)
    folder = home / "emulator"
    for path in (env["EMULATOR_CERTIFICATE"], folder / "server-key.pem"):
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_the_authoritys_own_key_is_not_kept(home: Path, running: RunningEmulator) -> None:
    files = {path.name for path in (home / "emulator").iterdir()}
    assert not any("ca" in name and "key" in name for name in files)


def test_an_app_that_is_not_registered_is_named(
    home: Path, running: RunningEmulator, tmp_path: Path
) -> None:
    with pytest.raises(EmulatorError, match="'nobody'; there are full-control"):
        environment(home, running.url, "nobody")
    with pytest.raises(EmulatorError, match="start one first"):
        environment(tmp_path, running.url)


def test_serving_in_the_foreground_stops_cleanly(tmp_path: Path) -> None:
    seen = []

    def interrupt(emulator: RunningEmulator) -> Never:
        seen.append(ask(emulator, "/_emulator/health").status_code)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(tmp_path, ready=interrupt)
    assert seen == [200]
    assert find_running(tmp_path) is None

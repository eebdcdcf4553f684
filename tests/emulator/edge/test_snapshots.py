"""Snapshot and restore, and what outlives the process."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.emulator.server import RunningEmulator, environment, find_running, start

Send = Callable[..., Any]

_SERVE = """
import sys
from pathlib import Path
from provisioner.emulator.server import serve
serve(Path(sys.argv[1]), ready=lambda running: print(running.url, flush=True))
"""


@pytest.fixture
def items(graph: Send, site: str) -> str:
    """The address of the items of a list with one item."""
    made = graph("POST", f"/sites/contoso.sharepoint.com:{site}:/lists", {"displayName": "Risks"})
    address = f"/sites/contoso.sharepoint.com:{site}:/lists/{made.json()['id']}/items"
    assert graph("POST", address, {"fields": {"Title": "one"}}).status_code == 201
    return address


def state(http: httpx.Client) -> dict[str, Any]:
    told = http.get("/_emulator/state").json()
    del told["clock"]
    return dict(told)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def below(emulator: RunningEmulator, link: str) -> str:
    return link.removeprefix(f"{emulator.url}/v1.0")


def test_a_restore_brings_everything_back(
    http: httpx.Client, graph: Send, items: str, grant: Send
) -> None:
    grant("sync", "write")
    http.put("/_emulator/settings", json={"pageSize": 3})
    before = state(http)
    clock = http.get("/_emulator/settings").json()["clock"]
    identifier = http.post("/_emulator/snapshot").json()["id"]
    graph("POST", items, {"fields": {"Title": "two"}})
    grant("sync", "fullcontrol")
    http.put("/_emulator/settings", json={"pageSize": 9, "clockAdvanceSeconds": 10**6})
    assert state(http) != before
    assert http.post("/_emulator/restore", json={"id": identifier}).status_code == 204
    assert state(http) == before
    settings = http.get("/_emulator/settings").json()
    assert settings["pageSize"] == 3
    assert abs(moment(settings["clock"]) - moment(clock)) < timedelta(minutes=5)
    assert http.post("/_emulator/restore", json={"id": identifier}).status_code == 204
    assert state(http) == before


def test_delta_and_counters_go_on_from_the_snapshot(
    http: httpx.Client, emulator: RunningEmulator, graph: Send, items: str
) -> None:
    link = graph("GET", f"{items}/delta?token=latest").json()["@odata.deltaLink"]
    http.post("/_emulator/snapshot", json={"name": "baseline"})
    first = graph("POST", items, {"fields": {"Title": "two"}}).json()
    http.post("/_emulator/restore", json={"id": "baseline"})
    assert graph("GET", below(emulator, link)).json()["value"] == []
    again = graph("POST", items, {"fields": {"Title": "three"}}).json()
    assert again["id"] == first["id"] == "2"
    (changed,) = graph("GET", below(emulator, link)).json()["value"]
    assert changed["id"] == "2"


def test_the_random_order_goes_on_from_the_snapshot(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    http.post("/_emulator/snapshot", json={"name": "order"})
    first = [emulator.tenant.shuffled(list(range(20))) for _ in range(3)]
    http.post("/_emulator/restore", json={"id": "order"})
    assert [emulator.tenant.shuffled(list(range(20))) for _ in range(3)] == first


def test_tokens_and_certificates_hold_on_both_sides(
    http: httpx.Client, emulator: RunningEmulator, graph: Send
) -> None:
    http.post("/_emulator/snapshot", json={"name": "early"})
    env = environment(emulator.home, emulator.url, "reader")
    certificate = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    http.post("/_emulator/restore", json={"id": "early"})
    assert graph("GET", "/sites/root").status_code == 200
    row = emulator.tenant.one("SELECT certificate_pem FROM app WHERE name = 'reader'")
    assert row is not None
    assert row["certificate_pem"] in certificate


def test_a_name_can_be_taken_again(http: httpx.Client, graph: Send, items: str) -> None:
    assert http.post("/_emulator/snapshot", json={"name": "a"}).json() == {"id": "a"}
    graph("POST", items, {"fields": {"Title": "two"}})
    after = state(http)
    http.post("/_emulator/snapshot", json={"name": "a"})
    http.post("/_emulator/restore", json={"id": "a"})
    assert state(http) == after


@pytest.mark.parametrize("identifier", ["none", "../tenant", None])
def test_a_snapshot_that_is_not_there(
    http: httpx.Client, emulator: RunningEmulator, identifier: str | None
) -> None:
    assert http.post("/_emulator/restore", json={"id": identifier}).status_code == 404
    assert http.post("/_emulator/snapshot", json={"name": "../x"}).status_code == 400


def _client(home: Path, url: str) -> httpx.Client:
    context = ssl.create_default_context(cafile=environment(home, url)["EMULATOR_CA"])
    return httpx.Client(base_url=url, verify=context, trust_env=False, timeout=30)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_state_and_snapshots_outlive_a_kill(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        env = environment(tmp_path, url, "full-control")
        secret = {
            "grant_type": "client_credentials",
            "client_id": env["EMULATOR_CLIENT_ID"],
            "client_secret": env["EMULATOR_CLIENT_SECRET"],
            "scope": "https://graph.microsoft.com/.default",
        }
        with _client(tmp_path, url) as client:
            path = f"/{env['EMULATOR_TENANT_ID']}/oauth2/v2.0/token"
            token = client.post(path, data=secret).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            body = {"displayName": "Survivor"}
            made = client.post("/v1.0/sites/root/lists", json=body, headers=headers)
            assert made.status_code == 201, made.text
            client.post("/_emulator/snapshot", json={"name": "kept"})
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    assert find_running(tmp_path) is None
    running = start(tmp_path)
    try:
        with _client(tmp_path, running.url) as client:
            shown = client.get("/v1.0/sites/root/lists/Survivor", headers=headers)
            assert shown.json()["id"] == made.json()["id"]
            assert client.post("/_emulator/restore", json={"id": "kept"}).status_code == 204
            assert client.get("/v1.0/sites/root/lists/Survivor", headers=headers).is_success
    finally:
        running.stop()

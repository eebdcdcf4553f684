"""Programs aimed at Microsoft's own addresses reach the emulator, and nothing else."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import msal
import pytest
import requests

from provisioner.emulator import proxy
from provisioner.emulator.clouds import MICROSOFT_HOSTS
from provisioner.emulator.environment import EmulatorError
from provisioner.emulator.server import environment

ROOT = "https://graph.microsoft.com/v1.0/sites/root"
SHAREPOINT = "contoso.sharepoint.com"


@pytest.fixture
def running(emulator: Any) -> Iterator[proxy.RunningProxy]:
    started = proxy.start(emulator.url)
    yield started
    started.stop()


@pytest.fixture
def client(emulator: Any, running: proxy.RunningProxy) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cafile=str(emulator.ca_path))
    with httpx.Client(proxy=running.url, verify=context, trust_env=False) as made:
        yield made


def test_httpx_reaches_graph(client: httpx.Client, token: Any) -> None:
    headers = {"Authorization": f"Bearer {token('full-control', 'graph')}"}
    answer = client.get(ROOT, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["@odata.context"].startswith("https://graph.microsoft.com/v1.0/")


def test_links_lead_back_to_the_host_that_was_asked(
    client: httpx.Client, token: Any, site: str
) -> None:
    headers = {"Authorization": f"Bearer {token('full-control', 'graph')}"}
    address = "https://graph.microsoft.com/v1.0/sites/contoso.sharepoint.com:/sites/acme:/lists"
    page = client.get(address + "?$top=1", headers=headers).json()
    assert page["@odata.nextLink"].startswith("https://graph.microsoft.com/v1.0/")
    assert client.get(page["@odata.nextLink"], headers=headers).status_code == 200


def test_graph_names_sites_and_lists_by_sharepoints_host(
    client: httpx.Client, token: Any, site: str
) -> None:
    headers = {"Authorization": f"Bearer {token('full-control', 'graph')}"}
    address = f"https://graph.microsoft.com/v1.0/sites/contoso.sharepoint.com:{site}"
    assert client.get(address, headers=headers).json()["webUrl"] == f"https://{SHAREPOINT}{site}"
    for what in ("lists", "drives"):
        found = client.get(f"{address}:/{what}", headers=headers).json()["value"]
        assert found
        assert {urlsplit(one["webUrl"]).hostname for one in found} == {SHAREPOINT}


def test_sharepoint_is_there_by_its_own_name(client: httpx.Client, token: Any, site: str) -> None:
    headers = {
        "Authorization": f"Bearer {token('full-control', 'sharepoint')}",
        "Accept": "application/json;odata=nometadata",
    }
    web = client.get(f"https://contoso.sharepoint.com{site}/_api/web", headers=headers).json()
    assert web["Url"] == "https://contoso.sharepoint.com/sites/acme"


def test_requests_and_msal_need_the_environment_alone(
    emulator: Any, running: proxy.RunningProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in proxy.environment(running.url, emulator.ca_path).items():
        monkeypatch.setenv(name, value)
    env = environment(emulator.home, emulator.url, "full-control")
    app = msal.ConfidentialClientApplication(
        env["EMULATOR_CLIENT_ID"],
        authority=f"https://login.microsoftonline.com/{env['EMULATOR_TENANT_ID']}",
        client_credential=env["EMULATOR_CLIENT_SECRET"],
    )
    answer = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert "access_token" in answer, answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert requests.get(ROOT, headers=headers, timeout=10).status_code == 200


def test_a_person_may_sign_in_at_the_common_authority(
    emulator: Any, running: proxy.RunningProxy, monkeypatch: pytest.MonkeyPatch, http: httpx.Client
) -> None:
    for name, value in proxy.environment(running.url, emulator.ca_path).items():
        monkeypatch.setenv(name, value)
    env = environment(emulator.home, emulator.url, "interactive")
    app = msal.PublicClientApplication(env["EMULATOR_CLIENT_ID"])
    flow = app.initiate_device_flow(["Sites.Read.All"])
    body = {"userCode": flow["user_code"], "user": "vciso@contoso.example"}
    assert http.post("/_emulator/device-logins", json=body).status_code == 204
    assert "access_token" in app.acquire_token_by_device_flow(flow)


@pytest.mark.parametrize(
    "host",
    ["example.com:443", "graph.microsoft.com:80", "evil.graph.microsoft.com:443", "127.0.0.1:22"],
)
def test_every_other_host_is_refused(running: proxy.RunningProxy, host: str) -> None:
    assert _ask(running, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").startswith(
        "HTTP/1.1 403 "
    )


def test_plain_requests_are_refused(running: proxy.RunningProxy) -> None:
    answer = _ask(running, "GET http://graph.microsoft.com/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith("HTTP/1.1 405 ")


def test_the_control_plane_is_not_reached_by_another_name(client: httpx.Client) -> None:
    assert client.get("https://graph.microsoft.com/_emulator/state").status_code == 403


def test_an_emulator_that_is_gone_is_a_bad_gateway() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
    started = proxy.start(f"https://localhost:{nobody}")
    host = f"{MICROSOFT_HOSTS[0]}:443"
    try:
        answer = _ask(started, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n")
    finally:
        started.stop()
    assert answer.startswith("HTTP/1.1 502 ")


def test_a_port_that_is_taken_is_said(running: proxy.RunningProxy, emulator: Any) -> None:
    taken = urlsplit(running.url).port
    assert taken is not None
    with pytest.raises(EmulatorError, match="could not start"):
        proxy.start(emulator.url, taken)


def _ask(running: proxy.RunningProxy, request: str) -> str:
    address = urlsplit(running.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(request.encode())
        return line.recv(4096).decode()


def test_the_command_serves_until_interrupted(tmp_path: Any) -> None:
    """`provisioner emulator proxy` starts an emulator where none serves, and says what to set."""
    import os
    import signal
    import subprocess
    import sys

    environment = os.environ | {"PROVISIONER_HOME": str(tmp_path), "NO_COLOR": "1"}
    # A shell that starts us in the background has Ctrl-C ignored, and children inherit that.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    started = f"{listening}; from provisioner.cli import main; main()"
    arguments = [sys.executable, "-c", started, "emulator", "proxy", "--port", "0"]
    with subprocess.Popen(
        arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        first = command.stdout.readline()
        try:
            assert first.startswith("export HTTPS_PROXY=http://127.0.0.1:"), first
            url = first.strip().partition("=")[2]
            address = urlsplit(url)
            with socket.create_connection((address.hostname, address.port), timeout=10) as line:
                line.sendall(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 403 ")
        finally:
            command.send_signal(signal.SIGINT)
            try:
                command.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                command.kill()
                raise
    assert command.returncode == 0

"""GCC High, DoD and China: each cloud's own sign-in, Graph and SharePoint hosts, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.emulator import proxy
from provisioner.emulator.clouds import CLOUDS
from provisioner.emulator.server import environment

WORKSPACE = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: CLOUD, hostname: HOST, auth: {method: certificate}}
site: {url: /sites/acme, title: Acme, create: communication, owner: vciso@contoso.example}
columns: [{name: Rating, type: number}]
contentTypes: [{name: Acme Risk, base: Item, columns: [Rating]}]
lists: [{key: risks, title: Risks, contentTypes: [Acme Risk]}]
"""
NATIONAL = [name for name in CLOUDS if name != "global"]


def declared(cloud: str, host: str = "") -> str:
    return WORKSPACE.replace("CLOUD", cloud).replace("HOST", host or CLOUDS[cloud].sharepoint)


@pytest.fixture
def between(provisioner: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``between("china")``: the tenant is in that cloud, and its hosts lead to it."""
    running = provisioner.running
    env = environment(running.home, running.url, "full-control")
    passing = proxy.start(running.url)
    for name, value in proxy.environment(passing.url, Path(env["EMULATOR_CA"])).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PROVISIONER_CLIENT_ID", env["EMULATOR_CLIENT_ID"])
    monkeypatch.setenv("PROVISIONER_TENANT_ID", env["EMULATOR_TENANT_ID"])
    monkeypatch.setenv("PROVISIONER_CERTIFICATE", env["EMULATOR_CERTIFICATE"])

    def tenant(cloud: str) -> None:
        settings = {"cloud": cloud, "hostname": CLOUDS[cloud].sharepoint}
        provisioner.control.call("POST", "reset", settings | {"resourceUnitsPerMinute": 1_000_000})

    yield tenant
    passing.stop()
    provisioner.control.call(
        "POST", "reset", {"cloud": "global", "hostname": "contoso.sharepoint.com"}
    )


@pytest.mark.parametrize("cloud", NATIONAL)
def test_a_national_cloud_is_reached_by_its_own_hosts(
    cloud: str, provisioner: Any, between: Any
) -> None:
    between(cloud)
    answer = provisioner("doctor", provisioner.file(declared(cloud)), "--format", "json")
    assert answer.code == 0, answer.out
    checks = {one["check"]: one for one in answer.json()["checks"]}
    assert {checks[f"token-{one}"]["state"] for one in ("graph", "sharepoint")} == {"pass"}
    assert CLOUDS[cloud].login in checks["authority"]["found"]
    assert CLOUDS[cloud].sharepoint in answer.out


def test_what_is_made_in_china_names_no_address_elsewhere(provisioner: Any, between: Any) -> None:
    between("china")
    file = provisioner.file(declared("china"))
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    assert provisioner("plan", file).code == 0


def test_a_tenant_of_one_cloud_is_not_known_in_another(provisioner: Any, between: Any) -> None:
    between("usgov")
    answer = provisioner("plan", provisioner.file(declared("china")))
    assert answer.code == 1
    assert answer.err.startswith("TENANT-NOT-FOUND  ")
    assert "login.chinacloudapi.cn" in answer.err
    assert {row["audience"] for row in provisioner.requests()} == {"entra"}


@pytest.mark.parametrize(
    ("cloud", "host"),
    [("global", "acme.sharepoint.us"), ("usgov", "acme.sharepoint.com"), ("china", "evil.example"),
     ("usgov-dod", "sharepoint-mil.us.evil.example")],
)  # fmt: skip
def test_a_host_of_another_cloud_gets_no_token(cloud: str, host: str, provisioner: Any) -> None:
    answer = provisioner("validate", provisioner.file(declared(cloud, host)), "--format", "json")
    (error,) = answer.json()["errors"]
    assert (answer.code, error["code"], error["line"]) == (2, "HOST-OF-ANOTHER-CLOUD", 3)
    assert CLOUDS[cloud].sharepoint.removeprefix("contoso") in error["message"]
    assert provisioner.requests() == []

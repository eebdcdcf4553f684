"""A sign-in or a permission that is not as it must be: a sentence, the next step, and no harm done."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import emulator as door
from provisioner.emulator.seeds import APPS
from provisioner.emulator.server import environment

SignedIn = Callable[..., Path]


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("text", "CERTIFICATE-UNREADABLE", "PROVISIONER_CERTIFICATE"),
        ("mismatched", "CERTIFICATE-KEY-MISMATCH", "Export both again"),
        ("ended", "CERTIFICATE-EXPIRED", "Make a new one"),
        ("stranger", "CERTIFICATE-REFUSED", "Certificates & secrets"),
    ],
)
def test_a_wrong_certificate_is_told_from_a_right_one(
    file: str,
    code: str,
    words: str,
    provisioner: Any,
    signed_in: SignedIn,
    certificates: dict[str, Path],
) -> None:
    workspace = signed_in("provisioner", certificate=f"file:{certificates[file]}")
    answer = provisioner("apply", workspace, "--yes")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"{code}  ")
    assert words in answer.err
    assert "PRIVATE KEY" not in answer.err
    assert provisioner.writes() == []


def test_a_certificate_that_is_not_there_is_named(provisioner: Any, signed_in: SignedIn) -> None:
    answer = provisioner("plan", signed_in("provisioner", certificate="file:nowhere.pem"))
    assert answer.code == 1
    assert answer.err.startswith("CERTIFICATE-UNREADABLE  ")
    assert "nowhere.pem" in answer.err


def test_the_certificate_of_another_app_is_refused_with_microsofts_id(
    provisioner: Any, signed_in: SignedIn
) -> None:
    other = environment(provisioner.running.home, provisioner.running.url, "none")
    answer = provisioner(
        "plan",
        signed_in("provisioner", certificate=f"file:{other['EMULATOR_CERTIFICATE']}"),
        "--format",
        "json",
    )
    assert answer.code == 1
    assert answer.json()["kind"] == "Error"
    assert answer.json()["code"] == "CERTIFICATE-REFUSED"
    assert answer.json()["requestId"]


def test_an_app_the_tenant_does_not_know_is_said_so(provisioner: Any, signed_in: SignedIn) -> None:
    stranger = "00000000-0000-0000-0000-000000000001"
    answer = provisioner("plan", signed_in("provisioner", clientId=stranger))
    assert answer.code == 1
    assert answer.err.startswith("APP-NOT-FOUND  ")
    assert stranger in answer.err
    assert "consent" in answer.err


@pytest.mark.parametrize(
    ("value", "exit_code", "code", "words"),
    [
        (None, 1, "REFERENCE-ENV-MISSING", "export APP_SECRET="),
        ("wrong-one", 3, "SHAREPOINT-NEEDS-CERTIFICATE", "PROVISIONER_CERTIFICATE"),
        ("", 3, "SHAREPOINT-NEEDS-CERTIFICATE", "PROVISIONER_CERTIFICATE"),
    ],
)
def test_a_secret_is_not_enough_and_is_never_shown(
    value: str | None,
    exit_code: int,
    code: str,
    words: str,
    provisioner: Any,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = provisioner.running
    right = environment(running.home, running.url)["EMULATOR_CLIENT_SECRET"]
    monkeypatch.delenv("APP_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("APP_SECRET", value or right)
    workspace = signed_in("provisioner", method="secret", secret="env:APP_SECRET", certificate="")
    answer = provisioner("apply", workspace, "--yes", "--verbose")
    assert answer.code == exit_code
    assert code in answer.err
    assert words in answer.err
    assert right not in answer.err
    assert "wrong-one" not in answer.err
    assert provisioner.writes() == []


def test_without_a_way_to_sign_in_the_file_is_pointed_at(command_free_cloud: Any) -> None:
    answer = command_free_cloud("{cloud: global, hostname: acme.sharepoint.com}")
    assert answer.code == 1
    assert "SIGN-IN-MISSING" in answer.err
    assert "workspace.yaml:3:9" in answer.err
    assert "auth:" in answer.err


def test_without_a_client_id_the_variable_is_named(command_free_cloud: Any) -> None:
    answer = command_free_cloud(
        "{cloud: global, hostname: acme.sharepoint.com, tenantId: x, "
        "auth: {method: certificate, certificate: file:a.pem}}"
    )
    assert answer.code == 1
    assert "PROVISIONER_CLIENT_ID" in answer.err


@pytest.fixture
def command_free_cloud(
    provisioner: Any, small: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Any]:
    """Plans the small workspace in a tenant given by its words; it never gets to a network."""
    for name in ("CLIENT_ID", "TENANT_ID", "CERTIFICATE", "CLIENT_SECRET"):
        monkeypatch.delenv(f"PROVISIONER_{name}", raising=False)
    return lambda words: provisioner(
        "plan", provisioner.file(small.replace("{cloud: emulator}", words))
    )


def test_an_app_without_any_permission_gets_the_admins_steps(
    provisioner: Any, signed_in: SignedIn
) -> None:
    for command in (["plan"], ["drift"], ["apply", "--yes"]):
        answer = provisioner(*command[:1], signed_in("none"), *command[1:], "--format", "json")
        error = answer.json()
        assert (answer.code, error["kind"], error["code"]) == (3, "Error", "CONSENT-MISSING")
        assert "admin" in error["hint"]
        assert "`provisioner permissions`" in error["hint"]
    assert {row["audience"] for row in provisioner.requests()} <= {"entra", ""}, "no site is asked"


def test_an_app_that_may_not_create_the_site_is_told_both_ways_out_and_goes_on_later(
    provisioner: Any, signed_in: SignedIn
) -> None:
    for command in (("plan",), ("apply", "--yes")):
        refused = provisioner(command[0], signed_in("sync"), *command[1:])
        assert refused.code == 3
        said = refused.out + refused.err
        assert "SITE-CREATE-DENIED" in said
        assert "Sites.Create.All" in said
        assert "create: never" in said
    assert not provisioner.writes()

    workspace = signed_in("provisioner")
    assert provisioner("apply", workspace, "--yes").code == 0
    assert provisioner("plan", workspace).code == 0


def test_an_app_that_may_only_write_rows_is_told_which_change_before_lock_and_journal(
    provisioner: Any, signed_in: SignedIn, small: str
) -> None:
    assert provisioner("apply", signed_in("provisioner"), "--yes").code == 0
    _grant(provisioner, "sync", "write")
    more = small.replace("choices: [Mitigate, Accept]", "choices: [Mitigate, Accept, Avoid]")
    workspace = signed_in("sync", more)
    folder = provisioner.running.home / "journals"
    before = sorted(folder.iterdir())
    provisioner.forget_requests()
    assert provisioner("plan", workspace).code == 2, "reading is allowed"
    refused = provisioner("apply", workspace, "--yes", "--format", "json")
    said = refused.json()
    assert (refused.code, said["code"]) == (3, "PERMISSION-MISSING")
    assert said["address"] == "list:risks/column:Treatment"
    assert "PATCH to fullcontrol" in refused.err
    assert provisioner.writes() == []
    assert sorted(folder.iterdir()) == before

    workspace = signed_in("provisioner", more)
    assert provisioner("apply", workspace, "--yes").code == 0
    assert provisioner("plan", workspace).code == 0


def test_an_app_that_may_only_read_changes_nothing_and_is_told_why(
    provisioner: Any, signed_in: SignedIn, small: str
) -> None:
    assert provisioner("apply", signed_in("provisioner"), "--yes").code == 0
    workspace = signed_in("reader", small.replace("title: Risk Register", "title: Risks"))
    assert provisioner("plan", workspace).code == 2
    before = provisioner.control.call("GET", "state")["sites"]
    refused = provisioner("apply", workspace, "--yes", "--format", "json")
    assert (refused.code, refused.json()["code"]) == (3, "PERMISSION-MISSING")
    assert "the role read on this site" in refused.err
    assert provisioner.control.call("GET", "state")["sites"] == before
    assert provisioner("apply", signed_in("reader"), "--yes").code == 0, "nothing to do is no harm"


def _grant(provisioner: Any, app: str, role: str) -> None:
    """What an administrator does for an app with Sites.Selected."""
    tenant = provisioner.running.tenant
    site = tenant.one("SELECT id FROM site WHERE path = '/sites/acme'")["id"]
    app_id = next(one.app_id for one in APPS if one.name == app)
    tenant.run(
        "INSERT INTO app_grant (id, site_id, list_id, app_id, role) VALUES (?, ?, NULL, ?, ?)",
        f"{app}-{role}",
        site,
        app_id,
        role,
    )


def test_drift_of_a_site_that_is_not_there_is_a_finding(provisioner: Any, small: str) -> None:
    checked = provisioner("drift", provisioner.file(small), "--format", "json")
    assert checked.code == 2
    assert [one["address"] for one in checked.json()["findings"]] == ["site"]
    gone = small.replace("create: communication", "create: never")
    checked = provisioner("drift", provisioner.file(gone), "--format", "json")
    assert checked.code == 2
    assert "SITE-NOT-FOUND" in {one["code"] for one in checked.json()["findings"]}
    assert provisioner.writes() == []


@pytest.fixture
def leads_to(provisioner: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the command line look for its tenant elsewhere."""

    def change(**otherwise: str) -> None:
        known = environment(provisioner.running.home, provisioner.running.url) | otherwise

        @contextmanager
        def running(_home: Path) -> Iterator[dict[str, str]]:
            yield known

        monkeypatch.setattr(door, "emulator_running", running)

    return change


def test_a_host_that_does_not_listen_is_named(
    provisioner: Any, small: str, leads_to: Callable[..., None]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    leads_to(EMULATOR_URL=f"https://localhost:{port}")
    answer = provisioner("plan", provisioner.file(small), "--format", "json")
    error = answer.json()
    assert (answer.code, error["code"]) == (1, "SIGN-IN-UNREACHABLE")
    assert f"localhost:{port}" in error["message"]
    assert "HTTPS_PROXY" in error["hint"]


def test_a_certificate_of_the_host_that_is_not_trusted_is_said_so(
    provisioner: Any, small: str, leads_to: Callable[..., None], certificates: dict[str, Path]
) -> None:
    leads_to(EMULATOR_CA=str(certificates["stranger"]))
    answer = provisioner("plan", provisioner.file(small))
    assert answer.code == 1
    assert "is not trusted" in answer.err
    assert "SSL_CERT_FILE" in answer.err


def test_a_tenant_nobody_knows_is_said_so(
    provisioner: Any, small: str, leads_to: Callable[..., None]
) -> None:
    leads_to(EMULATOR_TENANT_ID="00000000-0000-0000-0000-000000000009")
    answer = provisioner("plan", provisioner.file(small))
    assert answer.code == 1
    assert answer.err.startswith("TENANT-NOT-FOUND  ")
    assert "PROVISIONER_TENANT_ID" in answer.err

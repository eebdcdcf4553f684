"""Every way to sign in against the emulator's Entra over TLS, through unmodified MSAL."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
import threading
import time as real_time  # tokens live by the real clock, here as in Entra
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from provisioner.cli.emulator import ControlPlane
from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.core.transport import Audience, Reading
from provisioner.emulator.server import RunningEmulator, environment, start
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.certificate import load_certificate
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints, emulator_endpoints
from provisioner.tenant.managed_identity import IdentitySignIn
from provisioner.tenant.sessions import PlainSession
from provisioner.tenant.token_cache import read_cache, write_cache

from .conftest import Open, Time, make_certificate

GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:acme/evidence:ref:refs/heads/main"
BOTH: tuple[Audience, ...] = ("graph", "sharepoint")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    running = start(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture
def entra(emulator: RunningEmulator) -> Endpoints:
    tenant_id = environment(emulator.home, emulator.url)["EMULATOR_TENANT_ID"]
    return emulator_endpoints(emulator.url, emulator.ca_path, tenant_id, "")


@pytest.fixture
def control(emulator: RunningEmulator) -> ControlPlane:
    return ControlPlane(environment(emulator.home, emulator.url))


def app(emulator: RunningEmulator, name: str, **given: Any) -> Credentials:
    env = environment(emulator.home, emulator.url, name)
    kept = {"certificate": env["EMULATOR_CERTIFICATE"], **given}
    return Credentials("emulator", env["EMULATOR_TENANT_ID"], env["EMULATOR_CLIENT_ID"], **kept)


def tokens(entra: Endpoints, who: Credentials, **more: Any) -> TokenSource:
    return TokenSource(who, entra, PlainSession(entra, 2), **more)


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


@pytest.fixture(scope="module")
def issuer_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def workload(key: rsa.RSAPrivateKey, **changed: Any) -> str:
    now = int(real_time.time())  # noqa: TID251
    said = {"iss": GITHUB, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "exp": now + 300}
    return jwt.encode({**said, **changed}, key, algorithm="RS256", headers={"kid": "1"})


@contextmanager
def answering(status: int, body: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """A small service on this machine; what it was asked, with the header that lets in."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            who = self.headers.get("Authorization") or self.headers.get("X-IDENTITY-HEADER")
            asked.append(f"{self.command} {self.path} {who}")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_while_certificates_change_the_newer_is_tried_and_the_older_still_works(
    emulator: RunningEmulator, entra: Endpoints
) -> None:
    newer = b"".join(make_certificate(days=1500)).decode()
    ended = b"".join(make_certificate(days=-1)).decode()
    who = app(emulator, "sync", next_certificate=newer)
    source = tokens(entra, who)
    assert [claims(source.token(one))["appidacr"] for one in BOTH] == ["2", "2"]
    assert source.roles("graph") == {"Sites.Selected", "Mail.Send"}
    swapped = replace(who, certificate=ended, next_certificate=who.certificate)
    assert tokens(entra, swapped).token("graph")
    with pytest.raises(ProvisionerError) as caught:
        tokens(entra, replace(who, certificate=newer, next_certificate="")).token("graph")
    assert caught.value.code == "CERTIFICATE-REFUSED"
    unknown = b"".join(make_certificate(days=900)).decode()
    with pytest.raises(ProvisionerError) as caught:
        tokens(entra, replace(who, certificate=unknown, next_certificate=newer)).token("graph")
    now = datetime.now(UTC)  # noqa: TID251
    for one in (newer, unknown):  # as the portal lists them, so that one can look
        sent = load_certificate(one, "", now)
        assert f"{sent.thumbprint} (it ends on {sent.expires:%Y-%m-%d})" in caught.value.message
    assert "(AADSTS700027)" in caught.value.message


def test_a_token_that_runs_out_in_mid_run_is_renewed_through_the_same_sign_in(
    emulator: RunningEmulator, entra: Endpoints, time: Time
) -> None:
    source = tokens(entra, app(emulator, "sync"), clock=time.clock)
    first = source.token("graph")
    time.now += 3599 - 301
    assert source.token("graph") == first
    assert source.drop_older("graph", 60)
    second = source.token("graph")
    assert claims(second)["uti"] != claims(first)["uti"]


def test_a_secret_is_refused_before_graph_is_asked_where_sharepoint_is_needed_too(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    async def go() -> None:
        async with open_tenant(method="secret", secret="s3cret-value") as client:
            await client.read([Reading("graph", "/sites/root"), Reading("sharepoint", "/_api/web")])

    with pytest.raises(Refused) as caught:
        asyncio.run(go())
    assert caught.value.code == "SHAREPOINT-NEEDS-CERTIFICATE"
    assert "s3cret" not in caught.value.message + caught.value.hint
    assert not wire.calls


def test_a_job_in_github_signs_in_with_the_token_it_is_given(
    emulator: RunningEmulator,
    entra: Endpoints,
    control: ControlPlane,
    issuer_key: rsa.RSAPrivateKey,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    pem = issuer_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    trusted = {"app": "sync", "issuer": GITHUB, "subject": SUBJECT, "publicKey": pem.decode()}
    control.call("POST", "federated-credentials", trusted)
    for name in ("AZURE_FEDERATED_TOKEN_FILE", "SYSTEM_OIDCREQUESTURI"):
        monkeypatch.delenv(name, raising=False)
    who = app(emulator, "sync", certificate="", method="federated")

    def refused(token: str) -> ProvisionerError:
        file = tmp_path / "token"
        file.write_text(token)
        with pytest.raises(ProvisionerError) as caught:
            tokens(entra, replace(who, token_file=str(file))).token("graph")
        assert token not in f"{caught.value.message} {caught.value.hint}"
        return caught.value

    with answering(200, {"value": workload(issuer_key)}) as (url, asked):
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{url}/token?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job-token")
        source = tokens(entra, who)
        assert [claims(source.token(one))["appidacr"] for one in BOTH] == ["2", "2"]
        before = len(asked)
        assert source.drop_older("graph", -1)
        assert source.token("graph")
        assert len(asked) == before + 1, "the job's token lives for minutes: each renewal asks anew"
    query = "/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
    assert set(asked) == {f"GET {query} Bearer job-token"}
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL")

    for changed, number in (
        ({"iss": "https://gitlab.example"}, "700211"),
        ({"aud": "https://github.com/acme"}, "700212"),
        ({"sub": "repo:acme/evidence:environment:prod"}, "700213"),
        ({"sub": SUBJECT.replace("acme", "Acme")}, "7002138"),
    ):
        problem = refused(workload(issuer_key, **changed))
        assert problem.code == "FEDERATION-NOT-TRUSTED"
        assert f"AADSTS{number})" in problem.message
        assert all(f"“{sent}”" in problem.message for sent in changed.values()), "to be registered"
    ended = refused(workload(issuer_key, exp=1_700_000_000))
    assert ended.code == "CLOCK-WRONG"
    assert "until 2023-11-14 22:13 UTC" in ended.message
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refused(workload(stranger)).code == "CERTIFICATE-REFUSED"
    assert refused("half a secret").code == "FEDERATED-TOKEN-MISSING"
    with pytest.raises(ProvisionerError) as caught:
        tokens(entra, who).token("graph")
    assert caught.value.code == "FEDERATED-TOKEN-MISSING"
    assert "id-token: write" in caught.value.hint


def test_a_job_in_azure_devops_asks_for_the_token_of_its_service_connection(
    emulator: RunningEmulator, entra: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_FEDERATED_TOKEN_FILE", "ACTIONS_ID_TOKEN_REQUEST_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", raising=False)
    who = app(emulator, "sync", certificate="", method="federated")
    with answering(401, {"message": "not you with job-token"}) as (url, asked):
        monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", f"{url}/oidctoken")
        monkeypatch.setenv("SYSTEM_ACCESSTOKEN", "job-token")
        with pytest.raises(ProvisionerError) as missing:
            tokens(entra, who).token("graph")
        assert asked == []
        monkeypatch.setenv("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "conn-1")
        with pytest.raises(ProvisionerError) as caught:
            tokens(entra, who).token("graph")
    assert missing.value.code == "FEDERATED-TOKEN-MISSING"
    assert asked == ["POST /oidctoken?api-version=7.1&serviceConnectionId=conn-1 Bearer job-token"]
    assert caught.value.code == "FEDERATED-TOKEN-REFUSED"
    assert "job-token" not in caught.value.message
    with pytest.raises(Temporary) as lost:
        tokens(entra, who).token("graph")
    assert lost.value.code == "FEDERATED-TOKEN-UNREACHABLE"


def test_a_managed_identity_is_asked_of_this_machine_and_works_for_both_audiences(
    emulator: RunningEmulator, entra: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tokens(entra, app(emulator, "sync")).token("graph")
    expires = int(real_time.time()) + 3000  # noqa: TID251
    body = {"access_token": given, "expires_on": str(expires), "token_type": "Bearer"}
    who = Credentials("emulator", "organizations", "id-7", method="managed-identity")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with answering(200, {**body, "resource": "r"}) as (url, asked):
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header-1")
        source = tokens(entra, who)
        assert [source.token(one) for one in BOTH] == [given, given]
        assert source.roles("graph") == {"Sites.Selected", "Mail.Send"}
    assert [line.count("client_id=id-7") for line in asked] == [1, 1]
    assert "resource=https%3A%2F%2Fcontoso.sharepoint.com" in asked[1]
    with pytest.raises(ProvisionerError) as caught:
        tokens(entra, who).token("graph")
    assert caught.value.code == "MANAGED-IDENTITY-MISSING"


def test_what_azure_arc_answers_otherwise_than_expected_is_a_sentence(
    entra: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the agent is to name a file with a secret; MSAL has an error of its own where it does not."""
    who = Credentials("emulator", "organizations", "", method="managed-identity")
    monkeypatch.delenv("IDENTITY_HEADER", raising=False)
    with answering(401, {}) as (url, _):
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{url}/metadata/identity/oauth2/token")
        monkeypatch.setenv("IMDS_ENDPOINT", url)
        with pytest.raises(ProvisionerError) as caught:
            tokens(entra, who).token("graph")
    assert caught.value.code == "MANAGED-IDENTITY-MISSING"
    assert "gives no token of a managed identity: " in caught.value.message

    class Agent:
        def acquire_token_for_client(self, **_: object) -> None:
            raise PermissionError(13, "Permission denied", "/var/opt/azcmagent/tokens/a.key")

    way = IdentitySignIn(who, entra)
    way._client = Agent()
    with pytest.raises(ProvisionerError) as kept:
        way.acquire("https://graph.microsoft.com/.default", None)
    assert "a.key cannot be read (Permission denied)" in kept.value.message
    assert "himds" in kept.value.hint


def test_a_person_signs_in_with_a_code_once_and_is_kept_for_both_audiences(
    emulator: RunningEmulator, entra: Endpoints, control: ControlPlane, tmp_path: Path
) -> None:
    told: list[str] = []

    def approve(text: str) -> None:
        told.append(text)
        code = text.partition("the code ")[2].split()[0]
        control.call("POST", "device-logins", {"userCode": code, "user": "vciso@contoso.example"})

    store = tmp_path / "home" / "tokens" / "one.json"
    who = app(emulator, "interactive", certificate="", method="device-code", token_store=store)
    first = tokens(entra, who, tell=approve)
    assert claims(first.token("graph"))["upn"] == "vciso@contoso.example"
    assert "Sites.FullControl.All" in first.roles("sharepoint")
    assert len(told) == 1
    assert "/devicelogin" in told[0]
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.parent.stat().st_mode) == 0o700
    assert tokens(entra, who).token("sharepoint"), "a later command asks nobody"
    store.chmod(0o644)
    with pytest.raises(Refused) as caught:
        tokens(entra, who).token("graph")
    assert caught.value.code == "SIGN-IN-NEEDS-A-PERSON"

    def decline(text: str) -> None:
        code = text.partition("the code ")[2].split()[0]
        body = {"userCode": code, "user": "vciso@contoso.example", "approve": False}
        control.call("POST", "device-logins", body)

    with pytest.raises(ProvisionerError) as declined:
        tokens(entra, who, tell=decline).token("graph")
    assert declined.value.code == "DEVICE-CODE-NOT-APPROVED"
    closed = app(emulator, "sync", certificate="", method="device-code")
    with pytest.raises(ProvisionerError) as refused:
        tokens(entra, closed, tell=approve).token("graph")
    assert refused.value.code == "PUBLIC-CLIENT-NEEDED"


def test_a_command_that_is_ended_waits_for_nobody_in_a_browser(
    emulator: RunningEmulator, entra: Endpoints
) -> None:
    """The waiting is done in a thread, which would else go on until the code ends."""
    told, ended = threading.Event(), []
    who = app(emulator, "interactive", certificate="", method="device-code")
    source = tokens(entra, who, tell=lambda _: told.set())

    def sign_in() -> None:
        with pytest.raises(ProvisionerError) as caught:
            source.token("graph")
        ended.append(caught.value.code)

    thread = threading.Thread(target=sign_in)
    thread.start()
    assert told.wait(30)
    source.close()
    thread.join(30)
    assert ended == ["DEVICE-CODE-NOT-APPROVED"]


def test_a_token_cache_that_is_none_or_not_ours_alone_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "tokens" / "a.json"
    assert read_cache(path) == ""
    path.parent.mkdir(mode=0o755)
    write_cache(path, '{"RefreshToken": {}}')
    assert json.loads(read_cache(path)) == {"RefreshToken": {}}
    assert [one.name for one in path.parent.iterdir()] == ["a.json"]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    link = tmp_path / "link.json"
    link.symlink_to(path)
    assert read_cache(link) == ""
    write_cache(path, base64.b64encode(b"half").decode())
    assert read_cache(path) == ""

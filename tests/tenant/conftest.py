from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import responses
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from provisioner.tenant.client import TenantClient
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints, microsoft_endpoints

TENANT_ID = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "99999999-8888-7777-6666-555555555555"
AUTHORITY = f"https://login.microsoftonline.com/{TENANT_ID}"
TOKEN_URL = f"{AUTHORITY}/oauth2/v2.0/token"
SITE = "https://contoso.sharepoint.com/sites/acme"


def make_certificate(
    days: int = 30, key: rsa.RSAPrivateKey | None = None, begins: int = -60
) -> tuple[bytes, bytes]:
    """The PEM of a key and of a certificate that begins and ends in so many days."""
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "evidence provisioner test")])
    # Certificates are checked against the real clock, here as in Entra.
    now = datetime.now(UTC)  # noqa: TID251
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key((key or own).public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=days))
        .sign(key or own, hashes.SHA256())
    )
    pem_key = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem_key, certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="session")
def certificate_pem() -> str:
    key, certificate = make_certificate()
    return (key + certificate).decode()


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Told:
    """A `Progress` that remembers the waits it was told of."""

    waits: list[tuple[float, str]] = field(default_factory=list)

    def start(self, doing: str, total: int | None = None) -> None: ...

    def advance(self, done: int = 1, note: str = "") -> None: ...

    def waiting(self, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))

    def finish(self, note: str = "") -> None: ...


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def endpoints() -> Endpoints:
    return microsoft_endpoints("global", TENANT_ID, "contoso.sharepoint.com", "/sites/acme")


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    """Everything sent with `requests`: MSAL and SharePoint. Sign-in works."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        add_sign_in(mock)
        yield mock


def add_sign_in(mock: responses.RequestsMock) -> None:
    mock.get(
        f"{AUTHORITY}/v2.0/.well-known/openid-configuration",
        json={
            "issuer": f"{AUTHORITY}/v2.0",
            "authorization_endpoint": f"{AUTHORITY}/oauth2/v2.0/authorize",
            "token_endpoint": TOKEN_URL,
        },
    )

    def token(request: Any) -> tuple[int, dict[str, str], str]:
        audience = "graph" if "graph.microsoft.com" in str(request.body) else "sharepoint"
        body = {"token_type": "Bearer", "access_token": f"tok-{audience}", "expires_in": 3600}
        return 200, {}, json.dumps(body)

    mock.add_callback(responses.POST, TOKEN_URL, token)


Handler = Callable[[httpx.Request], httpx.Response]
Open = Callable[..., TenantClient]


@pytest.fixture
def open_tenant(
    endpoints: Endpoints,
    certificate_pem: str,
    wire: responses.RequestsMock,
    time: Time,
    told: Told,
) -> Open:
    """A client whose Graph is the given function; SharePoint is what `wire` answers."""

    def make(graph: Handler | None = None, *, deadline: float = 300.0, **more: Any) -> TenantClient:
        def nothing(request: httpx.Request) -> httpx.Response:
            raise AssertionError(f"not expected: {request.method} {request.url}")

        return TenantClient(
            endpoints,
            Credentials("global", TENANT_ID, CLIENT_ID, certificate=certificate_pem, **more),
            deadline=deadline,
            progress=told,
            sleep=time.sleep,
            clock=time.clock,
            wall=time.wall,
            chance=Random(1),
            session=httpx.AsyncClient(transport=httpx.MockTransport(graph or nothing)),
        )

    return make


@pytest.fixture
def certificate_file(tmp_path: Path, certificate_pem: str) -> Path:
    path = tmp_path / "app.pem"
    path.write_text(certificate_pem)
    return path


def graph_batch(
    request: httpx.Request, answer: Callable[[dict[str, Any]], dict[str, Any]]
) -> httpx.Response:
    """Answer each part of a Graph batch with what the function makes of it."""
    parts = json.loads(request.content)["requests"]
    return httpx.Response(
        200, json={"responses": [{"id": part["id"], **answer(part)} for part in parts]}
    )

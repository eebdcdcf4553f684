from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import responses
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints, emulator_endpoints
from provisioner.tenant.sessions import PlainSession

from .conftest import (
    AUTHORITY,
    CLIENT_ID,
    TENANT_ID,
    TOKEN_URL,
    Time,
    add_sign_in,
    make_certificate,
)


def source(endpoints: Endpoints, time: Time | None = None, **given: Any) -> TokenSource:
    credentials = Credentials("global", TENANT_ID, CLIENT_ID, **given)
    session = PlainSession(endpoints, 2)
    return TokenSource(credentials, endpoints, session, clock=(time or Time()).clock)


@contextmanager
def sign_in_answering(answer: dict[str, Any], status: int = 400) -> Iterator[None]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        add_sign_in(mock)
        mock.replace(responses.POST, TOKEN_URL, json=answer, status=status)
        yield


def test_the_assertion_is_signed_with_ps256_and_names_the_certificate_by_sha256(
    endpoints: Endpoints, wire: responses.RequestsMock, certificate_file: Path
) -> None:
    assert source(endpoints, certificate=str(certificate_file)).token("sharepoint") == (
        "tok-sharepoint"
    )
    body = dict(pair.split("=", 1) for pair in str(wire.calls[-1].request.body).split("&"))
    assert body["scope"] == "https%3A%2F%2Fcontoso.sharepoint.com%2F.default"
    assertion = body["client_assertion"]
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    header = jwt.get_unverified_header(assertion)
    assert header["alg"] == "PS256"
    digest = certificate.fingerprint(hashes.SHA256())
    assert jwt.utils.base64url_decode(header["x5t#S256"]) == digest
    claims = jwt.decode(
        assertion,
        certificate.public_key(),  # type: ignore[arg-type]
        algorithms=["PS256"],
        audience=TOKEN_URL,
    )
    assert claims["iss"] == CLIENT_ID


def test_a_token_is_kept_until_five_minutes_before_its_end(
    endpoints: Endpoints, wire: responses.RequestsMock, certificate_pem: str, time: Time
) -> None:
    tokens = source(endpoints, time, certificate=certificate_pem)
    for _ in range(3):
        assert tokens.token("graph") == "tok-graph"
    tokens.token("sharepoint")
    assert [str(c.request.url) for c in wire.calls].count(TOKEN_URL) == 2


def test_a_pfx_file_works_as_a_pem_file_does(
    endpoints: Endpoints, wire: responses.RequestsMock, tmp_path: Path
) -> None:
    pem_key, pem_certificate = make_certificate()
    key = serialization.load_pem_private_key(pem_key, None)
    data = pkcs12.serialize_key_and_certificates(
        b"app",
        key,  # type: ignore[arg-type]
        x509.load_pem_x509_certificate(pem_certificate),
        None,
        serialization.BestAvailableEncryption(b"open"),
    )
    path = tmp_path / "app.pfx"
    path.write_bytes(data)
    tokens = source(endpoints, certificate=str(path), passphrase="open")
    assert tokens.token("graph") == "tok-graph"
    with pytest.raises(ProvisionerError) as caught:
        source(endpoints, certificate=str(path)).token("graph")
    assert "passphrase" in caught.value.message


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (7000215, "SECRET-WRONG", "PROVISIONER_CLIENT_SECRET"),
        (700016, "APP-NOT-FOUND", "PROVISIONER_CLIENT_ID"),
        (700027, "CERTIFICATE-REFUSED", "Certificates & secrets"),
        (90002, "TENANT-NOT-FOUND", "PROVISIONER_TENANT_ID"),
        (500011, "RESOURCE-NOT-FOUND", "host name of the site"),
        (700024, "CLOCK-WRONG", "clock"),
    ],
)
def test_each_refusal_of_entra_has_a_sentence_a_number_and_a_next_step(
    endpoints: Endpoints, number: int, code: str, words: str
) -> None:
    answer = {
        "error": "invalid_client",
        "error_description": f"AADSTS{number}: Something about s3cret-value. Trace ID: t",
        "error_codes": [number],
        "correlation_id": "corr-1",
    }
    with sign_in_answering(answer, 401), pytest.raises(ProvisionerError) as caught:
        source(endpoints, method="secret", secret="s3cret-value").token("graph")
    error = caught.value
    assert (error.code, error.request_id) == (code, "corr-1")
    assert f"AADSTS{number}" in error.message
    assert words in error.hint
    assert "s3cret-value" not in error.message + error.hint


def test_an_unknown_refusal_is_quoted_without_the_secret(endpoints: Endpoints) -> None:
    answer = {
        "error": "invalid_grant",
        "error_description": "AADSTS999999: odd s3cret-value client_assertion=eyJabcdefg.h.i "
        "Trace ID: 1",
    }
    with sign_in_answering(answer), pytest.raises(ProvisionerError) as caught:
        source(endpoints, method="secret", secret="s3cret-value").token("graph")
    assert "AADSTS999999: odd [removed]" in caught.value.message
    assert "eyJ" not in caught.value.message
    assert "s3cret" not in caught.value.message


def test_a_tenant_that_is_not_there_is_said_in_a_sentence(
    endpoints: Endpoints, certificate_pem: str
) -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{AUTHORITY}/v2.0/.well-known/openid-configuration", status=400, json={})
        with pytest.raises(ProvisionerError) as caught:
            source(endpoints, certificate=certificate_pem).token("graph")
    assert caught.value.code == "TENANT-NOT-FOUND"
    assert TENANT_ID in caught.value.message


def test_an_authority_that_cannot_be_reached_is_named(
    endpoints: Endpoints, certificate_pem: str
) -> None:
    with responses.RequestsMock() as mock:
        mock.get(
            f"{AUTHORITY}/v2.0/.well-known/openid-configuration",
            body=requests.exceptions.ProxyError("no"),
        )
        with pytest.raises(Temporary) as caught:
            source(endpoints, certificate=certificate_pem).token("graph")
    assert caught.value.code == "SIGN-IN-UNREACHABLE"
    assert "The proxy on the way to login.microsoftonline.com" in caught.value.message
    assert "HTTPS_PROXY" in caught.value.hint


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example",
        "https://login.microsoftonline.com:444",
        "https://login.microsoftonline.com@evil.example",
    ],
)
def test_the_proof_is_not_sent_to_a_place_that_discovery_made_up(
    place: str, endpoints: Endpoints, certificate_pem: str
) -> None:
    with responses.RequestsMock() as mock:
        mock.get(
            f"{AUTHORITY}/v2.0/.well-known/openid-configuration",
            json={
                "issuer": "x",
                "authorization_endpoint": f"{place}/t/authorize",
                "token_endpoint": f"{place}/t/token",
            },
        )
        with pytest.raises(ProvisionerError) as caught:
            source(endpoints, certificate=certificate_pem).token("graph")
        assert len(mock.calls) == 1
    assert caught.value.code == "HOST-MISMATCH"


def test_a_redirected_token_request_is_not_followed(
    endpoints: Endpoints, certificate_pem: str
) -> None:
    with responses.RequestsMock() as mock:
        add_sign_in(mock)
        headers = {"Location": "https://evil.example/token"}
        mock.replace(responses.POST, TOKEN_URL, status=307, headers=headers)
        with pytest.raises(ProvisionerError):
            source(endpoints, certificate=certificate_pem).token("graph")
        assert not any("evil" in str(call.request.url) for call in mock.calls)


def test_a_secret_is_refused_for_sharepoint(endpoints: Endpoints) -> None:
    with pytest.raises(Refused) as caught:
        source(endpoints, method="secret", secret="x").token("sharepoint")
    assert "certificate" in caught.value.message


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda key, cert: "/nowhere/app.pem", "CERTIFICATE-UNREADABLE"),
        (lambda key, cert: "", "CERTIFICATE-MISSING"),
        (lambda key, cert: cert, "CERTIFICATE-UNREADABLE"),
        (lambda key, cert: key, "CERTIFICATE-UNREADABLE"),
        (lambda key, cert: "-----BEGIN nonsense", "CERTIFICATE-UNREADABLE"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_said_in_a_sentence(
    endpoints: Endpoints, certificate_pem: str, make: Any, code: str
) -> None:
    key, cut, certificate = certificate_pem.partition("-----BEGIN CERTIFICATE")
    with pytest.raises(ProvisionerError) as caught:
        source(endpoints, certificate=make(key, cut + certificate)).token("graph")
    assert caught.value.code == code
    assert "PROVISIONER_CERTIFICATE" in caught.value.hint
    assert key[60:120] not in json.dumps([caught.value.message, caught.value.hint])


def test_an_expired_certificate_is_noticed_before_anything_is_sent(endpoints: Endpoints) -> None:
    pem = b"".join(make_certificate(days=-1)).decode()
    with pytest.raises(ProvisionerError) as caught:
        source(endpoints, certificate=pem).token("graph")
    assert caught.value.code == "CERTIFICATE-EXPIRED"


def test_a_key_of_another_certificate_is_noticed(endpoints: Endpoints) -> None:
    key, _ = make_certificate()
    _, certificate = make_certificate()
    with pytest.raises(ProvisionerError) as caught:
        source(endpoints, certificate=(key + certificate).decode()).token("graph")
    assert caught.value.code == "CERTIFICATE-KEY-MISMATCH"


def test_secrets_do_not_show_in_a_repr(certificate_pem: str) -> None:
    shown = repr(Credentials("global", "t", "c", "secret", certificate_pem, "pass", "s3cret"))
    assert "s3cret" not in shown
    assert "PRIVATE" not in shown
    assert "pass" not in shown


def test_the_emulator_is_reached_past_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/elsewhere.pem")
    ca = tmp_path / "ca.pem"
    session = PlainSession(emulator_endpoints("https://localhost:1", ca, "t", "/sites/a"), 1)
    settings = session.merge_environment_settings("https://localhost:1", {}, None, None, None)
    assert settings["verify"] == str(ca)
    assert not settings["proxies"]


def test_elsewhere_proxies_and_the_ca_of_the_environment_count(
    endpoints: Endpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = tmp_path / "company.pem"
    ca.write_bytes(make_certificate()[1])
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    session = PlainSession(endpoints, 1)
    settings = session.merge_environment_settings(
        "https://graph.microsoft.com", {}, None, None, None
    )
    assert settings["verify"] == str(ca)
    assert settings["proxies"]["https"] == "http://proxy.example:8080"

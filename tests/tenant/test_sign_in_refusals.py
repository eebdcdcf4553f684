"""What the sign-in services answer, and what people are told: one row for each answer."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from cryptography.hazmat.primitives import serialization

from provisioner.core.errors import ProvisionerError, Temporary
from provisioner.tenant import signin_problems
from provisioner.tenant.certificate import load_certificate
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.device_code import PersonSignIn
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.managed_identity import IdentitySignIn
from provisioner.tenant.sessions import PlainSession
from provisioner.tenant.untrusted import check_certificate

from .conftest import AUTHORITY, CLIENT_ID, TENANT_ID, TOKEN_URL, add_sign_in, make_certificate

SCOPE = "https://graph.microsoft.com/.default"
DEVICE_URL = f"{AUTHORITY}/oauth2/v2.0/devicecode"
DISCOVERY = f"{AUTHORITY}/v2.0/.well-known/openid-configuration"
LOCAL = "http://127.0.0.1:9/msi/token"


@pytest.mark.parametrize(
    ("error", "number", "code", "words"),
    [
        ("invalid_client", 7000215, "SECRET-WRONG", "not its id"),
        ("invalid_client", 7000222, "SECRET-EXPIRED", "certificate"),
        ("invalid_client", 700027, "CERTIFICATE-REFUSED", "Certificates & secrets"),
        ("invalid_client", 700024, "CLOCK-WRONG", "five minutes"),
        ("invalid_client", 700023, "CERTIFICATE-REFUSED", "cloud"),
        ("unauthorized_client", 700016, "APP-NOT-FOUND", CLIENT_ID),
        ("unauthorized_client", 7000112, "APP-DISABLED", "Enterprise applications"),
        ("invalid_request", 90002, "TENANT-NOT-FOUND", TENANT_ID),
        ("invalid_resource", 500011, "RESOURCE-NOT-FOUND", "https://graph.microsoft.com"),
        ("invalid_grant", 65001, "CONSENT-MISSING", "provisioner permissions"),
        ("invalid_grant", 53003, "SIGN-IN-BLOCKED", "sign-in logs"),
        ("temporarily_unavailable", 90033, "SIGN-IN-UNAVAILABLE", "few minutes"),
        ("authorization_pending", 70016, "DEVICE-CODE-NOT-APPROVED", "quarter of an hour"),
        ("authorization_pending", 0, "DEVICE-CODE-NOT-APPROVED", "quarter of an hour"),
        ("slow_down", 0, "DEVICE-CODE-NOT-APPROVED", "quarter of an hour"),
        ("expired_token", 70019, "DEVICE-CODE-NOT-APPROVED", "in time"),
        ("expired_token", 70020, "DEVICE-CODE-NOT-APPROVED", "in time"),
        ("expired_token", 0, "DEVICE-CODE-NOT-APPROVED", "in time"),
        ("authorization_declined", 65004, "DEVICE-CODE-NOT-APPROVED", "declined"),
        ("access_denied", 0, "DEVICE-CODE-NOT-APPROVED", "declined"),
        ("bad_verification_code", 70018, "DEVICE-CODE-NOT-APPROVED", "as it is shown"),
        ("odd", 123456, "SIGN-IN-REFUSED", "login.microsoftonline.com/error"),
    ],
)
def test_every_answer_of_entra_has_a_code_and_a_next_step(
    error: str, number: int, code: str, words: str, endpoints: Endpoints
) -> None:
    description = f"AADSTS{number}: It says so. Trace ID: t" if number else "It says so."
    answer = {"error": error, "error_description": description, "correlation_id": "c"}
    who = Credentials("global", TENANT_ID, CLIENT_ID)
    problem = signin_problems.refused(answer, who, endpoints, "graph")
    assert (problem.code, problem.exit_code, problem.request_id) == (code, 1, "c")
    assert words in f"{problem.message} {problem.hint}"
    assert (f"AADSTS{number}" if number else error) in f"{problem.message} {problem.hint}"


class Unhurried(threading.Event):
    """Remembers how long somebody would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return False


@pytest.mark.filterwarnings("ignore:Attempted too soon")  # MSAL, since nobody waits here
@pytest.mark.parametrize(
    ("lives", "answers", "waits", "last"),
    [
        (900, ["authorization_pending", "slow_down", "slow_down", ""], [5, 10, 15], ""),
        (900, ["authorization_declined"], [], "authorization_declined"),
        (900, ["slow_down", "expired_token"], [10], "expired_token"),
        (-1, ["authorization_pending"], [], "authorization_pending"),
    ],
)
def test_a_code_is_asked_about_as_slowly_as_entra_says_and_no_longer_than_it_lives(
    lives: int, answers: list[str], waits: list[float], last: str, endpoints: Endpoints
) -> None:
    code = {"user_code": "ABC", "device_code": "d", "verification_uri": "https://m", "interval": 5}
    stopped, told = Unhurried(), list[str]()
    who = Credentials("global", TENANT_ID, CLIENT_ID, method="device-code")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        add_sign_in(mock)
        mock.remove(responses.POST, TOKEN_URL)
        places = {"token_endpoint": TOKEN_URL, "authorization_endpoint": f"{AUTHORITY}/authorize"}
        places |= {"issuer": f"{AUTHORITY}/v2.0", "device_authorization_endpoint": DEVICE_URL}
        mock.replace(responses.GET, DISCOVERY, json=places)
        mock.post(DEVICE_URL, json={**code, "expires_in": lives, "message": "Enter ABC"})
        for error in answers:
            body: dict[str, Any] = {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}
            status = 400 if error else 200
            mock.post(TOKEN_URL, json={"error": error} if error else body, status=status)
        way = PersonSignIn(who, endpoints, PlainSession(endpoints, 1), told.append, stopped)
        answer = way.acquire(SCOPE, None)
    assert (answer.get("error", ""), stopped.waits, told) == (last, waits, ["Enter ABC"])


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"statusCode": 400, "message": "No managed identity"}, "MANAGED-IDENTITY-MISSING"),
        (404, "<p>not here</p>", "MANAGED-IDENTITY-MISSING"),
        (410, '"updating"', "SIGN-IN-UNAVAILABLE"),
        (429, {"statusCode": 429, "message": "Too many"}, "SIGN-IN-UNAVAILABLE"),
        (500, {"statusCode": 500, "message": "Unknown"}, "SIGN-IN-UNAVAILABLE"),
    ],
)
def test_a_busy_identity_service_is_no_missing_identity(
    status: int, body: Any, code: str, endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", LOCAL)
    monkeypatch.setenv("IDENTITY_HEADER", "h")
    who = Credentials("global", "organizations", "", method="managed-identity")
    with responses.RequestsMock() as mock:
        text = body if isinstance(body, str) else json.dumps(body)
        mock.get(LOCAL, body=text, status=status)
        with pytest.raises(ProvisionerError) as caught:
            IdentitySignIn(who, endpoints).acquire(SCOPE, None)
    assert caught.value.code == code
    assert isinstance(caught.value, Temporary) is (code == "SIGN-IN-UNAVAILABLE")


def test_a_passphrase_that_does_not_fit_is_said_and_one_that_is_not_needed_is_no_matter() -> None:
    pem, certificate = make_certificate()
    key = serialization.load_pem_private_key(pem, None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open"),
    )
    now = datetime.now(UTC)  # noqa: TID251
    for given, passphrase in ((locked, "open"), (pem, "open")):
        assert load_certificate((given + certificate).decode(), passphrase, now).thumbprint
    for passphrase, words in (("shut", "does not open its key"), ("", "locked with a passphrase")):
        with pytest.raises(ProvisionerError) as caught:
            load_certificate((locked + certificate).decode(), passphrase, now)
        assert words in caught.value.message
        assert "PROVISIONER_CERTIFICATE_PASSWORD" in caught.value.hint


def test_a_clock_that_is_off_is_said_with_both_times(endpoints: Endpoints) -> None:
    now = datetime(2026, 11, 23, 15, 45, tzinfo=UTC)
    text = "AADSTS700024: Client assertion is not within its valid time range."
    answer = {"error": "invalid_client", "error_description": text, "error_codes": [700024]}
    who = Credentials("global", TENANT_ID, CLIENT_ID)
    for stamp, said in (("2026-11-23 15:19:00Z", "15:19 UTC there"), ("soon", "15:45 UTC")):
        with pytest.raises(ProvisionerError) as caught:
            check_certificate({**answer, "timestamp": stamp}, who, ["A1"], now)
        assert caught.value.code == "CLOCK-WRONG"
        assert said in caught.value.message
        assert "15:45 UTC" in caught.value.message
    check_certificate({**answer, "error_codes": [700016]}, who, ["A1"], now)

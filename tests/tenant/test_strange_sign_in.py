"""Signing in where the tenant or this machine is strange: each is a sentence, before more is sent."""

from __future__ import annotations

import base64
import json
import os
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from provisioner.core.errors import ProvisionerError, Refused, Temporary, Usage
from provisioner.core.transport import Operation, Reading
from provisioner.tenant import problems
from provisioner.tenant.auth import TokenSource
from provisioner.tenant.certificate import load_certificate
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.endpoints import Endpoints, microsoft_endpoints
from provisioner.tenant.examined import answer_check
from provisioner.tenant.sessions import PlainSession, graph_session, trust
from provisioner.tenant.token_cache import read_cache, write_cache

from .conftest import AUTHORITY, CLIENT_ID, TENANT_ID, TOKEN_URL, add_sign_in, make_certificate

SECRET = Credentials("global", TENANT_ID, CLIENT_ID, method="secret", secret="kept-to-itself")
DISCOVERY = f"{AUTHORITY}/v2.0/.well-known/openid-configuration"


def source(endpoints: Endpoints, waits: list[float], who: Credentials = SECRET) -> TokenSource:
    return TokenSource(who, endpoints, PlainSession(endpoints, 1), sleep=waits.append)


def app_token(**said: Any) -> dict[str, Any]:
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return {"access_token": f"e30.{body}.c2ln", "expires_in": 3600, "token_type": "Bearer"}


def test_a_busy_sign_in_service_is_asked_again_and_never_taken_for_an_unknown_tenant(
    endpoints: Endpoints,
) -> None:
    waits: list[float] = []
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        add_sign_in(mock)
        sound = next(one for one in mock.registered() if one.url == DISCOVERY)
        mock.remove(responses.GET, DISCOVERY)
        for status in (429, 503):
            mock.add(responses.GET, DISCOVERY, status=status, body="busy")
        mock.add(sound)
        assert source(endpoints, waits).token("graph")
    assert waits == [1.0, 4.0]
    waits.clear()
    with responses.RequestsMock() as mock:
        mock.add(responses.GET, DISCOVERY, status=429, body="busy")
        with pytest.raises(Temporary) as caught:
            source(endpoints, waits).token("graph")
        mock.assert_call_count(DISCOVERY, 3)
    assert (caught.value.code, len(waits)) == ("SIGN-IN-UNAVAILABLE", 2)


def test_an_app_that_nobody_consented_to_is_told_so_before_a_site_is_asked_for(
    endpoints: Endpoints,
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        add_sign_in(mock)
        mock.replace(responses.POST, TOKEN_URL, json=app_token(aud="graph"))
        tokens = source(endpoints, [])
        assert tokens.roles("graph") == frozenset()
        for _ in range(2):
            with pytest.raises(Refused) as caught:
                tokens.token("graph")
            assert (caught.value.code, caught.value.exit_code) == ("CONSENT-MISSING", 3)
        assert "Microsoft Graph" in caught.value.message
        mock.replace(responses.POST, TOKEN_URL, json=app_token(roles=["Sites.Selected"]))
        fresh = source(endpoints, [])
        assert fresh.token("graph")
        assert fresh.roles("graph") == {"Sites.Selected"}


def test_a_certificate_of_tomorrow_is_not_sent_today() -> None:
    key, certificate = make_certificate(days=90, begins=1)
    given = (key + certificate).decode()
    now = datetime.now(UTC)  # noqa: TID251
    with pytest.raises(ProvisionerError) as caught:
        load_certificate(given, "", now)
    assert caught.value.code == "CERTIFICATE-NOT-YET-VALID"
    assert "clock" in caught.value.hint
    assert load_certificate(given, "", now + timedelta(days=31)).thumbprint


_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.mark.parametrize("variable", _CA_VARIABLES)
def test_whichever_variable_names_the_ca_both_libraries_trust_it(
    variable: str,
    endpoints: Endpoints,
    certificate_pem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted, other = tmp_path / "company.pem", tmp_path / "other.pem"
    trusted.write_text(certificate_pem)
    other.write_text(certificate_pem + make_certificate()[1].decode())
    at = _CA_VARIABLES.index(variable)
    for name in _CA_VARIABLES[:at]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(trusted))
    for name in _CA_VARIABLES[at + 1 :]:  # what a machine sets for all programs comes after
        monkeypatch.setenv(name, str(other))
    session = PlainSession(endpoints, 1)
    found = session.merge_environment_settings(endpoints.graph_root, {}, None, None, None)
    assert found["verify"] == str(trusted)
    context = trust()
    assert isinstance(context, ssl.SSLContext)
    assert context.cert_store_stats()["x509"] == 1


@pytest.mark.parametrize("variable", _CA_VARIABLES)
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_is_none_is_named(
    variable: str,
    content: str | None,
    endpoints: Endpoints,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    for name in _CA_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(file))
    for make in (PlainSession, graph_session):
        with pytest.raises(ProvisionerError) as caught:
            make(endpoints, 1)
        assert caught.value.code == "CA-UNREADABLE"
        assert variable in caught.value.message
        assert str(file) in caught.value.message


@pytest.mark.parametrize("host", ["contoso-my.sharepoint.com", "Contoso-Admin.sharepoint.com"])
def test_a_host_without_sites_is_refused_with_the_right_one(host: str) -> None:
    with pytest.raises(Usage) as caught:
        microsoft_endpoints("global", TENANT_ID, host, "/sites/acme")
    assert caught.value.code == "HOST-WITHOUT-SITES"
    assert "contoso.sharepoint.com" in caught.value.hint


LOCKED = {"error": {"code": "notAllowed", "message": "Access to this site has been blocked."}}
NO_ADDITIONS = {
    "odata.error": {
        "code": "-2147024891, System.UnauthorizedAccessException",
        "message": {"lang": "en-US", "value": "Additions to this Web site have been blocked."},
    }
}
CHECKED_OUT = {"error": {"code": "resourceLocked", "message": "The file is locked."}}


@pytest.mark.parametrize(("status", "body"), [(423, LOCKED), (403, NO_ADDITIONS)])
def test_a_locked_site_is_called_so_by_every_command(
    status: int, body: dict[str, Any], endpoints: Endpoints
) -> None:
    reading = Reading("graph", "/sites/contoso.sharepoint.com:/sites/acme")
    problem = problems.reading_problem(reading, status, {}, body, endpoints)
    assert (problem.code, problem.exit_code) == ("SITE-LOCKED", 3)
    assert "unlock" in problem.hint
    change = Operation("graph", "PATCH", "/sites/x/lists/y", address="list:y", scope="y")
    assert problems.outcome_of(change, status, {}, body, endpoints).code == "SITE-LOCKED"
    assert problems.outcome_of(change, 423, {}, CHECKED_OUT, endpoints).code == "resourceLocked"
    answer = requests.Response()
    answer.status_code, answer._content = status, json.dumps(body).encode()
    check = answer_check("site-graph", "The site", answer, "https://x")
    assert (check.state, check.code, check.refused) == ("fail", "SITE-LOCKED", True)


@pytest.mark.parametrize(
    ("permission", "said", "unsaid"),
    [
        ("sharepoint:Sites.Selected/write", "the role write", "fullcontrol"),
        ("graph:Sites.Selected/manage", "the role fullcontrol", "role manage"),
        ("graph:Mail.Send", "one mailbox in Exchange", "consent"),
        ("sharepoint:Sites.FullControl.All", "Add-SPOHubSiteAssociation", "grants the app"),
    ],
)
def test_a_refusal_asks_for_no_more_than_is_needed(
    permission: str, said: str, unsaid: str, endpoints: Endpoints
) -> None:
    reading = Reading("graph", "/sites/a", permission=permission)
    body = {"error": {"code": "accessDenied", "message": "Access denied"}}
    problem = problems.reading_problem(reading, 403, {}, body, endpoints)
    assert problem.code == "PERMISSION-MISSING"
    assert said in problem.hint
    assert unsaid not in problem.hint.partition("`provisioner doctor`")[0]


@pytest.mark.skipif(os.name == "nt", reason="there the user's own folder keeps others out")
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_a_kept_sign_in_is_its_owners_alone_whatever_the_mask(mask: int, tmp_path: Path) -> None:
    path = tmp_path / "tokens" / "a.json"
    before = os.umask(mask)
    try:
        write_cache(path, '{"RefreshToken": {}}')
        assert (stat.S_IMODE(path.stat().st_mode), read_cache(path) != "") == (0o600, True)
        path.chmod(0o644)  # by whoever copied it
        path.parent.chmod(0o777)
        assert read_cache(path) == "", "others may have read it, so it is not used"
        write_cache(path, '{"RefreshToken": {}}')
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

"""MSAL for Python, unmodified: device code, refresh, and what it is told when that fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msal
import pytest

from provisioner.emulator.entra import jwt

PERSON = "vciso@contoso.example"
READ = ["https://graph.microsoft.com/Sites.Read.All"]


@pytest.fixture
def public(env: Any) -> msal.PublicClientApplication:
    values = env("interactive")
    return msal.PublicClientApplication(
        values["EMULATOR_CLIENT_ID"],
        authority=f"{values['EMULATOR_URL']}/{values['EMULATOR_TENANT_ID']}",
        instance_discovery=False,
        verify=values["EMULATOR_CA"],
    )


def confidential(values: dict[str, str], credential: Any) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        values["EMULATOR_CLIENT_ID"],
        authority=f"{values['EMULATOR_URL']}/{values['EMULATOR_TENANT_ID']}",
        client_credential=credential,
        instance_discovery=False,
        verify=values["EMULATOR_CA"],
    )


@pytest.fixture
def signed_in(public: Any, approve: Callable[..., None]) -> dict[str, Any]:
    flow = public.initiate_device_flow(READ)
    approve(flow["user_code"], PERSON)
    answer = public.acquire_token_by_device_flow(flow)
    assert "access_token" in answer, answer
    return dict(answer)


def test_a_person_signs_in_with_a_device_code(signed_in: dict[str, Any]) -> None:
    claims = jwt.read(signed_in["access_token"]).claims
    assert claims["upn"] == PERSON
    assert claims["scp"].split()[0] == "Sites.Read.All"
    assert "roles" not in claims
    assert claims["appidacr"] == "0"
    assert signed_in["id_token_claims"]["preferred_username"] == PERSON


def test_the_token_cache_refreshes_by_itself(public: Any, signed_in: dict[str, Any]) -> None:
    (account,) = public.get_accounts(PERSON)
    kept = public.acquire_token_silent(READ, account)
    assert kept["access_token"] == signed_in["access_token"]
    fresh = public.acquire_token_silent(READ, account, force_refresh=True)
    assert fresh["access_token"] != signed_in["access_token"]


def test_one_refresh_token_is_good_for_both_resources(
    public: Any, signed_in: dict[str, Any]
) -> None:
    """ "Refresh tokens … can be used to acquire access tokens across any combination of client
    and resource" (learn.microsoft.com/entra/identity-platform/refresh-tokens)."""
    (account,) = public.get_accounts(PERSON)
    answer = public.acquire_token_silent(["https://contoso.sharepoint.com/AllSites.Read"], account)
    claims = jwt.read(answer["access_token"]).claims
    assert claims["aud"] == "https://contoso.sharepoint.com"


@pytest.mark.parametrize("kind", ["secret", "certificate"])
def test_a_confidential_client_refreshes(
    env: Any, public: Any, signed_in: dict[str, Any], kind: str
) -> None:
    (kept,) = public.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    values = env("interactive")
    pem = Path(values["EMULATOR_CERTIFICATE"]).read_text()
    credential = {
        "secret": values["EMULATOR_CLIENT_SECRET"],
        "certificate": {"private_key": pem, "public_certificate": pem},
    }[kind]
    app = confidential(values, credential)
    answer = app.acquire_token_by_refresh_token(kept["secret"], READ)
    assert jwt.read(answer["access_token"]).claims["appidacr"] == {"secret": "1"}.get(kind, "2")


def test_a_refresh_token_of_another_app_is_refused(
    env: Any, public: Any, signed_in: dict[str, Any]
) -> None:
    (kept,) = public.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    values = env("reader")
    app = confidential(values, values["EMULATOR_CLIENT_SECRET"])
    answer = app.acquire_token_by_refresh_token(kept["secret"], READ)
    assert answer["error"] == "invalid_grant"


def test_a_person_who_declines_is_told_to_the_program(
    public: Any, approve: Callable[..., None]
) -> None:
    flow = public.initiate_device_flow(READ)
    approve(flow["user_code"], PERSON, approve=False)
    assert public.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"


def test_until_the_person_signs_in_the_answer_is_pending(public: Any) -> None:
    flow = public.initiate_device_flow(READ)
    flow["expires_at"] = 0  # MSAL's own way to ask once
    assert public.acquire_token_by_device_flow(flow)["error"] == "authorization_pending"


def test_a_scope_nobody_consented_to_is_refused(public: Any, approve: Callable[..., None]) -> None:
    flow = public.initiate_device_flow(["https://graph.microsoft.com/Mail.Send"])
    approve(flow["user_code"], PERSON)
    answer = public.acquire_token_by_device_flow(flow)
    assert answer["error"] == "invalid_grant"
    assert "AADSTS65001" in answer["error_description"]


def test_an_app_that_is_not_a_public_client_gets_no_device_code(env: Any) -> None:
    values = env("reader")
    app = msal.PublicClientApplication(
        values["EMULATOR_CLIENT_ID"],
        authority=f"{values['EMULATOR_URL']}/{values['EMULATOR_TENANT_ID']}",
        instance_discovery=False,
        verify=values["EMULATOR_CA"],
    )
    assert app.initiate_device_flow(READ)["error"] == "invalid_client"


def test_the_person_enters_the_code_on_the_web_page(public: Any, http: httpx.Client) -> None:
    flow = public.initiate_device_flow(READ)
    address = flow["verification_uri"]
    page = http.get(address)
    assert page.status_code == 200
    assert PERSON in page.text
    wrong = http.post(address, data={"code": "NOTACODE1", "user": PERSON, "answer": "approve"})
    assert wrong.status_code == 400
    form = {"code": flow["user_code"].lower(), "user": PERSON, "answer": "approve"}
    elsewhere = {"Origin": "https://evil.example"}
    assert http.post(address, data=form, headers=elsewhere).status_code == 403
    assert "Signed in" in http.post(address, data=form).text
    assert "access_token" in public.acquire_token_by_device_flow(flow)


@pytest.mark.parametrize("kind", ["secret", "certificate"])
def test_an_app_signs_in_by_itself(env: Any, kind: str) -> None:
    values = env("full-control")
    pem = Path(values["EMULATOR_CERTIFICATE"]).read_text()
    credential = {
        "secret": values["EMULATOR_CLIENT_SECRET"],
        "certificate": {"private_key": pem, "public_certificate": pem},
    }[kind]
    answer = confidential(values, credential).acquire_token_for_client(
        ["https://graph.microsoft.com/.default"]
    )
    assert jwt.read(answer["access_token"]).claims["idtyp"] == "app"


def _in_store(emulator: Any, sql: str) -> None:
    with emulator.tenant.lock:
        assert emulator.tenant.run(sql) > 0


def test_a_device_code_expires(public: Any, emulator: Any, http: httpx.Client) -> None:
    flow = public.initiate_device_flow(READ)
    _in_store(emulator, "UPDATE device_code SET expires = 0")
    late = {"userCode": flow["user_code"], "user": PERSON}
    assert http.post("/_emulator/device-logins", json=late).status_code == 404
    flow["expires_at"] = 0
    assert public.acquire_token_by_device_flow(flow)["error"] == "expired_token"


def test_a_device_code_is_good_once(public: Any, approve: Callable[..., None]) -> None:
    flow = public.initiate_device_flow(READ)
    approve(flow["user_code"], PERSON)
    assert "access_token" in public.acquire_token_by_device_flow(dict(flow))
    assert public.acquire_token_by_device_flow(dict(flow))["error"] == "invalid_grant"


def test_a_refresh_token_that_was_not_used_for_too_long(
    public: Any, signed_in: dict[str, Any], emulator: Any
) -> None:
    _in_store(emulator, "UPDATE refresh_token SET expires = 0")
    (kept,) = public.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    answer = public.acquire_token_by_refresh_token(kept["secret"], READ)
    assert "AADSTS700082" in answer["error_description"]


def test_a_disabled_account_gets_no_more_tokens(
    public: Any, signed_in: dict[str, Any], emulator: Any
) -> None:
    _in_store(emulator, f"UPDATE user SET enabled = 0 WHERE upn = '{PERSON}'")
    (kept,) = public.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    answer = public.acquire_token_by_refresh_token(kept["secret"], READ)
    assert "AADSTS50057" in answer["error_description"]


def test_scopes_of_two_resources_are_refused(env: Any, http: httpx.Client) -> None:
    values = env("interactive")
    form = {
        "client_id": values["EMULATOR_CLIENT_ID"],
        "scope": "https://graph.microsoft.com/User.Read https://contoso.sharepoint.com/AllSites.Read",
    }
    address = f"/{values['EMULATOR_TENANT_ID']}/oauth2/v2.0/devicecode"
    assert http.post(address, data=form).json()["error_codes"] == [28000]

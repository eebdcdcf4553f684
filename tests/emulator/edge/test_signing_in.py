from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msal
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from provisioner.emulator.entra import jwt
from provisioner.emulator.entra.keys import app_certificate, thumbprints
from provisioner.emulator.server import RunningEmulator, environment

Send = Callable[..., Any]

GRAPH = "https://graph.microsoft.com/.default"
SHAREPOINT = "https://contoso.sharepoint.com/.default"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def env(emulator: RunningEmulator) -> dict[str, str]:
    return environment(emulator.home, emulator.url, "provisioner")


def confidential(env: dict[str, str], credential: Any) -> Any:
    return msal.ConfidentialClientApplication(
        env["EMULATOR_CLIENT_ID"],
        authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
        client_credential=credential,
        instance_discovery=False,
        verify=env["EMULATOR_CA"],
    )


def thumbprint_credential(env: dict[str, str]) -> dict[str, str]:
    pem = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    _, sha1, _ = thumbprints(pem)
    return {"private_key": pem, "thumbprint": sha1.hex()}


def claims(answer: httpx.Response) -> dict[str, Any]:
    return jwt.read(answer["access_token"]).claims


def ask(http: httpx.Client, env: dict[str, str], **form: Any) -> httpx.Response:
    values = {
        "client_id": env["EMULATOR_CLIENT_ID"],
        "grant_type": "client_credentials",
        "scope": GRAPH,
    }
    return http.post(f"/{env['EMULATOR_TENANT_ID']}/oauth2/v2.0/token", data=values | form)


def assertion(
    env: dict[str, str],
    *,
    key_path: Path | None = None,
    header: dict[str, str] | None = None,
    **changes: Any,
) -> str:
    pem = Path(key_path or env["EMULATOR_CERTIFICATE"]).read_bytes()
    registered = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    _, sha1, _ = thumbprints(registered)
    now = int(time.time())  # noqa: TID251 - tokens live by the real clock
    body = {
        "aud": f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}/oauth2/v2.0/token",
        "iss": env["EMULATOR_CLIENT_ID"],
        "sub": env["EMULATOR_CLIENT_ID"],
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + 600,
    } | changes
    key = load_pem_private_key(pem, password=None)
    signed = jwt.sign(body, key, "unused")
    if header is None:
        header = {"alg": "RS256", "typ": "JWT", "x5t": jwt.encode(sha1)}
    head = f"{jwt.encode(json.dumps(header).encode())}.{signed.split('.')[1]}"
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signature = key.sign(head.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{jwt.encode(signature)}"


def ask_with(http: httpx.Client, env: dict[str, str], text: str) -> httpx.Response:
    return ask(http, env, client_assertion=text, client_assertion_type=JWT_BEARER)


def test_msal_signs_in_with_a_certificate_for_graph(env: dict[str, str]) -> None:
    answer = confidential(env, thumbprint_credential(env)).acquire_token_for_client([GRAPH])
    assert answer["expires_in"] == 3599
    token = claims(answer)
    assert token["aud"] == "https://graph.microsoft.com"
    assert token["roles"] == ["Sites.Create.All", "Sites.Selected"]
    assert token["appidacr"] == "2"
    assert token["tid"] == env["EMULATOR_TENANT_ID"]
    assert token["exp"] - token["iat"] == 3599


def test_msal_signs_in_with_a_certificate_named_by_its_sha256_thumbprint(
    env: dict[str, str],
) -> None:
    pem = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    credential = {"private_key": pem, "public_certificate": pem}
    answer = confidential(env, credential).acquire_token_for_client([SHAREPOINT])
    assert claims(answer)["aud"] == "https://contoso.sharepoint.com"
    assert "Sites.Selected" in claims(answer)["roles"]


def test_msal_signs_in_with_a_secret_and_the_token_says_so(env: dict[str, str]) -> None:
    answer = confidential(env, env["EMULATOR_CLIENT_SECRET"]).acquire_token_for_client([GRAPH])
    assert claims(answer)["appidacr"] == "1"


def test_the_tokens_signature_can_be_checked_with_the_published_key(
    http: httpx.Client, env: dict[str, str]
) -> None:
    answer = ask(http, env, client_secret=env["EMULATOR_CLIENT_SECRET"]).json()
    base = f"/{env['EMULATOR_TENANT_ID']}"
    discovery = http.get(f"{base}/v2.0/.well-known/openid-configuration").json()
    assert discovery["token_endpoint"] == f"{env['EMULATOR_URL']}{base}/oauth2/v2.0/token"
    published = http.get(discovery["jwks_uri"]).json()["keys"][0]
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    modulus, exponent = (int.from_bytes(jwt.decode(published[part]), "big") for part in ("n", "e"))
    token = jwt.read(answer["access_token"])
    token.verify(RSAPublicNumbers(exponent, modulus).public_key())
    assert token.header["kid"] == published["kid"]


def test_an_app_without_permissions_gets_a_token_without_roles(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    env = environment(emulator.home, emulator.url, "none")
    answer = ask(http, env, client_secret=env["EMULATOR_CLIENT_SECRET"]).json()
    assert "roles" not in claims(answer)


@pytest.mark.parametrize(
    ("form", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({}, 401, "invalid_client", 7000216),
        ({"client_id": str(uuid.uuid4())}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": ""}, 400, "invalid_request", 900144),
    ],
)
def test_entra_says_what_is_wrong_with_a_token_request(
    http: httpx.Client,
    env: dict[str, str],
    form: dict[str, str],
    status: int,
    error: str,
    number: int,
) -> None:
    """Source: learn.microsoft.com/entra/identity-platform/reference-error-codes."""
    answer = ask(http, env, **form)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert {"timestamp", "trace_id", "correlation_id"} <= set(body)


@pytest.mark.parametrize(
    ("scope", "number"),
    [
        ("https://graph.microsoft.com/Sites.Read.All", 70011),
        ("https://graph.microsoft.com/.default https://contoso.sharepoint.com/.default", 70011),
        ("https://fabrikam.sharepoint.com/.default", 500011),
    ],
)
def test_a_scope_that_is_not_one_known_resource_is_refused(
    http: httpx.Client, env: dict[str, str], scope: str, number: int
) -> None:
    answer = ask(http, env, scope=scope, client_secret=env["EMULATOR_CLIENT_SECRET"])
    assert answer.status_code == 400
    assert answer.json()["error_codes"] == [number]


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        ("http://127.0.0.1/.default", "https://graph.microsoft.com"),
        ("https://localhost:8443/.default", "https://contoso.sharepoint.com"),
    ],
)
def test_scopes_clients_make_from_our_address_mean_what_they_are_for(
    http: httpx.Client, env: dict[str, str], scope: str, audience: str
) -> None:
    answer = ask(http, env, scope=scope, client_secret=env["EMULATOR_CLIENT_SECRET"])
    assert claims(answer.json())["aud"] == audience


def test_an_unknown_tenant_is_refused(http: httpx.Client, env: dict[str, str]) -> None:
    answer = http.get(f"/{uuid.uuid4()}/v2.0/.well-known/openid-configuration")
    assert answer.status_code == 400
    assert answer.json()["error_codes"] == [90002]


def test_an_assertion_by_a_foreign_certificate_is_refused(
    http: httpx.Client, env: dict[str, str], tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.pem"
    _, sha1, _ = thumbprints(app_certificate(foreign, "foreign").decode())
    header = {"alg": "RS256", "typ": "JWT", "x5t": jwt.encode(sha1)}
    answer = ask_with(http, env, assertion(env, key_path=foreign, header=header))
    assert answer.status_code == 401
    assert answer.json()["error_codes"] == [700027]


def test_an_assertion_signed_with_another_key_under_our_thumbprint_is_refused(
    http: httpx.Client, env: dict[str, str], tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.pem"
    app_certificate(foreign, "foreign")
    answer = ask_with(http, env, assertion(env, key_path=foreign))
    assert answer.json()["error_codes"] == [700027]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"aud": "https://login.microsoftonline.com/x/oauth2/v2.0/token"}, 700023),
        ({"exp": 1_600_000_000}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"iss": "somebody-else"}, 700027),
        ({"sub": "somebody-else"}, 700027),
        ({"jti": ""}, 700027),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    http: httpx.Client, env: dict[str, str], changes: dict[str, Any], number: int
) -> None:
    answer = ask_with(http, env, assertion(env, **changes))
    assert answer.status_code == 401
    assert answer.json()["error_codes"] == [number]


def test_an_assertion_without_a_thumbprint_or_of_another_algorithm_is_refused(
    http: httpx.Client, env: dict[str, str]
) -> None:
    for header in ({"alg": "RS256"}, {"alg": "none", "x5t": "AAAA"}):
        answer = ask_with(http, env, assertion(env, header=header))
        assert answer.json()["error_codes"] == [700027]


def test_one_msal_application_signs_in_for_both_resources(env: dict[str, str]) -> None:
    """MSAL sends one assertion again for as long as it is good, so a repeated jti is no replay."""
    app = confidential(env, thumbprint_credential(env))
    first = app.acquire_token_for_client([GRAPH])
    second = app.acquire_token_for_client([SHAREPOINT])
    assert claims(first)["aud"] == "https://graph.microsoft.com"
    assert claims(second)["aud"] == "https://contoso.sharepoint.com"


def test_a_token_outlives_a_moved_tenant_clock(
    http: httpx.Client, env: dict[str, str], graph: Send
) -> None:
    before = graph("GET", "/sites/root/permissions").status_code
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 400 * 86400})
    assert graph("GET", "/sites/root/permissions").status_code == before == 200


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_graph_refuses_a_call_without_a_token(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    answer = http.get("/v1.0/sites/root")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_graph_refuses_a_sharepoint_token_and_the_reverse(
    http: httpx.Client, emulator: RunningEmulator, token: Send
) -> None:
    """One token is for one resource (github.com/SharePoint/sp-dev-docs issue 5889)."""
    answer = http.get("/v1.0/sites/root", headers=bearer(token("reader", "sharepoint")))
    assert answer.status_code == 401
    assert "audience" in answer.json()["error"]["message"]
    answer = http.get("/_api/web", headers=bearer(token("reader", "graph")))
    assert answer.status_code == 401


def test_sharepoint_refuses_a_token_got_with_a_secret(
    http: httpx.Client, env: dict[str, str]
) -> None:
    """Source: learn.microsoft.com, Granting access via Entra ID App-Only."""
    answer = ask(http, env, scope=SHAREPOINT, client_secret=env["EMULATOR_CLIENT_SECRET"])
    refused = http.post("/_api/contextinfo", headers=bearer(answer.json()["access_token"]))
    assert refused.status_code == 401
    assert refused.json()["error_description"] == "Unsupported app only token."


def test_a_token_whose_claims_were_changed_is_refused(http: httpx.Client, token: Send) -> None:
    head, body, signature = token("none", "graph").split(".")
    better = jwt.read(token("none", "graph")).claims | {"roles": ["Sites.FullControl.All"]}
    forged = f"{head}.{jwt.encode(json.dumps(better).encode())}.{signature}"
    answer = http.get("/v1.0/sites/root", headers=bearer(forged))
    assert answer.status_code == 401
    assert isinstance(answer, httpx.Response)
    assert body not in forged


def test_an_expired_token_is_refused(
    server: RunningEmulator, http: httpx.Client, emulator: RunningEmulator
) -> None:
    """learn.microsoft.com/entra/identity-platform/access-tokens: validate exp."""
    key = load_pem_private_key(
        (server.home / "emulator" / "token-key.pem").read_bytes(), password=None
    )
    env = environment(server.home, server.url, "full-control")
    answer = ask(http, env, client_secret=env["EMULATOR_CLIENT_SECRET"]).json()
    good = jwt.read(answer["access_token"])
    old = jwt.sign(good.claims | {"exp": good.claims["iat"] - 1}, key, good.header["kid"])
    refused = http.get("/v1.0/sites/root", headers=bearer(old))
    assert refused.status_code == 401
    assert "expired" in refused.json()["error"]["message"]

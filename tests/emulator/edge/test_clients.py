"""The libraries of others, unmodified, against the emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.emulator.entra.keys import thumbprints
from provisioner.emulator.server import RunningEmulator, environment

Send = Callable[..., Any]


@pytest.fixture
def env(emulator: RunningEmulator) -> dict[str, str]:
    return environment(emulator.home, emulator.url, "full-control")


def test_the_graph_sdks_adapter_reads_the_root_site(
    emulator: RunningEmulator, env: dict[str, str], token: Send
) -> None:
    from kiota_abstractions.authentication import (
        AccessTokenProvider,
        AllowedHostsValidator,
        BaseBearerTokenAuthenticationProvider,
    )
    from kiota_abstractions.method import Method
    from kiota_abstractions.request_information import RequestInformation
    from msgraph import GraphRequestAdapter

    class Given(AccessTokenProvider):
        async def get_authorization_token(
            self, uri: str, additional_authentication_context: Any = None
        ) -> str:
            return token("full-control", "graph")

        def get_allowed_hosts_validator(self) -> Any:
            return AllowedHostsValidator([])

    async def read() -> bytes:
        import ssl

        context = ssl.create_default_context(cafile=env["EMULATOR_CA"])
        async with httpx.AsyncClient(verify=context, trust_env=False) as client:
            adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Given()), client)
            adapter.base_url = f"{emulator.url}/v1.0"
            asked = RequestInformation(Method.GET, "{+baseurl}/sites/root", {})
            asked.path_parameters["baseurl"] = f"{emulator.url}/v1.0/"
            return await adapter.send_primitive_async(asked, "bytes", {})

    body = asyncio.run(read())
    import json

    assert json.loads(body)["id"].startswith("contoso.sharepoint.com,")


@pytest.fixture
def context(
    emulator: RunningEmulator, env: dict[str, str], site: str, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", env["EMULATOR_CA"])
    from office365.sharepoint.client_context import ClientContext

    pem = Path(env["EMULATOR_CERTIFICATE"]).read_text()
    _, sha1, _ = thumbprints(pem)
    token_of = _msal_token(env, {"private_key": pem, "thumbprint": sha1.hex()})
    return ClientContext(f"{emulator.url}{site}").with_access_token(token_of)


def _msal_token(env: dict[str, str], credential: Any) -> Callable[[], Any]:
    import msal
    from office365.runtime.auth.token_response import TokenResponse

    app = msal.ConfidentialClientApplication(
        env["EMULATOR_CLIENT_ID"],
        authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
        client_credential=credential,
        instance_discovery=False,
        verify=env["EMULATOR_CA"],
    )

    def get() -> Any:
        answer = app.acquire_token_for_client(["https://contoso.sharepoint.com/.default"])
        return TokenResponse.from_json(answer)

    return get


def test_the_sharepoint_client_reads_the_web(context: Any) -> None:
    web = context.web.get().execute_query()
    assert web.title == "Acme"


def test_the_sharepoint_client_creates_in_a_batch(context: Any, http: httpx.Client) -> None:
    for title in ("Risks", "Vendors"):
        context.web.lists.add(_list_information(title))
    context.execute_batch()
    state = http.get("/_emulator/state").json()
    acme = next(one for one in state["sites"] if one["path"] == "/sites/acme")
    assert {"Risks", "Vendors"} <= {one["title"] for one in acme["lists"]}
    posts = [r for r in http.get("/_emulator/requests").json() if r["path"].endswith("/$batch")]
    assert len(posts) == 1


def _list_information(title: str) -> Any:
    from office365.sharepoint.lists.creation_information import ListCreationInformation

    return ListCreationInformation(title, None, 100)

"""Libraries of others, unmodified: what they need to find the emulator."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from provisioner.emulator.server import RunningEmulator, environment


@pytest.fixture
def env(emulator: RunningEmulator) -> Callable[[str], dict[str, str]]:
    """``env("reader")``: what another program needs to be that app."""
    return lambda app: environment(emulator.home, emulator.url, app)


@pytest.fixture
def approve(http: httpx.Client) -> Callable[..., None]:
    """``approve(user_code, user)``: the person signs in."""

    def decide(user_code: str, user: str, *, approve: bool = True) -> None:
        body = {"userCode": user_code, "user": user, "approve": approve}
        answer = http.post("/_emulator/device-logins", json=body)
        assert answer.status_code == 204, answer.text

    return decide


@pytest.fixture
def person_token(
    env: Any, approve: Callable[..., None], http: httpx.Client
) -> Callable[[str, str], str]:
    """``person_token(user, scope)``: a delegated access token through the device flow."""

    def sign_in(user: str, scope: str) -> str:
        values = env("interactive")
        client, address = (
            values["EMULATOR_CLIENT_ID"],
            f"/{values['EMULATOR_TENANT_ID']}/oauth2/v2.0",
        )
        started = http.post(f"{address}/devicecode", data={"client_id": client, "scope": scope})
        approve(started.json()["user_code"], user)
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_id": client,
            "device_code": started.json()["device_code"],
        }
        answer = http.post(f"{address}/token", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    return sign_in


@pytest.fixture
def as_person(
    http: httpx.Client, person_token: Callable[[str, str], str]
) -> Callable[..., httpx.Response]:
    """``as_person(user, scope, method, path, json)``: one request with a delegated token."""
    kept: dict[tuple[str, str], str] = {}

    def send(user: str, scope: str, method: str, path: str, json: Any = None) -> httpx.Response:
        if (user, scope) not in kept:
            kept[user, scope] = person_token(user, scope)
        headers = {"Authorization": f"Bearer {kept[user, scope]}"}
        return http.request(method, path, json=json, headers=headers)

    return send


@dataclass
class Loop:
    """Runs a coroutine; HTTP clients made for it are closed in the same loop."""

    opened: list[httpx.AsyncClient] = field(default_factory=list)

    def __call__(self, coroutine: Any) -> Any:
        async def whole() -> Any:
            try:
                return await coroutine
            finally:
                for client in self.opened:
                    await client.aclose()

        return asyncio.run(whole())


@pytest.fixture
def run() -> Loop:
    """``run(coroutine)``."""
    return Loop()


@pytest.fixture
def graph_client(emulator: RunningEmulator, token: Any, run: Loop) -> Callable[[str], Any]:
    """``graph_client(app)``: a GraphServiceClient with its own pipeline, signed in as an app.

    To be made and used inside one `run`.
    """
    from kiota_abstractions.authentication import (
        AccessTokenProvider,
        AllowedHostsValidator,
        BaseBearerTokenAuthenticationProvider,
    )
    from msgraph import GraphRequestAdapter, GraphServiceClient

    class Given(AccessTokenProvider):
        def __init__(self, app: str) -> None:
            self.app = app

        async def get_authorization_token(
            self, uri: str, additional_authentication_context: Any = None
        ) -> str:
            return str(token(self.app, "graph"))

        def get_allowed_hosts_validator(self) -> Any:
            return AllowedHostsValidator([])

    def make(app: str = "full-control") -> Any:
        context = ssl.create_default_context(cafile=str(emulator.ca_path))
        http = httpx.AsyncClient(verify=context, trust_env=False, timeout=60)
        run.opened.append(http)
        adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Given(app)), http)
        adapter.base_url = f"{emulator.url}/v1.0"
        return GraphServiceClient(request_adapter=adapter)

    return make

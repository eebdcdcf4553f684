"""Somebody else with rights on a site: requests of their own, sent through nothing of the product."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msal
import requests

AUDIENCES = {
    "graph": "https://graph.microsoft.com/.default",
    "sharepoint": "https://contoso.sharepoint.com/.default",
}
JSON = "application/json;odata=nometadata"


@dataclass(frozen=True)
class Send:
    """One request. `path` is below ``/v1.0`` for Graph and below the site for SharePoint."""

    method: str
    path: str
    body: Any = None

    @property
    def audience(self) -> str:
        return "sharepoint" if self.path.startswith("/_api") else "graph"


@dataclass
class Outsider:
    """An app with full control, as `environment` of the emulator gives it, on one site."""

    environment: Mapping[str, str]
    site_path: str
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        env = self.environment
        web = requests.Session()
        web.trust_env = False
        web.verify = env["EMULATOR_CA"]
        pem = Path(env["EMULATOR_CERTIFICATE"]).read_text("utf-8")
        app = msal.ConfidentialClientApplication(
            env["EMULATOR_CLIENT_ID"],
            authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
            client_credential={"private_key": pem, "public_certificate": pem},
            instance_discovery=False,
            http_client=web,
        )
        for name, scope in AUDIENCES.items():
            self.tokens[name] = str(app.acquire_token_for_client([scope])["access_token"])
        web.close()
        self.client = httpx.Client(
            base_url=env["EMULATOR_URL"],
            verify=ssl.create_default_context(cafile=env["EMULATOR_CA"]),
            trust_env=False,
            timeout=30,
        )

    def close(self) -> None:
        self.client.close()

    def __call__(self, one: Send) -> Any:
        """The decoded answer, or its text where it is no JSON. Fails where the service refuses."""
        merge = one.method == "MERGE"
        headers = {
            "Authorization": f"Bearer {self.tokens[one.audience]}",
            "Accept": JSON,
            "Content-Type": JSON,
        }
        if merge:
            headers |= {"X-HTTP-Method": "MERGE", "If-Match": "*"}
        prefix = "/v1.0" if one.audience == "graph" else self.site_path
        what: dict[str, Any] = {"json": one.body}
        if isinstance(one.body, bytes):
            what, headers["Content-Type"] = {"content": one.body}, "text/plain"
        method = "POST" if merge else one.method
        answer = self.client.request(method, f"{prefix}{one.path}", headers=headers, **what)
        assert answer.status_code < 400, (one, answer.status_code, answer.text)
        if not answer.content or "json" not in answer.headers.get("Content-Type", ""):
            return answer.text
        return answer.json()

    def all(self, sends: Sequence[Send]) -> None:
        """One after the other."""
        for one in sends:
            self(one)

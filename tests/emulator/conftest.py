"""An emulator over TLS for the tests of its faces: one server, a new tenant for each test."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.emulator.model.sites import create_site
from provisioner.emulator.seeds import ADMINISTRATOR
from provisioner.emulator.server import RunningEmulator, environment, start

AUDIENCES = {
    "graph": "https://graph.microsoft.com/.default",
    "sharepoint": "https://contoso.sharepoint.com/.default",
}
NOMETADATA = "application/json;odata=nometadata"
SCHEMA = "graph-v1.0.schema.json"
PERMISSIONS = "graph-permissions.json"
# A file of Microsoft's own facts is looked for under the name of its environment variable first.
_VARIABLES = {SCHEMA: "GRAPH_SCHEMA", PERMISSIONS: "GRAPH_PERMISSIONS"}


@dataclass
class Tokens:
    """Access tokens per app and audience, got with the app's certificate and kept."""

    emulator: RunningEmulator
    kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, app: str = "full-control", audience: str = "graph") -> str:
        if (app, audience) not in self.kept:
            env = environment(self.emulator.home, self.emulator.url, app)
            self.kept[app, audience] = self._certificate_token(env, audience)
        return self.kept[app, audience]

    @staticmethod
    def _certificate_token(env: dict[str, str], audience: str) -> str:
        import msal

        pem = Path(env["EMULATOR_CERTIFICATE"]).read_text()
        app = msal.ConfidentialClientApplication(
            env["EMULATOR_CLIENT_ID"],
            authority=f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}",
            client_credential={"private_key": pem, "public_certificate": pem},
            instance_discovery=False,
            verify=env["EMULATOR_CA"],
        )
        answer = app.acquire_token_for_client([AUDIENCES[audience]])
        assert "access_token" in answer, answer
        return str(answer["access_token"])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """The server itself, shared by all tests of a run."""
    patch = pytest.MonkeyPatch()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # requests lets them beat `verify`
        patch.delenv(name, raising=False)
    running = start(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()
    patch.undo()


@pytest.fixture(scope="session")
def http(server: RunningEmulator) -> Iterator[httpx.Client]:
    """An HTTP client that trusts the emulator's CA and uses no proxy."""
    context = ssl.create_default_context(cafile=str(server.ca_path))
    with httpx.Client(base_url=server.url, verify=context, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def token(server: RunningEmulator) -> Tokens:
    """``token(app, audience)`` gives an access token."""
    return Tokens(server)


@pytest.fixture
def emulator(server: RunningEmulator, http: httpx.Client) -> RunningEmulator:
    """The emulator with a new tenant."""
    assert http.post("/_emulator/reset").status_code == 204
    return server


@pytest.fixture
def site(emulator: RunningEmulator) -> str:
    """A team site at /sites/acme; no app has a grant on it."""
    with emulator.tenant.lock:
        create_site(
            emulator.tenant,
            path="/sites/acme",
            title="Acme",
            template="STS#3",
            lcid=1033,
            owner_upn=ADMINISTRATOR,
            time_zone="UTC",
        )
    return "/sites/acme"


@pytest.fixture
def grant(http: httpx.Client, site: str) -> Callable[[str, str], None]:
    """``grant(app, role)`` gives an app a role on the site."""

    def give(app: str, role: str) -> None:
        answer = http.post("/_emulator/grants", json={"site": site, "app": app, "role": role})
        assert answer.status_code == 200, answer.text

    return give


ANSWERS = (
    (r"/versions(/[^/]+)?", "listItemVersion", "/lists/"),
    (r"/columns(/[^/]+)?", "columnDefinition", ""),
    (r"/contentTypes(/[^/]+)?", "contentType", ""),
    (r"/lists/[^/]+/items(/[^/]+)?", "listItem", ""),
    (r"/lists(/[^/]+)?", "list", ""),
    (r"/permissions(/[^/]+)?", "permission", ""),
    (r"/drives(/[^/]+)?", "drive", ""),
    (r"/drive", "drive", "/lists/"),
    (r"/children", "driveItem", "/drives/"),
    (r"/drives/[^/]+/(root|items/[^/]+)", "driveItem", ""),
    (r"/(root|items/[^/:]+):/[^:]+(:|:/content)?", "driveItem", ""),
    (r"/groups(/[^/]+)?", "group", ""),
    (r"/sites(/[^/]+)?", "site", ""),
)
"""What answers: the end of a Graph path, the type Microsoft documents, and what else is in the path."""


def kind_of_answer(path: str) -> str | None:
    """The type of what a Graph path answers with; None where Microsoft's schema has none."""
    plain = re.sub(r"/sites/[^/:]+:/[^:]+(:|$)", "/sites/x", path.partition("?")[0])
    for pattern, kind, inside in ANSWERS:
        if inside in plain and re.search(rf"{pattern}\Z", plain):
            return kind
    return None


@pytest.fixture
def graph(
    emulator: RunningEmulator, http: httpx.Client, token: Tokens, fits: Callable[[Any, str], None]
) -> Callable[..., Any]:
    """``graph(method, path, json)``: a Graph request as an app ("full-control" unless told).

    Every answer whose type Microsoft's schema knows is held to it.
    """

    def send(
        method: str,
        path: str,
        json: Any = None,
        *,
        app: str = "full-control",
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        version: str = "v1.0",
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {token(app, 'graph')}"} | (headers or {})
        answer = http.request(method, f"/{version}{path}", json=json, content=content, headers=sent)
        kind = kind_of_answer(path) if version == "v1.0" else None
        if kind is not None and answer.status_code in {200, 201} and answer.content[:1] == b"{":
            body = answer.json()
            if body.get("value", [body]):
                fits(body, kind)
        return answer

    return send


@pytest.fixture
def rest(emulator: RunningEmulator, http: httpx.Client, token: Tokens) -> Callable[..., Any]:
    """``rest(method, path, json)``: a SharePoint request; `path` begins at /_api."""

    def send(
        method: str,
        path: str,
        json: Any = None,
        *,
        app: str = "full-control",
        site: str = "/sites/acme",
        accept: str = NOMETADATA,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {token(app, 'sharepoint')}", "Accept": accept}
        return http.request(
            method,
            f"{site}{path}",
            json=json,
            content=content,
            headers=sent | (headers or {}),
        )

    return send


def facts_file(name: str) -> Path | None:
    """A file of Microsoft's published facts, where it is at hand."""
    root = Path(__file__).resolve().parents[2]
    places = [
        os.environ.get(_VARIABLES[name], ""),
        root.parent / "shared" / "data" / name,
        root / "shared" / "data" / name,
    ]
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


@pytest.fixture(scope="session")
def graph_permissions() -> dict[str, Any]:
    """Microsoft's permissions per method and path; skips, and says so, where it is not at hand."""
    path = facts_file(PERMISSIONS)
    if path is None:
        pytest.skip(f"{PERMISSIONS} is not at hand: routes are not held to Microsoft's table")
    return dict(json.loads(path.read_text("utf-8")))


@pytest.fixture(scope="session")
def schema_at_hand() -> None:
    """Skips, and says so, where Microsoft's JSON Schema is not at hand."""
    if facts_file(SCHEMA) is None:
        pytest.skip(f"{SCHEMA} is not at hand: answers are not held to Microsoft's schema")


@pytest.fixture(scope="session")
def fits() -> Callable[[Any, str], None]:
    """``fits(body, "list")`` holds a Graph answer, or each member of a page, to Microsoft's schema.

    Where the schema is not at hand the rest of a test still counts; a test that asks for
    `schema_at_hand` says that it is not.
    """
    from jsonschema import Draft202012Validator

    path = facts_file(SCHEMA)
    if path is None:
        return lambda _body, _kind: None
    document = json.loads(path.read_text("utf-8"))

    def check(body: Any, kind: str) -> None:
        validator = Draft202012Validator(
            {"$ref": f"#/$defs/microsoft.graph.{kind}", "$defs": document["$defs"]}
        )
        members = body.get("value", [body])
        assert members, "an empty page proves nothing"
        for member in members:
            assert [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(member)] == []

    return check

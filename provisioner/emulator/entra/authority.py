"""The authority's endpoints: discovery, key set, device code, token.

Source: "OpenID Connect on the Microsoft identity platform", "OAuth 2.0 client credentials flow" and
"OAuth 2.0 device authorization grant" (learn.microsoft.com/entra/identity-platform/
v2-protocols-oidc, …/v2-oauth2-client-creds-grant-flow, …/v2-oauth2-device-code).
"""

from __future__ import annotations

import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Row
from typing import Any
from urllib.parse import parse_qsl

from provisioner.emulator import seeds
from provisioner.emulator.clouds import CLOUDS
from provisioner.emulator.entra import federation, jwt, problems
from provisioner.emulator.entra.assertions import JWT_BEARER, verify
from provisioner.emulator.entra.people import DEVICE_CODE, People
from provisioner.emulator.entra.tokens import LIFETIME, TokenService
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Reply

_DOUBLED = re.compile(r"/{2,}")
_ANY_TENANT = ("common", "organizations")  # people may sign in there, apps by themselves may not
_ENDPOINT = re.compile(
    r"/(?P<tenant>[^/]+)/(?:(?P<discovery>v2\.0/\.well-known/openid-configuration)"
    r"|(?P<keys>discovery/v2\.0/keys)|(?P<token>oauth2/v2\.0/token)"
    r"|(?P<device>oauth2/v2\.0/devicecode)"
    r"|(?P<instance>discovery/instance))/?\Z"
)


def is_entra(path: str) -> bool:
    """Whether a request path belongs to the authority. MSAL's default authority ends in a slash."""
    path = _DOUBLED.sub("/", path)
    return _ENDPOINT.match(path) is not None or re.match(r"/[^/]+/oauth2/", path) is not None


@dataclass(slots=True)
class Authority:
    """Answers the Entra face of one tenant."""

    tenant: Tenant
    tokens: TokenService

    @property
    def people(self) -> People:
        """The flows in which a person signs in."""
        return People(self.tenant, self.tokens)

    def answer(self, call: Call) -> Reply:
        """Answer one request; refusals are Entra's own error bodies."""
        correlation_id = call.headers.get("client-request-id") or str(uuid.uuid4())
        try:
            reply = self._answer(call)
        except problems.EntraRefusal as refusal:
            body = refusal.body(datetime.now(UTC), correlation_id)
            reply = Reply(refusal.status, body)
        reply.headers["client-request-id"] = correlation_id
        return reply

    def _answer(self, call: Call) -> Reply:
        found = _ENDPOINT.match(_DOUBLED.sub("/", call.path))
        if found is None:
            message = f"The emulator does not build {call.method} {call.path}."
            return Reply(501, {"error": "not_implemented", "error_description": message})
        base = call.base_url
        name = found["tenant"]
        cloud = str(self.tenant.setting("cloud"))
        if self.tokens.is_elsewhere(base):
            raise problems.unknown_tenant(name)
        if found["instance"]:
            return Reply(200, self._instance(base))
        known = (self.tokens.tenant_id, *self._domains(), *_ANY_TENANT)
        if name not in known:
            raise problems.unknown_tenant(name)
        if found["keys"]:
            return Reply(200, {"keys": [self._public_key()]})
        if found["discovery"]:
            return Reply(200, self._discovery(_named(cloud, base), name))
        if call.method != "POST":
            return Reply(405, {"error": "invalid_request", "error_description": "POST only."})
        answer = self._device_code(call) if found["device"] else self._token(call, name)
        return Reply(200, answer, {"Cache-Control": "no-store"})

    def _domains(self) -> tuple[str, ...]:
        organisation = self.tokens.hostname.partition(".")[0]
        return (f"{organisation}.onmicrosoft.com", f"{organisation}.example")

    def _instance(self, base: str) -> dict[str, Any]:
        host = base.partition("://")[2]
        return {
            "tenant_discovery_endpoint": (
                f"{base}/{self.tokens.tenant_id}/v2.0/.well-known/openid-configuration"
            ),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }

    def _discovery(self, base: str, name: str) -> dict[str, Any]:
        return {
            "token_endpoint": f"{base}/{name}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "jwks_uri": f"{base}/{name}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{base}/{self.tokens.tenant_id}/v2.0",
            "authorization_endpoint": f"{base}/{name}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/{name}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{base}/{name}/oauth2/v2.0/logout",
            "tenant_region_scope": None,
            "cloud_instance_name": base.partition("://")[2],
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": self.tokens.graph.partition("://")[2],
        }

    def _public_key(self) -> dict[str, Any]:
        numbers = self.tokens.key.public_key().public_numbers()

        def integer(value: int) -> str:
            return jwt.encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))

        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.tokens.key_id,
            "n": integer(numbers.n),
            "e": integer(numbers.e),
        }

    def _device_code(self, call: Call) -> dict[str, Any]:
        form = _form(call, "client_id", "scope")
        app = self._app(form["client_id"])
        registered = seeds.registration(app["app_id"])
        if registered is None or not registered.public:
            raise problems.credential_needed()
        return self.people.start(form, call.base_url)

    def _token(self, call: Call, name: str) -> dict[str, Any]:
        form = _form(call, "grant_type", "client_id")
        grant = form["grant_type"]
        if grant not in ("client_credentials", "refresh_token", DEVICE_CODE):
            raise problems.unsupported_grant(grant)
        if grant != DEVICE_CODE and not form.get("scope"):
            raise problems.missing_parameter("scope")
        app = self._app(form["client_id"])
        issuer = f"{call.base_url}/{self.tokens.tenant_id}/v2.0"
        proof = self._proof(call, app, form, name)
        if grant == "client_credentials" and name in _ANY_TENANT:
            raise problems.unknown_tenant(name)
        if grant != "client_credentials":
            registered = seeds.registration(app["app_id"])
            if proof == "0" and (registered is None or not registered.public):
                raise problems.credential_needed()
            if grant == DEVICE_CODE:
                return self.people.redeem(app, form, proof, issuer)
            return self.people.refresh(app, form, proof, issuer)
        if proof == "0":
            raise problems.no_credential()
        audience = self.tokens.resource(form["scope"])
        return {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": self.tokens.issue(app, audience, proof, issuer),
        }

    def _app(self, client_id: str) -> Row:
        app = self.tenant.one("SELECT * FROM app WHERE app_id = ?", client_id)
        if app is None:
            raise problems.unknown_app(client_id, self.tokens.tenant_id)
        return app

    def _proof(self, call: Call, app: Row, form: dict[str, str], name: str) -> str:
        """How the app proved who it is, as `appidacr`: "2" certificate, "1" secret, "0" not."""
        client_id = app["app_id"]
        if form.get("client_assertion"):
            if form.get("client_assertion_type") != JWT_BEARER:
                raise problems.bad_assertion(client_id, "client_assertion_type is not jwt-bearer")
            if federation.is_foreign(form["client_assertion"]):
                federation.verify(self.tenant, app, form["client_assertion"])
                return "2"
            endpoint = f"{call.base_url}/{name}/oauth2/v2.0/token"
            by_id = f"{call.base_url}/{self.tokens.tenant_id}/oauth2/v2.0/token"
            verify(app, form["client_assertion"], (endpoint, by_id))
            return "2"
        if not form.get("client_secret"):
            return "0"
        secret = app["secret"] or ""
        if not secret or not hmac.compare_digest(form["client_secret"].encode(), secret.encode()):
            raise problems.bad_secret(client_id)
        return "1"


def _named(cloud: str, base: str) -> str:
    """The address the sign-in document gives for itself; China's names its newer host."""
    hosts = CLOUDS[cloud]
    asked_by_name = base == f"https://{hosts.login}"
    return f"https://{hosts.named_login}" if hosts.named_login and asked_by_name else base


def _form(call: Call, *required: str) -> dict[str, str]:
    form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    for name in required:
        if not form.get(name):
            raise problems.missing_parameter(name)
    return form

"""Access tokens: for whom, for what, for how long.

An access token is for one resource; Microsoft Graph refuses SharePoint's and the reverse.
Source: "Access tokens in the Microsoft identity platform"
(learn.microsoft.com/entra/identity-platform/access-token-claims-reference): `aud`, `roles`,
`appid`, `appidacr` ("1" client secret, "2" client certificate).

Tokens live by the real clock: a test that moves the tenant's clock by a year must not sign out
the client that is watching it.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Row
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.emulator.clouds import CLOUDS, is_foreign
from provisioner.emulator.entra import jwt, problems
from provisioner.emulator.entra.keys import signing_key
from provisioner.emulator.entra.scopes import permissions
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Caller

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
SHAREPOINT_APP_ID = "00000003-0000-0ff1-ce00-000000000000"
LIFETIME = 3599  # seconds, as Entra's answers state it


class RefusedTokenError(Exception):
    """The bearer token is missing, foreign or no longer good; the text says which."""


@dataclass(slots=True)
class TokenService:
    """Issues and verifies the tenant's access tokens; verified ones are remembered."""

    folder: Path
    tenant_id: str
    tenant: Tenant
    _key: RSAPrivateKey | None = None
    _verified: dict[str, tuple[Caller, float]] = field(default_factory=dict)

    @property
    def hostname(self) -> str:
        """SharePoint's host name in this tenant, a setting."""
        return str(self.tenant.setting("hostname"))

    @property
    def graph(self) -> str:
        """Microsoft Graph's audience in the tenant's cloud."""
        return f"https://{CLOUDS[str(self.tenant.setting('cloud'))].graph}"

    def is_elsewhere(self, address: str) -> bool:
        """Whether an address is at a host of another of Microsoft's clouds."""
        return is_foreign(str(self.tenant.setting("cloud")), address)

    @property
    def key(self) -> RSAPrivateKey:
        """The signing key, made on first use."""
        if self._key is None:
            self._key = signing_key(self.folder)
        return self._key

    @property
    def key_id(self) -> str:
        """The name of the signing key in the key set."""
        return uuid.uuid5(uuid.NAMESPACE_URL, str(self.key.public_key().public_numbers().n)).hex

    def resource(self, scope: str) -> str:
        """The audience of a ``…/.default`` scope; raises `EntraRefusal` 70011 or 500011.

        A scope on localhost without a port is what msgraph-sdk asks for when it is given no
        scope, so it means Graph; one with a port is made from a site's URL, so it means
        SharePoint.
        """
        if len(scope.split()) != 1 or not scope.endswith("/.default"):
            raise problems.bad_scope(scope)
        resource = scope.removesuffix("/.default").rstrip("/")
        parts = urlsplit(resource)
        if resource in (self.graph, GRAPH_APP_ID):
            return self.graph
        if resource == SHAREPOINT_APP_ID or parts.netloc == self.hostname:
            return f"https://{self.hostname}"
        if parts.hostname in ("localhost", "127.0.0.1", "::1"):
            return self.graph if parts.port is None else f"https://{self.hostname}"
        raise problems.unknown_resource(resource, self.tenant_id)

    def issue(self, app: Row, audience: str, appidacr: str, issuer: str) -> str:
        """A signed token for the app; its roles are the app's on that resource."""
        now = int(time.time())
        roles = json.loads(app["graph_roles" if audience == self.graph else "sharepoint_roles"])
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": app["app_id"],
            "app_displayname": app["name"],
            "appidacr": appidacr,
            "idtyp": "app",
            "oid": str(uuid.uuid5(uuid.UUID(app["app_id"]), self.tenant_id)),
            "tid": self.tenant_id,
            "uti": uuid.uuid4().hex,
            "ver": "1.0",
        }
        if roles:
            claims["roles"] = roles
        return jwt.sign(claims, self.key, self.key_id)

    def verify(self, authorization: str, audience: str, base_url: str) -> Caller:
        """The caller of a request to `audience` ("graph" or "sharepoint") at a host.

        Raises `RefusedTokenError` with the sentence the service says.
        """
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise RefusedTokenError("Access token is empty.")
        known = self._verified.get(text)
        if known is None:
            known = self._verified[text] = self._read(text)
        caller, expires = known
        if expires <= time.time():
            raise RefusedTokenError("Lifetime validation failed, the token is expired.")
        if caller.audience != audience or self.is_elsewhere(base_url):
            raise RefusedTokenError("Access token validation failure. Invalid audience.")
        return caller

    def _read(self, text: str) -> tuple[Caller, float]:
        try:
            token = jwt.read(text)
            token.verify(self.key.public_key())
        except jwt.InvalidTokenError:
            raise RefusedTokenError("Invalid issuer or signature.") from None
        claims = token.claims
        if claims.get("tid") != self.tenant_id:
            raise RefusedTokenError("Invalid issuer or signature.")
        audience = "graph" if claims["aud"] == self.graph else "sharepoint"
        if claims.get("idtyp") == "user":
            scopes = permissions(audience, str(claims.get("scp", "")).split())
            caller = Caller(
                claims["appid"],
                audience,
                frozenset(),
                claims["appidacr"],
                user=claims["upn"],
                scopes=scopes,
            )
            return caller, float(claims["exp"])
        roles = frozenset(str(role) for role in claims.get("roles", ()))
        caller = Caller(claims["appid"], audience, roles, claims["appidacr"])
        return caller, float(claims["exp"])

"""Every token, through an unmodified `msal.ConfidentialClientApplication`.

Graph and SharePoint are two audiences with a token each. SharePoint takes app-only tokens only from
a certificate ("Granting access via Entra ID App-Only", learn.microsoft.com/sharepoint/dev/
solution-guidance/security-apponly-azuread), so a secret is refused here before anything is sent.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from provisioner.core.errors import ProvisionerError, Refused, Usage
from provisioner.core.transport import Audience
from provisioner.tenant import signin_problems
from provisioner.tenant.certificate import load_certificate
from provisioner.tenant.endpoints import Endpoints

_BUILT = ("certificate", "secret")
_PLANNED = ("device-code", "managed-identity", "federated")
# A token is renewed this long before its end, so that no request is under way when it ends.
_EARLY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in, and how.

    `method` is "certificate" (`certificate`: a file's path or PEM text) or "secret". What is secret
    never shows in `repr`.
    """

    cloud: str
    tenant_id: str
    client_id: str
    method: str = "certificate"
    certificate: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    got: float
    until: float


class TokenSource:
    """Tokens for the two audiences, each kept until five minutes before its end.

    Thread-safe. Nothing is read or sent before the first token is asked for.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoints: Endpoints,
        session: requests.Session,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials = credentials
        self._endpoints = endpoints
        self._session = session
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._kept: dict[Audience, _Token] = {}
        self._app: Any = None

    def check(self, audience: Audience) -> None:
        """Raise `Usage` or `Refused` for a way to sign in that cannot work, before it is tried."""
        method = self._credentials.method
        if method in _PLANNED:
            raise Usage(
                "SIGN-IN-NOT-BUILT",
                f"Signing in by {method} is not built yet.",
                hint="Use a certificate: auth method “certificate”.",
            )
        if method not in _BUILT:
            raise Usage(
                "SIGN-IN-UNKNOWN",
                f"“{method}” is not a way to sign in.",
                hint="Use “certificate” (works for everything) or “secret” (Graph only).",
            )
        if method == "secret" and audience == "sharepoint":
            raise Refused(
                "SHAREPOINT-NEEDS-CERTIFICATE",
                "SharePoint accepts an app only when it signs in with a certificate, and this "
                "workspace needs SharePoint as well as Graph.",
                hint="Add a certificate to the app registration and set PROVISIONER_CERTIFICATE to "
                "a PEM file with its key and certificate.",
            )

    def token(self, audience: Audience, claims: str | None = None) -> str:
        """A token for an audience. `claims` is a challenge that a kept token did not meet.

        Raises `ProvisionerError` (sign-in refused, certificate unreadable), `Refused`, `Usage`,
        `Temporary` (the authority cannot be reached).
        """
        kept = self._kept.get(audience)
        if claims is None and kept is not None and self._clock() < kept.until:
            return kept.text
        self.check(audience)
        with self._lock:
            kept = self._kept.get(audience)
            if claims is None and kept is not None and self._clock() < kept.until:
                return kept.text
            fresh = self._acquire(audience, claims)
            self._kept[audience] = fresh
            return fresh.text

    async def token_from(self, executor: Executor, audience: Audience, claims: str | None) -> str:
        """The same without blocking the loop, since MSAL does."""
        kept = self._kept.get(audience)
        if claims is None and kept is not None and self._clock() < kept.until:
            return kept.text
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, self.token, audience, claims)

    def roles(self, audience: Audience) -> frozenset[str]:
        """The app roles that the token for an audience carries. Raises like `token`."""
        return _roles_in(self.token(audience))

    def drop_older(self, audience: Audience, seconds: float) -> bool:
        """Forget a kept token older than that, since the service refuses it; whether it was."""
        with self._lock:
            kept = self._kept.get(audience)
            if kept is None or self._clock() - kept.got < seconds:
                return False
            del self._kept[audience]
            if self._app is not None:
                self._app.remove_tokens_for_client()
            return True

    def _acquire(self, audience: Audience, claims: str | None) -> _Token:
        asked = self._clock()
        scope = self._endpoints.scope(audience)
        try:
            if self._app is None:
                self._app = self._application()
            answer = self._app.acquire_token_for_client(scopes=[scope], claims_challenge=claims)
        except requests.RequestException as problem:
            raise signin_problems.unreachable(self._endpoints, problem) from None
        except ValueError:
            raise signin_problems.unreadable(self._endpoints) from None
        text = answer.get("access_token")
        if not isinstance(text, str):
            raise signin_problems.refused(answer, self._credentials, self._endpoints, audience)
        lifetime = float(answer.get("expires_in") or 0)
        early = min(_EARLY_SECONDS, lifetime / 2)
        return _Token(text, asked, asked + lifetime - early)

    def _application(self) -> Any:
        import msal  # noqa: PLC0415 - a quarter of a second that --help must not pay

        # MSAL logs what it cannot read; without a handler that would land on standard error.
        logging.getLogger("msal").addHandler(logging.NullHandler())
        try:
            app = msal.ConfidentialClientApplication(
                self._credentials.client_id,
                client_credential=self._proof(),
                authority=self._endpoints.authority,
                # The hosts are our own table's, so MSAL need not ask a public one about them.
                instance_discovery=False,
                http_client=self._session,
            )
        except ValueError as problem:
            raise signin_problems.bad_authority(
                str(problem), self._credentials, self._endpoints
            ) from None
        host = urlsplit(app.authority.token_endpoint).hostname
        if host not in self._endpoints.login_hosts:
            raise ProvisionerError(
                "HOST-MISMATCH",
                f"The sign-in service names {host} as the place to prove who we are, which is not "
                "one of its hosts. Nothing was sent there.",
                hint="Check the cloud and the proxy between here and Microsoft.",
            )
        return app

    def _proof(self) -> str | dict[str, str]:
        if self._credentials.method == "secret":
            if not self._credentials.secret:
                raise ProvisionerError(
                    "SECRET-MISSING",
                    "No client secret is given.",
                    hint="Set PROVISIONER_CLIENT_SECRET, or sign in with a certificate.",
                )
            return self._credentials.secret
        certificate = load_certificate(
            self._credentials.certificate, self._credentials.passphrase, self._wall()
        )
        return {
            "private_key": certificate.private_key,
            "public_certificate": certificate.certificate,
        }


def _roles_in(token: str) -> frozenset[str]:
    """The `roles` claim; nothing for a token that cannot be read.

    Only to choose a way that will work: the service judges the token, not we
    (learn.microsoft.com/entra/identity-platform/access-token-claims-reference, "roles").
    """
    parts = token.split(".")
    if len(parts) != 3:
        return frozenset()
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return frozenset()
    roles = claims.get("roles") if isinstance(claims, dict) else None
    return frozenset(str(one) for one in roles) if isinstance(roles, list) else frozenset()

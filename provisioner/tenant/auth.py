"""Every token, through an unmodified MSAL, whichever way we sign in.

Graph and SharePoint are two audiences with a token each. SharePoint takes app-only tokens only from
a certificate ("Granting access via Entra ID App-Only", learn.microsoft.com/sharepoint/dev/
solution-guidance/security-apponly-azuread), so a secret is refused here before anything is sent. A
federated assertion and a managed identity count as a certificate there.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import requests

from provisioner.core.errors import Refused, Temporary, Usage
from provisioner.core.transport import Audience
from provisioner.tenant import signin_problems
from provisioner.tenant.app_sign_in import AppSignIn
from provisioner.tenant.claims import claims_of
from provisioner.tenant.credentials import Credentials
from provisioner.tenant.device_code import PersonSignIn
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.managed_identity import IdentitySignIn

_METHODS = ("certificate", "secret", "federated", "managed-identity", "device-code")
# A token is renewed this long before its end, so that no request is under way when it ends.
_EARLY_SECONDS = 300.0
# A delegated permission of SharePoint and the application permission that does the same
# ("Microsoft Graph permissions reference" and "Office 365 SharePoint Online" in Entra).
_DELEGATED = {
    "AllSites.Read": "Sites.Read.All",
    "AllSites.Write": "Sites.ReadWrite.All",
    "AllSites.Manage": "Sites.Manage.All",
    "AllSites.FullControl": "Sites.FullControl.All",
}


class SignIn(Protocol):
    """One way to get tokens."""

    def acquire(self, scope: str, claims: str | None) -> dict[str, Any]:
        """MSAL's answer for a scope: `access_token` and `expires_in`, or an error."""

    def forget(self) -> None:
        """Drop kept access tokens, since the service refuses them."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    got: float
    until: float
    empty: bool = False
    """It is an app's, and lets it do nothing."""


class TokenSource:
    """Tokens for the two audiences, each kept until five minutes before its end.

    Thread-safe. Nothing is read or sent before the first token is asked for. `pauses` are the seconds
    waited before asking a busy sign-in service again.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoints: Endpoints,
        session: requests.Session,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        tell: Callable[[str], None] | None = None,
        pauses: Sequence[float] = (1.0, 4.0),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credentials = credentials
        self._endpoints = endpoints
        self._session = session
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._kept: dict[Audience, _Token] = {}
        self._tell = tell
        self._pauses = pauses
        self._sleep = sleep
        self._way: SignIn | None = None
        self._stopped = threading.Event()

    def close(self) -> None:
        """Wait for nobody any more: a person may have been asked to enter a code."""
        self._stopped.set()

    def check(self, audience: Audience) -> None:
        """Raise `Usage` or `Refused` for a way to sign in that cannot work, before it is tried."""
        method = self._credentials.method
        if method not in _METHODS:
            known = ", ".join(f"“{one}”" for one in _METHODS)
            raise Usage(
                "SIGN-IN-UNKNOWN",
                f"“{method}” is not a way to sign in.",
                hint=f"Use one of {known}. A secret works for Graph only.",
            )
        if method == "secret" and audience == "sharepoint":
            raise Refused(
                "SHAREPOINT-NEEDS-CERTIFICATE",
                "SharePoint accepts an app only when it signs in with a certificate, and this "
                "workspace needs SharePoint as well as Graph.",
                hint="Add a certificate to the app registration, write `method: certificate` in "
                "the file, and set PROVISIONER_CERTIFICATE to a PEM file with key and certificate.",
            )

    def token(self, audience: Audience, claims: str | None = None) -> str:
        """A token for an audience. `claims` is a challenge that a kept token did not meet.

        Raises `ProvisionerError` (sign-in refused, certificate unreadable), `Refused` (also for an app
        to which nobody has consented: no request could succeed), `Usage`, `Temporary` (the authority
        cannot be reached).
        """
        token = self._token(audience, claims)
        if token.empty:
            raise signin_problems.nothing_consented(self._credentials, audience)
        return token.text

    def _token(self, audience: Audience, claims: str | None) -> _Token:
        kept = self._usable(audience, claims)
        if kept is not None:
            return kept
        self.check(audience)
        with self._lock:
            kept = self._usable(audience, claims)
            if kept is None:
                kept = self._kept[audience] = self._with_patience(audience, claims)
            return kept

    def _usable(self, audience: Audience, claims: str | None) -> _Token | None:
        kept = self._kept.get(audience)
        if claims is None and kept is not None and self._clock() < kept.until:
            return kept
        return None

    async def token_from(self, executor: Executor, audience: Audience, claims: str | None) -> str:
        """The same without blocking the loop, since MSAL does."""
        kept = self._usable(audience, claims)
        if kept is not None and not kept.empty:
            return kept.text
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, self.token, audience, claims)

    def roles(self, audience: Audience) -> frozenset[str]:
        """The app roles that the token for an audience carries; none raises nothing, else as `token`."""
        return _roles_in(claims_of(self._token(audience, None).text) or {})

    def drop_older(self, audience: Audience, seconds: float) -> bool:
        """Forget a kept token older than that, since the service refuses it; whether it was."""
        with self._lock:
            kept = self._kept.get(audience)
            if kept is None or self._clock() - kept.got < seconds:
                return False
            del self._kept[audience]
            if self._way is not None:
                self._way.forget()
            return True

    def _with_patience(self, audience: Audience, claims: str | None) -> _Token:
        """Ask again after a while when the sign-in service is busy: a long run must not end by that."""
        for pause in self._pauses:
            try:
                return self._acquire(audience, claims)
            except Temporary as problem:
                if problem.code != "SIGN-IN-UNAVAILABLE":
                    raise
            self._sleep(pause)
            self._way = None  # MSAL answers for a minute with the refusal that it remembers
        return self._acquire(audience, claims)

    def _acquire(self, audience: Audience, claims: str | None) -> _Token:
        from msal.exceptions import MsalServiceError  # noqa: PLC0415 - signing in imports MSAL anyway

        asked = self._clock()
        scope = self._endpoints.scope(audience)
        try:
            if self._way is None:
                self._way = self._sign_in()
            answer = self._way.acquire(scope, claims)
        except requests.RequestException as problem:
            raise signin_problems.unreachable(self._endpoints, problem) from None
        except MsalServiceError as problem:
            raise signin_problems.failed(problem) from None
        except ValueError:
            raise signin_problems.unreadable(self._endpoints) from None
        text = answer.get("access_token")
        if not isinstance(text, str):
            raise signin_problems.refused(answer, self._credentials, self._endpoints, audience)
        lifetime = float(answer.get("expires_in") or 0)
        early = min(_EARLY_SECONDS, lifetime / 2)
        told = claims_of(text)
        person = self._credentials.method == "device-code"
        empty = told is not None and not person and not _roles_in(told)
        return _Token(text, asked, asked + lifetime - early, empty)

    def _sign_in(self) -> SignIn:
        # MSAL logs what it cannot read; without a handler that would land on standard error.
        logging.getLogger("msal").addHandler(logging.NullHandler())
        given = self._credentials
        if given.method == "managed-identity":
            return IdentitySignIn(given, self._endpoints)
        if given.method == "device-code":
            return PersonSignIn(given, self._endpoints, self._session, self._tell, self._stopped)
        return AppSignIn(given, self._endpoints, self._session, self._wall)


def _roles_in(claims: Mapping[str, Any]) -> frozenset[str]:
    """The `roles` claim, for a person's token what `scp` lets do.

    Only to choose a way that will work: the service judges the token, not we
    (learn.microsoft.com/entra/identity-platform/access-token-claims-reference, "roles").
    """
    roles = claims.get("roles")
    if isinstance(roles, list):
        return frozenset(str(one) for one in roles)
    scopes = str(claims.get("scp") or "").split()
    return frozenset(_DELEGATED.get(one, one) for one in scopes)

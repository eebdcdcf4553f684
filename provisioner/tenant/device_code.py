"""A person signs in with a code, for a one-off run with what that person may do.

The program shows a code, the person enters it in a browser, here or elsewhere ("OAuth 2.0 device
authorization grant", learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code). Many
organisations block this flow by Conditional Access.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import requests

from provisioner.core.errors import Refused
from provisioner.tenant.authority import application
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.token_cache import read_cache, write_cache

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials


class PersonSignIn:
    """Tokens for a person. They are asked once; then their kept sign-in serves both audiences.

    `tell` shows the sentence with the code and where to enter it; without it nobody can be asked.
    `stopped`, once set, ends the waiting for a person: otherwise it would go on in its thread after
    the command was ended, until the code ends.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoints: Endpoints,
        session: requests.Session,
        tell: Callable[[str], None] | None,
        stopped: threading.Event,
    ) -> None:
        self._credentials = credentials
        self._endpoints = endpoints
        self._session = session
        self._tell = tell
        self._stopped = stopped
        self._app: Any = None
        self._cache: Any = None

    def acquire(self, scope: str, claims: str | None) -> dict[str, Any]:
        """MSAL's answer. Raises `Refused` SIGN-IN-NEEDS-A-PERSON where nobody can be asked."""
        if self._app is None:
            self._app = self._application()
        answer = self._silently(scope, claims) or self._asked(scope)
        if self._credentials.token_store is not None and self._cache.has_state_changed:
            write_cache(self._credentials.token_store, self._cache.serialize())
            self._cache.has_state_changed = False
        return answer

    def forget(self) -> None:
        """Drop the kept access tokens; the person stays signed in."""
        if self._cache is None:
            return
        for token in list(self._cache.search(self._cache.CredentialType.ACCESS_TOKEN)):
            self._cache.remove_at(token)

    def _silently(self, scope: str, claims: str | None) -> dict[str, Any] | None:
        for account in self._app.get_accounts():
            answer: dict[str, Any] | None = self._app.acquire_token_silent(
                [scope], account=account, claims_challenge=claims
            )
            if answer and "access_token" in answer:
                return answer
        return None

    def _asked(self, scope: str) -> dict[str, Any]:
        if self._tell is None:
            raise Refused(
                "SIGN-IN-NEEDS-A-PERSON",
                "A person has to sign in, and there is nobody to show the code to.",
                hint="Run a command with a terminal first, or sign in with a certificate.",
            )
        if self._stopped.is_set():
            return {"error": "authorization_pending"}
        flow: dict[str, Any] = self._app.initiate_device_flow(scopes=[scope])
        if "user_code" not in flow:
            return flow
        self._tell(str(flow["message"]))
        return self._awaited(flow)

    def _awaited(self, flow: dict[str, Any]) -> dict[str, Any]:
        """MSAL's answer once the person has decided, or the last one when the code has ended.

        MSAL would do the waiting too, and could not be stopped. It keeps in the flow how many seconds
        to wait, five more for each time that Entra says so (RFC 8628, section 3.5).
        """
        flow["interval"] = int(flow.get("interval") or 0) or 5
        while True:
            answer: dict[str, Any] = self._app.acquire_token_by_device_flow(
                flow, exit_condition=lambda _: True
            )
            if answer.get("error") not in {"authorization_pending", "slow_down"}:
                return answer
            if flow["expires_at"] < time.time() or self._stopped.wait(flow["interval"]):
                return answer

    def _application(self) -> Any:
        import msal  # noqa: PLC0415 - a quarter of a second that --help must not pay

        self._cache = msal.SerializableTokenCache()
        if self._credentials.token_store is not None:
            kept = read_cache(self._credentials.token_store)
            if kept:
                self._cache.deserialize(kept)
        return application(
            msal.PublicClientApplication,
            self._credentials,
            self._endpoints,
            self._session,
            token_cache=self._cache,
        )

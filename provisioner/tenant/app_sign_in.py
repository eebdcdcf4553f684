"""The app signs in as itself: with a certificate, a secret, or the token of a workload.

During a change-over of certificates there are two. The one that ends last is tried first; when
Entra does not know it yet (AADSTS700027), the other is, and what worked is kept for the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import requests

from provisioner.core.errors import ProvisionerError
from provisioner.tenant.authority import application
from provisioner.tenant.certificate import OUT_OF_TIME, load_certificate
from provisioner.tenant.claims import claims_of
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.federated import workload_token
from provisioner.tenant.signin_problems import number_of
from provisioner.tenant.untrusted import NOT_REGISTERED, check_certificate, check_trusted

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials


@dataclass(frozen=True, slots=True)
class _Proof:
    """What MSAL is given; `shown` names a certificate to people, "" for any other proof."""

    given: str | Mapping[str, Any] = field(repr=False)
    shown: str = ""


class AppSignIn:
    """Tokens for the app itself. Nothing is read or sent before the first `acquire`."""

    def __init__(
        self,
        credentials: Credentials,
        endpoints: Endpoints,
        session: requests.Session,
        wall: Callable[[], datetime],
    ) -> None:
        self._credentials = credentials
        self._endpoints = endpoints
        self._session = session
        self._wall = wall
        self._sent: Mapping[str, Any] = {}
        self._proofs = self._federated() or _proofs(credentials, wall())
        self._tried: list[str] = []
        self._app: Any = None

    def acquire(self, scope: str, claims: str | None) -> dict[str, Any]:
        """MSAL's answer; of several certificates, that of the first one Entra accepts."""
        while True:
            if self._app is None:
                self._app = self._application(self._proofs[0].given)
            answer: dict[str, Any] = self._app.acquire_token_for_client(
                scopes=[scope], claims_challenge=claims
            )
            if self._credentials.method == "federated":
                check_trusted(answer, self._credentials, self._sent, self._wall())
            proof = self._proofs[0]
            refused = number_of(answer) == NOT_REGISTERED
            if not refused or len(self._proofs) == 1:
                if proof.shown:
                    tried = [*self._tried, proof.shown]
                    check_certificate(answer, self._credentials, tried, self._wall())
                return answer
            self._tried.append(self._proofs.pop(0).shown)
            self._app = None

    def forget(self) -> None:
        """Drop kept access tokens."""
        if self._app is not None:
            self._app.remove_tokens_for_client()

    def _federated(self) -> list[_Proof]:
        """The workload's token, what it says kept for the sentence that Entra's refusal needs."""
        if self._credentials.method != "federated":
            return []
        fetch = workload_token(self._credentials.token_file, self._endpoints.exchange_audience)

        def fetched() -> str:
            token = fetch()
            self._sent = claims_of(token) or {}
            return token

        return [_Proof({"client_assertion": fetched})]

    def _application(self, given: str | Mapping[str, Any]) -> Any:
        import msal  # noqa: PLC0415 - a quarter of a second that --help must not pay

        return application(
            msal.ConfidentialClientApplication,
            self._credentials,
            self._endpoints,
            self._session,
            client_credential=given,
        )


def _proofs(credentials: Credentials, now: datetime) -> list[_Proof]:
    """What may prove who we are, the best first; never empty."""
    if credentials.method == "secret":
        if not credentials.secret:
            raise ProvisionerError(
                "SECRET-MISSING",
                "No client secret is given.",
                hint="Set PROVISIONER_CLIENT_SECRET, or sign in with a certificate.",
            )
        return [_Proof(credentials.secret)]
    return _certificates(credentials, now)


def _certificates(credentials: Credentials, now: datetime) -> list[_Proof]:
    given = [credentials.certificate]
    if credentials.next_certificate:
        given.append(credentials.next_certificate)
    usable, ended = [], []
    for one in given:
        try:
            usable.append(load_certificate(one, credentials.passphrase, now))
        except ProvisionerError as problem:
            if problem.code not in OUT_OF_TIME:
                raise
            ended.append(problem)
    if not usable:
        raise ended[0]
    usable.sort(key=lambda one: one.expires, reverse=True)
    return [
        _Proof(
            {"private_key": one.private_key, "public_certificate": one.certificate},
            f"{one.thumbprint} (it ends on {one.expires:%Y-%m-%d})",
        )
        for one in usable
    ]

"""The identity that Azure gives a machine, an app service or a container: no secret of ours at all.

MSAL asks the local endpoint the host offers ("Managed identities for Azure resources",
learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview). App roles are
granted to its service principal, since it has no app registration.
"""

from __future__ import annotations

from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

import requests

from provisioner.core.errors import ProvisionerError, Temporary
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.redaction import shown
from provisioner.tenant.sessions import workload_session

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials

_HINT = (
    "Run on Azure with a managed identity switched on, and name a user-assigned one by its client "
    "id as `clientId`; elsewhere sign in with a certificate."
)
_ARC_HINT = (
    "On Azure Arc, have an administrator of this machine put the user that runs this into the group "
    "himds (on Windows: Hybrid agent extension applications), and sign in to the machine again."
)
"""Who may read it: "Authenticate against Azure resources with Azure Arc-enabled servers",
learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication."""


_AGAIN = frozenset({410, 429})  # 410: the service is being updated, for up to 70 seconds


class IdentitySignIn:
    """Tokens for the managed identity: the machine's own, or the one with the client id."""

    def __init__(self, credentials: Credentials, endpoints: Endpoints) -> None:
        self._client_id = credentials.client_id
        self._authority = endpoints.authority
        self._client: Any = None
        self._status = 0

    def acquire(self, scope: str, claims: str | None) -> dict[str, Any]:
        """MSAL's answer.

        Raises `ProvisionerError` MANAGED-IDENTITY-MISSING, `Temporary` SIGN-IN-UNAVAILABLE for the
        statuses after which one is to ask again ("How to use managed identities for Azure resources
        on an Azure VM to acquire an access token", section "Error handling", learn.microsoft.com).
        """
        if self._client is None:
            self._client = self._made()
        try:
            answer: dict[str, Any] = self._client.acquire_token_for_client(
                resource=scope.removesuffix("/.default"), claims_challenge=claims
            )
        except requests.RequestException:
            raise ProvisionerError(
                "MANAGED-IDENTITY-MISSING",
                "Nothing on this machine answers for a managed identity.",
                hint=_HINT,
            ) from None
        except (JSONDecodeError, AttributeError):  # MSAL looks into what is no JSON object
            said = "what answers does not speak as an identity service does"
            self._check_status(said)
            raise _no_token(said) from None
        except ValueError as problem:  # MSAL's ManagedIdentityError, as of an agent of Azure Arc
            raise _no_token(str(problem)) from None
        except OSError as problem:  # the file in which Azure Arc keeps its secret
            said = f"{problem.filename} cannot be read ({problem.strerror})"
            raise _no_token(said, _ARC_HINT) from None
        if "access_token" not in answer and "error_codes" not in answer:
            said = answer.get("error_description") or answer.get("error") or "no reason given"
            self._check_status(str(said))
            raise _no_token(str(said))
        return answer

    def _check_status(self, said: str) -> None:
        if self._status not in _AGAIN and self._status < 500:
            return
        raise Temporary(
            "SIGN-IN-UNAVAILABLE",
            f"The identity service of this machine is not able to answer: {shown(said)} (HTTP "
            f"{self._status}).",
            hint="Try again in a few minutes. If it stays so, check that the identity is switched on "
            "here, and that `clientId` is its client id.",
            status=self._status,
        )

    def _heard(self, answer: requests.Response, **_: object) -> None:
        self._status = answer.status_code

    def forget(self) -> None:
        """Ask again with an empty memory."""
        self._client = None

    def _made(self) -> Any:
        import msal  # noqa: PLC0415 - a quarter of a second that --help must not pay

        identity = (
            msal.UserAssignedManagedIdentity(client_id=self._client_id)
            if self._client_id
            else msal.SystemAssignedManagedIdentity()
        )
        # The endpoint is on this machine: a proxy could only give the identity away.
        session = workload_session(proxies=False)
        session.hooks["response"].append(self._heard)
        return msal.ManagedIdentityClient(identity, http_client=session)


def _no_token(said: str, hint: str = _HINT) -> ProvisionerError:
    return ProvisionerError(
        "MANAGED-IDENTITY-MISSING",
        f"The machine gives no token of a managed identity: {shown(said).rstrip('.')}.",
        hint=hint,
    )

"""What went wrong at sign-in, as a sentence with a next step.

Numbers and meanings: "Microsoft Entra authentication and authorization error codes"
(learn.microsoft.com/entra/identity-platform/reference-error-codes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.core.transport import Audience
from provisioner.tenant.connection import sentence_for
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.redaction import shown

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials

_NUMBER = re.compile(r"AADSTS(\d+)")
_STATUS = re.compile(r"HTTP status: (\d+)")

_TOO_LATE = (
    "DEVICE-CODE-NOT-APPROVED",
    "Nobody entered the code in time.",
    "Run the command again; a code is good for a quarter of an hour.",
)
# The errors of "OAuth 2.0 device authorization grant" by name, where no number comes along
# (learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, "Expected errors").
_NAMED: Mapping[str, int] = MappingProxyType(
    {
        "authorization_pending": 70016,
        "slow_down": 70016,
        "expired_token": 70020,
        "authorization_declined": 65004,
        "access_denied": 65004,
        "bad_verification_code": 70018,
    }
)
# number -> (our code, sentence, next step)
_KNOWN: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        7000215: (
            "SECRET-WRONG",
            "Entra does not accept the client secret.",
            (
                "Copy the secret's value (not its id) from the app registration into "
                "PROVISIONER_CLIENT_SECRET."
            ),
        ),
        7000222: (
            "SECRET-EXPIRED",
            "The client secret has expired.",
            "Make a new one in the app registration; better, use a certificate.",
        ),
        700016: (
            "APP-NOT-FOUND",
            "The app {client_id} is not known in the tenant {tenant_id}.",
            (
                "Check PROVISIONER_CLIENT_ID and PROVISIONER_TENANT_ID, and have an admin of the "
                "tenant consent to the app."
            ),
        ),
        7000229: (
            "APP-NOT-FOUND",
            "The app {client_id} has no service principal in the tenant {tenant_id}.",
            "Have an admin of the tenant consent to the app.",
        ),
        7000112: (
            "APP-DISABLED",
            "The app {client_id} is switched off in the tenant {tenant_id}.",
            "Ask an admin to enable it under Enterprise applications in Entra.",
        ),
        700027: (
            "CERTIFICATE-REFUSED",
            (
                "Entra does not accept the certificate: it is not registered with the app "
                "{client_id}, or it has expired there."
            ),
            (
                "Upload this certificate (the public part) to the app registration under "
                "Certificates & secrets."
            ),
        ),
        700024: (
            "CLOCK-WRONG",
            "Entra says that our proof is not valid at this time.",
            "Set this machine's clock; it must be right to five minutes.",
        ),
        700023: (
            "CERTIFICATE-REFUSED",
            "Entra says that our proof was made for another address.",
            "Check the cloud and the tenant id of the workspace.",
        ),
        90002: (
            "TENANT-NOT-FOUND",
            "Entra knows no tenant {tenant_id} in this cloud.",
            "Check PROVISIONER_TENANT_ID and the cloud of the workspace.",
        ),
        900023: (
            "TENANT-NOT-FOUND",
            "“{tenant_id}” is not the id or the domain of a tenant.",
            "Use the Directory (tenant) ID shown on the app registration's overview.",
        ),
        500011: (
            "RESOURCE-NOT-FOUND",
            "The tenant {tenant_id} has no service at {resource}.",
            "Check the host name of the site, and that it belongs to this tenant.",
        ),
        65001: (
            "CONSENT-MISSING",
            "Nobody has consented to what the app {client_id} asks for in {tenant_id}.",
            "Have an admin of the tenant consent; `provisioner permissions` writes what to consent to.",
        ),
        65004: (
            "DEVICE-CODE-NOT-APPROVED",
            "The sign-in was declined.",
            "Run the command again and approve it in the browser.",
        ),
        70016: _TOO_LATE,
        70019: _TOO_LATE,
        70020: _TOO_LATE,
        70018: (
            "DEVICE-CODE-NOT-APPROVED",
            "Entra does not know the code that was asked about.",
            "Run the command again and enter the new code as it is shown.",
        ),
        7000218: (
            "PUBLIC-CLIENT-NEEDED",
            "The app {client_id} does not sign people in without a secret.",
            (
                "Switch on “Allow public client flows” under Authentication in the app "
                "registration, or sign in with a certificate."
            ),
        ),
        53003: (
            "SIGN-IN-BLOCKED",
            "A Conditional Access policy of the tenant {tenant_id} blocks the app {client_id}.",
            (
                "Ask an admin which policy: Entra's sign-in logs name it, under Service principal "
                "sign-ins, for a person's code under User sign-ins. Then run from a place that it "
                "allows, or have them leave this app out."
            ),
        ),
    }
)
_TRANSIENT = frozenset({90033, 90024, 50196, 70043})


def refused(
    answer: Mapping[str, Any],
    credentials: Credentials,
    endpoints: Endpoints,
    audience: Audience,
) -> ProvisionerError:
    """Entra answered with an error instead of a token."""
    description = str(answer.get("error_description") or answer.get("error") or "")
    number = number_of(answer)
    request_id = str(answer["correlation_id"]) if answer.get("correlation_id") else None
    said = f"AADSTS{number}" if number else str(answer.get("error") or "no reason given")
    if number in _TRANSIENT or answer.get("error") == "temporarily_unavailable":
        return Temporary(
            "SIGN-IN-UNAVAILABLE",
            f"Entra cannot sign us in at the moment ({said}).",
            hint="Try again in a few minutes.",
            request_id=request_id,
        )
    known = _KNOWN.get(number) or _KNOWN.get(_NAMED.get(str(answer.get("error")), 0))
    if known is None:
        first = description.split(" Trace ID:", maxsplit=1)[0]
        return ProvisionerError(
            "SIGN-IN-REFUSED",
            "Entra refused the sign-in: " + shown(first, credentials.secret),
            hint=f"Look up {said} at https://login.microsoftonline.com/error.",
            request_id=request_id,
        )
    code, sentence, hint = known
    resource = endpoints.scope(audience).removesuffix("/.default")
    filled = sentence.format(
        client_id=credentials.client_id, tenant_id=credentials.tenant_id, resource=resource
    )
    return ProvisionerError(code, f"{filled} ({said})", hint=hint, request_id=request_id)


def nothing_consented(credentials: Credentials, audience: Audience) -> Refused:
    """We are signed in, and the token lets the app do nothing at all."""
    service = "Microsoft Graph" if audience == "graph" else "SharePoint"
    return Refused(
        "CONSENT-MISSING",
        f"Signed in, and nobody has consented to any permission of the app {credentials.client_id} "
        f"on {service}.",
        hint="Have an admin of the tenant consent; `provisioner permissions` writes what to consent "
        "to. A new consent takes some minutes to arrive.",
    )


def bad_authority(
    problem: ValueError, credentials: Credentials, endpoints: Endpoints
) -> ProvisionerError:
    """MSAL could not read the tenant's sign-in document, or our credentials are not ones.

    It takes every status from 400 to 499 for a tenant that is not there, and names it in the error
    before its own (github.com/AzureAD/microsoft-authentication-library-for-python, msal/authority.py).
    """
    text, status = str(problem), _STATUS.search(str(problem.__context__ or ""))
    if status is not None and status[1] in {"408", "429"}:
        return _unavailable(int(status[1]))
    if "authority configuration" in text or "https url" in text:
        host = urlsplit(endpoints.authority).hostname
        return ProvisionerError(
            "TENANT-NOT-FOUND",
            f"{host} knows no tenant “{credentials.tenant_id}”.",
            hint="Check PROVISIONER_TENANT_ID and the cloud of the workspace.",
        )
    return ProvisionerError(
        "SIGN-IN-REFUSED",
        "The sign-in could not be prepared: " + shown(text, credentials.secret),
        hint="Check the client id and the certificate.",
    )


def unreachable(endpoints: Endpoints, problem: requests.RequestException) -> ProvisionerError:
    """No answer from the sign-in service, or an answer that is not its own (a proxy's page)."""
    if problem.response is not None:
        return _unavailable(problem.response.status_code)
    lost = sentence_for(endpoints.authority, problem)
    return Temporary("SIGN-IN-UNREACHABLE", lost.sentence, hint=lost.hint)


def failed(problem: Exception) -> Temporary:
    """MSAL's own error for an answer from 500 on; it keeps no more than the status, in its text."""
    found = re.search(r"\b5\d\d\b", str(problem))
    return _unavailable(int(found[0]) if found else 500)


def _unavailable(status: int) -> Temporary:
    return Temporary(
        "SIGN-IN-UNAVAILABLE",
        f"The sign-in service answers with HTTP {status}.",
        hint="Try again in a few minutes.",
        status=status,
    )


def unreadable(endpoints: Endpoints) -> ProvisionerError:
    """The sign-in service's answer is not JSON: somebody else answered in its place."""
    host = urlsplit(endpoints.authority).hostname
    return Temporary(
        "SIGN-IN-UNREADABLE",
        f"What answers for {host} does not speak as the sign-in service does.",
        hint="Check the proxy between here and Microsoft.",
    )


def number_of(answer: Mapping[str, Any]) -> int:
    """The number after AADSTS in an answer of Entra's; 0 where there is none."""
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _NUMBER.search(str(answer.get("error_description") or ""))
    return int(found[1]) if found else 0

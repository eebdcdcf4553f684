"""Entra does not take what proves who we are: what was sent, and what to register for it.

A certificate is named by its thumbprint, as the app registration lists it.

Issuer, subject and audience are no secret, and only the workload knows them: a job learns its
subject from GitHub or Azure DevOps. The numbers and texts are those of github.com/Azure/login,
issues 482 and 515, and github.com/Azure/azure-workload-identity, issue 1200.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from provisioner.core.errors import ProvisionerError
from provisioner.tenant.redaction import shown
from provisioner.tenant.signin_problems import number_of

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials

NOT_REGISTERED = 700027
_OUT_OF_TIME = 700024
_DIFFERS: Mapping[int, str] = MappingProxyType(
    {
        70021: "has no federated credential for this workload",
        700211: "has no federated credential with this workload's issuer",
        700212: "has no federated credential with this workload's audience",
        700213: "has no federated credential with this workload's subject",
        7002138: "has a federated credential whose subject differs from this workload's in capitals",
    }
)


def check_certificate(
    answer: Mapping[str, Any], credentials: Credentials, tried: Sequence[str], now: datetime
) -> None:
    """Raise `ProvisionerError` where Entra's answer says that it does not take the certificate.

    `tried` says which were sent. Codes: CERTIFICATE-REFUSED, CLOCK-WRONG.
    """
    number = number_of(answer)
    request_id = str(answer["correlation_id"]) if answer.get("correlation_id") else None
    if number == NOT_REGISTERED:
        which = "neither certificate" if len(tried) > 1 else "the certificate"
        raise ProvisionerError(
            "CERTIFICATE-REFUSED",
            f"Entra does not accept {which} with the thumbprint {' or '.join(tried)}: it is not "
            f"registered with the app {credentials.client_id}, or has ended there (AADSTS{number}).",
            hint="Look for the thumbprint under Certificates & secrets of the app registration. If "
            "it is not there, upload the public part (the .crt file); never the key.",
            request_id=request_id,
        )
    if number == _OUT_OF_TIME:
        told = _stamped(answer.get("timestamp"))
        there = f"It is {told} there, and this" if told else "This"
        raise ProvisionerError(
            "CLOCK-WRONG",
            f"Entra says that our proof does not count at this time (AADSTS{number}). {there} "
            f"machine's clock says {_minute(now)}.",
            hint="Set this machine's clock, best by NTP; it must be right to five minutes.",
            request_id=request_id,
        )


def check_trusted(
    answer: Mapping[str, Any], credentials: Credentials, sent: Mapping[str, Any], now: datetime
) -> None:
    """Raise `ProvisionerError` where Entra's answer says that it does not take the workload's token.

    `sent` is what the token said. Codes: FEDERATION-NOT-TRUSTED, CLOCK-WRONG.
    """
    number = number_of(answer)
    request_id = str(answer["correlation_id"]) if answer.get("correlation_id") else None
    if number in _DIFFERS:
        app = credentials.client_id
        raise ProvisionerError(
            "FEDERATION-NOT-TRUSTED",
            f"The app {app} {_DIFFERS[number]} (AADSTS{number}). Sent were {_named(sent)}.",
            hint="Under Certificates & secrets, Federated credentials, of the app registration "
            "register these three to the letter, capitals too; or run from where one is registered.",
            request_id=request_id,
        )
    if number == _OUT_OF_TIME:
        raise ProvisionerError(
            "CLOCK-WRONG",
            f"Entra says that the workload's token does not count now (AADSTS{number}). It counts "
            f"{_counts(sent)}, and this machine's clock says {_minute(now)}.",
            hint="If the token has ended, see that its file is renewed. Otherwise set this machine's "
            "clock; it must be right to five minutes.",
            request_id=request_id,
        )


def _named(sent: Mapping[str, Any]) -> str:
    parts = (("issuer", "iss"), ("subject", "sub"), ("audience", "aud"))
    said = [f"{name} “{shown(str(sent.get(claim, '')))}”" for name, claim in parts]
    return ", ".join(said[:-1]) + f" and {said[-1]}"


def _counts(sent: Mapping[str, Any]) -> str:
    begins, ends = _moment(sent.get("nbf")), _moment(sent.get("exp"))
    return f"from {begins} to {ends}" if begins else f"until {ends or 'no time that it names'}"


def _stamped(stamp: object) -> str:
    """The minute in an answer's `timestamp`, such as "2026-11-23 15:19:00Z"; "" for none."""
    try:
        return _minute(datetime.fromisoformat(str(stamp)))
    except ValueError:
        return ""


def _moment(seconds: object) -> str:
    try:
        return _minute(datetime.fromtimestamp(float(str(seconds)), UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

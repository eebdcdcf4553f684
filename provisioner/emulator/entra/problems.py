"""Entra's refusals: an OAuth error name, an AADSTS number and a sentence.

Source: "Microsoft Entra authentication and authorization error codes"
(learn.microsoft.com/entra/identity-platform/reference-error-codes); OAuth names and statuses as
RFC 6749 section 5.2 and MSAL's own tests show them.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any


class EntraRefusal(Exception):
    """One refusal: `number` is the AADSTS code, `error` the OAuth error, `status` the HTTP one."""

    def __init__(self, number: int, error: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.number = number
        self.error = error
        self.message = message
        self.status = status

    def body(self, now: datetime, correlation_id: str) -> dict[str, Any]:
        """The JSON body Entra answers with."""
        trace_id = str(uuid.uuid4())
        stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        return {
            "error": self.error,
            "error_description": (
                f"AADSTS{self.number}: {self.message} Trace ID: {trace_id} "
                f"Correlation ID: {correlation_id} Timestamp: {stamp}"
            ),
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


def unknown_tenant(tenant: str) -> EntraRefusal:
    """AADSTS90002: no such directory."""
    return EntraRefusal(
        90002,
        "invalid_request",
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud.",
    )


def unknown_app(client_id: str, tenant: str) -> EntraRefusal:
    """AADSTS700016: no such app registration in this directory."""
    return EntraRefusal(
        700016,
        "unauthorized_client",
        f"Application with identifier '{client_id}' was not found in the directory '{tenant}'. "
        "This can happen if the application has not been installed by the administrator of the "
        "tenant or consented to by any user in the tenant.",
    )


def bad_secret(client_id: str) -> EntraRefusal:
    """AADSTS7000215: the secret is not this app's."""
    return EntraRefusal(
        7000215,
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        f"client secret value, not the client secret ID, for a secret added to app '{client_id}'.",
        401,
    )


def no_credential() -> EntraRefusal:
    """AADSTS7000216: neither a secret nor an assertion was sent."""
    return EntraRefusal(
        7000216,
        "invalid_client",
        "'client_assertion', 'client_secret' or 'request' is required for the "
        "'client_credentials' grant type.",
        401,
    )


def bad_assertion(client_id: str, why: str) -> EntraRefusal:
    """AADSTS700027: the assertion is not signed by a certificate of this app."""
    return EntraRefusal(
        700027,
        "invalid_client",
        f"The certificate with identifier used to sign the client assertion is not registered on "
        f"application. [Reason - {why}, Application '{client_id}']",
        401,
    )


def bad_audience(audience: object, expected: str) -> EntraRefusal:
    """AADSTS700023: the assertion was made for another address."""
    return EntraRefusal(
        700023,
        "invalid_client",
        f"Client assertion audience claim does not match Realm issuer. Received '{audience}', "
        f"expected '{expected}'.",
        401,
    )


def no_federated_identity(number: int, part: str, value: object) -> EntraRefusal:
    """AADSTS700211, 700212, 700213: no federated credential has this issuer, audience, subject."""
    return EntraRefusal(
        number,
        "invalid_client",
        f"No matching federated identity record found for presented assertion {part} '{value}'. "
        "Check your federated identity credential Subject, Audience and Issuer against the "
        "presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        401,
    )


def subject_in_other_case(subject: object) -> EntraRefusal:
    """AADSTS7002138: a federated credential has this subject but for its case."""
    return EntraRefusal(
        7002138,
        "invalid_client",
        f"No matching federated identity record found for presented assertion subject '{subject}'. "
        "The subject matches with case-insensitive comparison, but not with case-sensitive "
        "comparison. Check your federated identity credential Subject, Audience and Issuer against "
        "the presented assertion.",
        401,
    )


def bad_scope(scope: str) -> EntraRefusal:
    """AADSTS70011: not a ``/.default`` scope."""
    return EntraRefusal(
        70011,
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid. Client credential flows "
        "must have a scope value with /.default suffixed to the resource identifier. "
        f"The scope {scope} is not valid.",
    )


def unknown_resource(resource: str, tenant: str) -> EntraRefusal:
    """AADSTS500011: the resource is not one this directory knows."""
    return EntraRefusal(
        500011,
        "invalid_resource",
        f"The resource principal named {resource} was not found in the tenant named {tenant}. "
        "This can happen if the application has not been installed by the administrator of the "
        "tenant or consented to by any user in the tenant.",
    )


def missing_parameter(name: str) -> EntraRefusal:
    """AADSTS900144: a required form field is missing."""
    return EntraRefusal(
        900144,
        "invalid_request",
        f"The request body must contain the following parameter: '{name}'.",
    )


def unsupported_grant(name: str) -> EntraRefusal:
    """AADSTS70003: a grant type that is not offered."""
    return EntraRefusal(
        70003,
        "unsupported_grant_type",
        f"The app requested an unsupported grant type '{name}'.",
    )


def two_resources(scope: str) -> EntraRefusal:
    """AADSTS28000: the scopes are of more than one resource."""
    return EntraRefusal(
        28000,
        "invalid_request",
        "Provided value for the input parameter scope is not valid because it contains more than "
        f"one resource. Scope {scope} is not valid.",
    )


def default_with_others(scope: str) -> EntraRefusal:
    """AADSTS70011: ``.default`` stands with other scopes of the resource."""
    return EntraRefusal(
        70011,
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid. .default scope can't be "
        f"combined with resource-specific scopes. The scope {scope} is not valid.",
    )


def no_consent(client_id: str, scope: str) -> EntraRefusal:
    """AADSTS65001: nobody has consented to this scope for the app."""
    return EntraRefusal(
        65001,
        "invalid_grant",
        f"The user or administrator has not consented to use the application with ID '{client_id}'"
        f" for '{scope}'. Send an interactive authorization request for this user and resource.",
    )


def credential_needed() -> EntraRefusal:
    """AADSTS7000218: the app is not a public client, so it has to prove who it is."""
    return EntraRefusal(
        7000218,
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
        401,
    )


def authorization_pending() -> EntraRefusal:
    """AADSTS70016: the person has not signed in yet; ask again after the interval."""
    return EntraRefusal(
        70016,
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )


def authorization_declined() -> EntraRefusal:
    """AADSTS65004: the person said no."""
    return EntraRefusal(
        65004,
        "authorization_declined",
        "User declined to consent to access the app.",
    )


def device_code_expired() -> EntraRefusal:
    """AADSTS70020: nobody signed in within the time."""
    return EntraRefusal(
        70020,
        "expired_token",
        "The provided value for the input parameter 'device_code' is not valid. This device code "
        "has expired.",
    )


def bad_device_code() -> EntraRefusal:
    """AADSTS70018: the device code is not one of ours, or not this app's."""
    return EntraRefusal(
        70018,
        "bad_verification_code",
        "Invalid verification code due to User typing in wrong user code for device code flow.",
    )


def device_code_redeemed() -> EntraRefusal:
    """AADSTS54005: the device code has been exchanged for tokens already."""
    return EntraRefusal(
        54005,
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use "
        "an existing refresh token.",
    )


def bad_refresh_token() -> EntraRefusal:
    """AADSTS9002313: the refresh token is malformed, or not this app's."""
    return EntraRefusal(
        9002313,
        "invalid_grant",
        "Invalid request. Request is malformed or invalid.",
    )


def refresh_token_expired() -> EntraRefusal:
    """AADSTS700082: the refresh token was not used for too long."""
    return EntraRefusal(
        700082,
        "invalid_grant",
        "The refresh token has expired due to inactivity.",
    )


def account_disabled() -> EntraRefusal:
    """AADSTS50057: the person's account is disabled, or gone."""
    return EntraRefusal(50057, "invalid_grant", "The user account is disabled.")

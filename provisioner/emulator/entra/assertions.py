"""Client assertions: an app proves with its certificate that it is itself.

Source: "Microsoft identity platform application authentication certificate credentials"
(learn.microsoft.com/entra/identity-platform/certificate-credentials): header `alg`, `x5t` or
`x5t#S256`; claims `aud` (the token endpoint), `exp`, `iss` and `sub` (the client id), `jti`, `nbf`.
An assertion may be sent again while it is good: MSAL keeps one and does so.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from sqlite3 import Row
from typing import Any

from provisioner.emulator.entra import jwt, problems
from provisioner.emulator.entra.keys import thumbprints

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SKEW = 300  # seconds of clock difference that are forgiven


def verify(app: Row, text: str, audiences: Collection[str]) -> None:
    """Accept the assertion for this app or raise `EntraRefusal`."""
    client_id = app["app_id"]
    try:
        token = jwt.read(text)
    except jwt.InvalidTokenError as problem:
        raise problems.bad_assertion(client_id, str(problem)) from None
    _check_signature(app, token)
    claims = token.claims
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise problems.bad_assertion(client_id, "iss and sub must be the client id")
    if claims.get("aud") not in audiences:
        raise problems.bad_audience(claims.get("aud"), next(iter(audiences)))
    check_time(claims)
    if not claims.get("jti"):
        raise problems.bad_assertion(client_id, "jti is missing")


def check_time(claims: Mapping[str, Any]) -> None:
    """Accept when an assertion counts or raise `EntraRefusal` 700024, with the service's three times.

    Its text: github.com/AzureAD/microsoft-authentication-library-for-dotnet, issue 4951.
    """
    now, expires, starts = time.time(), claims.get("exp"), claims.get("nbf", 0)
    if (
        isinstance(expires, int | float)
        and isinstance(starts, int | float)
        and starts - _SKEW <= now <= expires + _SKEW
    ):
        return
    raise problems.EntraRefusal(
        700024,
        "invalid_client",
        f"Client assertion is not within its valid time range. Current time: {_time(now)}, assertion "
        f"valid from {_time(starts)}, expiry time of assertion {_time(expires)}. Review the "
        "documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        401,
    )


def _time(seconds: object) -> str:
    try:
        moment = datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.fromtimestamp(0, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"


def _check_signature(app: Row, token: jwt.Token) -> None:
    client_id = app["app_id"]
    if not app["certificate_pem"]:
        raise problems.bad_assertion(client_id, "The key was not found.")
    key, sha1, sha256 = thumbprints(app["certificate_pem"])
    named = [
        jwt.encode(digest) == token.header[name].rstrip("=")
        for name, digest in (("x5t", sha1), ("x5t#S256", sha256))
        if isinstance(token.header.get(name), str)
    ]
    if not named or not all(named):
        raise problems.bad_assertion(client_id, "The key was not found.")
    try:
        token.verify(key)
    except jwt.InvalidTokenError:
        raise problems.bad_assertion(
            client_id, "Client assertion failed signature validation."
        ) from None

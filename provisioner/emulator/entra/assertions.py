"""Client assertions: an app proves with its certificate that it is itself.

Source: "Microsoft identity platform application authentication certificate credentials"
(learn.microsoft.com/entra/identity-platform/certificate-credentials): header `alg`, `x5t` or
`x5t#S256`; claims `aud` (the token endpoint), `exp`, `iss` and `sub` (the client id), `jti`, `nbf`.
An assertion may be sent again while it is good: MSAL keeps one and does so.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from sqlite3 import Row

from provisioner.emulator.entra import jwt, problems
from provisioner.emulator.entra.keys import thumbprints

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SKEW = 300  # seconds of clock difference that are forgiven


def verify(app: Row, text: str, audiences: Collection[str]) -> None:
    """Accept the assertion for this app or raise `EntraRefusal`."""
    client_id = app["app_id"]
    now = time.time()
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
    expires, starts = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(expires, int | float) or not isinstance(starts, int | float):
        raise problems.assertion_out_of_time()
    if expires + _SKEW < now or starts - _SKEW > now:
        raise problems.assertion_out_of_time()
    if not claims.get("jti"):
        raise problems.bad_assertion(client_id, "jti is missing")


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

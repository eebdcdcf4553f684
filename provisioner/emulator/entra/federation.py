"""Tokens of another issuer, in place of a certificate: workload identity federation.

Source: "Workload identity federation" (learn.microsoft.com/entra/workload-id/
workload-identity-federation): issuer, subject and audience must be those of a federated credential
of the app, to the letter; case counts since 2024 ("What's new for authentication", section
"Federated Identity Credentials now use case-sensitive matching"). The texts are in
github.com/Azure/login, issues 482 and 515, and github.com/Azure/azure-workload-identity, issue 1200. Entra
reads the issuer's keys from its own address; the emulator reaches nobody, so the control plane
gives it the key. Entra's number for a wrong signature is not documented; 700027 stands for it.
"""

from __future__ import annotations

from sqlite3 import Row

from provisioner.emulator.entra import assertions, jwt, problems
from provisioner.emulator.tenant import Tenant

AUDIENCE = "api://AzureADTokenExchange"


def is_foreign(text: str) -> bool:
    """Whether an assertion names no certificate, so that another issuer must have signed it."""
    try:
        token = jwt.read(text)
    except jwt.InvalidTokenError:
        return False
    issuer = token.claims.get("iss")
    named = "x5t" in token.header or "x5t#S256" in token.header
    return not named and isinstance(issuer, str) and issuer.startswith("https://")


def verify(tenant: Tenant, app: Row, text: str) -> None:
    """Accept another issuer's token for this app or raise `EntraRefusal`."""
    token = jwt.read(text)
    claims = token.claims
    rows = tenant.rows("SELECT * FROM federated_credential WHERE app_id = ?", app["app_id"])
    for claim, column, number in (
        ("iss", "issuer", 700211),
        ("aud", "audience", 700212),
        ("sub", "subject", 700213),
    ):
        before, rows = rows, [row for row in rows if row[column] == claims.get(claim)]
        if not rows:
            said = str(claims.get(claim)).casefold()
            if column == "subject" and any(row[column].casefold() == said for row in before):
                raise problems.subject_in_other_case(claims.get(claim))
            raise problems.no_federated_identity(number, column, claims.get(claim))
    if not any(_signed(token, row["public_key_pem"]) for row in rows):
        why = "Client assertion failed signature validation."
        raise problems.bad_assertion(app["app_id"], why)
    assertions.check_time(claims)


def _signed(token: jwt.Token, public_key_pem: str) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    key = load_pem_public_key(public_key_pem.encode())
    if not isinstance(key, RSAPublicKey) or token.header.get("alg") != "RS256":
        return False
    try:
        token.verify(key)
    except jwt.InvalidTokenError:
        return False
    return True

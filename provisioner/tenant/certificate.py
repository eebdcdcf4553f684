"""An app's certificate, read from where the user keeps it.

A PEM file (key and certificate, in any order), the same as text, or a PFX file. The thumbprint is
not asked for: MSAL computes the SHA-256 one from the certificate and signs with PS256
("Client assertions", learn.microsoft.com/entra/msal/python/advanced/client-credentials).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from provisioner.core.errors import ProvisionerError

OUT_OF_TIME = frozenset({"CERTIFICATE-EXPIRED", "CERTIFICATE-NOT-YET-VALID"})
"""Of two certificates, one may be so."""
_HOW = (
    "Give a PEM file that holds the private key and the certificate, or a PFX file, in "
    "PROVISIONER_CERTIFICATE or the workspace's auth section."
)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A private key and its certificate as PEM text; `thumbprint` is the SHA-1 the portal shows.

    MSAL is given the key as it was read, which its assertion creator takes as well as PEM (docstring
    of `msal.oauth2cli.assertion.JwtAssertionCreator`): from PEM it would check the primes again,
    a twentieth of a second for 2,048 bits and half a second for 4,096, at every run. What the check
    would find, Entra finds: a wrong prime signs what the certificate does not verify.
    """

    private_key: RSAPrivateKey = field(repr=False)
    certificate: str
    thumbprint: str
    expires: datetime


def load_certificate(given: str, passphrase: str, now: datetime) -> ClientCertificate:
    """Read a certificate from PEM text or a file's path.

    Raises `ProvisionerError`: CERTIFICATE-UNREADABLE, CERTIFICATE-EXPIRED and
    CERTIFICATE-NOT-YET-VALID (with the day), CERTIFICATE-KEY-MISMATCH. No message holds any of the key.
    """
    if not given:
        raise ProvisionerError("CERTIFICATE-MISSING", "No certificate is given.", hint=_HOW)
    if "-----BEGIN" in given:
        where, data = "the certificate given as text", given.encode()
    else:
        where, data = f"the certificate file {given}", _file(Path(given).expanduser())
    secret = passphrase.encode() if passphrase else None
    key, certificate = (
        _pem(data, secret, where) if b"-----BEGIN" in data else _pfx(data, secret, where)
    )
    if key.public_key() != certificate.public_key():
        raise ProvisionerError(
            "CERTIFICATE-KEY-MISMATCH",
            f"In {where}, the private key does not belong to the certificate.",
            hint="Export both again from the same place.",
        )
    if certificate.not_valid_after_utc <= now:
        raise ProvisionerError(
            "CERTIFICATE-EXPIRED",
            f"The certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}.",
            hint="Make a new one, add it to the app registration in Entra, and use it here.",
        )
    begins = certificate.not_valid_before_utc
    if begins > now:
        raise ProvisionerError(
            "CERTIFICATE-NOT-YET-VALID",
            f"The certificate counts from {begins:%Y-%m-%d %H:%M} UTC on, and this machine's clock "
            f"says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC.",
            hint="Set the clock if it is behind; otherwise wait until then, or make a certificate "
            "that counts from today and add it to the app registration in Entra.",
        )
    return ClientCertificate(
        private_key=key,
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
        expires=certificate.not_valid_after_utc,
    )


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ProvisionerError(
            "CERTIFICATE-UNREADABLE",
            f"The certificate file {path} cannot be read: {reason}.",
            hint=_HOW,
        ) from None


def _pem(data: bytes, secret: bytes | None, where: str) -> tuple[RSAPrivateKey, x509.Certificate]:
    try:
        key = serialization.load_pem_private_key(data, secret, unsafe_skip_rsa_key_validation=True)
    except TypeError:
        if secret is not None:  # a passphrase for a key that has none, as of the other certificate
            return _pem(data, None, where)
        raise _passphrase(where) from None
    except ValueError:
        if b"ENCRYPTED" in data and secret is not None:
            raise _passphrase(where, "this passphrase does not open its key") from None
        raise _unreadable(where, "it holds no private key that can be read") from None
    try:
        certificate = x509.load_pem_x509_certificate(data)
    except ValueError:
        raise _unreadable(where, "it holds a key but no certificate") from None
    if not isinstance(key, RSAPrivateKey):
        raise _unreadable(where, "its key is not an RSA key, and Entra takes no other")
    return key, certificate


def _pfx(data: bytes, secret: bytes | None, where: str) -> tuple[RSAPrivateKey, x509.Certificate]:
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret)
    except ValueError:
        if secret is None:
            raise _passphrase(where) from None
        raise _passphrase(where, "it is neither PEM nor a PFX that this passphrase opens") from None
    if certificate is None or not isinstance(key, RSAPrivateKey):
        raise _unreadable(where, "it must hold an RSA key and its certificate")
    return key, certificate


def _unreadable(where: str, why: str) -> ProvisionerError:
    return ProvisionerError("CERTIFICATE-UNREADABLE", f"Cannot use {where}: {why}.", hint=_HOW)


def _passphrase(
    where: str, why: str = "it is locked with a passphrase, or it is no certificate"
) -> ProvisionerError:
    return ProvisionerError(
        "CERTIFICATE-UNREADABLE",
        f"Cannot use {where}: {why}.",
        hint="Set PROVISIONER_CERTIFICATE_PASSWORD to the one it is locked with, or use an unlocked "
        "PEM file.",
    )

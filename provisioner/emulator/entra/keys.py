"""RSA keys of the emulator, made when first needed and kept: 2,048 bits take a tenth of a second.

Certificate assertions of MSAL are RS256 or PS256, so RSA it must be, for the apps' certificates
and for the key that signs our tokens.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.emulator.tls import write_private

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

_BITS = 2048
_CERTIFICATE_LIFETIME = timedelta(days=365 * 2)  # the longest Entra offers for a secret


def signing_key(folder: Path) -> RSAPrivateKey:
    """The key that signs access tokens, read from `folder` or made there."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    path = folder / "token-key.pem"
    if not path.exists():
        write_private(path, _pem(rsa.generate_private_key(public_exponent=65537, key_size=_BITS)))
    # We made it, and it guards nothing: checking its primes would double the time of a start.
    loaded = load_pem_private_key(
        path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
    )
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def app_certificate(path: Path, name: str) -> bytes:
    """A self-signed certificate for an app, as PEM.

    `path` gets the private key followed by the certificate, readable by its owner only; what is
    there already is used again.
    """
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    now = datetime.now(UTC)
    if path.exists():
        kept = x509.load_pem_x509_certificate(path.read_bytes())
        if kept.not_valid_after_utc > now + timedelta(days=1):
            return kept.public_bytes(serialization.Encoding.PEM)
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _CERTIFICATE_LIFETIME)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, _pem(key) + pem)
    return pem


def thumbprints(certificate_pem: str) -> tuple[RSAPublicKey, bytes, bytes]:
    """A certificate's public key, SHA-1 thumbprint (``x5t``) and SHA-256 one (``x5t#S256``)."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    sha1 = certificate.fingerprint(hashes.SHA1())  # noqa: S303 - Entra's own identifier, no secret
    return key, sha1, certificate.fingerprint(hashes.SHA256())


def _pem(key: RSAPrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

"""TLS for loopback: a certificate authority made on first start, and one server certificate.

MSAL refuses an authority that is not https, so the emulator speaks TLS and nothing else. The
certificate is for localhost and, for programs that come through the proxy, for the Microsoft hosts
that the emulator stands in for. The authority's private key is dropped as soon as it is signed:
whoever trusts ``ca.pem`` cannot be deceived by it about any other host, and should trust it in the
programs that talk to the emulator only.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from provisioner.emulator.clouds import MICROSOFT_HOSTS

_LIFETIME = timedelta(days=800)  # below the 825 days some platforms allow a server certificate
_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Paths of the CA certificate, the server's certificate and its private key (PEM)."""

    ca: Path
    certificate: Path
    key: Path


def tls_files(folder: Path) -> TlsFiles:
    """The emulator's TLS files in `folder`, made when absent or about to expire."""
    paths = TlsFiles(folder / "ca.pem", folder / "server.pem", folder / "server-key.pem")
    if not (paths.ca.exists() and paths.key.exists() and _is_valid(paths.certificate)):
        _make(paths)
    return paths


def client_context(ca: Path) -> ssl.SSLContext:
    """A client context that trusts the emulator's CA and nothing else."""
    return ssl.create_default_context(cafile=str(ca))


def write_private(path: Path, content: bytes) -> None:
    """Write a file only its owner can read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _is_valid(certificate: Path) -> bool:
    from cryptography import x509  # noqa: PLC0415 - 60 ms that `--help` does not need

    if not certificate.exists():
        return False
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    complete = set(MICROSOFT_HOSTS) <= set(names.get_values_for_type(x509.DNSName))
    return complete and loaded.not_valid_after_utc - _RENEW_BEFORE > datetime.now(UTC)


def _make(paths: TlsFiles) -> None:
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    start = datetime.now(UTC) - timedelta(days=1)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Local Microsoft 365 emulator")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    authority_id = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())

    def usage(*, signs_certificates: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=signs_certificates,
            crl_sign=signs_certificates,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )

    def certificate(subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + _LIFETIME)
        )

    ca = (
        certificate(authority, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .add_extension(authority_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            *(x509.DNSName(host) for host in MICROSOFT_HOSTS),
            x509.IPAddress(ip_address("127.0.0.1")),
            x509.IPAddress(ip_address("::1")),
        ]
    )
    server = (
        certificate(subject, server_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(names, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_id),
            critical=False,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(server_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    paths.ca.parent.mkdir(parents=True, exist_ok=True)
    write_private(
        paths.key,
        server_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    paths.certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    paths.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))

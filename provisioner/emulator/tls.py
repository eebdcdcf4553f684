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
from pathlib import Path

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
    from provisioner.emulator.certificates import is_valid  # noqa: PLC0415 - 60 ms `--help` spares

    at = datetime.now(UTC) + _RENEW_BEFORE
    return certificate.exists() and is_valid(certificate.read_bytes(), at)


def _make(paths: TlsFiles) -> None:
    from provisioner.emulator.certificates import make_certificates  # noqa: PLC0415

    made = make_certificates(datetime.now(UTC))
    paths.ca.parent.mkdir(parents=True, exist_ok=True)
    write_private(paths.key, made.key)
    paths.certificate.write_bytes(made.server)
    paths.ca.write_bytes(made.ca)

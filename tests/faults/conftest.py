"""The small workspace, signed in to as any of the emulator's app registrations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from provisioner.emulator.server import environment

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


@pytest.fixture
def small() -> str:
    """The text of a workspace that has every kind in it."""
    return SMALL


@pytest.fixture
def signed_in(provisioner: Any) -> Callable[..., Path]:
    """``signed_in("reader", text)``: the workspace file, signing in as that app.

    Parts of the sign-in may be given otherwise: ``certificate="file:a.pem"``, ``clientId=…``.
    """

    def write(app: str, text: str = SMALL, **otherwise: str) -> Path:
        running = provisioner.running
        known = environment(running.home, running.url, app)
        auth = {
            "method": "certificate",
            "clientId": known["EMULATOR_CLIENT_ID"],
            "certificate": f"file:{known['EMULATOR_CERTIFICATE']}",
            **otherwise,
        }
        words = ", ".join(f"{name}: '{value}'" for name, value in auth.items() if value)
        assert "{cloud: emulator}" in text
        signed: Path = provisioner.file(
            text.replace("{cloud: emulator}", f"{{cloud: emulator, auth: {{{words}}}}}")
        )
        return signed

    return write


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files that are no certificate of any app: `stranger`, `mismatched`, `ended`, `text`."""
    folder = tmp_path_factory.mktemp("certificates")
    one = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = {
        "stranger": _pem(one, one, days=9),
        "mismatched": _pem(other, one, days=9),
        "ended": _pem(one, one, days=-1),
        "text": b"This is not a certificate.\n",
    }
    for name, data in made.items():
        (folder / f"{name}.pem").write_bytes(data)
    return {name: folder / f"{name}.pem" for name in made}


def _pem(key: rsa.RSAPrivateKey, signer: rsa.RSAPrivateKey, *, days: int) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(UTC)  # noqa: TID251 - Entra and we compare with this machine's clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signer.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .sign(signer, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, plain) + certificate.public_bytes(
        serialization.Encoding.PEM
    )

"""The small workspace, signed in to as any of the emulator's app registrations."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from provisioner.emulator.request_log import RequestLog
from provisioner.emulator.server import environment

sys.path.insert(0, str(Path(__file__).parent))  # for afterwards.py
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


@pytest.fixture
def run_apply_killed_after(
    provisioner: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """``run_apply_killed_after(7, workspace)``: a real apply, SIGKILLed at its 7th outer request.

    The request that is under way when the process dies is carried out by the tenant; its answer
    reaches nobody. Further words go to the command line. Gives what it asked for before it died,
    shorter than the number when it ended of itself.
    """

    def run(number: int, workspace: Path, *words: str) -> list[str]:
        started: list[subprocess.Popen[bytes]] = []
        seen: list[str] = []
        open_row: Callable[..., dict[str, Any]] = RequestLog.start

        def start(log: RequestLog, call: Any, path: str, *, outer: bool) -> dict[str, Any]:
            if outer and call.face in {"graph", "rest"} and len(seen) < number:
                seen.append(f"{call.method} {path}")
                if len(seen) == number:
                    os.kill(started[0].pid, signal.SIGKILL)
            return open_row(log, call, path, outer=outer)

        with monkeypatch.context() as counted:
            counted.setattr(RequestLog, "start", start)
            command = [sys.executable, "-m", "provisioner", "apply", str(workspace), "--yes"]
            with subprocess.Popen(
                [*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ) as killed:
                started.append(killed)
                _, said = killed.communicate(timeout=120)
            assert killed.returncode in {0, -signal.SIGKILL}, said.decode()
        return seen

    return run


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

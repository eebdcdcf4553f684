"""What another program needs to know to use the emulator of a home folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


class EmulatorError(RuntimeError):
    """The emulator cannot do what was asked; the text says why and what to do."""


def folder_of(home: Path) -> Path:
    """Where the emulator keeps its state under a home folder."""
    return home / "emulator"


def environment(home: Path, url: str, app_name: str = "provisioner") -> dict[str, str]:
    """What another program needs to sign in as one of the app registrations.

    Gives EMULATOR_URL, EMULATOR_CA, EMULATOR_TENANT_ID, EMULATOR_CLIENT_ID,
    EMULATOR_CLIENT_SECRET and EMULATOR_CERTIFICATE (a PEM file with key and certificate, made on
    first use, readable by its owner only). Raises `EmulatorError` for an unknown app, or a home
    that no emulator has served yet.
    """
    from provisioner.emulator.entra.keys import app_certificate  # noqa: PLC0415
    from provisioner.emulator.seeds import TENANT_ID  # noqa: PLC0415

    folder = folder_of(home)
    store = folder / "tenant.sqlite"
    if not store.exists():
        raise EmulatorError(f"No emulator has served {home} yet; start one first.")
    with closing(sqlite3.connect(store, timeout=10)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM app ORDER BY name")]
        if app_name not in names:
            known = ", ".join(names)
            raise EmulatorError(f"There is no app registration {app_name!r}; there are {known}.")
        certificate = folder / "certificates" / f"{app_name}.pem"
        pem = app_certificate(certificate, app_name).decode()
        app_id, secret, registered = db.execute(
            "SELECT app_id, secret, certificate_pem FROM app WHERE name = ?", (app_name,)
        ).fetchone()
        if registered != pem:
            db.execute("UPDATE app SET certificate_pem = ? WHERE name = ?", (pem, app_name))
            db.commit()
    return {
        "EMULATOR_URL": url,
        "EMULATOR_CA": str(folder / "ca.pem"),
        "EMULATOR_TENANT_ID": TENANT_ID,
        "EMULATOR_CLIENT_ID": app_id,
        "EMULATOR_CLIENT_SECRET": secret,
        "EMULATOR_CERTIFICATE": str(certificate),
    }

"""Who signs in, from the workspace file and the environment; no secret stands in the file itself."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.cli import settings
from provisioner.core.errors import ProvisionerError
from provisioner.spec.references import check_set, resolve, resolve_path
from provisioner.spec.workspace import Loaded

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials


_GUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_APP = re.compile(_GUID)
_TENANT = re.compile(rf"{_GUID}|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|common|organizations")


def credentials_of(loaded: Loaded, tenant_id: str | None = None) -> Credentials:
    """What `tenant: auth:` says, with the variables of the environment where it is silent.

    `tenant_id` is the emulator's. Raises `ProvisionerError` SIGN-IN-MISSING, REFERENCE-ENV-MISSING,
    REFERENCE-FILE, SIGN-IN-ID.
    """
    from provisioner.tenant.credentials import Credentials

    assert loaded.settings is not None
    tenant = loaded.settings.tenant
    auth = tenant.auth
    if auth is None:
        raise ProvisionerError(
            "SIGN-IN-MISSING",
            "The file does not say how to sign in.",
            hint="Add `auth: {method: certificate, clientId: env:…, certificate: file:…}` under "
            "`tenant:`.",
            where=loaded.root.at(("tenant",)).where,
        )
    used = auth.secret if auth.method == "secret" else None
    check_set((None if tenant_id else tenant.tenant_id, auth.client_id, used), os.environ)
    given = _Given(loaded.folder)
    certificate = following = passphrase = secret = token_file = ""
    if auth.method == "certificate":
        certificate = given.needed(auth.certificate, "PROVISIONER_CERTIFICATE", path=True)
        following = given.value(auth.next_certificate, "PROVISIONER_NEXT_CERTIFICATE", path=True)
        passphrase = given.value(auth.certificate_password, "PROVISIONER_CERTIFICATE_PASSWORD")
    elif auth.method == "secret":
        secret = given.needed(auth.secret, "PROVISIONER_CLIENT_SECRET")
    elif auth.method == "federated":
        token_file = given.value(auth.token_file, "", path=True)
    # A managed identity is known to its machine, so neither of the two need be said.
    wanted = given.value if auth.method == "managed-identity" else given.needed
    tenant_id = tenant_id or wanted(tenant.tenant_id, "PROVISIONER_TENANT_ID") or "organizations"
    client_id = wanted(auth.client_id, "PROVISIONER_CLIENT_ID")
    _check_id("application (client) id", client_id, _APP)
    _check_id("directory (tenant) id", tenant_id, _TENANT)
    return Credentials(
        cloud=tenant.cloud,
        tenant_id=tenant_id,
        client_id=client_id,
        method=auth.method,
        certificate=certificate,
        passphrase=passphrase,
        secret=secret,
        next_certificate=following,
        token_file=token_file,
        token_store=_store(tenant_id, client_id) if auth.method == "device-code" else None,
    )


def _check_id(what: str, given: str, form: re.Pattern[str]) -> None:
    """Ids are shown in messages, so what is none, and may be a secret in the wrong place, stops here."""
    if given and not form.fullmatch(given):
        raise ProvisionerError(
            "SIGN-IN-ID",
            f"What is given as the {what} is none. It is not repeated here, and nothing was sent.",
            hint="Copy it from the overview of the app registration. Was the variable of a secret "
            "named in its place? Then replace that secret if it was shown elsewhere.",
        )


def _store(tenant_id: str, client_id: str) -> Path:
    name = hashlib.sha256(f"{tenant_id}/{client_id}".encode()).hexdigest()[:32]
    return settings.home() / "tokens" / f"{name}.json"


@dataclass(frozen=True, slots=True)
class _Given:
    folder: Path

    def value(self, written: str | None, variable: str, *, path: bool = False) -> str:
        """What the file or the environment gives; "" for nothing."""
        if written and path and written.startswith("file:"):
            return str(resolve_path(written, self.folder))  # a PFX file is not text
        if written:
            return resolve(written, os.environ, self.folder)
        return os.environ.get(variable, "") if variable else ""

    def needed(self, written: str | None, variable: str, *, path: bool = False) -> str:
        """The same; nothing is an error that names the variable."""
        found = self.value(written, variable, path=path)
        if not found:
            raise ProvisionerError(
                "SIGN-IN-MISSING",
                f"Neither the file nor {variable} gives what signing in needs.",
                hint=f"Set {variable}, or name it in the file under `tenant:`.",
            )
        return found

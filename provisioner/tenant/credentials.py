"""Who signs in, and with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in, and how.

    `method` is "certificate" (`certificate`: a file's path or PEM text; `next_certificate`: a second
    one during a change-over), "secret", "federated" (`token_file`: where a workload's token stands,
    "" for the one of the CI service), "managed-identity" (`client_id` "" for the machine's own) or
    "device-code" (a person; `token_store` keeps their sign-in between runs). What is secret never
    shows in `repr`.
    """

    cloud: str
    tenant_id: str
    client_id: str
    method: str = "certificate"
    certificate: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    next_certificate: str = field(default="", repr=False)
    token_file: str = ""
    token_store: Path | None = None

"""Small JSON documents of ours beside the kept facts, in the hidden library of the site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provisioner.core.transport import Transport
from provisioner.ledger.store import content_path
from provisioner.sync.collect_site import Places


async def load_beside(transport: Transport, places: Places, name: str) -> bytes:
    """The file's bytes; b"" where there is no library or no such file."""
    if places.kept is None:
        return b""
    return await transport.download(content_path(places.site, places.kept, name)) or b""


async def save_beside(transport: Transport, places: Places, name: str, data: bytes) -> str:
    """Keep it for the next run. Gives what went wrong, "" when nothing did."""
    if places.kept is None:
        return "The site has no library for kept facts; `provisioner apply` makes it."
    outcome = await transport.upload(content_path(places.site, places.kept, name), data)
    return "" if outcome.state == "done" else outcome.message or outcome.code


def document_bytes(kind: str, parts: Mapping[str, Any]) -> bytes:
    """The document as it is kept: the same bytes for the same facts."""
    document = {"apiVersion": "provisioner/v1", "kind": kind, **parts}
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def document_of(kind: str, data: bytes) -> dict[str, Any]:
    """A document of this kind. Raises `ValueError` for anything else."""
    document = json.loads(data)
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise ValueError(kind)
    return document

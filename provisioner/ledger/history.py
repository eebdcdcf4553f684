"""The runs that a ledger library holds: their names and their documents."""

from __future__ import annotations

import asyncio
from typing import Any

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Reading, Transport
from provisioner.ledger.lock import Seen, lock_by_path, seen_in
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import (
    LEDGER_FILE,
    content_path,
    decoded,
    ledger_content_by_path,
    read_document,
    run_file,
)


def folders(site_id: str, library_id: str) -> Reading:
    """The folder of each run (learn.microsoft.com/graph/api/driveitem-list-children)."""
    return Reading(
        "graph",
        f"/sites/{site_id}/lists/{library_id}/drive/root:/runs:/children?$select=name",
        pages=True,
        absent_ok=True,
        permission="graph:Sites.Selected/read",
    )


async def run_names(transport: Transport, site_id: str, library_id: str) -> list[str]:
    """Every run that stored anything, the oldest first: their names sort by time."""
    reading = folders(site_id, library_id)
    body = (await transport.read([reading]))[reading].body
    rows = body.get("value", []) if isinstance(body, dict) else []
    return sorted(str(row["name"]) for row in rows)


async def run_documents(
    transport: Transport, site_id: str, library_id: str, name: str
) -> dict[str, Any]:
    """One document of each run that has it, `receipt` or `plan`, by run.

    What is no JSON comes as its text.
    """
    runs = await run_names(transport, site_id, library_id)
    found = await asyncio.gather(
        *(read_document(transport, site_id, library_id, run_file(run, name)) for run in runs)
    )
    return {run: one for run, one in zip(runs, found, strict=True) if one is not None}


async def ledger_at(
    transport: Transport, hostname: str, site_path: str, library: tuple[str, str] | None = None
) -> tuple[LedgerState, Seen | None]:
    """The ledger and its lock in two requests, by the names of their lists, or by the ids given.

    Raises:
        ProvisionerError: LEDGER-MISSING, when there is none; LEDGER-UNREADABLE.
    """
    lock = lock_by_path(hostname, site_path)
    path = (
        content_path(*library, LEDGER_FILE)
        if library is not None
        else ledger_content_by_path(hostname, site_path)
    )
    data, answers = await asyncio.gather(transport.download(path), transport.read([lock]))
    if data is None:
        raise ProvisionerError(
            "LEDGER-MISSING",
            f"https://{hostname}{site_path} has no ledger of ours.",
            hint="`provisioner apply` makes it. If somebody deleted it, it is in the recycle bin.",
        )
    return LedgerState.of(decoded(data)), seen_in(answers[lock].body)

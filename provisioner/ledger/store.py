"""Read and write the ledger library of a site, through a `Transport`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Outcome, Reading, Transport
from provisioner.ledger.lock_refusals import NOT_ALLOWED

LIBRARY_URL = "ProvisionerLedger"
LIBRARY_KEY = "provisioner-ledger"
LIBRARY_TITLE = "Provisioner ledger"
FACTS_URL = "ProvisionerFacts"
FACTS_KEY = "provisioner-facts"
LEDGER_FILE = "ledger.json"


def content_path(site_id: str, library_id: str, name: str) -> str:
    """The Graph content path of a file in the ledger library."""
    return f"/sites/{site_id}/lists/{library_id}/drive/root:/{name}:/content"


def ledger_by_path(hostname: str, site_path: str) -> Reading:
    """What the drive says of the ledger's file, its ETag above all, before any id is known."""
    return _facts(_by_name(hostname, site_path))


def ledger_by_id(site_id: str, library_id: str) -> Reading:
    """The same by ids, for a library that somebody renamed."""
    return _facts(f"/sites/{site_id}/lists/{library_id}")


def ledger_content_by_path(hostname: str, site_path: str) -> str:
    """The content path of the ledger by the name of its library."""
    return f"{_by_name(hostname, site_path)}/drive/root:/{LEDGER_FILE}:/content"


def _by_name(hostname: str, site_path: str) -> str:
    return f"/sites/{hostname}:{site_path}:/lists/{quote(LIBRARY_TITLE)}"


def _facts(library: str) -> Reading:
    return Reading(
        "graph",
        f"{library}/drive/root:/{LEDGER_FILE}?$select=id,eTag,webUrl",
        absent_ok=True,
        permission="graph:Sites.Selected/read",
    )


def run_file(run: str, name: str) -> str:
    """Where a run's plan or receipt is kept: `runs/<run>/receipt.json`."""
    return f"runs/{run}/{name}.json"


async def read_document(transport: Transport, site_id: str, library_id: str, name: str) -> Any:
    """A JSON document of the ledger library; None where there is no such file.

    What is no JSON comes as its text, which is no document of ours.
    """
    data = await transport.download(content_path(site_id, library_id, name))
    return None if data is None else decoded(data)


def decoded(data: bytes) -> Any:
    """The JSON in a file, or its text where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")


async def write_file(
    transport: Transport,
    site_id: str,
    library_id: str,
    name: str,
    document: Mapping[str, Any],
    *,
    if_match: str = "",
) -> Outcome:
    """Store one JSON document; with `if_match` only over the version that has this ETag.

    An answer that was lost is looked up, and what is not there is sent once more.

    Raises:
        Refused: PERMISSION-MISSING.
        ProvisionerError: LEDGER-NOT-WRITTEN; LEDGER-MOVED, when somebody else wrote meanwhile.
    """
    data = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode()
    path = content_path(site_id, library_id, name)
    outcome = await transport.upload(path, data, if_match=if_match or None)
    if outcome.state == "unknown" or outcome.status == _MOVED:
        if await transport.download(path) == data:
            return replace(outcome, state="done")
        if outcome.state == "unknown":
            outcome = await transport.upload(path, data, if_match=if_match or None)
    if outcome.state != "done":
        raise _unwritten(name, outcome)
    return outcome


def _unwritten(name: str, outcome: Outcome) -> ProvisionerError:
    hint = "Run the same command again; what was done is found on the site and not repeated."
    if outcome.status == _MOVED:
        return ProvisionerError(
            "LEDGER-MOVED",
            f"Somebody else wrote {name} in the site's ledger while we worked; theirs was kept.",
            hint=hint,
            request_id=outcome.request_id,
        )
    refused = outcome.code in NOT_ALLOWED
    return (Refused if refused else ProvisionerError)(
        outcome.code if refused else "LEDGER-NOT-WRITTEN",
        f"{name} could not be stored in the site's ledger: {outcome.message or outcome.code}",
        hint=hint,
        request_id=outcome.request_id,
    )


_MOVED = 412
"""The status for an `If-Match` that is not the last version's."""

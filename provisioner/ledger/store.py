"""Read and write the ledger library of a site, through a `Transport`."""

from __future__ import annotations

import json
from typing import Any

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.resource import Existing
from provisioner.core.transport import Outcome, Transport
from provisioner.ledger.state import LedgerState

LIBRARY_URL = "ProvisionerLedger"
LIBRARY_KEY = "provisioner-ledger"
FACTS_URL = "ProvisionerFacts"
FACTS_KEY = "provisioner-facts"
LEDGER_FILE = "ledger.json"


def content_path(site_id: str, library_id: str, name: str) -> str:
    """The Graph content path of a file in the ledger library."""
    return f"/sites/{site_id}/lists/{library_id}/drive/root:/{name}:/content"


async def read_ledger(transport: Transport, site: Existing, library_id: str | None) -> LedgerState:
    """What was recorded; an empty state where there is no ledger yet.

    Raises:
        ProvisionerError: LEDGER-UNREADABLE, when the file is there and is not a ledger.
    """
    if library_id is None:
        return LedgerState()
    data = await transport.download(content_path(site.ids["id"], library_id, LEDGER_FILE))
    if data is None:
        return LedgerState()
    try:
        document = json.loads(data)
    except ValueError:
        document = None
    return LedgerState.of(document)


async def write_file(
    transport: Transport, site_id: str, library_id: str, name: str, document: dict[str, Any]
) -> Outcome:
    """Store one JSON document.

    Raises:
        Refused: PERMISSION-MISSING.
        ProvisionerError: LEDGER-NOT-WRITTEN.
    """
    data = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode()
    outcome = await transport.upload(content_path(site_id, library_id, name), data)
    if outcome.state != "done":
        refused = outcome.code == "PERMISSION-MISSING"
        raise (Refused if refused else ProvisionerError)(
            outcome.code if refused else "LEDGER-NOT-WRITTEN",
            f"{name} could not be stored in the site's ledger: {outcome.message or outcome.code}",
            hint="Run the same command again; what was done is found on the site and not repeated.",
            request_id=outcome.request_id,
        )
    return outcome

"""What a run stores in the site's ledger: its plan before the first change, its receipt, the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Action, FieldChange
from provisioner.core.transport import Envelope, Operation, Outcome
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Plan
from provisioner.engine.receipt import Receipt, Result
from provisioner.engine.stopping import stopped_by_hand
from provisioner.engine.waves import Work
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import LEDGER_FILE, content_path, run_file, write_file
from provisioner.ledger.unfinished import Unfinished

_EARLIER = ("address", "kind", "action", "fields", "definition")
"""What is kept of a change of an earlier run: what its receipt would have said."""


async def keep_plan(work: Work, run: str, signed: Plan, observed: Observed, approved: str) -> None:
    """Store the plan; `approved` is the digest of the one that was approved, if it is another.

    With it goes what a run was to do that was cut off, because nobody has recorded that yet.
    """
    document = signed.json()
    if observed.unfinished is not None:
        document["earlier"] = [
            {name: one[name] for name in _EARLIER if name in one}
            for one in observed.unfinished.all_changes
        ]
    if approved:
        document["approved"] = approved
    if observed.ledger.last_receipt:
        document["previous"] = observed.ledger.last_receipt
    await _keep(work, run_file(run, "plan"), document)
    work.keeper.plan_stored()


async def keep_receipt(work: Work, receipt: Receipt, recorded: LedgerState, etag: str) -> Receipt:
    """Store the receipt, then the ledger that names it; gives the receipt, with what went wrong."""
    try:
        await work.keeper.still_ours()
        await _keep(work, run_file(receipt.run_id, "receipt"), receipt.json())
        work.journal.note({"stored": receipt.digest})
        work.keeper.receipt_stored()
        recorded = recorded.with_run(receipt.summary(), receipt.digest)
        await _keep(work, LEDGER_FILE, recorded.json(), etag)
        work.keeper.recorded()
    except ProvisionerError as lost:
        return _not_kept(receipt, lost)
    except asyncio.CancelledError:
        return _not_kept(receipt, stopped_by_hand())
    return receipt


def _not_kept(receipt: Receipt, why: ProvisionerError) -> Receipt:
    unkept = Result(
        LEDGER_ADDRESS, Action.UPDATE.value, "failed", why.code, why.message, why.request_id
    )
    return replace(receipt, results=(*receipt.results, unkept))


async def _keep(work: Work, name: str, document: Mapping[str, Any], etag: str = "") -> None:
    site, library = work.known["site", "id"], work.known[LEDGER_ADDRESS, "id"]
    path = content_path(site, library, name)
    sent = Operation("graph", "PUT", path, LEDGER_ADDRESS, path)
    work.wave += 1
    work.journal.intend(work.wave, [Envelope((sent,))])
    outcome = Outcome("failed")
    try:
        outcome = await write_file(work.transport, site, library, name, document, if_match=etag)
    finally:
        work.journal.came_back(work.wave, [[outcome]])


def done_before(unfinished: Unfinished | None, after: Observed, results: set[str]) -> list[Result]:
    """What a run that was cut off had done, for the receipt of the one that takes it up.

    It left no receipt of its own; `results` are the addresses that this run has something to say of.
    """
    if unfinished is None or unfinished.receipt is not None:
        return []
    found = []
    for change in unfinished.all_changes:
        address, action = str(change.get("address")), str(change.get("action"))
        there = address in after.existing
        if address in results or there == (action == Action.DELETE.value):
            continue
        fields = [
            FieldChange(str(one["path"]), one["before"], one["after"])
            for one in change.get("fields") or ()
        ]
        found.append(
            Result(
                address,
                action,
                "done",
                kind=str(change.get("kind") or ""),
                fields=tuple(fields) if action == Action.UPDATE.value else (),
                definition=change.get("definition") or {},
                run=unfinished.run,
            )
        )
    return found

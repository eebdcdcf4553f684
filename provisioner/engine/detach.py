"""The client leaves: our own lists go to the recycle bin, and the workspace stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Envelope, Transport
from provisioner.engine.executor import Run
from provisioner.engine.own_lists import OwnLists, own_lists
from provisioner.kinds.base import Scope
from provisioner.kinds.requests import rest, rest_list_by_id
from provisioner.ledger.history import run_documents
from provisioner.ledger.lock import LOCK_URL, lock_by_id, seen_in
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.ledger.lock_refusals import NOT_ALLOWED
from provisioner.ledger.store import FACTS_URL, LEDGER_FILE, LIBRARY_URL, read_document, run_file


@dataclass(frozen=True, slots=True)
class Leaving:
    """What would go: the name of each list with its id, the lock's last; and a copy of what it says.

    `copy` maps a file name below the ledger library to its document.
    """

    site_id: str
    lists: tuple[tuple[str, str], ...]
    lock: str | None
    copy: Mapping[str, Any]


async def leaving(transport: Transport, scope: Scope) -> Leaving:
    """Read what detaching would remove. Raises `ProvisionerError` NOTHING-TO-DETACH."""
    ours = await own_lists(transport, scope)
    lists = _in_order(ours)
    if not lists:
        raise ProvisionerError(
            "NOTHING-TO-DETACH",
            f"https://{scope.hostname}{scope.site_path} holds nothing of ours.",
            hint="There is nothing to do: the workspace stands by itself.",
        )
    copy: dict[str, Any] = {}
    if ours.ledger is not None:
        place = (ours.site_id, ours.ledger)
        ledger = await read_document(transport, *place, LEDGER_FILE)
        if ledger is not None:
            copy[LEDGER_FILE] = ledger
        for name in ("plan", "receipt"):
            found = await run_documents(transport, *place, name)
            copy |= {run_file(run, name): one for run, one in found.items() if ".." not in run}
    return Leaving(ours.site_id, lists, ours.lock, copy)


def _in_order(ours: OwnLists) -> tuple[tuple[str, str], ...]:
    named = ((FACTS_URL, ours.facts), (LIBRARY_URL, ours.ledger), (LOCK_URL, ours.lock))
    return tuple((name, number) for name, number in named if number is not None)


async def detach(transport: Transport, found: Leaving, run: Run) -> list[str]:
    """Send the lists to the recycle bin, the lock's last; gives the names of those that went.

    Raises:
        Refused: LOCKED, when another run works on the site; PERMISSION-MISSING.
        ProvisionerError: DETACH-INCOMPLETE.
    """
    keeper = LockKeeper(transport, run.id, run.machine, run.now)
    gone: list[str] = []
    try:
        if found.lock is not None:
            reading = lock_by_id(found.site_id, found.lock)
            seen = seen_in((await transport.read([reading]))[reading].body)
            if seen is not None:
                await keeper.acquire(found.site_id, found.lock, seen, break_run=run.break_lock)
        for name, number in found.lists:
            if number == found.lock:
                await keeper.rest()
            path = f"{rest_list_by_id(number)}/recycle()"
            operation = rest("POST", path, "site", what=f"Recycle {name}", tolerates=(404,))
            outcome = (await transport.write([Envelope((operation,))]))[0][0]
            if outcome.state != "done":
                refused = outcome.code in NOT_ALLOWED
                raise (Refused if refused else ProvisionerError)(
                    outcome.code if refused else "DETACH-INCOMPLETE",
                    f"{name} could not be removed: {outcome.message or outcome.code}",
                    hint="Run detach again; what is gone stays gone.",
                    request_id=outcome.request_id,
                )
            gone.append(name)
    finally:
        if len(gone) < len(found.lists):
            await keeper.release()
        else:
            await keeper.rest()
    return gone

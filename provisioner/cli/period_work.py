"""A turn at the site for work on an audit period: the lock, the ledger, and the receipt at the end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from provisioner.cli import settings
from provisioner.cli.machine import this_machine
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Transport
from provisioner.engine.own_lists import OwnLists, own_lists
from provisioner.engine.receipt import Receipt, Result
from provisioner.ledger.history import ledger_at
from provisioner.ledger.lock import Seen, lock_by_id, seen_in
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import LEDGER_FILE, ledger_by_id, run_file, write_file
from provisioner.ledger.unfinished import read_unfinished


@dataclass(slots=True)
class Turn:
    """The site while it is ours: the ledger as it stands, and what was done so far."""

    transport: Transport
    workspace: Workspace
    lists: OwnLists
    ledger: LedgerState
    keeper: LockKeeper
    run: str
    started: datetime
    results: list[Result] = field(default_factory=list)

    async def note_closed(self, period: str, record: Mapping[str, Any] | None) -> None:
        """Write into the ledger which documents of a period are read-only; None for none any more."""
        closed = {name: one for name, one in self.ledger.closed.items() if name != period}
        if record is not None:
            closed[period] = dict(record)
        self.ledger = replace(self.ledger, closed=MappingProxyType(closed))
        await self._keep_ledger()

    async def finish(self, asked: str) -> Receipt:
        """Store the receipt, then the ledger that names it. `asked` is the digest of what was shown.

        Raises:
            ProvisionerError: LEDGER-NOT-WRITTEN, LEDGER-MOVED.
        """
        receipt = Receipt(
            self.run,
            self.workspace.desired.name,
            asked,
            self.ledger.last_receipt,
            self.started,
            settings.now(),
            tuple(self.results),
            replace(self.transport.stats),
        )
        await self._write(run_file(self.run, "receipt"), receipt.json())
        self.ledger = self.ledger.with_run(receipt.summary(), receipt.digest)
        await self._keep_ledger()
        kept = settings.home() / "receipts" / f"{self.run}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(receipt.json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
        return receipt

    async def _keep_ledger(self) -> None:
        await self.keeper.still_ours()
        await self._write(LEDGER_FILE, self.ledger.json(), self.ledger.etag)
        self.ledger = replace(self.ledger, etag=await _etag(self.transport, self.lists))

    async def _write(self, name: str, document: Mapping[str, Any], etag: str = "") -> None:
        assert self.lists.ledger is not None
        await write_file(
            self.transport, self.lists.site_id, self.lists.ledger, name, document, if_match=etag
        )


async def ledger_of(
    transport: Transport, workspace: Workspace
) -> tuple[OwnLists, LedgerState, Seen | None]:
    """Our lists on the site, the ledger with its ETag, and the lock as it stands.

    Raises:
        ProvisionerError: LEDGER-MISSING.
    """
    scope = workspace.desired.scope
    lists = await own_lists(transport, scope)
    if lists.ledger is None or lists.lock is None:
        raise ProvisionerError(
            "LEDGER-MISSING",
            f"https://{scope.hostname}{scope.site_path} has no ledger of ours.",
            hint="`provisioner apply` makes it. If somebody deleted it, it is in the recycle bin.",
        )
    etag = await _etag(transport, lists)
    library = (lists.site_id, lists.ledger)
    ledger, _ = await ledger_at(transport, scope.hostname, scope.site_path, library)
    reading = lock_by_id(lists.site_id, lists.lock)
    seen = seen_in((await transport.read([reading]))[reading].body)
    return lists, replace(ledger, etag=etag), seen


@asynccontextmanager
async def turn_at(
    transport: Transport,
    workspace: Workspace,
    found: tuple[OwnLists, LedgerState, Seen | None],
    break_lock: str = "",
) -> AsyncIterator[Turn]:
    """Hold the lock around the work. `found` is what `ledger_of` gave.

    Raises:
        Refused: LOCKED, RUN-BETWEEN, and PERIOD-RUN-UNFINISHED where an apply was cut off.
    """
    lists, ledger, seen = found
    assert lists.lock is not None
    assert lists.ledger is not None
    if seen is not None:
        cut_off = await read_unfinished(transport, lists.site_id, lists.ledger, seen.holder)
        if cut_off is not None and not cut_off.is_recorded(ledger.last_receipt):
            raise Refused(
                "PERIOD-RUN-UNFINISHED",
                f"Run {cut_off.run} works on the site, or was cut off before it recorded all.",
                hint="Wait until it has ended, or run `provisioner apply --resume` first.",
            )
    run = settings.run_id()
    machine = this_machine(settings.home() / "journals")
    keeper = LockKeeper(transport, run, machine, settings.now)
    await keeper.acquire(lists.site_id, lists.lock, seen, break_run=break_lock)
    keeper.recorded()
    try:
        yield Turn(transport, workspace, lists, ledger, keeper, run, settings.now())
    finally:
        await keeper.release()


def done(address: str, action: str) -> Result:
    """The line of a receipt for something that was done."""
    return Result(address, action, "done")


async def _etag(transport: Transport, lists: OwnLists) -> str:
    assert lists.ledger is not None
    reading = ledger_by_id(lists.site_id, lists.ledger)
    body = (await transport.read([reading]))[reading].body
    return str(body.get("eTag") or "") if isinstance(body, dict) else ""

"""A run that was cut off: what its plan says, so that what it made is known to be ours.

A run stores its plan before its first change. What is found at an address that this plan creates,
and was absent when it was made, is ours, whichever machine looks; the journal on the machine that
ran is not needed for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.canonical import digest
from provisioner.core.transport import Transport
from provisioner.ledger.lock import Holder
from provisioner.ledger.store import read_document, run_file


@dataclass(frozen=True, slots=True)
class Unfinished:
    """`plan` is the stored `Plan` document; `receipt` that run's, where it came as far as that.

    A run that could store its receipt and neither its plan nor the ledger has an empty `plan`.
    `here_alone` says that this machine's journal knows of the run, and the site does not.
    """

    run: str
    plan: Mapping[str, Any]
    receipt: Mapping[str, Any] | None = None
    here_alone: bool = False

    @property
    def all_changes(self) -> tuple[Mapping[str, Any], ...]:
        """What it was to do, after what the runs were to do that it took up, each address once."""
        found: dict[str, Mapping[str, Any]] = {}
        for one in (*(self.plan.get("earlier") or ()), *(self.plan.get("changes") or ())):
            if isinstance(one, Mapping):
                found.setdefault(str(one.get("address")), one)
        return tuple(found.values())

    @property
    def made(self) -> frozenset[str]:
        """Addresses that were absent before it, or before the runs it took up."""
        return frozenset(
            str(one["address"]) for one in self.all_changes if one.get("action") == "create"
        )

    @property
    def approved(self) -> str:
        """The digest of the plan that was approved: of the first run, where this one went on."""
        return str(self.plan.get("approved") or self.plan.get("digest") or "")

    @property
    def undoes(self) -> str:
        """The run that it was taking back; "" for any other run."""
        return str(self.plan.get("undoes") or "")

    def is_recorded(self, last_receipt: str) -> bool:
        """Whether the ledger has all that this run did: its receipt is the last one there."""
        return self.receipt is not None and self.receipt.get("digest") == last_receipt

    def continues(self, last_receipt: str) -> str:
        """The digest the next receipt follows: that run's own, if it stored one after the last.

        The last may be one that a run before it stored, and the ledger never came to name. The plan
        tells which; without one, the receipt itself does.
        """
        last_receipt = str(self.plan.get("previous") or last_receipt)
        if self.receipt is None:
            return last_receipt
        if self.plan and self.receipt.get("previous") != last_receipt:
            return last_receipt
        claimed = str(self.receipt.get("digest") or "")
        body = {name: value for name, value in self.receipt.items() if name != "digest"}
        return claimed if digest(body) == claimed else last_receipt


async def read_unfinished(
    transport: Transport, site_id: str, library_id: str, holder: Holder
) -> Unfinished | None:
    """The run that holds the lock, or the one before it if this one stored no plan yet.

    Of a lock that is free, the run that ended without recording what it made.
    """
    only_receipt: Unfinished | None = None
    for run in (holder.prior,) if holder.free else (holder.run, holder.prior):
        if not run or "/" in run:
            continue
        plan = await read_document(transport, site_id, library_id, run_file(run, "plan"))
        receipt = await read_document(transport, site_id, library_id, run_file(run, "receipt"))
        if isinstance(plan, Mapping):
            return Unfinished(run, plan, receipt if isinstance(receipt, Mapping) else None)
        if isinstance(receipt, Mapping) and only_receipt is None:
            only_receipt = Unfinished(run, {}, receipt)
    return only_receipt

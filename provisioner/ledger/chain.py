"""The chain of receipts: each carries the digest of the one before, so none can be altered alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.canonical import digest


@dataclass(frozen=True, slots=True)
class Broken:
    """A receipt that does not hold. `run` is "" where only its digest is known."""

    run: str
    code: str
    message: str

    def json(self) -> dict[str, str]:
        """As it stands in a `ReceiptsReport`."""
        return {"runId": self.run, "code": self.code, "message": self.message}


def broken_links(
    receipts: Mapping[str, Any], last: str, copies: Mapping[str, Mapping[str, Any]]
) -> list[Broken]:
    """Everything wrong with the chain that ends at the digest `last`, the oldest first.

    `receipts` are the documents in the ledger by run; `copies` those kept elsewhere, by run, which
    are known to have been stored there.
    """
    found = dict(_altered(receipts))
    walked, wanted, after = _walked(receipts, last)
    if wanted:
        lost = next((run for run, one in copies.items() if one.get("digest") == wanted), "")
        # An altered receipt may have another digest than the next one names.
        found.setdefault(lost or f"{after}~", _missing(lost, after))
    else:
        for run in receipts.keys() - walked - found.keys():
            found[run] = Broken(
                run,
                "RECEIPT-BESIDE",
                f"The receipt of run {run} is not part of the chain: no later one and not the "
                "ledger names it.",
            )
    for run, copy in copies.items():
        if run not in receipts:
            found.setdefault(run, _missing(run, ""))
        elif run not in found and receipts[run].get("digest") != copy.get("digest"):
            found[run] = Broken(
                run,
                "RECEIPT-ALTERED",
                f"The receipt of run {run} in the ledger is not the one that was kept here.",
            )
    return [found[run] for run in sorted(found)]


def _walked(receipts: Mapping[str, Any], last: str) -> tuple[set[str], str, str]:
    """The runs of the chain from its end; the digest that was not found, and who names it."""
    by_digest = {
        str(one.get("digest")): run for run, one in receipts.items() if isinstance(one, Mapping)
    }
    walked: set[str] = set()
    wanted, after = last, ""
    while wanted:
        run = by_digest.get(wanted)
        if run is None or run in walked:
            return walked, wanted, after
        walked.add(run)
        wanted, after = str(receipts[run].get("previous") or ""), run
    return walked, "", after


def _altered(receipts: Mapping[str, Any]) -> list[tuple[str, Broken]]:
    wrong = []
    for run, one in receipts.items():
        if not isinstance(one, Mapping) or one.get("kind") != "Receipt":
            what = f"The receipt of run {run} is not a receipt any more."
        elif one.get("runId") != run:
            what = f"The receipt in the folder of run {run} is that of run {one.get('runId')}."
        elif digest({k: v for k, v in one.items() if k != "digest"}) != one.get("digest"):
            what = f"The receipt of run {run} does not say what its digest was made of."
        else:
            continue
        wrong.append((run, Broken(run, "RECEIPT-ALTERED", what)))
    return wrong


def _missing(run: str, after: str) -> Broken:
    if run:
        return Broken(run, "RECEIPT-MISSING", f"The receipt of run {run} is not in the ledger.")
    named = f"the receipt of run {after}" if after else "the ledger"
    return Broken(
        "", "RECEIPT-MISSING", f"The receipt that {named} names as the one before is not there."
    )

"""A receipt for a terminal."""

from __future__ import annotations

from collections import Counter

from provisioner.engine.receipt import Receipt


def receipt_text(receipt: Receipt) -> str:
    """What was done, and each thing that was not."""
    count = Counter(result.status for result in receipt.results)
    lines = [
        f"x {result.address}: {result.status}, {result.message or result.code}"
        for result in receipt.results
        if result.status != "done"
    ]
    lines += [
        f"! {result.address}: done, but for what this tenant has no way to set ({result.code})"
        for result in receipt.results
        if result.status == "done" and result.code
    ]
    seconds = (receipt.finished_at - receipt.started_at).total_seconds()
    lines.append(
        f"{count['done']} changes done"
        + "".join(f", {count[s]} {s}" for s in ("failed", "skipped", "unknown") if count[s])
        + f" in {seconds:.1f} s with {receipt.stats.requests} requests "
        + f"and {receipt.stats.resource_units} resource units."
    )
    lines.append(f"Receipt {receipt.run_id}  {receipt.digest}")
    return "\n".join(lines)

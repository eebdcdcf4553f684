"""A receipt for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from provisioner.engine.receipt import Receipt, Result

_FEW = 5
"""So many parts that share a reason are each told; of more, the first."""


def receipt_text(receipt: Receipt) -> str:
    """What was done, and each thing that was not."""
    count = Counter(result.status for result in receipt.results)
    lines = [*_undone(receipt.results)]
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


def _undone(results: Sequence[Result]) -> Iterator[str]:
    """What was not done. One cause may keep hundreds of parts from being done: it is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result.status != "done":
            why = result.message or result.code
            alike.setdefault((result.status, why), []).append(result.address)
    for (status, why), addresses in alike.items():
        told = addresses if len(addresses) <= _FEW else addresses[:1]
        yield from (f"x {address}: {status}, {why}" for address in told)
        if len(addresses) > len(told):
            more = len(addresses) - len(told)
            yield f"  and {more} more, for the same reason; the receipt names them"

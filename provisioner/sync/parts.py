"""The parts an item is judged for: what its Applies to names, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioner.sync.collect_site import VENDORS

CRITICAL_VENDORS = f"list:{VENDORS}"
"""A line that stands for the critical vendors of the Vendor Register."""
NOT_IN_USE = ("Proposed", "Offboarded")
"""What the Vendor Register says of vendors that nothing depends on."""


def named_parts(text: str | None, vendors: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Each part once, in order. `vendors`: the fields of the rows of the Vendor Register.

    Nothing when no part is named, or no vendor is critical: the item is then judged as one.
    """
    return tuple(dict.fromkeys(_parts(text or "", vendors)))


def _parts(text: str, vendors: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip().casefold() == CRITICAL_VENDORS:
            yield from _critical(vendors)
        elif line.strip():
            yield line.strip()


def _critical(vendors: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in vendors:
        name = str(row.get("Title") or "").strip()
        if name and row.get("Critical") is True and row.get("Status") not in NOT_IN_USE:
            yield name

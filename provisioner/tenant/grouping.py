"""Which readings travel together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provisioner.core.transport import Audience, Reading

_FEW = 20
"""Parts that are not worth a second batch beside theirs: it would save them a fifth of a second."""


def grouped(wanted: Sequence[Reading], most: Mapping[Audience, int]) -> list[list[Reading]]:
    """Readings by the request they go in; `most` is how many parts a batch to an audience holds."""
    packed: dict[Audience, list[Reading]] = {}
    groups: list[list[Reading]] = []
    for reading in wanted:
        if _is_plain(reading):
            groups.append([reading])
        else:
            packed.setdefault(reading.audience, []).append(reading)
    for audience, some in packed.items():
        size = most[audience]
        if audience == "sharepoint" and len(some) > _FEW:  # it works them off one by one
            size = min(size, -(-len(some) // 2))
        groups += [some[at : at + size] for at in range(0, len(some), size)]
    return groups


def is_content(reading: Reading) -> bool:
    """Whether it asks for a file's bytes."""
    return reading.audience == "graph" and reading.path.partition("?")[0].endswith("/content")


def _is_plain(reading: Reading) -> bool:
    """Whether it cannot travel in a batch: file content, beta, or a link we were handed."""
    beta = reading.audience == "graph" and reading.path.startswith("/beta/")
    raw = reading.path.partition("?")[0].endswith("/$value")
    return beta or raw or not reading.path.startswith("/") or is_content(reading)

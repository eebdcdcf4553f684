"""Whether the place for reports is a declared library, and none whose documents are judged."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.core.errors import Problem
from provisioner.core.node import Node


def report_place_problems(root: Node) -> Iterator[Problem]:
    """At most one problem. Codes: SPEC-REFERENCE, REPORTS-EVIDENCE."""
    place = root.exactly(("reports", "library"))
    if place is None or not isinstance(place.value, str):
        return
    if place.value in _texts(root, "evidence", "library"):
        yield Problem(
            "REPORTS-EVIDENCE",
            f"The library {place.value} holds evidence, so reports in it would be judged as such.",
            place.where,
            "Name a library that no item under `evidence` names.",
        )
    elif place.value not in _texts(root, "libraries", "key"):
        yield Problem(
            "SPEC-REFERENCE",
            f"There is no library with the key {place.value}.",
            place.where,
            "Declare it under `libraries`, or name one that is there.",
        )


def _texts(root: Node, part: str, word: str) -> frozenset[object]:
    there = root.get(part)
    values = (one.get(word) for _, one in there.items()) if there is not None else ()
    return frozenset(one.value for one in values if one is not None and not one.is_mapping)

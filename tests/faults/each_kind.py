"""Each kind of writing request of an apply, answered once with a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from law import FAULTS, Law

_MOST_RUNS = 40
_WORDS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x01[0-9a-f]+|'[^']*'|\d{8}T\d{6}Z-\w+|\d+",
    re.IGNORECASE,
)


def writing_kinds(law: Law) -> list[dict[str, str]]:
    """The first of each kind of writing request, as a fault's `match` names it."""
    found = {}
    for row in law.asked:
        if row["method"] != "GET":
            parts = _WORDS.split(row["path"])[:: _WORDS.groups + 1]
            path = r"[^/]+".join(re.escape(part) for part in parts)
            found[row["method"], path] = {"method": row["method"], "path": f"^{path}$"}
    return list(found.values())


def disturbed(law: Law, faults: Sequence[str]) -> list[Mapping[str, Any]]:
    """Apply until it ends well, each kind of request answered once with one of these in turn.

    Gives the kinds that no request was of.
    """
    law.anew()
    ordered = [
        {"match": {**kind, "nth": 1}, **FAULTS[faults[at % len(faults)]]}
        for at, kind in enumerate(writing_kinds(law))
    ]
    law.control.call("PUT", "faults", ordered)
    try:
        for _ in range(_MOST_RUNS):
            answer = law.apply("--format", "json")
            assert answer.code in {0, 1, 3}, answer.err
            assert answer.json()["kind"] in {"Receipt", "Error"}
            assert "INTERNAL" not in answer.err
            if answer.code == 0:
                break
        assert answer.code == 0, answer.err
        return [one["match"] for one in law.control.call("GET", "faults") if not one["hits"]]
    finally:
        law.control.call("DELETE", "faults")

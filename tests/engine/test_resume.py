"""What is left of a run that was cut off may be done without asking; anything more may not."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.engine.resume import why_not
from provisioner.ledger.unfinished import Unfinished


def change(address: str, action: str, **fields: tuple[str, str]) -> dict[str, Any]:
    listed = [{"path": p, "before": b, "after": a} for p, (b, a) in fields.items()]
    return {"address": address, "action": action, "fields": listed}


PLANNED = Unfinished(
    "r1",
    {
        "specDigest": "sha256:a",
        "changes": [
            change("list:made", "create"),
            change("list:kept", "update", title=("Old", "New"), hidden=("no", "yes")),
            change("list:gone", "delete"),
        ],
    },
)


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ([], ""),
        ([change("list:made", "create")], ""),
        ([change("list:made", "update", title=("Url", "Made"))], ""),
        ([change("list:made", "adopt")], ""),
        ([change("list:kept", "update", title=("Old", "New"))], ""),
        ([change("list:gone", "forget")], ""),
        ([change("list:made", "delete")], "now to delete, not to create"),
        ([change("list:kept", "update", title=("Mine", "New"))], "by somebody else"),
        ([change("list:kept", "update", crawled=("yes", "no"))], "by somebody else"),
        ([change("list:other", "update")], "no part of it"),
    ],
)
def test_only_what_was_planned_is_gone_on_with(left: list[dict[str, Any]], reason: str) -> None:
    found = why_not(PLANNED, {"specDigest": "sha256:a", "changes": left})
    assert reason in found
    assert bool(found) == bool(reason)


def test_another_file_is_another_plan() -> None:
    assert "file has changed" in why_not(PLANNED, {"specDigest": "sha256:b", "changes": []})

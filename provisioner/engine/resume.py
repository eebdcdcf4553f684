"""Whether a run that was cut off can be gone on with: what is left is part of what it planned. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.core.canonical import canonical_json
from provisioner.ledger.unfinished import Unfinished

_LEADS_TO = {
    "create": frozenset({"create", "update", "adopt"}),
    "update": frozenset({"update"}),
    "replace": frozenset({"replace", "update"}),
    "delete": frozenset({"delete", "forget"}),
    "adopt": frozenset({"adopt"}),
    "forget": frozenset({"forget"}),
}
"""What may be left to do of a change that was planned and perhaps half done."""


def why_not(unfinished: Unfinished, fresh: Mapping[str, Any]) -> str:
    """Why a plan made now is more than what is left of that run; "" when it is not.

    `fresh` is a `Plan` document. What that run was to write must still be what the file says, and
    what it was to change must be as it was or as it was to become.
    """
    if fresh.get("specDigest") != unfinished.plan.get("specDigest"):
        return "the file has changed since"
    planned = {str(one["address"]): one for one in unfinished.all_changes}
    for change in fresh["changes"]:
        before = planned.get(str(change["address"]))
        if before is None:
            return f"{change['address']} was no part of it"
        if change["action"] not in _LEADS_TO.get(str(before["action"]), frozenset()):
            return f"{change['address']} is now to {change['action']}, not to {before['action']}"
        if before["action"] == "update" and not _left_of(before, change):
            return f"{change['address']} has been changed by somebody else"
    return ""


def _left_of(before: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    planned = {str(one["path"]): one for one in before.get("fields") or ()}
    return all(
        str(one["path"]) in planned
        and canonical_json(planned[str(one["path"])]["before"]) == canonical_json(one["before"])
        for one in change["fields"]
    )

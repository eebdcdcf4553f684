"""Receipts of runs by values, and what taking them back comes to."""

from __future__ import annotations

from datetime import date
from typing import Any

from provisioner.core.canonical import digest
from provisioner.core.resource import Existing
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options
from provisioner.engine.undo import Undo, undo_plan
from provisioner.engine.undo_contents import Contents
from provisioner.kinds.base import Scope
from provisioner.ledger.state import Entry, LedgerState

UPDATED = {
    "address": "site",
    "action": "update",
    "status": "done",
    "kind": "site",
    "fields": [{"path": "title", "before": "Evidence", "after": "Proof"}],
}


def undone(
    *results: dict[str, Any],
    there: dict[str, Existing],
    contents: Contents | None = None,
    known: dict[str, Entry] | None = None,
) -> Undo:
    body = {"runId": "r", "results": list(results)}
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    observed = Observed(there, LedgerState(objects=known or {}))
    receipt = body | {"digest": digest(body)}
    return undo_plan(receipt, desired, observed, Options(), contents or Contents())


def existing(kind: str, own: str, **properties: Any) -> dict[str, Existing]:
    return {own: Existing(kind, own, properties, {"id": "1", "number": "1"}, declared=True)}


def removed(kind: str, own: str, **definition: Any) -> dict[str, Any]:
    return {
        "address": own,
        "action": "delete",
        "status": "done",
        "kind": kind,
        "definition": definition,
    }


def updated(own: str, kind: str, path: str, before: Any, after: Any) -> dict[str, Any]:
    fields = [{"path": path, "before": before, "after": after}]
    return {"address": own, "action": "update", "status": "done", "kind": kind, "fields": fields}


def made(kind: str, own: str) -> dict[str, Any]:
    return {"address": own, "action": "create", "status": "done", "kind": kind}


HOME = existing("list", "list:risks", url="/sites/acme/Lists/Risks", title="Risks")

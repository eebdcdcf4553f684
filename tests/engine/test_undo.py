"""What a run taken back brings back, and what it says it does not. By values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Action, Existing
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options
from provisioner.engine.undo import Undo, undo_plan
from provisioner.kinds.base import Scope

COLUMN = "list:risks/column:Score"
REPLACED = {
    "address": COLUMN,
    "action": "replace",
    "status": "done",
    "kind": "column",
    "fields": [{"path": "type", "before": "text", "after": "number"}],
    "definition": {"type": "text"},
}
UPDATED = {
    "address": "site",
    "action": "update",
    "status": "done",
    "kind": "site",
    "fields": [{"path": "title", "before": "Evidence", "after": "Proof"}],
}


def undone(*results: dict[str, Any], there: dict[str, Existing]) -> Undo:
    body = {"runId": "r", "results": list(results)}
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    return undo_plan(body | {"digest": digest(body)}, desired, Observed(there), Options(), {})


def existing(kind: str, own: str, **properties: Any) -> dict[str, Existing]:
    return {own: Existing(kind, own, properties, {"id": "1"}, declared=True)}


def test_a_column_made_anew_stays_and_the_rest_is_taken_back() -> None:
    there = existing("column", COLUMN, type="number") | existing("site", "site", title="Proof")
    undo = undone(REPLACED, UPDATED, there=there)
    (stays,) = undo.stays
    assert stays.startswith(f"{COLUMN}: it was made anew (type was “text” and is “number”)")
    assert "plan and apply" in stays
    (change,) = undo.plan.changes
    assert (change.address, change.action) == ("site", Action.UPDATE)
    assert [(one.path, one.before, one.after) for one in change.fields] == [
        ("title", "Proof", "Evidence")
    ]


def test_a_column_made_anew_that_is_gone_is_said_so() -> None:
    undo = undone(REPLACED, there=existing("site", "site", title="Proof"))
    assert undo.stays == (f"{COLUMN}: it was made anew and is not on the site any more",)
    assert undo.plan.empty


def test_a_receipt_that_was_altered_takes_nothing_back() -> None:
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    with pytest.raises(ProvisionerError) as altered:
        undo_plan(
            {"runId": "r", "results": [], "digest": "sha256:0"},
            desired,
            Observed({}),
            Options(),
            {},
        )
    assert altered.value.code == "RECEIPT-ALTERED"

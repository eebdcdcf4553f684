"""What the file no longer names, where there is nothing left to remove. By values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.core.resource import Action, Existing
from provisioner.engine.comparing import Findings
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options
from provisioner.engine.undeclared import undeclared
from provisioner.kinds.base import Scope
from provisioner.ledger.state import Entry, LedgerState


def dropped(kind: str, own: str, there: dict[str, Any], *, builtin: bool, **last: Any) -> Findings:
    """What `--prune` does with something of ours that the file no longer names."""
    found = Findings()
    existing = Existing(kind, own, there, {"id": "1"}, declared=False, builtin=builtin)
    ledger = LedgerState({own: Entry(kind, "1", last, True, "r")}, present=True)
    desired = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
    undeclared(desired, Observed({own: existing}, ledger=ledger), Options(prune=True), found, ())
    return found


@pytest.mark.parametrize(
    ("there", "action"), [("status-pill", Action.DELETE), (None, Action.FORGET)]
)
def test_formatting_is_removed_once_and_then_forgotten(there: str | None, action: Action) -> None:
    own = "list:evidence/formatting:Area"
    found = dropped(
        "formatting", own, {"formatting": there}, builtin=True, formatting="status-pill"
    )
    assert [one.action for one in found.changes] == [action]


def test_a_page_that_was_not_read_keeps_what_it_was_made_of_for_an_undo() -> None:
    there = {"title": "Help, edited", "sections": []}
    said = [{"layout": "oneColumn"}]
    found = dropped("page", "page:Help", there, builtin=False, title="Help", sections=said)
    (change,) = found.changes
    assert change.existing is not None
    assert change.existing.properties == {"title": "Help, edited", "sections": said}

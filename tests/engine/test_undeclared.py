"""What the file does not name any more: who it is taken for, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.workspace import open_workspace
from provisioner.core.resource import Action, Existing
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options, plan
from provisioner.ledger.state import Entry, LedgerState

SMALL = Path(__file__).parent.parent / "small.yaml"


@pytest.mark.parametrize(
    ("gone", "action", "words"),
    [
        ("list:gone/item:X", Action.FORGET, "it is no longer in the file"),
        ("list:risks/item:X", Action.FORGET, "it is list:risks/item:R-1 in the file now"),
    ],
)
def test_rows_are_numbered_in_each_list_so_a_number_says_nothing_in_another(gone, action, words):
    desired = open_workspace(SMALL, "2026-11-22").desired
    row = desired.resources["list:risks/item:R-1"]
    existing = {
        row.address: Existing("item", row.address, row.properties, {"id": "1"}, declared=True)
    }
    ledger = LedgerState({gone: Entry("item", "1", {}, True, "earlier")}, present=True)
    made = plan(desired, Observed(existing, ledger), Options())
    (change,) = (one for one in made.changes if one.address == gone)
    assert (change.action, change.reason.startswith(words)) == (action, True), change.reason


def test_what_stands_in_a_list_that_is_removed_goes_with_it():
    desired = open_workspace(SMALL, "2026-11-22").desired
    old = Existing(
        "list", "list:old", {"title": "Old"}, {"id": "g", "contents": "1"}, declared=False
    )
    entries = {
        "list:old": Entry("list", "g", {}, True, "earlier"),
        "list:old/item:X": Entry("item", "1", {}, True, "earlier"),
    }
    observed = Observed({"list:old": old}, LedgerState(entries, present=True))
    made = plan(desired, observed, Options(prune=True))
    said = {c.address: (c.action, c.reason) for c in made.changes if c.address in entries}
    assert said["list:old"][0] is Action.DELETE
    assert said["list:old/item:X"] == (Action.FORGET, "it goes with list:old")

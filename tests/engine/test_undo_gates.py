"""What stands in the way of an undo, and what it leaves as it is. By values."""

from __future__ import annotations

import pytest
from undone_run import HOME, UPDATED, existing, made, removed, undone, updated

from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Existing
from provisioner.engine.observe import Observed
from provisioner.engine.undo_contents import Contents
from provisioner.engine.undo_gates import refusal, unaltered
from provisioner.ledger.state import Entry, LedgerState


def test_a_receipt_takes_nothing_back_when_it_is_altered_or_of_another_run() -> None:
    body = {"runId": "r", "results": []}
    whole = body | {"digest": digest(body)}
    assert unaltered(whole, "r", Observed({})) == whole
    noted = LedgerState(runs=({"runId": "r", "digest": "sha256:1"},))
    altered = [body | {"results": [UPDATED], "digest": digest(body)}, {"runId": "r"}, {}]
    for receipt, run, ledger in [
        *((one, "r", LedgerState()) for one in altered),
        (whole, "q", LedgerState()),
        (whole, "r", noted),
    ]:
        with pytest.raises(ProvisionerError) as refused:
            unaltered(receipt, run, Observed({}, ledger))
        assert refused.value.code == "RECEIPT-ALTERED"


def test_all_that_stands_in_the_way_of_an_undo_is_named_at_once() -> None:
    there = existing("site", "site", title="Else") | existing("group", "group:A", name="New")
    renamed = updated("group:A", "group", "name", "Old", "Now")
    undo = undone(UPDATED, renamed, there=there)
    one = refusal(undone(UPDATED, there=there).plan)
    assert (one.code, one.hint.count("--allow site")) == ("UNDO-CONFLICT", 1)
    both = refusal(undo.plan)
    assert (both.code, both.address) == ("UNDO-CONFLICT", "site")
    assert "title was “Proof” and is “Else”" in both.message
    assert "name was “Now” and is “New”" in both.message
    assert "--allow site --allow group:A" in both.hint


def test_a_content_type_that_rows_are_of_stays_and_so_does_what_it_is_made_of() -> None:
    bound = "list:risks/contentType:Risk"
    there = HOME | existing("contentType", bound, name="Risk")
    there |= existing("contentType", "contentType:Risk", name="Risk", **{"columns.Until": {}})
    there |= existing("column", "column:Until", name="Until")
    run = [made(one.kind, own) for own, one in there.items() if own != "list:risks"]
    undo = undone(*run, there=there, contents=Contents({}, {bound: "rows are of it"}))
    assert (undo.plan.changes, set(undo.plan.stays)) == (
        (),
        {
            f"{bound}: rows are of it",
            "contentType:Risk: a list still uses it",
            "column:Until: a content type still uses it",
        },
    )
    assert {c.address for c in undone(*run, there=there).plan.changes} == there.keys() - HOME.keys()


def test_entries_that_a_run_took_over_stand_where_they_are_after_it_is_taken_back() -> None:
    bar, order = "navigationBar:quickLaunch", ["navigation:A", "navigation:B", "navigation:C"]
    wrote, now = [order[2], order[1], order[0]], [order[0], order[2], order[1]]
    there = existing("navigationBar", bar, order=now)
    moved = updated(bar, "navigationBar", "order", order, wrote)
    assert [one.code for one in undone(moved, there=there).plan.blocked] == ["UNDO-CONFLICT"]
    took = {"address": order[2], "action": "adopt", "status": "done", "kind": "navigation"}
    undo = undone(moved, took, there=there)
    assert (undo.plan.blocked, undo.plan.changes) == ((), ())


def test_the_order_of_a_bar_names_what_is_there_though_the_undo_before_this_one_failed() -> None:
    bar, (a, b, gone, drafts) = "navigationBar:quickLaunch", [f"navigation:{n}" for n in "ABGD"]
    there = existing("navigationBar", bar, order=[b, a, drafts])
    there |= existing("navigation", drafts, title="D", link="/sites/acme/D")
    run = removed("navigation", drafts, title="D", link="/sites/acme/D")
    moved = updated(bar, "navigationBar", "order", [a, b, gone], [b, a, gone])
    (change,) = undone(run, moved, there=there).plan.changes
    assert change.desired is not None
    assert change.desired.properties["order"] == [a, b, drafts]


def test_formatting_that_was_taken_away_already_is_not_taken_away_again() -> None:
    own = "list:risks/formatting:Until"
    bare = Existing("formatting", own, {"formatting": ""}, {"id": "1"}, declared=True, builtin=True)
    assert undone(made("formatting", own), there=HOME | {own: bare}).plan.empty


def test_a_file_that_knows_what_the_run_changed_by_another_name_takes_nothing_back() -> None:
    renamed = updated("group:Now", "group", "name", "Old", "Now")
    known = {"group:Now": Entry("group", "1", {"name": "Now"}, made=True, run="r")}
    there = existing("group", "group:Old", name="Now")
    (blocked,) = undone(renamed, UPDATED, there=there, known=known).plan.blocked
    assert (blocked.code, "group:Now" in blocked.message) == ("UNDO-OTHER-FILE", True)
    assert "run r back with the file as it was then" in blocked.hint
    assert not undone(renamed, there=there).plan.blocked, "nobody watches it any more"

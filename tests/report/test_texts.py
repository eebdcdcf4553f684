"""What a person reads in the terminal, on a workspace with every kind in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from provisioner.core.transport import Stats
from provisioner.engine.receipt import Receipt, Result
from provisioner.ledger.state import Entry, LedgerState
from provisioner.report.receipt_text import receipt_text
from provisioner.report.status_text import status_json, status_text
from provisioner.report.sync_text import sync_text
from provisioner.sync.receipt import SyncRun, WriteCounts
from provisioner.sync.vocabulary import VerdictState

NOW = datetime(2026, 5, 20, 6, 30, tzinfo=UTC)
SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


def test_a_plan_names_what_is_new_by_kind_and_says_what_it_costs(provisioner):
    text = provisioner("plan", provisioner.file(SMALL)).out
    assert "  + site “Acme evidence”" in text
    assert "list:risks\n  + list:risks “Risk Register”" in text
    assert "  + Column (8): RiskId, Treatment, Due, Score, Open, Keeper, Notes, Related" in text
    assert "[high risk]" in text
    assert "resource units." in text
    assert "Permissions used: graph:Sites.Create.All" in text
    assert "role:" not in text  # a look-up is no change


def test_a_changed_property_is_shown_with_both_values(provisioner):
    file = provisioner.file(SMALL)
    provisioner("apply", file, "--yes")
    file = provisioner.file(SMALL.replace("title: Access evidence", "title: Proof of access"))
    text = provisioner("plan", file).out
    assert "  ~ list:evidence “Proof of access”" in text
    assert "title: Access evidence becomes Proof of access" in text
    assert "1 to update" in text


def test_a_plan_for_an_approver_is_a_table_with_reasons_and_a_digest(provisioner):
    text = provisioner("plan", provisioner.file(SMALL), "--format", "markdown").out
    assert text.startswith("# Plan for /sites/acme\n")
    assert "| + | `list:risks` | it is in the file and not on the site. " in text
    assert "Digest: `sha256:" in text


def test_a_receipt_says_what_was_done_and_what_it_took(provisioner):
    text = provisioner("apply", provisioner.file(SMALL), "--yes").out
    assert " changes done in " in text
    assert "Receipt " in text


def test_no_drift_is_said_in_a_sentence(provisioner):
    file = provisioner.file(SMALL)
    provisioner("apply", file, "--yes")
    assert provisioner("drift", file).out == "No drift: the site is as the file says.\n"


def test_drift_before_the_first_apply_says_that_nothing_was_applied(provisioner):
    answer = provisioner("drift", provisioner.file(SMALL))
    assert answer.code == 2
    assert answer.out.startswith(
        "error   site is in the file and was never applied (NOT-APPLIED)\n"
    )


def test_status_has_a_line_for_each_kind_the_most_first_and_fits_a_narrow_window():
    document = {
        "url": "https://contoso.sharepoint.com/sites/acme",
        "objects": {"made": {"column": 12, "view": 1, "list": 30}, "adopted": {"page": 1}},
        "runs": [],
        "jobs": [],
        "lock": None,
    }
    lines = status_text(document).splitlines()
    assert lines[1:7] == [
        "43 parts made by us:",
        "     30  Library or list",
        "     12  Column",
        "      1  View",
        "1 part taken over:",
        "      1  Page",
    ]
    assert all(len(line) <= 60 for line in lines)


def test_status_tells_what_we_made_from_what_was_taken_over():
    made, adopted = (Entry("list", "1", {}, made, "r") for made in (True, False))
    ledger = LedgerState(
        {"list:a": made, "list:b": made, "list:c": adopted}, runs=({"runId": "1"}, {"runId": "2"})
    )
    told = status_json("acme", "https://contoso.sharepoint.com/sites/acme", ledger, None, (), NOW)
    assert told["objects"] == {"made": {"list": 2}, "adopted": {"list": 1}}
    assert [one["runId"] for one in told["runs"]] == ["2", "1"]
    assert told["lock"] is None


def test_a_run_says_the_next_step_once_for_findings_that_share_it(acme):
    text = sync_text(run_of(acme))
    missing = [
        one
        for one in acme.judgement.verdicts
        if (one.rule, one.state) == ("MISSING", VerdictState.OPEN)
    ]
    assert len(missing) > 1
    assert all(one.message in text for one in missing)
    [what] = {one.next for one in missing}
    assert text.count(f"Next: {what}") == 1
    assert "1 write would be sent; this was a dry run." in text


def run_of(world):
    """A dry run that judged this and would write one thing."""
    return SyncRun(
        "acme", world.facts, world.judgement, NOW, dry_run=True, changed=0,
        written=WriteCounts(1), findings={}, held={}, unsent=(), notes=(), stats=Stats(),
    )  # fmt: skip


def test_one_cause_that_kept_a_hundred_things_from_being_done_is_told_once():
    why = "not tried: the tenant did not answer"
    rest = [Result(f"list:l{n}", "create", "skipped", "SKIPPED", why) for n in range(100)]
    own = Result("role:Read", "create", "failed", "400", "refused")
    few = [Result(f"column:c{n}", "create", "skipped", "SKIPPED", "why") for n in range(2)]
    results = (rest[0], own, *rest[1:], *few)
    receipt = Receipt("r", "w", "", "", NOW, NOW, results, Stats())
    assert receipt_text(receipt).splitlines()[:-1] == [
        f"x list:l0: skipped, {why}",
        "  and 99 more, for the same reason; the receipt names them",
        "x role:Read: failed, refused",
        "x column:c0: skipped, why",
        "x column:c1: skipped, why",
        "0 changes done, 1 failed, 102 skipped in 0.0 s with 0 requests and 0 resource units.",
    ]

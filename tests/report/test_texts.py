"""What a person reads in the terminal, on a workspace with every kind in it."""

from __future__ import annotations

from pathlib import Path

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

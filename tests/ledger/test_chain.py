"""A receipt that was altered, removed or put in is named."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from provisioner.core.canonical import digest
from provisioner.ledger.chain import broken_links

RUNS = ["r1", "r2", "r3", "r4"]


def receipt(run: str, previous: str, **more: Any) -> dict[str, Any]:
    body = {"kind": "Receipt", "runId": run, "previous": previous, "results": [], **more}
    return {**body, "digest": digest(body)}


def chain() -> tuple[dict[str, Any], str]:
    made: dict[str, Any] = {}
    last = ""
    for run in RUNS:
        made[run] = receipt(run, last)
        last = made[run]["digest"]
    return made, last


def said(receipts: dict[str, Any], last: str, copies: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.run, one.code) for one in broken_links(receipts, last, copies)]


def test_a_chain_as_it_was_written_holds():
    made, last = chain()
    assert said(made, last, copy.deepcopy(made)) == []
    assert said({}, "", {}) == []


@pytest.mark.parametrize("run", RUNS)
def test_one_that_was_altered_is_named_and_no_other(run):
    made, last = chain()
    made[run]["results"] = [{"address": "site"}]
    assert said(made, last, {}) == [(run, "RECEIPT-ALTERED")]


@pytest.mark.parametrize("run", RUNS[:-1])
def test_one_that_was_altered_with_a_digest_to_fit_breaks_the_one_after(run):
    made, last = chain()
    original = copy.deepcopy(made)
    made[run] = receipt(run, made[run]["previous"], results=[{"address": "site"}])
    after = RUNS[RUNS.index(run) + 1]
    ((_, code),) = said(made, last, {})
    assert code == "RECEIPT-MISSING"
    assert f"run {after}" in broken_links(made, last, {})[0].message
    assert said(made, last, original)[0][0] == run


@pytest.mark.parametrize("run", RUNS)
def test_one_that_was_removed_is_missing_and_a_copy_tells_its_name(run):
    made, last = chain()
    removed = made.pop(run)
    assert [code for _, code in said(made, last, {})] == ["RECEIPT-MISSING"]
    assert said(made, last, {run: removed}) == [(run, "RECEIPT-MISSING")]


def test_a_ledger_set_back_leaves_the_newest_beside_the_chain():
    made, _ = chain()
    assert said(made, made["r3"]["digest"], {}) == [("r4", "RECEIPT-BESIDE")]


def test_the_newest_removed_and_the_ledger_set_back_is_told_by_a_copy_alone():
    made, _ = chain()
    newest = made.pop("r4")
    assert said(made, made["r3"]["digest"], {}) == []
    assert said(made, made["r3"]["digest"], {"r4": newest}) == [("r4", "RECEIPT-MISSING")]


def test_a_receipt_in_another_runs_folder_and_a_file_that_is_none_are_named():
    made, last = chain()
    swapped = {**made, "r2": made["r3"], "r4": "not json"}
    assert ("r2", "RECEIPT-ALTERED") in said(swapped, last, {})
    assert ("r4", "RECEIPT-ALTERED") in said(swapped, last, {})

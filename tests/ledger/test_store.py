"""The ledger is written over what was read, and a lost answer is looked up."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Outcome
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import write_file
from provisioner.ledger.unfinished import Unfinished

DOCUMENT = {"kind": "Ledger"}
BYTES = json.dumps(DOCUMENT, indent=1, sort_keys=True).encode()


@dataclass
class Drive:
    """A library of one file, which answers as it is told."""

    answers: list[Outcome]
    holds: bytes | None = None
    keeps: bool = False
    sent: list[str | None] = field(default_factory=list)

    async def upload(self, _path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        self.sent.append(if_match)
        answer = self.answers.pop(0)
        if answer.state == "done" or self.keeps:
            self.holds = data
        return answer

    async def download(self, _path: str) -> bytes | None:
        return self.holds


def written(drive: Any, if_match: str = '"{A},3"') -> Outcome:
    return asyncio.run(write_file(drive, "s", "l", "ledger.json", DOCUMENT, if_match=if_match))


DONE = Outcome("done", 200)
LOST = Outcome("unknown", code="NO-ANSWER", message="No answer came.")
MOVED = Outcome("failed", 412, code="resourceModified", message="It has changed.")


def test_it_is_written_over_the_version_that_was_read():
    drive = Drive([DONE])
    assert written(drive).state == "done"
    assert drive.sent == ['"{A},3"']
    first = Drive([DONE])
    written(first, "")
    assert first.sent == [None]


def test_somebody_elses_ledger_is_kept():
    drive = Drive([MOVED], holds=b"theirs")
    with pytest.raises(ProvisionerError) as moved:
        written(drive)
    assert (moved.value.code, drive.holds) == ("LEDGER-MOVED", b"theirs")


def test_an_answer_that_was_lost_is_looked_up_and_what_is_missing_sent_once_more():
    there = Drive([LOST], keeps=True)
    assert (written(there).state, len(there.sent)) == ("done", 1)
    absent = Drive([LOST, DONE])
    assert (written(absent).state, len(absent.sent), absent.holds) == ("done", 2, BYTES)
    silent = Drive([LOST, LOST])
    with pytest.raises(ProvisionerError) as unwritten:
        written(silent)
    assert unwritten.value.code == "LEDGER-NOT-WRITTEN"


def test_without_permission_it_is_a_refusal():
    with pytest.raises(Refused) as refused:
        written(Drive([Outcome("failed", 403, code="PERMISSION-MISSING", message="No.")]))
    assert refused.value.exit_code == 3


def test_the_ledger_reads_as_it_was_written_and_sums_up_the_last_runs():
    ledger = LedgerState(present=True)
    for number in range(25):
        ledger = ledger.with_run({"runId": f"r{number:02}"}, f"sha256:{number}")
    assert ledger.last_receipt == "sha256:24"
    assert [one["runId"] for one in ledger.runs] == [f"r{n:02}" for n in range(5, 25)]
    assert LedgerState.of(json.loads(json.dumps(ledger.json()))) == ledger


def test_what_runs_that_were_cut_off_had_made_is_known_through_several():
    made = [{"address": "list:a", "action": "create"}]
    second = {
        "digest": "sha256:2",
        "approved": "sha256:1",
        "earlier": made,
        "changes": [
            {"address": "list:a", "action": "adopt"},
            {"address": "list:b", "action": "create"},
            {"address": "list:c", "action": "update"},
        ],
    }
    run = Unfinished("r2", second)
    assert run.made == {"list:a", "list:b"}
    assert run.approved == "sha256:1"
    assert [one["address"] for one in run.all_changes] == ["list:a", "list:b", "list:c"]


def test_a_receipt_that_the_ledger_does_not_name_is_followed_though_the_next_run_failed_too() -> (
    None
):
    failed = Unfinished("b", {"previous": "sha256:a"})
    assert failed.continues("sha256:0") == "sha256:a"
    assert Unfinished("b", {}).continues("sha256:0") == "sha256:0"


def test_a_ledger_of_a_later_version_is_left_alone() -> None:
    later = {**LedgerState().json(), "apiVersion": "provisioner/v2"}
    with pytest.raises(Refused) as refused:
        LedgerState.of(later)
    assert (refused.value.code, refused.value.exit_code) == ("LEDGER-NEWER", 3)
    assert "provisioner/v2" in refused.value.message


def test_a_run_that_stored_its_receipt_alone_is_followed() -> None:
    body = {"kind": "Receipt", "runId": "b", "previous": "sha256:a"}
    receipt = {**body, "digest": digest(body)}
    assert Unfinished("b", {}, receipt).continues("sha256:0") == receipt["digest"]
    altered = {**receipt, "previous": "sha256:0"}
    assert Unfinished("b", {}, altered).continues("sha256:0") == "sha256:0"

"""An apply that is cut off anywhere: it says what was done, and the next one goes on from there."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from afterwards import goes_on, things

from provisioner.core.errors import Temporary
from provisioner.core.transport import Answer, Envelope, Outcome, Reading
from provisioner.tenant.client import TenantClient


@pytest.fixture
def whole(provisioner: Any, small: str) -> Counter[tuple[str, ...]]:
    """What an undisturbed apply makes; the tenant is new again afterwards."""
    assert provisioner("apply", provisioner.file(small), "--yes").code == 0
    made = things(provisioner)
    assert sum(made.values()) > 20
    provisioner.control.call("POST", "reset")
    provisioner.control.call("PUT", "settings", {"resourceUnitsPerMinute": 1_000_000})
    return made


def test_a_change_that_fails_is_named_with_what_stands_on_it_and_the_rest_is_done(
    provisioner: Any, small: str, whole: Counter[tuple[str, ...]]
) -> None:
    workspace = provisioner.file(small)
    fault = {"match": {"method": "POST", "path": "/lists$", "nth": 4}, "do": {"status": 500}}
    provisioner.control.call("PUT", "faults", [fault])
    failed = provisioner("apply", workspace, "--yes", "--format", "json")
    (hit,) = provisioner.control.call("GET", "faults")
    provisioner.control.call("DELETE", "faults")
    assert hit["hits"] == 1
    assert failed.code == 1
    results = failed.json()["results"]
    states = {one["address"]: one["status"] for one in results}
    (lost,) = (address for address, state in states.items() if state == "failed")
    assert lost.startswith("list:")
    assert {a for a, s in states.items() if s == "skipped"} >= {
        a for a in states if a.startswith(f"{lost}/")
    }
    assert "done" in states.values()
    assert all(one["message"] for one in results if one["status"] != "done")
    assert failed.err.startswith("APPLY-INCOMPLETE  ")
    assert "run apply again" in failed.err
    goes_on(provisioner, workspace, whole)


def test_a_lost_answer_makes_no_second_list(
    provisioner: Any, small: str, whole: Counter[tuple[str, ...]]
) -> None:
    workspace = provisioner.file(small)
    fault = {
        "match": {"method": "POST", "path": r"\$batch", "every": 3},
        "when": "after",
        "do": {"dropResponse": True},
    }
    provisioner.control.call("PUT", "faults", [fault])
    answer = provisioner("apply", workspace, "--yes", "--format", "json")
    (hit,) = provisioner.control.call("GET", "faults")
    provisioner.control.call("DELETE", "faults")
    assert hit["hits"] > 0
    assert answer.code in {0, 1}
    assert answer.json()["results"]
    goes_on(provisioner, workspace, whole)


def test_lost_answers_about_the_site_and_our_lock_are_looked_up_in_the_same_run(
    provisioner: Any, small: str
) -> None:
    """The site is there and so is the list of the lock, so all is done and recorded at once."""
    workspace = provisioner.file(small)
    lost = {"when": "after", "do": {"dropResponse": True}}
    made = [{"method": "POST", "path": path, "nth": 1} for path in ("^/beta/sites$", "/lists$")]
    provisioner.control.call("PUT", "faults", [{**lost, "match": one} for one in made])
    answer = provisioner("apply", workspace, "--yes", "--format", "json")
    hits = [one["hits"] for one in provisioner.control.call("GET", "faults")]
    provisioner.control.call("DELETE", "faults")
    assert (answer.code, hits) == (0, [1, 1]), answer.err
    assert {one["status"] for one in answer.json()["results"]} == {"done"}
    status = provisioner("status", workspace, "--format", "json").json()
    assert [one["runId"] for one in status["runs"]] == [answer.json()["runId"]]
    assert (status["lock"]["state"], status["lock"]["unfinished"]) == ("free", None)


class Line:
    """The way to the tenant, which breaks for good after some writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
        self.left = after
        read, write = TenantClient.read, TenantClient.write

        async def reading(client: TenantClient, wanted: list[Reading]) -> dict[Reading, Answer]:
            if self.left <= 0:
                raise Temporary("UNREACHABLE", "No connection to contoso.sharepoint.com.")
            return await read(client, wanted)

        async def writing(client: TenantClient, sent: list[Envelope]) -> list[list[Outcome]]:
            if self.left <= 0:
                lost = Outcome("unknown", code="NO-ANSWER", message="The connection broke.")
                return [[lost for _ in one.operations] for one in sent]
            self.left -= 1
            return await write(client, sent)

        monkeypatch.setattr(TenantClient, "read", reading)
        monkeypatch.setattr(TenantClient, "write", writing)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_line_that_breaks_for_good_leaves_a_receipt_of_what_was_sent(
    after: int,
    provisioner: Any,
    small: str,
    whole: Counter[tuple[str, ...]],
) -> None:
    workspace = provisioner.file(small)
    with pytest.MonkeyPatch.context() as broken:
        line = Line(broken, after)
        answer = provisioner("apply", workspace, "--yes", "--format", "json")
    assert line.left <= 0
    assert answer.code == 1
    receipt = answer.json()
    assert receipt["kind"] == "Receipt"
    states = Counter(one["status"] for one in receipt["results"])
    assert states["unknown"] > 0
    assert states["done"] == 0, "nothing counts as done that was not read back"
    assert states["skipped"] > 0
    assert "UNREACHABLE" in answer.err or "NO-ANSWER" in answer.err
    kept = provisioner.running.home / "receipts" / f"{receipt['runId']}.json"
    assert json.loads(kept.read_text("utf-8")) == receipt
    goes_on(provisioner, workspace, whole)

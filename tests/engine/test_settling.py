"""What a receipt says of what still differs after everything was read back."""

from __future__ import annotations

from provisioner.core.errors import Refused
from provisioner.core.resource import Action, Change, FieldChange
from provisioner.core.transport import Operation
from provisioner.engine.packing import Forecast
from provisioner.engine.plan import Plan
from provisioner.engine.receipt import Result
from provisioner.engine.settling import judge

SEND = Operation("sharepoint", "MERGE", "/_api/web", "list:risks", "list:risks")
STILL = Change(
    "list:risks",
    "list",
    Action.UPDATE,
    "",
    "low",
    (FieldChange("description", "", "Risks"),),
    operations=(SEND,),
)
FRESH = Plan("acme", "", "", (STILL,), 0, Forecast(0, 0, 0, 0.0))


def judged(refused: dict[str, Result], stopped: Refused | None = None) -> Result:
    results = {"list:risks": Result("list:risks", "update", "done")}
    judge(results, FRESH, refused, stopped)
    return results["list:risks"]


def test_what_did_not_stick_is_named() -> None:
    result = judged({})
    assert (result.status, result.code) == ("failed", "READ-BACK")
    assert "description" in result.message


def test_what_was_refused_when_sent_once_more_keeps_microsofts_code_and_words() -> None:
    words = Result("list:risks", "update", "failed", "accessDenied", "Access denied.", "r1")
    result = judged({"list:risks": words})
    assert (result.code, result.message, result.request_id) == (
        "accessDenied",
        "Access denied.",
        "r1",
    )


def test_a_run_that_was_stopped_says_why() -> None:
    result = judged({}, Refused("LOCK-LOST", "The lock was lost."))
    assert (result.code, "The lock was lost." in result.message) == ("LOCK-LOST", True)


def test_what_holds_after_all_is_done_though_no_answer_came() -> None:
    results = {"list:other": Result("list:other", "create", "unknown", "NO-ANSWER", "?", "r1")}
    judge(results, FRESH, {})
    assert results["list:other"] == Result("list:other", "create", "done")

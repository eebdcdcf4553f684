"""An apply that is cut off anywhere: it says what was done, and the next one goes on from there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from provisioner.core.errors import Temporary
from provisioner.core.transport import Answer, Envelope, Outcome, Reading
from provisioner.emulator.request_log import RequestLog
from provisioner.tenant.client import TenantClient

WRITES = {"POST", "PATCH", "PUT", "DELETE", "MERGE"}


def things(provisioner: Any) -> Counter[tuple[str, ...]]:
    """How often everything a person could see twice is in the tenant, by its name.

    What our own records hold is left out: every run adds its receipt there.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for site in provisioner.control.call("GET", "state")["sites"]:
        where = str(site["path"])
        found[("site", where)] += 1
        found.update(("column", where, str(one["internal_name"])) for one in site["columns"])
        found.update(("type", where, str(one["name"])) for one in site["contentTypes"])
        found.update(("link", where, str(one["title"])) for one in site["navigation"])
        found.update(("principal", where, str(one["title"])) for one in site["principals"])
        for one in site["lists"]:
            inside = f"{where} {one['title']}"
            found[("list", inside, str(one["url"]))] += 1
            found.update(("column", inside, str(row["internal_name"])) for row in one["columns"])
            found.update(("type", inside, str(row["name"])) for row in one["contentTypes"])
            found.update(("view", inside, str(row["title"])) for row in one["views"])
            if "Provisioner" not in inside:
                found.update(("row", inside, str(row["fields"])) for row in one["items"])
        levels = {one["id"]: one["name"] for one in site["roleDefinitions"]}
        who = {one["id"]: one["title"] for one in site["principals"]}
        found.update(
            ("may", where, str(who.get(one["principal_id"])), str(levels.get(one["role_id"])))
            for one in site["permissions"]
        )
    return found


def goes_on(provisioner: Any, workspace: Any, whole: Counter[tuple[str, ...]]) -> None:
    """A second apply ends where an undisturbed one does, and a third has nothing to do."""
    again = provisioner("apply", workspace, "--yes")
    assert again.code == 0, again.err
    assert things(provisioner) == whole
    assert provisioner("plan", workspace).code == 0
    provisioner.forget_requests()
    assert provisioner("apply", workspace, "--yes").code == 0
    assert provisioner.writes() == []
    assert provisioner("drift", workspace, "--format", "json").json()["findings"] == []


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


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
@pytest.mark.parametrize("write", [9, 26])
def test_a_killed_apply_is_taken_up_by_the_next_one(
    write: int,
    provisioner: Any,
    small: str,
    whole: Counter[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = provisioner.file(small)
    started: list[subprocess.Popen[bytes]] = []
    seen: list[str] = []
    open_row: Callable[..., dict[str, Any]] = RequestLog.start

    def start(log: RequestLog, call: Any, path: str, *, outer: bool) -> dict[str, Any]:
        if call.method in WRITES and call.face in {"graph", "rest"} and "$batch" not in path:
            seen.append(path)
            if len(seen) == write:
                os.kill(started[0].pid, signal.SIGKILL)
        return open_row(log, call, path, outer=outer)

    monkeypatch.setattr(RequestLog, "start", start)
    command = [sys.executable, "-m", "provisioner", "apply", str(workspace), "--yes"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as killed:
        started.append(killed)
        _, said = killed.communicate(timeout=60)
        assert killed.returncode == -signal.SIGKILL, said.decode()
    monkeypatch.undo()
    monkeypatch.setenv("PROVISIONER_HOME", str(provisioner.running.home))
    assert len(seen) >= write
    assert things(provisioner) != whole
    goes_on(provisioner, workspace, whole)

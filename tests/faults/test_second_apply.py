"""A second apply, that changes, renames, moves and removes, disturbed; and one that is taken back."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from each_kind import disturbed, writing_kinds
from law import FAULTS, Law, command
from taking_back import TakingBack

from provisioner.cli.emulator import ControlPlane
from provisioner.emulator.server import environment

HERE = Path(__file__).parent
ALLOWED = [f"--allow=list:risks/column:{name}" for name in ("Score", "Source")]


def law_of(server: Any, older: Path, newer: Path, *words: str) -> Iterator[Law]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PROVISIONER_HOME", str(server.home))
        control = ControlPlane(environment(server.home, server.url))
        law = Law(server, control, newer, older, ["--prune", *words])
        law.undisturbed()
        yield law


@pytest.fixture(scope="module")
def law(product_server: Any) -> Iterator[Law]:
    older, newer = HERE / "second_before.yaml", HERE / "second_after.yaml"
    yield from law_of(product_server, older, newer, *ALLOWED)


CHANGES = {
    "title: Acme, create": "title: Acme evidence, create",
    "choices: [Access, Change]": "choices: [Access, Change, Backup]",
    "{name: Auditors, role: Read, members: ['user:vciso": "{name: Lookers, renamedFrom: [Auditors], "
    "role: Contribute, members: ['user:cto",
    "group:Auditors', role: Read": "group:Lookers', role: Contribute",
    "formatting: {Area: status-pill}": "description: Who may do what.",
    "{name: By area, default": "{name: By control area, renamedFrom: [By area], default",
    "- {name: Related, displayName: Related, type: lookup, list: risks, show: Title}": "",
    "Title: Token leak}": "Title: Token leak}, {RiskId: R-2, Title: Flood}",
    "title: Evidence, link": "title: Proof, link",
}


@pytest.fixture(scope="module")
def small(product_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Law]:
    """The smallest workspace, with a change of each sort that needs no leave."""
    text = (HERE / "each_kind.yaml").read_text("utf-8")
    text = text.replace(
        "    versioning:", "    formatting: {Area: status-pill}\n    versioning:", 1
    )
    folder = tmp_path_factory.mktemp("second")
    older, newer = folder / "older.yaml", folder / "newer.yaml"
    older.write_text(text, "utf-8")
    for before, after in CHANGES.items():
        assert before in text, before
        text = text.replace(before, after)
    newer.write_text(text, "utf-8")
    yield from law_of(product_server, older, newer)


def test_a_small_change_disturbed_in_each_of_its_requests_ends_as_undisturbed(small: Law) -> None:
    assert len(writing_kinds(small)) > 12
    disturbed(small, [name for name in FAULTS if name != "delay"])
    small.is_whole()


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
def test_a_small_change_killed_in_the_middle_is_gone_on_with(small: Law) -> None:
    assert small.one_kill(small.outer * 2 // 3, resume=True)


@pytest.fixture(scope="module")
def back(small: Law) -> TakingBack:
    law = TakingBack(
        small.running, small.control, small.workspace, small.older, ["--prune"], base="changed"
    )
    law.undisturbed()
    return law


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
def test_a_small_change_is_taken_back_though_that_is_killed(back: TakingBack) -> None:
    assert back.one_kill(random.Random(5).randrange(back.outer // 2, back.outer))


def test_a_small_change_is_taken_back_whatever_its_requests_are_answered(back: TakingBack) -> None:
    back.anew()
    disturbed(back, [name for name in FAULTS if name != "delay"])
    back.is_whole()


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
def test_a_detach_that_was_killed_is_gone_on_with(small: Law) -> None:
    small.anew()
    small.control.call("DELETE", "requests")
    assert command("detach", small.workspace, "--yes").code == 0
    asked = [r for r in small.control.call("GET", "requests") if r["audience"] != "entra"]
    outer = sum(bool(row["outer"]) for row in asked)
    for number in range(outer - 4, outer + 1):
        small.anew()
        assert small.kill(number, verb="detach")
        assert command("detach", small.workspace, "--yes").code in {0, 1}
        again = command("detach", small.workspace, "--yes")
        assert "NOTHING-TO-DETACH" in again.err, (number, again.err)
        taken = small.apply("--format", "json")
        assert taken.code == 0, (number, taken.err)


COPED = ["429", "503", "504", "reset", "truncated", "answer lost"]
REFUSED = ["500", "409", "412", "423"]


@pytest.mark.parametrize("names", [COPED, REFUSED], ids=["coped", "refused"])
def test_every_kind_of_writing_request_of_a_change_disturbed_once_ends_as_undisturbed(
    names: list[str], law: Law
) -> None:
    assert len(writing_kinds(law)) > 30
    disturbed(law, names)
    law.is_whole()


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
def test_an_undo_that_was_killed_goes_on_and_nothing_of_it_is_a_conflict(law: Law) -> None:
    law.anew()
    run = law.apply("--format", "json").json()["runId"]
    law.control.call("DELETE", "requests")
    allowed = [f"--allow=list:{one}" for one in ("risks/column:Vendor", "vendors/column:Country")]
    undo = Law(law.running, law.control, law.workspace, words=["--undo", run, *allowed])
    assert undo.kill(40)
    other = command("apply", law.workspace, "--undo", "20200101T000000Z-0000", "--yes")
    assert (other.code, "UNDO-UNFINISHED" in other.err) == (3, True)
    back = command("apply", law.workspace, "--resume", *allowed, "--format", "json")
    assert f"was taking back run {run}; that goes on" in back.err
    told = back.json()
    assert told["undoes"] == run, back.err
    undone = {one["address"]: one for one in told["results"]}
    failed = {a for a, one in undone.items() if one["status"] != "done"}
    risk = {"contentType:Risk", "list:risks/contentType:Risk"}
    assert failed <= risk, failed  # rows that stay are of it
    assert {"page:Old-help", "list:risks/column:Dropped", "role:Filing"} <= undone.keys()
    assert command("receipts", "verify", law.workspace).code == 0
    left = {
        change["address"]
        for change in command("plan", law.older, "--format", "json").json()["changes"]
        if change["action"] == "update"
    }
    anew = {"list:risks/item:R-1", "list:risks/item:R-2"}  # their column was made anew
    assert left - anew <= {"navigationBar:quickLaunch"}  # an entry of it was taken over by that run

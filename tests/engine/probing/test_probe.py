"""A probe finds what is other, cleans up whatever happens, and names nobody."""

from __future__ import annotations

import asyncio
import json
import signal
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cli.commands.probe import EMULATED_SITE
from provisioner.cli.importing import site_workspace
from provisioner.cli.workspace import transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Outcome
from provisioner.engine.probing.behaviour import Answered
from provisioner.engine.probing.emulated import site_made
from provisioner.engine.probing.ground import MARK, PREFIX, Untried, told
from provisioner.engine.probing.probe import BEHAVIOURS, ProbeReport, probe
from provisioner.report.probe_text import probe_json, probe_markdown, probe_text

BY_ID = {one.id: one for one in BEHAVIOURS}


@asynccontextmanager
async def ground():
    opened = site_workspace(EMULATED_SITE, "emulator", Path("workspace.yaml"))
    async with transport_to(opened, Silent()) as transport:
        await site_made(transport)
        yield transport


def tried(*behaviours):
    async def work():
        async with ground() as transport:
            return await probe(transport, "emulator", Silent(), behaviours)

    return asyncio.run(work())


def scratch(provisioner):
    sites = provisioner.control.call("GET", "state")["sites"]
    lists = [one for site in sites for one in site["lists"]]
    return [one for one in lists if PREFIX in one["url"] and not one["deleted"]]


def test_the_emulator_does_all_that_we_say_it_does_and_is_left_as_it_was(provisioner, tmp_path):
    file = tmp_path / "acme" / "capabilities.json"
    answer = provisioner(
        "probe", "--against", "emulator", "--format", "json", "--capabilities", file
    )
    report = answer.json()
    assert [one for one in report["answers"] if one["state"] != "same"] == []
    assert answer.code == 0
    assert report["summary"] == {"same": len(BEHAVIOURS), "other": 0, "untried": 0}
    assert scratch(provisioner) == []
    able = json.loads(file.read_text())["capabilities"]
    assert able == report["capabilities"]
    assert (able["graph-currency"], able["field-formatter"]) == (False, True)
    assert len(able) == len({one.capability for one in BEHAVIOURS if one.capability})


def test_what_a_tenant_does_otherwise_is_found_and_what_died_is_cleared_away(provisioner):
    hashes, link, name = (
        BY_ID[one] for one in ("document-office-hash", "row-hyperlink", "list-name")
    )

    async def dies(ground):
        await ground.list_id("Dead")
        ground.transport = None  # and so it cannot clean up
        raise Untried("never told")

    with pytest.raises(AttributeError):
        tried(replace(name, tried=dies))
    assert len(scratch(provisioner)) == 1

    provisioner.control.call("PUT", "settings", {"officeHashMoves": False})
    refused = {"status": 403, "body": {"error": {"code": "accessDenied", "message": "no"}}}
    busy = {"match": {"method": "POST", "path": "Values|/items"}, "when": "before", "do": refused}
    provisioner.control.call("PUT", "faults", [busy])
    report = tried(hashes, link, name)
    assert [(one.state, one.seen) for one in report.answers] == [
        ("other", "stays"),
        ("untried", ""),
        ("same", "400 invalidRequest"),
    ]
    assert report.answers[1].why == "the app may not do this (403)"
    assert (report.cleared, report.left) == (1, ())
    assert scratch(provisioner) == []

    provisioner.control.call("PUT", "settings", {"graphColumns": ["currency"]})
    gone = {"match": {"method": "DELETE"}, "when": "before", "do": refused}
    provisioner.control.call("PUT", "faults", [gone])
    report = tried(BY_ID["column-currency"])
    assert (report.answers[0].seen, report.learnt) == ("made", {"graph-currency": True})
    assert report.left == (f"{PREFIX}Columns",)


def test_ctrl_c_leaves_nothing_behind(provisioner):
    async def stopped(ground):
        await ground.list_id("Stopped")
        assert len(ground.lists) == 1
        signal.raise_signal(signal.SIGINT)
        await asyncio.wait_for(asyncio.Event().wait(), 30)

    # What runs in the background is started with Ctrl-C ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            tried(replace(BY_ID["list-name"], tried=stopped))
    finally:
        signal.signal(signal.SIGINT, before)
    assert scratch(provisioner) == []
    assert any(path.startswith("DELETE") for path in provisioner.writes())


def test_somebody_elses_list_of_that_name_is_not_ours():
    from provisioner.engine.probing.ground import _is_scratch

    folder = {"ServerRelativeUrl": f"/sites/a/Lists/{PREFIX}Rows"}
    assert _is_scratch({"Description": MARK, "RootFolder": folder})
    assert not _is_scratch({"Description": "Ours", "RootFolder": folder})


@given(st.text(), st.sampled_from([400, 404, 409, 500]), st.text(max_size=40))
def test_no_word_of_an_answer_is_told_but_its_status_and_a_plain_code(message, status, code):
    words = told(Outcome("failed", status, {"x": message}, {}, code, message))
    first, _, rest = words.partition(" ")
    assert first == str(status)
    assert rest == "" or (rest.replace(".", "").isalpha() and rest in code)


def test_every_behaviour_can_be_told_apart_and_says_where_it_is_known_from():
    assert len(BY_ID) == len(BEHAVIOURS) > 50
    for one in BEHAVIOURS:
        assert one.asks.endswith("?")
        assert one.source
        assert one.emulator
        assert bool(one.capability) == bool(one.works)


def test_a_report_can_be_pasted_into_an_issue():
    first, second, third = BEHAVIOURS[:3]
    report = ProbeReport(
        "tenant",
        (
            Answered(first, seen=first.emulator),
            Answered(second, seen="made"),
            Answered(third, why="the app may not do this (403)"),
        ),
        left=("ProvisionerProbeRows",),
    )
    assert report.learnt == {first.capability: False, second.capability: True}
    table = [line for line in probe_markdown(report).splitlines() if line.startswith("| ")][1:]
    assert [line.split("|")[1].strip() for line in table] == ["OTHER", "not tried", "same"]
    assert all(line.count("|") == 7 for line in table)
    assert f"tenant: made; emulator: {second.emulator}" in probe_text(report)
    assert probe_text(report).endswith("1 the same, 1 other, 1 could not be tried.")
    assert probe_json(report)["cleanup"]["left"] == ["ProvisionerProbeRows"]

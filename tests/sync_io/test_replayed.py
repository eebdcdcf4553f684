"""A recorded run of the job is judged again without its tenant, and names nobody."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code
from provisioner.sync.rules import TABLE

from .conftest import FILE, OWNER, Site

CODES = {rule.code for rule in TABLE}


@pytest.mark.parametrize("first", [True, False])
def test_what_was_recorded_is_judged_the_same(
    first: bool,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site.approved("Kwartz access.pdf", "E002", date(2026, 6, 10))
    site.file("Kwartz waits.pdf", "E033", uploaded=date(2026, 5, 20), ReviewStatus="Submitted")
    recording = tmp_path / "sync.jsonl"
    if first:
        with site.emulator.tenant.lock:
            site.emulator.tenant.run("UPDATE item SET deleted = 1 WHERE name LIKE 'facts.%'")

    def said(*words: object) -> Any:
        capsys.readouterr()
        code = exit_code([*map(str, words), "--format", "json"])
        out = capsys.readouterr().out
        assert code == 2, out
        return json.loads(out)

    file = tmp_path / "workspace.yaml"
    file.write_text(FILE, "utf-8")
    judged = ("sync", file, "--dry-run", "--as-of", "2026-06-15")
    if not first:  # so that it goes on from what the run before kept
        site.file("Kwartz later.pdf", "E010", uploaded=date(2026, 6, 1), ReviewStatus="Submitted")
    then = said("--record", recording, *judged)
    kept = recording.read_text("utf-8").casefold()
    assert ('"lines": [{' in kept) is not first, "what the run before kept, and how far it read"
    assert [one for one in ("kwartz", OWNER, "acme") if one in kept] == []

    monkeypatch.setenv("PROVISIONER_HOME", str(tmp_path / "elsewhere"))  # no tenant is near
    again = said("replay", recording)
    assert again["summary"]["byState"] == then["summary"]["byState"]
    shapes = [  # the codes of checks are the workspace's own, so other words stand for them
        Counter((one["state"], one["severity"], one["rule"] in CODES) for one in each["verdicts"])
        for each in (then, again)
    ]
    assert shapes[0] == shapes[1]
    assert {one["rule"] for one in again["verdicts"]} & CODES == {
        one["rule"] for one in then["verdicts"]
    } & CODES

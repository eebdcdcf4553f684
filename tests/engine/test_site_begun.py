"""A site that an earlier run made and could record nowhere: this machine's journals know it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.resource import Existing
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.site_begun import with_site_begun
from provisioner.kinds.base import Scope
from provisioner.ledger.store import LEDGER_FILE

DESIRED = Desired("acme", Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 11, 2)))
THERE = Observed({"site": Existing("site", "site", {}, {}, declared=True)})
FIRST = {"workspace": "acme", "plan": "sha256:p", "spec": "sha256:s", "creates": ["site"]}
MADE = [
    {"wave": 1, "intent": [[{"address": "site", "method": "POST", "path": "/beta/sites"}]]},
    {"wave": 1, "outcome": [[{"state": "done", "status": 200}]]},
]
RECORDED = [
    {"wave": 2, "intent": [[{"address": "", "path": f"/drive/root:/a/{LEDGER_FILE}:/content"}]]},
    {"wave": 2, "outcome": [[{"state": "done", "status": 201}]]},
]


def journal(folder: Path, run: str, lines: list[dict[str, Any]], *, at: int) -> None:
    path = folder / f"{run}.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in [FIRST | {"run": run}, *lines]), "utf-8")
    os.utime(path, ns=(at, at))


def run_that_made_it(folder: Path) -> str:
    begun = with_site_begun(THERE, DESIRED, folder).unfinished
    return begun.run if begun else ""


def test_a_run_that_made_the_site_and_recorded_nothing_is_known(tmp_path: Path) -> None:
    journal(tmp_path, "20261122T221135Z-0001", MADE, at=1)
    assert run_that_made_it(tmp_path) == "20261122T221135Z-0001"


def test_what_was_recorded_in_a_ledger_that_is_gone_is_not_taken_for_ours(tmp_path: Path) -> None:
    journal(tmp_path, "20261122T221135Z-0001", [*MADE, *RECORDED], at=1)
    assert run_that_made_it(tmp_path) == ""


@pytest.mark.parametrize(("older", "newer"), [("ffff", "0000"), ("0000", "ffff")])
def test_of_two_runs_in_one_second_the_later_counts(older: str, newer: str, tmp_path: Path) -> None:
    journal(tmp_path, f"20261122T221135Z-{older}", [*MADE, *RECORDED], at=1)
    journal(tmp_path, f"20261122T221135Z-{newer}", MADE, at=2)
    assert run_that_made_it(tmp_path) == f"20261122T221135Z-{newer}"

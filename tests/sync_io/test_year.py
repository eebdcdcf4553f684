"""The year goes on: an auditor's list comes in, a period is closed, the next one begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code

from .conftest import FILE, Site

TRACKER = "Audit Request Tracker"
FIRST = """\
PBC #,Request,Due,TSC,Responsible
1,List of all API tokens,2027-01-20,CC6.1,ann
2,"- users
- admins",2027-01-21,A1.2,
3,Something,03/04/2027,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "workspace.yaml").write_text(FILE, "utf-8")
    return tmp_path / "acme"


@pytest.fixture
def command(site: Site, folder: Path, capsys: pytest.CaptureFixture[str]):
    def run(*words: str) -> tuple[int, Any, list[str]]:
        """Exit code, the JSON document, and the writes that were sent."""
        site.http.request("DELETE", "/_emulator/requests")
        capsys.readouterr()
        code = exit_code([*words, "--format", "json"])
        printed = capsys.readouterr()
        assert printed.out, printed.err
        return code, json.loads(printed.out), site.sent()

    return run


def test_an_auditors_list_comes_in_once_and_only_their_columns_follow_it(
    site: Site, folder: Path, command
) -> None:
    lists = folder / "pbc.csv"
    lists.write_bytes(FIRST.encode("cp1252"))
    words = ("requests", "import", str(lists), "--workspace", str(folder))

    code, shown, sent = command(*words)
    assert (code, sent) == (1, [])
    assert [one["reference"] for one in shown["new"]] == ["1", "2"]
    [odd] = shown["unreadable"]
    assert (odd["line"], "03/04/2027" in odd["why"]) == (5, True)
    assert shown["unusedHeadings"] == ["Responsible"]
    assert shown["period"] == "2026-01-01 to 2026-12-31", "the only one that is open"

    code, done, sent = command(*words, "--dates", "day-first", "--yes")
    assert (code, done["written"], len(sent)) == (0, 3, 3)
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["RequesterType"], row["InternalStatus"]) == ("Auditor", "New")
    assert row["DueOn"].startswith("2027-04-03")
    assert "day-first" in (folder / "requests-map.yaml").read_text("utf-8")

    code, again, sent = command(*words, "--yes")
    assert (code, sent, len(again["unchanged"])) == (0, [], 3)

    # The team works on it; the auditor sends a new list. Only the auditor's words follow.
    site.patch(TRACKER, row["id"], {"InternalStatus": "Collecting", "Title": "Our own title"})
    lists.write_text(FIRST.replace("03/04/2027", "05/04/2027").replace("1,List of", "1,A list of"))
    code, changed, sent = command(*words)
    assert (code, sent) == (2, [])
    assert {one["reference"]: [f["path"] for f in one["fields"]] for one in changed["changed"]} == {
        "1": ["RequestText"], "3": ["DueOn"],
    }  # fmt: skip
    code, done, sent = command(*words, "--yes")
    assert (code, done["written"], len(sent)) == (0, 2, 2)
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["InternalStatus"], row["Title"]) == ("Collecting", "Our own title")
    assert command(*words, "--yes")[2] == []

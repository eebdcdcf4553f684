"""What was sent is on the disk before it is sent, and a run that is under way can be told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from provisioner.core.transport import Envelope, Operation, Outcome
from provisioner.engine.journal import FileJournal, is_held, journal_lines, without_answer

ONE = Operation("graph", "POST", "/sites/a/lists", "list:risks", "site", body={"secret": "word"})


def test_what_has_no_answer_is_named_and_no_body_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "journals" / "r1.jsonl"
    journal = FileJournal(path)
    journal.note({"run": "r1"})
    journal.intend(1, [Envelope((ONE,))])
    journal.came_back(1, [[Outcome("done", 201)]])
    journal.intend(2, [Envelope((ONE, ONE))])
    with path.open("a", encoding="utf-8") as torn:
        torn.write('{"wave": 2, "outc')
    lines = journal_lines(path)
    assert [line.get("run") for line in lines] == ["r1", None, None, None]
    assert without_answer(lines) == ("POST list:risks", "POST list:risks")
    assert "word" not in path.read_text("utf-8")
    journal.close()
    assert journal_lines(tmp_path / "none.jsonl") == []


@pytest.mark.skipif(sys.platform == "win32", reason="a file is not held there")
def test_a_journal_is_held_until_its_run_ends(tmp_path: Path) -> None:
    path = tmp_path / "r1.jsonl"
    assert is_held(path) is None
    journal = FileJournal(path)
    assert is_held(path) is True
    journal.note({"run": "r1"})
    journal.close()
    assert is_held(path) is False


def test_a_run_that_was_refused_before_it_began_leaves_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "r1.jsonl"
    FileJournal(path).close()
    assert not path.exists()

from __future__ import annotations

import time

import pytest

from provisioner.core.errors import Problem, Where
from provisioner.report.source_line import SourceLines


@pytest.fixture
def file(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "workspace.yaml"
        path.write_text(text, "utf-8")
        return str(path)

    return write


def test_the_line_is_shown_with_a_mark_below_the_place(file):
    shown = SourceLines(()).at(Where(file("a: 1\nsite: {titel: X}\n"), 2, 8))
    assert shown == "    2 | site: {titel: X}\n      |        ^"


def test_a_long_line_is_cut_around_the_place(file):
    shown = SourceLines(()).at(Where(file("x" * 300 + "HERE" + "y" * 300), 1, 301))
    first, second = shown.splitlines()
    assert len(first) < 130
    assert first[second.index("^")] == "H"


@pytest.mark.parametrize(
    "text", ["auth: {methud: x, secret: hunter2}", "client_secret: hunter2", "a: \u202eb", "  "]
)
def test_what_had_better_not_be_shown_is_not(file, text):
    assert SourceLines(()).at(Where(file(text), 1, 1)) == ""


def test_a_line_in_which_a_secret_was_found_is_kept_back(file):
    path = file("a: {b: AKIA-long-key, c: 1}")
    found = Problem("SPEC-SECRET", "A secret.", Where(path, 1, 8), "")
    assert SourceLines((found,)).at(Where(path, 1, 23)) == ""


def test_a_file_that_is_not_there_shows_nothing():
    assert SourceLines(()).at(Where("soc2-saas/pack.yaml", 3, 1)) == ""


def test_a_thousand_problems_in_one_line_are_shown_at_once(file):
    path = file("a: {" + ", ".join(f"key{one}: 1" for one in range(30_000)) + "}")
    lines, begun = SourceLines(()), time.process_time()
    assert all(lines.at(Where(path, 1, 5 + one)) for one in range(1000))
    assert time.process_time() - begun < 2

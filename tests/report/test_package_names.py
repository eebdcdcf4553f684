"""File names people chose, made safe to unpack anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.report.package_names import (
    LONGEST_NAME,
    distinct,
    is_safe_path,
    joined,
    safe_name,
)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Zugriffsprüfung März.pdf", "Zugriffsprüfung März.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "_"),
        (".", "_"),
        ("", "_"),
        ("   ", "_"),
        ("C:\\temp\\x.pdf", "C__temp_x.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("Lpt¹.txt", "_Lpt¹.txt"),
        ("console.pdf", "console.pdf"),
        ("nul .log", "_nul .log"),
        ("report.pdf. . ", "report.pdf"),
        ("a\x00b\nc.pdf", "a_b_c.pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("e\u0301.pdf", "é.pdf"),
        ("~$lock.docx", "~$lock.docx"),
    ],
)
def test_a_name_becomes_one_segment_every_system_takes(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


def test_a_long_name_is_cut_before_its_ending_and_never_inside_a_letter() -> None:
    name = safe_name("ü" * 200 + ".xlsx")
    assert name.endswith("ü.xlsx")
    assert len(name.encode()) in {LONGEST_NAME, LONGEST_NAME - 1}
    assert len(safe_name("a" * 130 + "." + "b" * 30)) == LONGEST_NAME


def test_names_a_system_takes_for_one_are_kept_apart_in_the_order_of_keys() -> None:
    paths = distinct({"b": "x/Report.pdf", "a": "x/report.PDF", "c": "x/REPORT.pdf", "d": "x/n"})
    assert paths == {
        "a": "x/report.PDF",
        "b": "x/Report~2.pdf",
        "c": "x/REPORT~3.pdf",
        "d": "x/n",
    }


@given(st.lists(st.text(max_size=150), min_size=1, max_size=6))
def test_whatever_people_write_the_path_is_safe_and_making_it_safe_again_changes_nothing(
    segments: list[str],
) -> None:
    path = joined(segments)
    assert path.count("/") == len(segments) - 1
    assert is_safe_path(path)
    assert joined(path.split("/")) == path


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "a/../b", "..", "C:/x", "a\\b", "a//b", "a/", "evidence/aux.txt"]
)
def test_paths_we_would_not_have_written_are_known(path: str) -> None:
    assert not is_safe_path(path)

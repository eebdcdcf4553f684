"""File names people chose, made safe to unpack anywhere."""

from __future__ import annotations

import unicodedata

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


STRANGE = (
    "a" * 400 + ".pdf", "CON", "aux.txt", "Report.pdf", "REPORT.PDF", "é.pdf", "e\u0301.pdf",
    "straße.pdf", "STRASSE.pdf", "\U0001f4c4\U0001f469\u200d\U0001f4bb.pdf", "..hidden", ".gitignore",
    "trailing.pdf ", "trailing.pdf.", "trailing.pdf", "evil\u202efdp.exe", "tab\t.csv", "..",
    "report.pdf~2", "Report~2.pdf", "\u0131.pdf", "i.pdf", "I.pdf", "\ufdd0\uffff.pdf", "nul.tar.gz",
)  # fmt: skip


def test_strange_names_are_extracted_side_by_side_on_windows_and_macos() -> None:
    folders = ("Access", "ACCESS", "access ")
    wanted = {
        f"{at}/{number}": joined(("evidence", folder, name))
        for at, folder in enumerate(folders)
        for number, name in enumerate(STRANGE)
    }
    paths = distinct(wanted).values()
    assert all(is_safe_path(one) for one in paths)
    for taken_for_one in (str.casefold, str.upper, str.lower):
        seen = {unicodedata.normalize("NFD", taken_for_one(one)) for one in paths}
        assert len(seen) == len(wanted)
    assert max(len(one.rpartition("/")[2].encode()) for one in paths) <= LONGEST_NAME + 4
    reserved = {"con", "aux", "nul"}
    assert not any(one.rpartition("/")[2].partition(".")[0].lower() in reserved for one in paths)


def test_a_letter_that_this_python_does_not_know_yet_is_kept() -> None:
    assert safe_name("\u0378.pdf") == "\u0378.pdf", "another Python may check the package"

"""What several libraries have in common is written once, and each may say what is different."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.core.errors import Problem
from provisioner.spec.load import read_text
from provisioner.spec.patterns import expand
from provisioner.spec.workspace import read_workspace

HEAD = "apiVersion: provisioner/v1\nkind: Workspace\ntenant: {cloud: emulator}\n"
BASE = """
patterns:
  team: {inherit: false, grants: [{to: group:Owners, role: Contribute}]}
  evidence:
    versioning: {major: 500, minor: 0}
    permissions: {like: team}
    columns:
      - {name: Owner, type: person}
      - {name: Flags, type: note, lines: 4}
    views:
      - {name: Mine, columns: [LinkTitle]}
      - {name: Everything, columns: [LinkTitle, Flags]}
libraries:
  - {key: plain, title: Plain}
  - key: payroll
    like: evidence
    title: Payroll
    columns: [{name: Amount, type: number}, Flags, {name: Owner, description: The accountant.}]
"""


def read(tmp_path: Path, own: str, base: str = BASE) -> tuple[dict[str, Any], list[Problem]]:
    (tmp_path / "base.yaml").write_text(HEAD + base)
    file = tmp_path / "workspace.yaml"
    file.write_text(HEAD + "extends: ./base.yaml\n" + own)
    loaded, problems = read_workspace(file)
    assert loaded is not None
    return loaded.root.plain(), problems


def library(tmp_path: Path, own: str, key: str = "payroll") -> dict[str, Any]:
    tree, problems = read(tmp_path, own)
    assert problems == []
    (found,) = [one for one in tree["libraries"] if one["key"] == key]
    return found


def said(tmp_path: Path, own: str, base: str = BASE) -> list[tuple[str, str]]:
    _, problems = read(tmp_path, own, base)
    return [(one.code, f"{one.message} {one.hint}") for one in problems]


def test_what_a_library_does_not_say_is_filled_in(tmp_path: Path) -> None:
    assert library(tmp_path, "") == {
        "key": "payroll",
        "title": "Payroll",
        "columns": [
            {"name": "Amount", "type": "number"},
            {"name": "Flags", "type": "note", "lines": 4},
            {"name": "Owner", "description": "The accountant.", "type": "person"},
        ],
        "versioning": {"major": 500, "minor": 0},
        "permissions": {"inherit": False, "grants": [{"to": "group:Owners", "role": "Contribute"}]},
        "views": [
            {"name": "Mine", "columns": ["LinkTitle"]},
            {"name": "Everything", "columns": ["LinkTitle", "Flags"]},
        ],
    }


def test_the_tree_holds_no_patterns_and_others_are_as_they_were(tmp_path: Path) -> None:
    assert library(tmp_path, "", "plain") == {"key": "plain", "title": "Plain"}
    assert "patterns" not in read(tmp_path, "")[0]


def test_a_change_of_a_pattern_reaches_all_that_is_like_it(tmp_path: Path) -> None:
    own = "patterns: {evidence: {versioning: {major: 900}}}\n"
    assert library(tmp_path, own)["versioning"] == {"major": 900, "minor": 0}


def test_a_library_of_ones_own_is_a_line(tmp_path: Path) -> None:
    own = "libraries: [{key: tax, like: evidence, title: Tax}]\n"
    tax, payroll = library(tmp_path, own, "tax"), library(tmp_path, own)
    assert tax["views"] == payroll["views"]
    assert [one["name"] for one in tax["columns"]] == ["Owner", "Flags"]


@pytest.mark.parametrize("own", ["{name: Mine, remove: true}", "{name: Mine, rowLimit: 5}"])
def test_a_thing_of_the_pattern_is_changed_or_left_out_by_name(tmp_path: Path, own: str) -> None:
    views = library(tmp_path, f"libraries: [{{key: payroll, views: [{own}]}}]\n")["views"]
    mine = [one for one in views if one["name"] == "Mine"]
    assert mine == (
        [] if "remove" in own else [{"name": "Mine", "rowLimit": 5, "columns": ["LinkTitle"]}]
    )
    assert "Everything" in [one["name"] for one in views]


def test_a_key_of_the_pattern_is_left_out(tmp_path: Path) -> None:
    own = "libraries: [{key: payroll, permissions: {remove: true}}]\n"
    assert "permissions" not in library(tmp_path, own)


def test_a_things_own_column_is_removed_together_with_the_patterns(tmp_path: Path) -> None:
    gone = "[{name: Amount, remove: true}, {name: Owner, remove: true}]"
    own = f"libraries: [{{key: payroll, columns: {gone}}}]\n"
    assert [one["name"] for one in library(tmp_path, own)["columns"]] == ["Flags"]


@pytest.mark.parametrize(
    ("own", "code", "words"),
    [
        ("libraries: [{key: t, like: evidense}]", "SPEC-LIKE", "Did you mean “evidence”?"),
        ("libraries: [{key: t, like: 3}]", "SPEC-LIKE", "this is a number"),
        ("patterns: {team: {like: evidence}}", "SPEC-LIKE", "is like itself"),
        ("libraries: [{key: payroll, views: [{name: Mien, remove: true}]}]", "SPEC-REMOVE", "Mien"),
        ("patterns: 3", "SPEC-TYPE", "not a number"),
    ],
)
def test_what_is_wrong_is_said_once(tmp_path: Path, own: str, code: str, words: str) -> None:
    problems = said(tmp_path, own + "\n")
    assert [one for one, text in problems if words in text] == [code]


@pytest.mark.parametrize(
    ("base", "own", "result"),
    [
        ("[A, B]", '["...", C]', ["A", "B", "C"]),
        ("[A, B]", '[C, "...", A]', ["C", "B", "A"]),
        ("[{R: 1}, {R: 2}]", '["...", {R: 3}]', [{"R": 1}, {"R": 2}, {"R": 3}]),
        ("[A, B]", "[C]", ["C"]),
    ],
)
def test_a_list_without_names_can_keep_what_is_below_it(
    tmp_path: Path, base: str, own: str, result: list[object]
) -> None:
    tree, problems = read(tmp_path, f"x: {{y: {own}}}\n", f"x: {{y: {base}}}\n")
    assert problems == []
    assert tree["x"]["y"] == result


@pytest.mark.parametrize(
    ("base", "own", "words"),
    [
        ("[A]", '["...", "...", B]', "twice"),
        ("[]", '["...", B]', "there is nothing"),
        ("[{name: A}]", '["...", {name: B}]', "merged by themselves"),
    ],
)
def test_dots_that_say_nothing_are_named(tmp_path: Path, base: str, own: str, words: str) -> None:
    ((code, text),) = said(tmp_path, f"x: {{y: {own}}}\n", f"x: {{y: {base}}}\n")
    assert (code, words in text) == ("SPEC-MERGE", True)


def test_rows_to_seed_merge_by_their_key_column(tmp_path: Path) -> None:
    base = "lists: [{key: l, items: {key: Ref, seed: [{Ref: 1, T: a}, {Ref: 2, T: b}, {Ref: 3, T: c}]}}]\n"
    own = "lists: [{key: l, items: {seed: [{Ref: 2, T: B}, {Ref: 3, remove: true}, {Ref: 4, T: d}]}}]\n"
    tree, problems = read(tmp_path, own, base)
    assert problems == []
    assert tree["lists"][0]["items"]["seed"] == [
        {"Ref": 1, "T": "a"},
        {"Ref": 2, "T": "B"},
        {"Ref": 4, "T": "d"},
    ]


def test_entries_of_the_menu_merge_by_title(tmp_path: Path) -> None:
    base = "navigation: [{title: A, children: [{title: B, link: /b}]}, {title: C, link: /c}]\n"
    own = "navigation: [{title: A, children: [{title: D, link: /d}]}, {title: C, remove: true}]\n"
    tree, problems = read(tmp_path, own, base)
    assert problems == []
    assert tree["navigation"] == [
        {"title": "A", "children": [{"title": "B", "link": "/b"}, {"title": "D", "link": "/d"}]}
    ]


def test_patterns_in_patterns_that_double_with_each_level_are_counted() -> None:
    more = "".join(
        f"  p{one}: {{columns: [{{name: A, like: p{one - 1}}}, {{name: B, like: p{one - 1}}}]}}\n"
        for one in range(1, 36)
    )
    bomb = f"patterns:\n  p0: {{}}\n{more}libraries: [{{key: a, title: A, like: p35}}]\n"
    root, _ = read_text(bomb, "f", "f")
    assert root is not None
    _, problems = expand(root)
    assert [one.code for one in problems] == ["SPEC-TOO-LARGE"]


def test_patterns_that_are_like_one_another_without_end_are_refused(tmp_path: Path) -> None:
    more = "".join(f"  p{one}: {{like: p{one + 1}}}\n" for one in range(3000))
    chain = f"patterns:\n{more}  p3000: {{}}\nlibraries: [{{key: a, title: A, like: p0}}]\n"
    _, problems = read(tmp_path, "", chain)
    assert [one.code for one in problems] == ["SPEC-TOO-DEEP"]

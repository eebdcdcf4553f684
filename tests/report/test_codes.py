"""Every code the program can print has its page, and no page is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import provisioner
from provisioner.cli.commands.later import LATER
from provisioner.report.codes import CODES, ROOMS, all_json, nearest
from provisioner.sync.rules import TABLE

PACKAGE = Path(provisioner.__file__).parent
DASHED = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
WORD = re.compile(r"[A-Z]{4,}")
CAPITALS = re.compile(rf'"(?:{DASHED.pattern}|{WORD.pattern})"')
MAKERS = re.compile(
    r"(?:\w*Error|Refused|Usage|Permanent|Temporary|\w*Problem|Finding|Blocked|Unsent|Note|result_of)"
)
NOT_CODES = {
    "HTTP-404",  # what stands for Microsoft's code where its answer names none
    *("TRUE", "FALSE"),  # as SharePoint's XML writes them
    "ACCEPTED",  # keeps a note of the plan apart; drift prints what the difference is
}
SILENT = (
    "emulator/",
    "report/",
    "cli/demo/libraries/",
    "cli/demo/story.py",
    "cli/demo/evidence.py",
)
"""Rooms that print no code of their own: the emulator speaks as Microsoft does."""


def constants() -> Iterator[tuple[str, ast.AST, ast.AST, str]]:
    """Text, node, what it stands in, and file, of each capital word in the rooms that make codes."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if name.startswith(SILENT):
            continue
        text = file.read_text("utf-8")
        if not CAPITALS.search(text):
            continue
        for holder in ast.walk(ast.parse(text)):
            for node in ast.iter_child_nodes(holder):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value, node, holder, name


def makes_a_code(text: str, node: ast.AST, holder: ast.AST) -> bool:
    """Whether a capital word stands where a code does; one with a dash is always a code."""
    if isinstance(holder, ast.Compare | ast.Set):
        return False  # it is asked for, not made
    return bool(DASHED.fullmatch(text) or (WORD.fullmatch(text) and holds_a_code(node, holder)))


def holds_a_code(node: ast.AST, holder: ast.AST) -> bool:
    """Whether it stands in an error's call, a table with a sentence, `X = "X"`, or a choice."""
    match holder:
        case ast.Call(func=func, args=args):
            maker = ast.unparse(func).rpartition(".")[2]
            return node in args and bool(MAKERS.fullmatch(maker))
        case ast.Tuple(elts=[first, ast.Constant(value=str(sentence)), *_]):
            return first is node and " " in sentence
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=text)):
            return name == text
        case ast.IfExp(body=body, orelse=other):
            return node in (body, other)
        case _:
            return isinstance(holder, ast.keyword) and holder.arg == "code"


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """Every code the program can print, with a file that makes it."""
    return {
        text: name
        for text, node, holder, name in constants()
        if text not in NOT_CODES and makes_a_code(text, node, holder)
    }


def test_every_code_is_explained(printed):
    missing = {code: file for code, file in printed.items() if code not in CODES}
    assert missing == {}, "write a page for each in provisioner/report/codes/"


def test_no_explanation_is_left_over(printed):
    assert set(CODES) - set(printed) == set()


def test_the_search_for_codes_finds_each_way_of_making_one(printed):
    """Errors, problems, tables, outcomes, findings and rules: were one missed, so would new ones."""
    for code in (
        *("USAGE", "AMBIGUOUS", "SPEC-YAML", "SECRET-WRONG", "GONE", "THROTTLED", "NOT-READY"),
        *("DEPENDENCY-FAILED", "SKIPPED", "CONFLICT", "UNDECLARED", "ACCESS-PAST-END", "STALE"),
        *("OPERATION-FAILED", "FIELD-REFUSED", "READ-BACK", "VIEW-WHERE"),
    ):
        assert code in printed


def test_each_code_is_explained_once():
    every = [one.code for room in ROOMS.values() for one in room]
    assert sorted(every) == sorted(CODES)


def test_every_rule_of_evidence_is_explained_in_its_own_words():
    for rule in TABLE:
        page = CODES[rule.code]
        assert (page.title, page.why, page.severity) == (rule.title, rule.why, rule.severity.value)


@pytest.mark.parametrize("one", CODES.values(), ids=lambda one: one.code)
def test_a_page_is_made_of_sentences(one):
    assert one.title
    assert not one.title.endswith(".")
    for text in filter(None, (one.meaning, one.why, one.next)):
        assert text.endswith("."), text
        assert "  " not in text
        assert text[0].isupper() or text[0] in "`“-", text
    assert len(one.meaning.split()) >= 5
    assert one.next
    assert max(map(len, f"{one.meaning} {one.why} {one.next}".split())) <= 80, "too long a line"
    assert len(f"{one.code}: {one.title} (warning)") <= 80


def test_no_page_sends_anybody_to_what_is_not_built():
    for one in CODES.values():
        named = re.findall(r"provisioner ([a-z]+)", f"{one.meaning} {one.why} {one.next}")
        assert set(named) & set(LATER) == set(), one.code


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("STAEL", "STALE"), ("drift_missing", "DRIFT-MISSING"), ("spec secret", "SPEC-SECRET"),
     ("certificate-expird", "CERTIFICATE-EXPIRED"), ("guest", "ACCESS-GUEST")],
)  # fmt: skip
def test_a_misspelt_code_is_recognised(asked, meant):
    assert meant in nearest(asked)


def test_a_word_like_no_code_leads_to_none():
    assert nearest("qqqqq") == ()
    assert nearest("") == ()


def test_the_list_as_json_holds_every_code_with_its_room():
    document = all_json()
    assert document["kind"] == "Explanations"
    assert {row["code"] for row in document["codes"]} == set(CODES)
    assert {row["room"] for row in document["codes"]} == set(ROOMS)

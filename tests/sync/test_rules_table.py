"""The table itself: every rule can be explained, and comes in its place."""

from __future__ import annotations

import ast
import inspect
import re
import sys

import pytest

import provisioner.sync.judge  # noqa: F401  (the whole core is loaded by it)
from provisioner.sync.rules import NEVER_WAIVED, ORDER, TABLE, UNSOUND, Rule, rule

ADVERTISED = [
    "MISSING", "NOT-COVERED", "NOT-YET-DUE", "PERIOD-GAP", "NOT-IN-FORCE", "LATE",
    "DUE-SOON", "STALE", "EXPIRED", "OUT-OF-WINDOW", "PRIOR-TO-WINDOW", "FUTURE-PERIOD",
    "BAD-METADATA", "PERSON-GONE", "NO-METADATA", "UNREVIEWED", "DRAFT-STUCK", "REJECTED-STUCK",
    "SELF-REVIEW", "NO-REVIEWER", "UNPROVEN-APPROVAL", "CHANGED-AFTER-APPROVAL",
    "EXTENDED-NOT-RENEWED", "RECYCLED", "EMPTY-FILE", "ORPHAN", "EVIDENCE-GONE",
    "NOT-APPLICABLE-UNWAIVED",
    "WAIVER-EXPIRING", "WAIVER-EXPIRED", "WAIVER-UNAPPROVED", "WAIVER-FACTS-CHANGED",
    "RISK-LINK-BROKEN", "REQUEST-OVERDUE", "REQUEST-STALE-ANSWER", "REQUEST-CHANGED",
    "CATALOGUE-CHANGED", "WORKSPACE-DRIFT", "CANNOT-JUDGE",
]  # fmt: skip


def test_the_rules_come_in_the_order_of_the_documentation() -> None:
    assert [one.code for one in TABLE] == ADVERTISED
    assert list(ORDER.values()) == list(range(len(TABLE)))
    assert set(ADVERTISED) >= UNSOUND
    assert {"CANNOT-JUDGE", "NOT-YET-DUE", "WAIVER-EXPIRED"} <= NEVER_WAIVED


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.code)
def test_every_rule_says_what_it_means_why_it_matters_and_what_to_do(one: Rule) -> None:
    assert one.checks
    assert one.subjects
    for text in (one.meaning, one.why, one.next):
        assert text.endswith("."), text
        assert len(text) > 20, text
        assert not re.search(r"[a-z]\.[A-Z]", text), "a space is missing between two sentences"
    assert not one.title.endswith(".")


def test_a_rule_is_found_by_its_code_in_any_case() -> None:
    assert rule("stale").code == "STALE"
    assert rule("NO-SUCH-RULE") is None


def test_deciding_needs_nothing_but_the_standard_library() -> None:
    allowed = {"provisioner", *sys.stdlib_module_names}
    forbidden = {"sqlite3", "socket", "ssl", "http", "urllib", "asyncio", "os", "pathlib", "time"}
    core = "admission answers calendar cases claims criteria facts hearing items judge judgement "
    core += (
        "leavers outcome placement policy register_facts rollup stamps stance twins unfiled verdict "
        "vocabulary waivers windows"
    )
    names = [f"provisioner.sync.{name}" for name in core.split()]
    names += [name for name in sys.modules if name.startswith("provisioner.sync.rules")]
    for name in names:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
        for node in ast.walk(tree):
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            for module in modules:
                assert module.split(".")[0] in allowed - forbidden, f"{name} imports {module}"
                if module.startswith("provisioner."):
                    assert module.split(".")[1] in {"core", "sync"}, f"{name} imports {module}"

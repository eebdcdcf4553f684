"""Criteria of any framework may be named once it is declared, and an unknown one is said at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.spec.workspace import read_workspace

HEAD = "apiVersion: provisioner/v1\nkind: Workspace\ntenant: {cloud: emulator}\n"
ITEM = (
    "evidence: [{id: E1, title: T, library: l, controlArea: A, criteria: [%s], ownerRole: R, "
    "cadence: annual, kind: standing, sourceSystem: S, sensitivity: Internal}]\n"
)
PERIOD = "periods: [{name: P, type: type-1, asOf: 2026-01-01, criteria: [%s]}]\n"
CARDS = "frameworks: [{name: Card rules, criteria: {'Req 8.4': sign-in with two proofs}}]\n"


def said(tmp_path: Path, text: str) -> list[tuple[str, int, str]]:
    file = tmp_path / "workspace.yaml"
    file.write_text(HEAD + text)
    _, problems = read_workspace(file)
    return [(one.code, one.where.line, one.hint) for one in problems]


@pytest.mark.parametrize(
    "text",
    [
        ITEM % "CC6.1, P6.7",
        PERIOD % "Security, Privacy",
        CARDS + ITEM % "Req 8.4, CC6.1" + PERIOD % "Card rules, Security",
        PERIOD % "CC6.1",
    ],
)
def test_known_criteria_and_categories_are_fine(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (ITEM % "CC6.9", 4, "Criteria are written like CC6.1"),
        (CARDS + ITEM % "Req 8.5", 5, "Did you mean “Req 8.4”?"),
        (PERIOD % "Secruity", 4, "Did you mean “Security”?"),
        (CARDS + PERIOD % "Cards", 5, "Did you mean “Card rules”?"),
        (PERIOD % "Zebra", 4, "Categories here: Security, Availability"),
    ],
)
def test_an_unknown_one_is_said_with_the_nearest(
    tmp_path: Path, text: str, line: int, hint: str
) -> None:
    ((code, where, words),) = said(tmp_path, text)
    assert (code, where) == ("SPEC-CRITERION", line)
    assert words.startswith(hint)
    assert words.endswith("Others are declared under `frameworks`.")

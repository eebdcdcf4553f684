"""`provisioner rows`: the rows for which a condition holds, with SharePoint leaving out what cannot match."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code

from .conftest import FILE, LIBRARY, REVIEWER, Site

KEY = "api-security-evidence"


@pytest.fixture
def asked(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text(FILE, "utf-8")

    def ask(key: str, *words: str, code: int = 0) -> str:
        site.http.request("DELETE", "/_emulator/requests")
        capsys.readouterr()
        assert exit_code(["rows", key, str(workspace), "--as-of", "2026-06-15", *words]) == code
        told = capsys.readouterr()
        return told.err if code else told.out

    return ask


def test_the_rows_for_which_a_condition_holds_are_shown(site: Site, asked: Any) -> None:
    for day in (1, 2, 3):
        site.approved(f"done {day}.pdf", "E002", date(2026, 6, day))
    site.file("open.pdf", "E003", ReviewStatus="Submitted", ActivityDate=date(2026, 6, 9))
    where = "{ReviewStatus: {in: [Submitted, Draft]}, ActivityDate: {ge: today-7d}}"

    said = json.loads(asked(KEY, "--where", where, "--column", "FileLeafRef", "--format", "json"))
    assert [row["values"] for row in said["rows"]] == [{"FileLeafRef": "open.pdf"}]
    assert "ReviewStatus" in said["filter"]
    assert said["read"] == 1, "the others were left out by SharePoint"

    # By name of a person, no filter is safe: every row is read, and the right ones are shown.
    said = json.loads(asked(KEY, "--column", "Reviewer", "--format", "json"))
    [name] = {row["values"]["Reviewer"]["title"] for row in said["rows"] if row["values"]}
    named = f"{{Reviewer: {{eq: {name}}}, FileLeafRef: {{contains: '2'}}}}"
    said = json.loads(asked(KEY, "--where", named, "--format", "json"))
    assert (len(said["rows"]), said["read"], said["filter"]) == (1, 4, None)

    text = asked(KEY, "--column", "FileLeafRef", "--column", "EvidenceItem")
    assert "done 1.pdf" in text
    assert "4 rows, as of 2026-06-15." in text
    assert asked(KEY, "--format", "csv").startswith('"Row","FileLeafRef"')

    # Without the index that the file declares, Graph refuses the filter; the answer is the same.
    field = site.graph("GET", f"{site.path(LIBRARY)}/columns?$filter=name eq 'ReviewStatus'")
    site.graph(
        "PATCH", f"{site.path(LIBRARY)}/columns/{field['value'][0]['id']}", {"indexed": False}
    )
    said = json.loads(asked(KEY, "--where", where, "--format", "json"))
    assert [row["name"] for row in said["rows"]] == ["open.pdf"]
    assert (said["read"], said["filter"]) == (4, None)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nowhere",), "NO-SUCH-LIST", "It has"),
        ((f"{KEY}x",), "NO-SUCH-LIST", f"Did you mean {KEY}?"),
        (
            (KEY, "--where", "{ReviewStaus: {eq: Draft}}"),
            "BAD-WHERE",
            "Did you mean “ReviewStatus”?",
        ),
        ((KEY, "--where", "{ReviewStatus: {eq: Drfat}}"), "BAD-WHERE", "Its choices: Draft, "),
        ((KEY, "--where", "{ReviewStatus: Draft}"), "BAD-WHERE", "needs an operator"),
        ((KEY, "--where", "{ReviewStatus: {"), "BAD-WHERE", "cannot be read as YAML"),
        ((KEY, "--where", "{Reviewer: {eq: me}}"), "BAD-WHERE", "whoever looks at a view"),
        (
            (KEY, "--where", f"{{Reviewer: {{eq: {REVIEWER}}}}}"),
            "BAD-WHERE",
            "Use the display name",
        ),
        ((KEY, "--column", "Nope"), "BAD-WHERE", "There is no column “Nope”"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_read(
    site: Site, asked: Any, words: tuple[str, ...], code: str, told: str
) -> None:
    error = asked(*words, code=64)
    assert code in error
    assert told in error
    assert site.http.get("/_emulator/requests").json() == []

"""What `validate` says of columns that could be read and still cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.app import exit_code

HEAD = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/a, title: A, create: communication, owner: vciso@contoso.example}
lists:
  - key: risks
    title: Risks
    columns:
      - {name: Owner, type: text}
      - {name: Before, type: lookup, list: risks}
      - {name: Place, type: term, termSet: 8ed8c9ea-7052-4c1d-a4d7-b9c10bffea6f}
      - {name: Sort, type: choice, choices: [A], allowTextEntry: true}
"""
MORE = "      - {name: More, type: lookup, list: risks, show: Owner, primaryColumn: Before}"


def validate(text: str, folder: Path, capture: pytest.CaptureFixture[str]) -> str:
    file = folder / "workspace.yaml"
    file.write_text(HEAD + text, "utf-8")
    exit_code(["validate", str(file)])
    said = capture.readouterr()
    return said.out + said.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "      - {name: More, type: lookup, list: risks, show: Owner, primaryColumn: Owner}",
            "LOOKUP-PRIMARY: “More” shows more of “Owner”, which does not look into “risks”.",
        ),
        (
            "      - {name: More, type: lookup, list: risks, show: Owner, primaryColumn: Gone}",
            "Gone",
        ),
        (
            "    items: {key: Owner, seed: [{Owner: A, Place: Berlin}]}",
            "SEED-VALUE: “Place” is a column of managed terms",
        ),
        (
            f"{MORE}\n    items: {{key: Owner, seed: [{{Owner: A, More: B}}]}}",
            "SEED-VALUE: “More” shows what “Before” points at, and is read-only.",
        ),
        (
            (
                "      - {name: Locked, type: text, readOnly: true}\n"
                "    items: {key: Owner, seed: [{Owner: A, Locked: B}]}"
            ),
            "SEED-VALUE: “Locked” is read-only, and SharePoint takes no value for it.",
        ),
        (
            "    views: [{name: V, columns: [Title], where: {Place: {eq: x}}}]",
            "VIEW-WHERE: The column “Place” cannot be asked about.",
        ),
        (
            "      - {name: Due, type: dateTime, onDelete: cascade}",
            "`onDelete` goes with lookup, not dateTime.",
        ),
        (
            "      - {name: Who, type: person, fromGroup: Nobody}",
            "Nobody",
        ),
    ],
)
def test_a_column_that_cannot_be_is_told_at_its_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = validate(text, tmp_path, capsys)
    assert told in said
    assert f"workspace.yaml:{14 + text.count(chr(10))}:" in said


def test_what_fits_is_let_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = validate(
        f"{MORE}\n    items: {{key: Owner, seed: [{{Owner: A, Sort: Filled in}}]}}",
        tmp_path,
        capsys,
    )
    assert "workspace.yaml:" not in said

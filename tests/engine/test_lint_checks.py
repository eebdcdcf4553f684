"""What `validate` says of checks and views that compare columns or count business days."""

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
  - key: exceptions
    title: Exceptions
    columns:
      - {name: Approver, type: person}
      - {name: Requester, type: person}
      - {name: Granted, type: dateTime}
"""
CHECK = "    checks:\n      - {{code: C, message: x., where: {{Approver: {{{}}}}}}}\n"
VIEW = "    views:\n      - {{name: V, columns: [Title], where: {{{}}}}}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CHECK.format("eq: {field: Requester}"), ""),
        (CHECK.format("eq: {field: Reqester}"), "CHECK-COLUMN: A check asks about “Reqester”"),
        (CHECK.format("eq: {field: Granted}"), "CHECK-COLUMN: “Approver” and “Granted” hold"),
        (CHECK.format("gt: {field: Requester}"), "CHECK-COLUMN: “Approver” and “Requester” have"),
        (CHECK.format("in: [{field: Requester}]"), "SPEC-VALUE"),
        (VIEW.format("Granted: {lt: today-10d}"), ""),
        (VIEW.format("Granted: {lt: today-10b}"), "VIEW-WHERE: CAML does not know business days."),
        (VIEW.format("Approver: {eq: {field: Requester}}"), "VIEW-WHERE: CAML cannot compare two"),
    ],
)
def test_only_checks_compare_columns_of_one_sort_and_count_business_days(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "workspace.yaml"
    file.write_text(HEAD + text, "utf-8")
    exit_code(["validate", str(file)])
    answer = capsys.readouterr()
    said = answer.out + answer.err
    if told:
        assert told in said
        assert f"{file.name}:14:" in said
    else:
        assert "CHECK-COLUMN" not in said
        assert "VIEW-WHERE" not in said

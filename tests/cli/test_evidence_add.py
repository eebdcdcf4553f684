"""What `evidence add` asks for is checked before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

FILE = """\
apiVersion: provisioner/v1
kind: Workspace
extends: soc2-fintech-api@1
parameters: {client: Acme Payments, auditStart: 2026-01-01, auditEnd: 2026-12-31}
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme evidence, owner: vciso@contoso.example, timeZone: UTC}
"""


@pytest.fixture
def add(command, tmp_path: Path):
    (tmp_path / "workspace.yaml").write_text(FILE, "utf-8")
    (tmp_path / "export.csv").write_bytes(b"a,b\n")

    def run(**changed: str):
        given = {"--item": "E002", "--from": "2026-05-01", "--to": "2026-05-31"}
        given |= {f"--{name}": value for name, value in changed.items()}
        words = [word for pair in given.items() for word in pair]
        answer = command("evidence", "add", "export.csv", *words)
        assert not (tmp_path / "home").exists(), "nothing was started"
        return answer

    return run


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"to": "31.05.2026"}, 64, "BAD-DATE"),
        ({"to": "2026-02-30"}, 64, "BAD-DATE"),
        ({"to": "2026-04-30"}, 64, "2026-05-01 is after 2026-04-30"),
        ({"collected": "yesterday"}, 64, "--collected"),
        ({"rows": "many"}, 64, "whole number"),
        ({"item": "E999"}, 1, "ITEM-UNKNOWN"),
        ({"item": "E011"}, 1, "PART-UNKNOWN"),
        ({"item": "E011", "part": "Somewhere"}, 1, "PART-UNKNOWN"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(add, changed, code, said) -> None:
    answer = add(**changed)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_file_that_is_not_there_is_named(command) -> None:
    answer = command(
        "evidence",
        "add",
        "none.csv",
        "--item",
        "E002",
        "--from",
        "2026-05-01",
        "--to",
        "2026-05-31",
    )
    assert answer.code == 1

"""What the tests of the command line share: commands that never get as far as a tenant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code

JARGON = re.compile(
    r"traceback|pydantic|input should|value error|extra_forbidden|validation error|yaml\.[a-z]*error|"
    r"nonetype|\bdict\b|\btuple\b|\bstr\b|\bint\b|<class|object at 0x|expected node|\^\[",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Said]:
    """``command("validate", "a.yaml")`` in an empty folder, with an empty home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROVISIONER_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        code = exit_code(list(arguments))
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def refused(command: Callable[..., Said], tmp_path: Path) -> Callable[[str, dict[str, str]], None]:
    """``refused(text, {"line:column CODE": "words"})``: exactly that is said of the file."""

    def check(text: str, expected: dict[str, str]) -> None:
        (tmp_path / "workspace.yaml").write_text(text, "utf-8")
        answer = command("validate", "--format", "json")
        assert (answer.code, answer.err) == (2, "")
        errors = answer.json()["errors"]
        found = {
            f"{e['line']}:{e['column']} {e['code']}": f"{e['message']} {e['hint']}" for e in errors
        }
        assert set(found) == set(expected), found
        for place, words in expected.items():
            assert words in found[place]
        for error in errors:
            assert error["file"] == "workspace.yaml"
            assert error["message"].rstrip(")").endswith((".", "…"))
            assert error["hint"], error
            assert not JARGON.search(f"{error['message']} {error['hint']}"), error
        planned = command("plan")
        assert (planned.code, planned.out) == (1, "")
        assert not JARGON.search(planned.err)
        for place in expected:
            assert f"at workspace.yaml:{place.partition(' ')[0]}\n" in planned.err
        assert not (tmp_path / "home").exists(), "nothing was started for a file that is wrong"

    return check

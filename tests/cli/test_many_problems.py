"""A file in which all is wrong is told so at once, and not for minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.spec.validate import MOST_PROBLEMS

HEAD = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/a, title: A, create: never}
"""


@pytest.mark.parametrize(
    ("before", "wrong"), [("", "key{}: v\n"), ("lists:\n", "  - k{}: v\n")], ids=["keys", "lists"]
)
def test_the_first_thousand_problems_are_enough(
    before: str, wrong: str, provisioner: Any, tmp_path: Path
) -> None:
    file = tmp_path / "workspace.yaml"
    file.write_text(HEAD + before + "".join(wrong.format(n) for n in range(MOST_PROBLEMS + 50)))
    answer = provisioner("validate", file)
    assert answer.code == 2
    assert answer.out.count("SPEC-UNKNOWN-KEY") <= MOST_PROBLEMS
    assert f"{MOST_PROBLEMS} problems found, and there may be more." in answer.err

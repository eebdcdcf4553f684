"""The line of a file that a problem is about, with a mark below the place.

A line that holds a secret, or looks as if it did, is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from provisioner.core.errors import Problem, Where
from provisioner.spec.secrets import is_secret_key

_KEY = re.compile(r"([\w-]+)[\"']?\s*:")
_WIDEST = 110
_BEFORE = 60


def source_line(where: Where, among: Iterable[Problem]) -> str:
    """The line at a place and a mark below it; "" where the file cannot be read or had better not be.

    `among` are all problems of the run: a line in which one of them found a secret is kept back.
    """
    if any(one.code == "SPEC-SECRET" and _same_line(one.where, where) for one in among):
        return ""
    try:
        lines = Path(where.file).read_text("utf-8").splitlines()
        line = lines[where.line - 1]
    except (OSError, ValueError, IndexError):
        return ""
    if not line.strip() or not line.isprintable():
        return ""
    if any(is_secret_key(key) for key in _KEY.findall(line)):
        return ""
    start = max(0, where.column - 1 - _BEFORE) if len(line) > _WIDEST else 0
    shown, number = line[start : start + _WIDEST], str(where.line)
    cut = "…" if start else ""
    mark = " " * (where.column - 1 - start + len(cut)) + "^"
    return f"    {number} | {cut}{shown}\n    {' ' * len(number)} | {mark}"


def _same_line(one: Where, other: Where) -> bool:
    return (one.file, one.line) == (other.file, other.line)

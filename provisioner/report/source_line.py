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


class SourceLines:
    """The lines of the files of a run, each file read once.

    `among` are all problems of the run: a line in which one of them found a secret is kept back.
    """

    def __init__(self, among: Iterable[Problem]) -> None:
        found = (one.where for one in among if one.code == "SPEC-SECRET")
        self._secret = {(where.file, where.line) for where in found}
        self._files: dict[str, list[str]] = {}
        self._shown: dict[tuple[str, int], bool] = {}

    def at(self, where: Where) -> str:
        """The line at a place and a mark below it; "" if it cannot be read or had better not be."""
        if (where.file, where.line) in self._secret:
            return ""
        if where.file not in self._files:
            self._files[where.file] = _lines(where.file)
        lines = self._files[where.file]
        if where.line > len(lines):
            return ""
        line, place = lines[where.line - 1], (where.file, where.line)
        if place not in self._shown:  # a thousand problems may stand in one line of a megabyte
            self._shown[place] = _may_be_shown(line)
        return _marked(line, where) if self._shown[place] else ""


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []


def _may_be_shown(line: str) -> bool:
    if not line.strip() or not line.isprintable():
        return False
    return not any(is_secret_key(key) for key in _KEY.findall(line))


def _marked(line: str, where: Where) -> str:
    start = max(0, where.column - 1 - _BEFORE) if len(line) > _WIDEST else 0
    shown, number = line[start : start + _WIDEST], str(where.line)
    cut = "…" if start else ""
    mark = " " * (where.column - 1 - start + len(cut)) + "^"
    return f"    {number} | {cut}{shown}\n    {' ' * len(number)} | {mark}"

"""A YAML file into a located tree, with every problem that can be seen in it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Node
from provisioner.spec.compose import Composer, Halted
from provisioner.spec.secrets import secret_problems

MAX_BYTES = 4 * 1024 * 1024


def read_file(
    path: Path, *, shown: str | None = None, origin: str | None = None
) -> tuple[Node | None, list[Problem]]:
    """The tree of one file, and every problem found; None when there is no tree to work with.

    `shown` is the file's name in places (default: the path as given), `origin` the name of the
    source (default: the same).
    """
    file = shown or str(path)
    start = Where(file, 1, 1)
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [_too_large(start)]
        data = path.read_bytes()
    except FileNotFoundError:
        hint = "Check the name, or make one with `provisioner new`."
        return None, [Problem("SPEC-NOT-FOUND", "The file is not there.", start, hint)]
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"The file cannot be read: {reason}."
        return None, [Problem("SPEC-UNREADABLE", message, start, "Check its permissions.")]
    except ValueError:
        message = "The name is not that of a file."
        return None, [Problem("SPEC-NOT-FOUND", message, start, "Check the name.")]
    return read_bytes(data, file, origin or file)


def read_bytes(data: bytes, file: str, origin: str) -> tuple[Node | None, list[Problem]]:
    """The tree of UTF-8 bytes; a byte order mark is passed over."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8", "replace")) + 1
        where = Where(file, before.count(b"\n") + 1, column)
        hint = "Save the file as UTF-8."
        return None, [Problem("SPEC-ENCODING", "The file is not UTF-8 text.", where, hint)]
    return read_text(text, file, origin)


def read_text(text: str, file: str, origin: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a text. An empty text gives no tree and one problem."""
    root, problems = (_kept if len(text) < _SMALL else _read)(text, file, origin)
    return root, list(problems)


def _read(text: str, file: str, origin: str) -> tuple[Node | None, tuple[Problem, ...]]:
    start = Where(file, 1, 1)
    if len(text) > MAX_BYTES:
        return None, (_too_large(start),)
    composer = Composer(text, file, origin)
    try:
        root = composer.compose()
    except Halted as halted:
        return None, (*composer.problems, halted.problem)
    except UnicodeEncodeError:
        hint = "Save the file as UTF-8."
        return None, (Problem("SPEC-ENCODING", "The file is not UTF-8 text.", start, hint),)
    if root is None or root.value is None:
        hint = "Write the workspace's keys, such as `apiVersion: provisioner/v1`."
        return None, (*composer.problems, Problem("SPEC-EMPTY", "The file is empty.", start, hint))
    return root, (*composer.problems, *secret_problems(root))


_SMALL = 256 * 1024
"""The tree of a larger text is not kept: it takes a hundred times the text."""
_kept = lru_cache(maxsize=128)(_read)
"""Kept, since the workspaces that one command goes through stand on the same packs."""


def _too_large(where: Where) -> Problem:
    return Problem(
        "SPEC-TOO-LARGE",
        f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB.",
        where,
        "Check that it is the right one; split a real one into packs.",
    )

"""What was about to be sent, written before it is sent, and what became of it.

After a crash the journal says which requests have no answer. Nothing depends on it: the next run
looks at the site, and its own records there say what was planned. Lines are JSON, one a line, never
a body: bodies may hold the client's words.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from provisioner.core.transport import Envelope, Outcome


class Journal(Protocol):
    """Told of each envelope before it goes and of each answer after."""

    def note(self, facts: Mapping[str, Any]) -> None:
        """Something about the run as a whole: its plan, its lock, where its receipt was stored."""

    def intend(self, wave: int, envelopes: Sequence[Envelope]) -> None:
        """These are about to be sent."""

    def came_back(self, wave: int, outcomes: Sequence[Sequence[Outcome]]) -> None:
        """These answers came, in the same order."""

    def close(self) -> None:
        """The run is over."""


class FileJournal:
    """A journal in a file of its own for each run, on the disk before anything is sent.

    The file is held for as long as the run is under way, so that others on this machine can ask.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("a", encoding="utf-8")
        _hold(self._file.fileno())

    def note(self, facts: Mapping[str, Any]) -> None:
        """One line with these facts."""
        self._line(dict(facts))

    def intend(self, wave: int, envelopes: Sequence[Envelope]) -> None:
        """One line for the wave, naming every part of every request."""
        parts = [
            [{"address": op.address, "method": op.method, "path": op.path} for op in one.operations]
            for one in envelopes
        ]
        self._line({"wave": wave, "intent": parts})

    def came_back(self, wave: int, outcomes: Sequence[Sequence[Outcome]]) -> None:
        """One line for the wave's answers."""
        parts = [
            [{"state": o.state, "status": o.status, "requestId": o.request_id} for o in one]
            for one in outcomes
        ]
        self._line({"wave": wave, "outcome": parts})

    def close(self) -> None:
        """Close the file; it stays, unless the run was refused before it began anything."""
        self._file.close()
        if not self._path.stat().st_size:
            self._path.unlink()

    def _line(self, value: dict[str, Any]) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def is_held(path: Path) -> bool | None:
    """Whether the run that writes this journal is under way; None where that cannot be known."""
    if sys.platform == "win32" or not path.is_file():
        return None
    with path.open("a", encoding="utf-8") as file:
        return not _hold(file.fileno())


def _hold(descriptor: int) -> bool:
    """Hold an open file until it is closed, by whatever end of the process (man 2 flock)."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def journal_lines(path: Path) -> list[dict[str, Any]]:
    """What a journal says; a last line that was cut off is left out, and no file says nothing."""
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text("utf-8", errors="replace").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return [line for line in lines if isinstance(line, dict)]


def without_answer(lines: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What was about to be sent, or sent, and has no answer in the journal: methods and addresses."""
    answered = {line["wave"] for line in lines if "outcome" in line}
    return tuple(
        f"{part['method']} {part['address'] or part['path']}"
        for line in lines
        if "intent" in line and line["wave"] not in answered
        for envelope in line["intent"]
        for part in envelope
    )

"""What was about to be sent, written before it is sent, and what became of it.

After a crash the journal says which requests have no answer; those are looked up, never repeated
blindly. Lines are JSON, one a line, never a body: bodies may hold the client's words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from provisioner.core.transport import Envelope, Outcome


class Journal(Protocol):
    """Told of each envelope before it goes and of each answer after."""

    def intend(self, wave: int, envelopes: Sequence[Envelope]) -> None:
        """These are about to be sent."""

    def came_back(self, wave: int, outcomes: Sequence[Sequence[Outcome]]) -> None:
        """These answers came, in the same order."""

    def close(self) -> None:
        """The run is over."""


class FileJournal:
    """A journal in a file of its own for each run, flushed before anything is sent."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def intend(self, wave: int, envelopes: Sequence[Envelope]) -> None:
        """One line for the wave, naming every part."""
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
        """Close the file; it stays."""
        self._file.close()

    def _line(self, value: dict[str, Any]) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._file.flush()

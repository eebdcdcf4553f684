"""One thing that was looked at, and what was found: passed, failed, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """`found` is a sentence; `fix` says what to do, where something is to be done.

    `code` names the problem, where it has a name. `refused` marks a failure that is for whoever
    grants permissions to mend.
    """

    name: str
    title: str
    state: State
    found: str
    fix: str = ""
    code: str = ""
    refused: bool = False

    def json(self) -> dict[str, Any]:
        """As it stands in a `Doctor` document."""
        return {
            "check": self.name,
            "title": self.title,
            "state": self.state,
            "found": self.found,
            "fix": self.fix or None,
            "code": self.code or None,
        }

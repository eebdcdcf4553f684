"""An observer that is handed down; library code tells it what happens and never prints."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of work as it goes; `done` and `total` count the unit named in `doing`."""

    def start(self, doing: str, total: int | None = None) -> None:
        """A piece of work begins; `total` None when its size is not known."""

    def advance(self, done: int = 1, note: str = "") -> None:
        """Some of it is done."""

    def waiting(self, seconds: float, why: str) -> None:
        """The service asked us to wait."""

    def finish(self, note: str = "") -> None:
        """The piece of work is over."""


class Silent:
    """A `Progress` that listens to nothing."""

    def start(self, doing: str, total: int | None = None) -> None:
        """Nothing is shown."""

    def advance(self, done: int = 1, note: str = "") -> None:
        """Nothing is shown."""

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing is shown."""

    def finish(self, note: str = "") -> None:
        """Nothing is shown."""

"""Progress on stderr: a bar on a terminal for anything longer than two seconds, else plain lines."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from provisioner.cli.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

SHOWN_AFTER_SECONDS = 2.0


class ConsoleProgress:
    """Listens to work and shows it the way this terminal allows."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._doing = ""
        self._total: int | None = None
        self._done = 0
        self._since = 0.0

    @property
    def console(self) -> Console:
        """Where it shows."""
        return self._console

    def tell(self, text: str) -> None:
        """A sentence that a person has to act on, with --quiet too."""
        self.finish()
        self._console.warn(text)

    def start(self, doing: str, total: int | None = None) -> None:
        """A piece of work begins."""
        self.finish()
        self._doing, self._total, self._done = doing, total, 0
        self._since = time.monotonic()

    def advance(self, done: int = 1, note: str = "") -> None:
        """Some of it is done."""
        self._done += done
        if not self._doing or self._console.quiet or not sys.stderr.isatty():
            return
        if self._bar is None and time.monotonic() - self._since > SHOWN_AFTER_SECONDS:
            self._open()
        if self._bar is not None and self._task is not None:
            self._bar.update(
                self._task, completed=self._done, description=f"{self._doing}: {note}"[:70]
            )

    def waiting(self, seconds: float, why: str) -> None:
        """The service asked us to wait."""
        self._console.say(f"Waiting {seconds:.0f} s: {why}")

    def finish(self, note: str = "") -> None:
        """The piece of work is over."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._doing and self._console.verbose:
            took = time.monotonic() - self._since
            self._console.say(f"{self._doing}: {note or 'done'} ({took:.1f} s)")
        self._doing = ""

    def _open(self) -> None:
        from rich.console import Console as RichConsole
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = [
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        ]
        self._bar = Progress(*columns, console=RichConsole(stderr=True), transient=True)
        self._bar.start()
        self._task = self._bar.add_task(self._doing, total=self._total)

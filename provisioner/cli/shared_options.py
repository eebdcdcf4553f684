"""Arguments that several commands take, described once."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from provisioner.cli.console import Console
from provisioner.core.errors import Usage

T = TypeVar("T")

WorkspacePath = Annotated[
    Path,
    typer.Argument(
        help="Workspace file, or the folder that holds workspace.yaml.", show_default=False
    ),
]
WorkspacePaths = Annotated[
    list[Path] | None,
    typer.Argument(help="Workspace files or folders, or a folder of them.", show_default=False),
]
WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Workspace file or folder.", show_default=False)
]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json.")]
FailOn = Annotated[
    Literal["error", "warning", "note"],
    typer.Option("--fail-on", help="Exit 2 from this severity on; notes never."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Judge as of this day, YYYY-MM-DD.")]
Heartbeat = Annotated[
    bool, typer.Option("--heartbeat", help="Note in the list Job Runs that it ran.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow", help="An address that may be changed though risky; may be repeated."),
]
BreakLock = Annotated[
    str | None, typer.Option("--break-lock", help="Take the lock of this run, which is dead.")
]
HERE = Path("workspace.yaml")
WORST_LAST = [0, 2, 3, 64, 1]
"""Exit codes of single workspaces, the one that decides for several last."""


def console_of(context: typer.Context) -> Console:
    """The console made from the global options."""
    console = context.find_root().obj
    assert isinstance(console, Console)
    return console


def day_of(option: str, text: str | None) -> date | None:
    """The day an option names, None where it was left out. Raises `Usage` BAD-DATE."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Usage(
            "BAD-DATE", f"{option}: {text!r} is not a date.", hint="Write it as 2026-03-31."
        ) from None


def run_named(run: str | None) -> None:
    """Nothing, where `--undo` was left out or names a run. Raises `Usage` for an empty one."""
    if run is not None and not run.strip():
        raise Usage(
            "USAGE",
            "`--undo` names no run: what was given is empty.",
            hint="`provisioner status` lists the last runs.",
        )


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the one event loop of a command.

    What `work` gives is handed over beside the loop. At its end asyncio compares signal handlers, and
    Python's `signal` writes the task out for that, with all that it gives: a second for large runs.

    Raises KeyboardInterrupt when somebody ends it, with Ctrl-C or by SIGTERM.
    """
    import asyncio

    given: list[T] = []

    async def keep() -> None:
        _end_on_sigterm()
        given.append(await work)

    try:
        asyncio.run(keep())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    return given[0]


def _end_on_sigterm() -> None:
    """What service managers and pipelines send ends a command as Ctrl-C does, not in mid-sentence."""
    import asyncio
    import signal

    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)

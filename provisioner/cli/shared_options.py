"""Arguments that several commands take, described once."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from provisioner.cli.console import Console

T = TypeVar("T")

WorkspacePath = Annotated[
    Path,
    typer.Argument(
        help="Workspace file, or the folder that holds workspace.yaml.", show_default=False
    ),
]
HERE = Path("workspace.yaml")
WORST_LAST = [0, 2, 3, 1]
"""Exit codes of single workspaces, the one that decides for several last."""


def console_of(context: typer.Context) -> Console:
    """The console made from the global options."""
    console = context.find_root().obj
    assert isinstance(console, Console)
    return console


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the one event loop of a command."""
    import asyncio

    return asyncio.run(work)

"""`provisioner drift`: what differs between the file and the site; reads only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.console import Console, error_json
from provisioner.cli.shared_options import HERE, WORST_LAST, console_of, run
from provisioner.core.errors import ProvisionerError, Usage

if TYPE_CHECKING:
    from provisioner.core.resource import Severity

RANKS = {"note": 0, "warning": 1, "error": 2}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drift")(drift)


def drift(
    context: typer.Context,
    workspaces: Annotated[
        list[Path] | None, typer.Argument(help="Workspace files or folders.", show_default=False)
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "note"],
        typer.Option("--fail-on", help="Exit 2 from this severity on; notes never."),
    ] = "warning",
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "markdown", "html"],
        typer.Option("--format", help="text or json."),
    ] = "text",
) -> int:
    """Say what differs, to the property; change nothing.

    Exit code 0 when nothing does, 2 when something at or above --fail-on does.
    """
    if output not in {"text", "json"}:
        raise Usage(
            "NOT-BUILT-YET",
            f"`drift --format {output}` is not built yet.",
            hint="Use text or json.",
        )
    console = console_of(context)
    paths = workspaces or [HERE]
    codes = [_one(path, fail_on, output, console, several=len(paths) > 1) for path in paths]
    return max(codes, key=WORST_LAST.index)


def _one(path: Path, fail_on: Severity, output: str, console: Console, *, several: bool) -> int:
    from provisioner.cli.operations import checked
    from provisioner.cli.workspace import open_workspace
    from provisioner.report.drift_text import drift_text

    try:
        report = run(checked(open_workspace(path), console))
    except ProvisionerError as error:
        if not several:
            raise
        console.out(json.dumps({"workspace": str(path), **error_json(error)}, ensure_ascii=False))
        console.error(error)
        return error.exit_code
    if several:
        console.out(json.dumps(report.json(), ensure_ascii=False))
    elif output == "json":
        console.out_json(report.json())
    else:
        console.out(drift_text(report))
    return 2 if report.worst() >= max(RANKS[fail_on], RANKS["warning"]) else 0

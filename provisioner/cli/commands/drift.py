"""`provisioner drift`: what differs between the file and the site; reads only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from provisioner.cli.client_folders import in_each, line_of
from provisioner.cli.console import Console
from provisioner.cli.shared_options import FailOn, Heartbeat, WorkspacePaths, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.core.resource import Severity
    from provisioner.engine.drift import DriftReport

RANKS = {"note": 0, "warning": 1, "error": 2}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drift")(drift)


def drift(
    context: typer.Context,
    workspaces: WorkspacePaths = None,
    fail_on: FailOn = "warning",
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "markdown", "html"],
        typer.Option("--format", help="text, json, sarif, junit, markdown or html."),
    ] = "text",
    heartbeat: Heartbeat = False,
) -> int:
    """Say what differs, to the property; change nothing.

    Exit code 0 when nothing does, 2 when something at or above --fail-on does.
    """
    console = console_of(context)

    def one(path: Path, several: bool) -> int:
        return _one(path, fail_on, output, console, several=several, heartbeat=heartbeat)

    return in_each(workspaces, output, console, one)


def _one(
    path: Path, fail_on: Severity, output: str, console: Console, *, several: bool, heartbeat: bool
) -> int:
    from provisioner.cli.workspace import open_workspace

    opened = open_workspace(path)
    report, code, problems = run(_checked(opened, console, fail_on, heartbeat=heartbeat))
    for problem in problems:
        console.warn(problem)
    if several:
        console.out(line_of(path, code, report.json()))
    else:
        console.out(_shown(report, opened, output))
    return code


async def _checked(
    opened: Workspace, console: Console, fail_on: Severity, *, heartbeat: bool
) -> tuple[DriftReport, int, tuple[str, ...]]:
    """The report, the exit code, and what went wrong with the heartbeat."""
    from provisioner.cli.heartbeats import jobs_of, note_run
    from provisioner.cli.operations import looked_at
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.ledger.heartbeat import DRIFT

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        observed, report = await looked_at(
            transport, opened, progress, ending=DRIFT if heartbeat else ""
        )
        code = 2 if report.worst() >= max(RANKS[fail_on], RANKS["warning"]) else 0
        if not heartbeat:
            return report, code, ()
        return report, code, await note_run(transport, jobs_of(observed), DRIFT, code)


def _shown(report: DriftReport, opened: Workspace, output: str) -> str:
    """The report in one format; each is loaded only when it is asked for."""
    if output == "json":
        return _pretty(report.json())
    if output == "sarif":
        from provisioner.report.drift_sarif import drift_sarif

        places = {one.address: one.where for one in opened.desired.resources.values() if one.where}
        return _pretty(drift_sarif(report, places))
    if output == "junit":
        from provisioner.report.drift_junit import drift_junit

        return drift_junit(report, opened.desired.resources)
    if output == "markdown":
        from provisioner.report.drift_markdown import drift_markdown

        return drift_markdown(report)
    if output == "html":
        from provisioner.report.brand import brand_of
        from provisioner.report.drift_html import drift_html

        return drift_html(report, brand_of(opened.loaded))
    from provisioner.report.drift_text import drift_text

    return drift_text(report)


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)

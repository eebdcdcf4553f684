"""`provisioner drift`: what differs between the file and the site; reads only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from provisioner.cli.client_folders import each_workspace
from provisioner.cli.console import Console, error_json
from provisioner.cli.shared_options import HERE, WORST_LAST, console_of, run
from provisioner.cli.unforeseen import problem_of

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
    workspaces: Annotated[
        list[Path] | None,
        typer.Argument(help="Workspace files or folders, or a folder of them.", show_default=False),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "note"],
        typer.Option("--fail-on", help="Exit 2 from this severity on; notes never."),
    ] = "warning",
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "markdown", "html"],
        typer.Option("--format", help="text, json, sarif, junit, markdown or html."),
    ] = "text",
) -> int:
    """Say what differs, to the property; change nothing.

    Exit code 0 when nothing does, 2 when something at or above --fail-on does.
    """
    console = console_of(context)
    given = workspaces or [HERE]
    paths = each_workspace(given)
    several = len(given) > 1 or paths != given
    codes = [_one(path, fail_on, output, console, several=several) for path in paths]
    return max(codes, key=WORST_LAST.index)


def _one(path: Path, fail_on: Severity, output: str, console: Console, *, several: bool) -> int:
    from provisioner.cli.operations import checked
    from provisioner.cli.workspace import open_workspace

    try:
        opened = open_workspace(path)
        report = run(checked(opened, console))
    except Exception as error:
        if not several:
            raise
        problem = problem_of(error)  # whatever it is, the other workspaces go on
        console.out(json.dumps({"workspace": str(path), **error_json(problem)}, ensure_ascii=False))
        console.error(problem)
        return problem.exit_code
    if several:
        console.out(json.dumps(report.json(), ensure_ascii=False))
    else:
        console.out(_shown(report, opened, output))
    return 2 if report.worst() >= max(RANKS[fail_on], RANKS["warning"]) else 0


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

"""`provisioner report`: readiness, findings and the evidence index, for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli.console import Console
from provisioner.cli.shared_options import HERE, WorkspacePath, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.report.model import ReadinessReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("report"),
) -> int:
    """Write report.html and report.json: how ready the evidence is, and why. Reads only."""
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    made = run(_report(open_workspace(workspace), console))
    for path in written(made, out):
        console.out(str(path))
    return 0


def written(made: ReadinessReport, folder: Path) -> tuple[Path, Path]:
    """Both files of a report, written. Raises `OSError`."""
    from provisioner.report.html import report_html
    from provisioner.report.json_report import report_json

    folder.mkdir(parents=True, exist_ok=True)
    html, document = folder / "report.html", folder / "report.json"
    html.write_text(report_html(made), "utf-8")
    document.write_text(json.dumps(report_json(made), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return html, document


async def _report(opened: Workspace, console: Console) -> ReadinessReport:
    from provisioner.cli.judging import judge_site, readiness
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.observe import observe

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        observed = await observe(transport, opened.desired, progress)
        today = opened.desired.scope.today
        done = await judge_site(transport, opened, console, today=today, dry_run=True)
        return readiness(opened, done, observed, transport)

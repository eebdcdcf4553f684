"""`provisioner report`: readiness, findings and the evidence index, for people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.console import Console
from provisioner.cli.shared_options import HERE, WorkspacePath, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.report.model import ReadinessReport
    from provisioner.sync.publishing import Published


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("report"),
    upload: Annotated[
        bool, typer.Option("--upload", help="Also put it into the library that `reports` names.")
    ] = False,
) -> int:
    """Write how ready the evidence is, and why, as HTML, XLSX, CSV, Markdown and JSON.

    Where the folder holds a report.json from before, the new report says what changed since. Without
    --upload the site is only read. Exit code 1 when a file could not be put there.
    """
    from provisioner.cli.publishing import wanted_place
    from provisioner.cli.report_folder import last_report, written
    from provisioner.cli.workspace import open_workspace
    from provisioner.report.brand import brand_of

    console = console_of(context)
    opened = open_workspace(workspace)
    if upload:
        wanted_place(opened)
    made, sent = run(_report(opened, console, last_report(out), upload=upload))
    for path in written(made, out, brand_of(opened.loaded)):
        console.out(str(path))
    for one in sent:
        if one.why:
            console.warn(f"{one.name} was not put on the site: {one.why}.")
        else:
            console.say(f"{one.name} {one.action} on the site.")
    return 1 if any(one.action == "failed" for one in sent) else 0


async def _report(
    opened: Workspace, console: Console, last: Any, *, upload: bool
) -> tuple[ReadinessReport, tuple[Published, ...]]:
    from provisioner.cli.judging import background, judge_site, readiness
    from provisioner.cli.operations import looked_at
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.publishing import upload_report
    from provisioner.cli.workspace import transport_to

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        _, drift = await looked_at(transport, opened, progress)
        today = opened.desired.scope.today
        done = await judge_site(transport, opened, console, today=today, dry_run=True)
        beside = await background(transport, opened, last)
        made = readiness(opened, done, drift, beside)
        sent = await upload_report(transport, opened, done, made) if upload else ()
        return made, sent

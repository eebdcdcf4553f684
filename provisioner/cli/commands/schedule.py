"""`provisioner schedule`: ready files for a scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, WorkspacePath, console_of

Kind = Literal["cron", "systemd", "github", "azure-devops", "kubernetes", "container-apps"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schedule")(schedule)


def schedule(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="Which scheduler.", show_default=False)],
    workspace: WorkspacePath = HERE,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("schedule"),
    at: Annotated[
        str, typer.Option("--at", help="Time of day, HH:MM, in the site's zone.")
    ] = "06:30",
    name: Annotated[
        str, typer.Option("--name", help="Name of the jobs; the site's own when left out.")
    ] = "",
    heartbeat: Annotated[
        bool, typer.Option("--heartbeat", help="Each run notes in the list Job Runs that it ran.")
    ] = False,
) -> int:
    """Write files that run sync every day and drift every Monday. Findings count as a success.

    Nothing is installed and no secret is written: each file says where its secrets are kept.
    """
    from provisioner.cli.schedules.kinds import KINDS
    from provisioner.cli.scheduling import job_of
    from provisioner.cli.workspace import open_workspace

    job = job_of(open_workspace(workspace), workspace, at, name, heartbeat=heartbeat)
    for path, text in KINDS[kind](job).items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
        if path.endswith(".sh"):
            target.chmod(0o755)
        console_of(context).out(str(target))
    return 0

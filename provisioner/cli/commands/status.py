"""`provisioner status`: the last runs and the state of things, from our own records alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from provisioner.cli.client_folders import in_each, line_of
from provisioner.cli.shared_options import TextOrJson, WorkspacePaths, console_of, run
from provisioner.core.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.cli.console import Console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(
    context: typer.Context,
    workspaces: WorkspacePaths = None,
    output: TextOrJson = "text",
) -> int:
    """Show the last runs, what is recorded, and whether somebody works on the site. Reads only.

    The site itself is not compared with the file; that is `drift`.
    """
    console = console_of(context)

    def one(path: Path, several: bool) -> int:
        return _one(path, output, console, several=several)

    return in_each(workspaces, output, console, one)


def _one(path: Path, output: str, console: Console, *, several: bool) -> int:
    from provisioner.report.status_text import status_text

    document = run(_status(path, console))
    if several:
        console.out(line_of(path, 0, document))
    elif output == "json":
        console.out_json(document)
    else:
        console.out(status_text(document))
    return 0


async def _status(workspace: Path, console: Console) -> dict[str, Any]:
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.settings import now
    from provisioner.cli.workspace import open_workspace, transport_to
    from provisioner.engine.own_lists import own_lists
    from provisioner.ledger.heartbeat import JOBS, job_items, read_jobs
    from provisioner.ledger.history import ledger_at
    from provisioner.report.status_text import status_json

    opened = open_workspace(workspace)
    scope = opened.desired.scope
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        try:
            ledger, lock = await ledger_at(transport, scope.hostname, scope.site_path)
        except ProvisionerError as missing:
            if missing.code != "LEDGER-MISSING":
                raise
            ours = await own_lists(transport, scope)  # somebody may have renamed it
            if ours.ledger is None:
                raise
            ledger, lock = await ledger_at(
                transport, scope.hostname, scope.site_path, (ours.site_id, ours.ledger)
            )
        jobs_url, _ = opened.declared_lists().get(JOBS, ("", ""))
        path = await job_items(transport, scope.hostname, scope.site_path, jobs_url)
        jobs = await read_jobs(transport, path)
    url = f"https://{scope.hostname}{scope.site_path}"
    return status_json(opened.desired.name, url, ledger, lock, jobs, now())

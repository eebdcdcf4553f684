"""`provisioner status`: the last runs and the state of things, from our own records alone."""

from __future__ import annotations

from typing import Any

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, WorkspacePath, console_of, run
from provisioner.core.errors import ProvisionerError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    output: TextOrJson = "text",
) -> int:
    """Show the last runs, what is recorded, and whether somebody works on the site. Reads only.

    The site itself is not compared with the file; that is `drift`.
    """
    from provisioner.report.status_text import status_text

    console = console_of(context)
    document = run(_status(workspace, console))
    if output == "json":
        console.out_json(document)
    else:
        console.out(status_text(document))
    return 0


async def _status(workspace: Any, console: Any) -> dict[str, Any]:
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

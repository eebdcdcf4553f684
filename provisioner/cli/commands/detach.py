"""`provisioner detach`: the client leaves and the workspace stays."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.shared_options import (
    HERE,
    BreakLock,
    TextOrJson,
    WorkspacePath,
    Yes,
    console_of,
    run,
)
from provisioner.core.errors import Refused

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.detach import Leaving


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("detach")(detach)


def detach(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    yes: Yes = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for the copy of ledger and receipts.", show_default=False
        ),
    ] = None,
    break_lock: BreakLock = None,
    output: TextOrJson = "text",
) -> int:
    """Remove our own records from the site and leave the workspace as it is.

    Ledger, receipts and lock go to the recycle bin, after a copy was kept here. A later plan takes
    over what it finds.
    """
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    document = run(_detach(open_workspace(workspace), console, yes, out, break_lock or ""))
    if output == "json":
        console.out_json(document)
    else:
        for name in document["removed"]:
            console.out(f"- {name}, to the recycle bin")
        console.out(
            f"The workspace stays as it is. A copy of our records is in {document['copy']}."
        )
    return 0


async def _detach(
    opened: Workspace, console: Console, yes: bool, out: Path | None, break_lock: str
) -> dict[str, Any]:
    from provisioner.cli import settings
    from provisioner.cli.machine import this_machine
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.detach import detach as leave
    from provisioner.engine.detach import leaving
    from provisioner.engine.executor import Run

    scope = opened.desired.scope
    home = settings.home()
    ours = Run(settings.run_id(), settings.now, this_machine(home / "journals"), break_lock)
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        found = await leaving(transport, scope)
        if not yes:
            _ask(found, console)
        folder = out if out is not None else home / "detached" / ours.id
        _keep(found, folder)
        removed = await leave(transport, found, ours)
    return {
        "apiVersion": "provisioner/v1",
        "kind": "DetachReport",
        "workspace": opened.desired.name,
        "removed": removed,
        "copy": str(folder),
        "files": sorted(found.copy),
    }


def _ask(found: Leaving, console: Console) -> None:
    names = ", ".join(name for name, _ in found.lists)
    if not sys.stdin.isatty():
        raise Refused(
            "NOT-CONFIRMED",
            f"There is nobody here to confirm that {names} go to the recycle bin.",
            hint="Give --yes.",
        )
    console.say(f"To the recycle bin: {names}. Everything else on the site stays as it is.")
    if not typer.confirm("Detach?", err=True):
        raise Refused("NOT-CONFIRMED", "Nothing was changed.")


def _keep(found: Leaving, folder: Path) -> None:
    for name, document in found.copy.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")

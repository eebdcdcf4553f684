"""`provisioner receipts verify`: the chain of receipts holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, WorkspacePath, console_of, run
from provisioner.core.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="What each apply did, kept in the ledger.", no_args_is_help=True)
    group.command("verify")(verify)
    app.add_typer(group, name="receipts")


def verify(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    receipts: Annotated[
        Path | None,
        typer.Option("--receipts", help="Also compare with the receipts kept in this folder."),
    ] = None,
    output: TextOrJson = "text",
) -> int:
    """Check that no receipt in the ledger was altered, removed or put in. Reads only.

    They are compared with the copies on this machine too. Exit code 0 when all hold, 2 when one
    does not.
    """
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    if receipts is not None and not receipts.is_dir():
        raise ProvisionerError(
            "FILE-UNUSABLE", f"{receipts} is not a folder.", hint="Name the one given to apply."
        )
    opened = open_workspace(workspace)
    document = run(_verify(opened, console, receipts))
    if output == "json":
        console.out_json(document)
    else:
        for broken in document["broken"]:
            console.out(f"x {broken['code']}  {broken['message']}")
        compared = f", {document['compared']} of them compared with copies kept elsewhere"
        holds = "The chain holds" if document["holds"] else "The chain does not hold"
        console.out(f"{holds}: {document['receipts']} receipts{compared}.")
    return 0 if document["holds"] else 2


async def _verify(opened: Workspace, console: Console, folder: Path | None) -> dict[str, Any]:
    from provisioner.cli import settings
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.own_lists import own_lists
    from provisioner.ledger.chain import broken_links
    from provisioner.ledger.history import ledger_at, run_documents

    scope = opened.desired.scope
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        ours = await own_lists(transport, scope)
        if ours.ledger is None:
            raise ProvisionerError(
                "LEDGER-MISSING",
                f"https://{scope.hostname}{scope.site_path} has no ledger of ours.",
                hint="`provisioner apply` makes it. If somebody deleted it, it is in the recycle "
                "bin.",
            )
        place = (ours.site_id, ours.ledger)
        ledger, _ = await ledger_at(transport, scope.hostname, scope.site_path, place)
        found = await run_documents(transport, *place, "receipt")
    copies = _kept_at_home(settings.home(), opened.desired.name, found)
    if folder is not None:
        copies |= _in(folder, opened.desired.name)
    broken = broken_links(found, ledger.last_receipt, copies)
    return {
        "apiVersion": "provisioner/v1",
        "kind": "ReceiptsReport",
        "workspace": opened.desired.name,
        "holds": not broken,
        "receipts": len(found),
        "compared": sum(run in found for run in copies),
        "lastReceipt": ledger.last_receipt,
        "broken": [one.json() for one in broken],
    }


def _in(folder: Path, workspace: str) -> dict[str, dict[str, Any]]:
    """The receipts of a workspace in a folder, by run."""
    copies = {}
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(document, dict) and document.get("workspace") == workspace:
            copies[str(document.get("runId"))] = document
    return copies


def _kept_at_home(
    home: Path, workspace: str, found: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Our own copies that belong to this very site: stored there, and linked to what is there.

    The folder may hold those of another site of the same address, as of a tenant that was reset.
    """
    from provisioner.engine.journal import journal_lines

    known = {str(one.get("digest")) for one in found.values() if isinstance(one, dict)}
    named = {str(one.get("previous")) for one in found.values() if isinstance(one, dict)}
    copies = {}
    for run_id, copy in _in(home / "receipts", workspace).items():
        linked = copy.get("previous") in known or copy.get("digest") in named
        lines = journal_lines(home / "journals" / f"{run_id}.jsonl")
        stored = any(line.get("stored") == copy.get("digest") for line in lines)
        if stored and (run_id in found or linked):
            copies[run_id] = copy
    return copies

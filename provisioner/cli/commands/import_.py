"""`provisioner import`: an existing site as a workspace file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import console_of, run
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.importer import Imported
    from provisioner.engine.plan import Plan

Cloud = Literal["emulator", "global", "usgov", "usgov-dod", "china"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    context: typer.Context,
    site_url: Annotated[
        str, typer.Argument(help="The site: https://contoso.sharepoint.com/sites/acme.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The workspace file to write.")],
    cloud: Annotated[
        Cloud | None,
        typer.Option("--cloud", help="Which cloud it is in; told from its address if left out."),
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            "--rows",
            help="A list whose rows go into the file too, by key or title; may be repeated.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over the file if it is there.")
    ] = False,
) -> int:
    """Write an existing site as a workspace file, and check it. Reads only.

    The file is planned against the same site before this ends. Exit code 0 when nothing would
    change, 2 when something would; what a workspace file cannot say is left out and named.
    """
    from provisioner.cli.importing import site_workspace
    from provisioner.core.address import root_of
    from provisioner.engine.ledger_library import OWN_LISTS

    console = console_of(context)
    if out.exists() and not force:
        raise Usage(
            "FILE-EXISTS",
            f"{out} is there already.",
            hint="Choose another name, or write over it with --force.",
        )
    opened = site_workspace(site_url, cloud, out)
    imported, plan = run(_imported(opened, out, tuple(rows or ()), console))
    for line in imported.left_out:
        console.say(f"Left out: {line}")
    console.say(f"{out} written.")
    sent = [c for c in plan.shown if c.operations]
    changes = [c for c in sent if root_of(c.address) not in OWN_LISTS]
    if not changes and not plan.blocked:
        console.say("Checked: a plan of it against the same site changes nothing.")
        if sent:
            console.say("The first apply makes our own ledger there, in two hidden libraries.")
        return 0
    for change in changes:
        names = ", ".join(field.path for field in change.fields)
        console.warn(f"A plan of it would {change.action.value} {change.address} {names}".rstrip())
    for blocked in plan.blocked:
        console.warn(f"A plan of it is refused at {blocked.address}: {blocked.message}")
    return 2


def _write(out: Path, text: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")


async def _imported(
    opened: Workspace, out: Path, rows: tuple[str, ...], console: Console
) -> tuple[Imported, Plan]:
    """Read, write the file, and plan it over the same connection."""
    from provisioner.cli.importing import tenant_of
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import open_workspace, transport_to
    from provisioner.engine.importer import import_site
    from provisioner.engine.observe import observe
    from provisioner.engine.planner import Options, plan

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        imported = await import_site(
            transport, opened.desired.scope, tenant_of(opened.settings), rows, progress
        )
        _write(out, imported.text)
        written = open_workspace(out)
        observed = await observe(transport, written.desired, progress)
    return imported, plan(written.desired, observed, Options())

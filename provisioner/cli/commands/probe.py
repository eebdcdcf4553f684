"""`provisioner probe`: what a real tenant does, beside the emulator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import console_of, run
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.probing.probe import ProbeReport

EMULATED_SITE = "https://contoso.sharepoint.com/sites/provisioner-probe"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("probe")(probe)


def probe(
    context: typer.Context,
    site: Annotated[
        str, typer.Option("--site", help="A site for tests, in which the app has full control.")
    ] = "",
    against: Annotated[
        Literal["tenant", "emulator"],
        typer.Option("--against", help="tenant, or emulator, which is asked the very same."),
    ] = "tenant",
    output: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", help="text, json, or markdown to paste into an issue."),
    ] = "text",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Short for --format markdown.")
    ] = False,
    capabilities: Annotated[
        Path | None,
        typer.Option("--capabilities", help="Where to write what the tenant can do, as a file."),
    ] = None,
) -> int:
    """Try, in scratch lists of its own, what no document settles about Microsoft 365.

    The lists go again whatever happens. What is printed names no person, no place and no id.
    Exit code 0 when the tenant does what the emulator does, 2 when it does anything else, 1 when
    something could not be cleaned up.
    """
    from provisioner.cli.importing import site_workspace
    from provisioner.report.probe_text import probe_json, probe_markdown, probe_text

    console = console_of(context)
    if against == "tenant" and not site:
        raise Usage(
            "PROBE-WITHOUT-SITE",
            "There is no site to try things in.",
            hint="Name a site for tests with --site, or ask the emulator with --against emulator.",
        )
    cloud = "emulator" if against == "emulator" else None
    opened = site_workspace(site or EMULATED_SITE, cloud, Path("workspace.yaml"))
    report = run(_probed(opened, against, console))
    if report.cleared:
        console.say(f"Scratch lists of an earlier probe were taken away first: {report.cleared}.")
    if capabilities is not None:
        _keep(capabilities, report, console)
    if output == "json":
        console.out_json(probe_json(report))
    elif markdown or output == "markdown":
        console.out(probe_markdown(report))
    else:
        console.out(probe_text(report))
    if report.left:
        console.warn(
            f"These could not be taken away again, so delete them: {', '.join(report.left)}."
        )
        return 1
    return 2 if report.count("other") else 0


async def _probed(
    opened: Workspace, against: Literal["tenant", "emulator"], console: Console
) -> ProbeReport:
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.probing.emulated import site_made
    from provisioner.engine.probing.probe import probe as tried

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        if against == "emulator":
            await site_made(transport)
        return await tried(transport, against, progress)


def _keep(file: Path, report: ProbeReport, console: Console) -> None:
    import json

    from provisioner.cli import settings
    from provisioner.engine.capabilities import learnt_document

    document = learnt_document(report.learnt, settings.now().date())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    console.say(f"{file} written.")

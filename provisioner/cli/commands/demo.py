"""`provisioner demo`: the whole story on the local tenant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli.shared_options import console_of, run


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option("--dir", help="Folder for the client's file and the reports.")
    ] = Path("provisioner-demo"),
    open_report: Annotated[
        bool, typer.Option("--open", help="Open the report in the browser at the end.")
    ] = False,
) -> int:
    """Tell the whole story on the local tenant: plan, apply, evidence, sync, drift, report.

    Needs no Microsoft 365. Exit code 0 when the story went as it should.
    """
    from provisioner.cli.demo.telling import tell
    from provisioner.cli.settings import home, now

    report = run(tell(folder, home(), now().date(), console_of(context)))
    if open_report:
        typer.launch(str(report))
    return 0

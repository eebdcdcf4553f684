"""`provisioner rows`: the rows of a list or library for which a condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, WorkspacePath, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.selecting import Wanted
    from provisioner.cli.workspace import Workspace
    from provisioner.report.rows_text import RowsShown


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rows")(rows)


def rows(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="LIST", help="Key of a list or library.", show_default=False)
    ],
    workspace: WorkspacePath = HERE,
    where: Annotated[
        str,
        typer.Option(
            "--where",
            help='Condition, as in checks: "{Status: {ne: Closed}}". All rows if left out.',
        ),
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", help="Column to show, by its `name`; may be repeated."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Take this day for today, YYYY-MM-DD.")
    ] = None,
    output: Annotated[
        Literal["text", "csv", "json"], typer.Option("--format", help="text, csv or json.")
    ] = "text",
) -> int:
    """Show the rows of a list for which a condition holds, in the words of checks and views. Reads only.

    Where the condition names an indexed column, SharePoint leaves out by it what cannot match.
    """
    from provisioner.cli.selecting import wanted
    from provisioner.cli.workspace import open_workspace
    from provisioner.report.rows_text import rows_csv, rows_json, rows_text

    console = console_of(context)
    opened = open_workspace(workspace, as_of)
    said = run(_rows(opened, console, wanted(opened, key, where, columns or ())))
    if output == "json":
        console.out_json(rows_json(said))
    else:
        console.out(rows_csv(said).rstrip("\r\n") if output == "csv" else rows_text(said))
    return 0


async def _rows(opened: Workspace, console: Console, asked: Wanted) -> RowsShown:
    from zoneinfo import ZoneInfo

    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.report.rows_text import RowsShown
    from provisioner.sync.collect_rows import selected

    scope = opened.desired.scope
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        found = await selected(
            transport, scope.hostname, scope.site_path, ZoneInfo(scope.time_zone), asked.asked
        )
    register = asked.asked.register
    return RowsShown(
        opened.desired.name,
        register.key,
        register.title,
        scope.today,
        asked.data,
        asked.columns,
        found,
    )

"""`provisioner requests import`: an auditor's request list into the Audit Request Tracker."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, WorkspaceOption, console_of, run
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="What auditors ask for.", no_args_is_help=True)
    group.callback()(_group)
    group.command("import")(import_requests)
    app.add_typer(group, name="requests")


def _group() -> None:
    """What auditors ask for."""


def import_requests(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The list, .csv or .xlsx.", show_default=False)],
    workspace: WorkspaceOption = HERE,
    period: Annotated[
        str, typer.Option("--period", help="Audit period it is for; the only open one if left out.")
    ] = "",
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", help='"Their heading=Our column"; may be repeated, and is kept.'),
    ] = None,
    dates: Annotated[
        Literal["day-first", "month-first"] | None,
        typer.Option("--dates", help="How 03/04/2026 is meant; kept for the next time."),
    ] = None,
    prefix: Annotated[
        str, typer.Option("--prefix", help="Put before each reference, such as 2027-.")
    ] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", help="The audit firm; the period's if left out.")
    ] = "",
    sheet: Annotated[
        str, typer.Option("--sheet", help="Worksheet; the likeliest if left out.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Write it; without, it is shown.")] = False,
    output: TextOrJson = "text",
) -> int:
    """Show what an auditor's list would change in the Audit Request Tracker; with --yes, do it.

    Requests are known by the auditor's reference. What your team wrote beside them is never touched.
    Exit code 0 when nothing is left to do, 2 when --yes would write something, 1 when a row cannot be
    read or written.
    """
    from provisioner.cli.request_lists import Wish, imported
    from provisioner.cli.workspace import open_workspace
    from provisioner.report.requests_text import import_text

    console = console_of(context)
    wish = Wish(file, period, _pairs(maps or []), dates or "", prefix, organisation, sheet)

    def agreed(document: dict[str, Any]) -> bool:
        if yes:
            return True
        if output == "json" or not sys.stdin.isatty():
            return False
        console.say(import_text(document))
        return bool(typer.confirm("Write this?", err=True))

    document = run(imported(open_workspace(workspace), wish, console, agreed))
    if output == "json":
        console.out_json(document)
    else:
        console.out(import_text(document))
    return _code(document, console)


def _code(document: dict[str, Any], console: Console) -> int:
    for one in document["unsent"]:
        console.warn(f"Not written: {one}")
    left = len(document["new"]) + len(document["changed"]) - document["written"]
    if document["written"]:
        console.say(f"{document['written']} requests written.")
    elif left:
        console.say("Nothing was written. Run it again with --yes to write this.")
    if document["unsent"] or document["unreadable"]:
        return 1
    return 2 if left else 0


def _pairs(maps: list[str]) -> dict[str, str]:
    pairs = {}
    for one in maps:
        theirs, equals, ours = (part.strip() for part in one.rpartition("="))
        if not equals or not theirs or not ours:
            raise Usage(
                "USAGE",
                f'--map "{one}" does not say which heading is which column.',
                hint='Write --map "Their heading=Our column".',
            )
        pairs[theirs] = ours
    return pairs

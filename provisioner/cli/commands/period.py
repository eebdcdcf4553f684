"""`provisioner period`: open the next audit period, close the last one, open a closed one again."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from provisioner.cli.shared_options import HERE, console_of, day_of, run
from provisioner.core.errors import Refused

if TYPE_CHECKING:
    from provisioner.cli.console import Console

Name = Annotated[str, typer.Argument(help="Its name on the list Audit Periods.")]
Where = Annotated[
    Path, typer.Option("--workspace", "-w", help="Workspace file or folder.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Audit periods: the year goes on.", no_args_is_help=True)
    group.callback()(_group)
    group.command("open")(open_)
    group.command("close")(close)
    group.command("reopen")(reopen)
    app.add_typer(group, name="period")


def _group() -> None:
    """Audit periods: the year goes on."""


def open_(
    context: typer.Context,
    name: Name,
    workspace: Where = HERE,
    first: Annotated[
        str | None, typer.Option("--from", help="First day; else the day after the last period.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last day; else as long as the last period.")
    ] = None,
    auditor: Annotated[
        str, typer.Option("--auditor", help="The audit firm; else that of the last period.")
    ] = "",
    even_so: Annotated[
        str, typer.Option("--even-so", help="Why it may share days with another period.")
    ] = "",
    yes: Yes = False,
    output: Format = "text",
) -> int:
    """Open the next audit period, with the scope and auditor of the last one. Shown before it is done."""
    from provisioner.cli.period_opening import Opening, open_period
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    wish = Opening(name.strip(), day_of("--from", first), day_of("--to", last), auditor, even_so)
    opened = open_workspace(workspace)
    agreed = _asking(console, yes)
    return _told(run(open_period(opened, wish, console, agreed)), console, output)


def close(
    context: typer.Context,
    name: Name,
    workspace: Where = HERE,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where the package goes; else beside the workspace file."),
    ] = None,
    even_so: Annotated[
        str, typer.Option("--even-so", help="Why it is closed early or with open findings.")
    ] = "",
    yes: Yes = False,
    output: Format = "text",
) -> int:
    """Write the package of a period that is over, and make its evidence read-only.

    Exit code 3 when it is not over or its evidence is not sound, unless --even-so says why. Run again
    after a break, it goes on. `period reopen` takes it back.
    """
    from provisioner.cli.periods import close_period
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    opened = open_workspace(workspace)
    target = out or opened.loaded.folder / f"{_file_name(name)}.zip"
    agreed = _asking(console, yes)
    document = run(close_period(opened, name, target, console, agreed, even_so=even_so))
    return _told(document, console, output)


def reopen(
    context: typer.Context,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why it is opened again.")],
    workspace: Where = HERE,
    yes: Yes = False,
    output: Format = "text",
) -> int:
    """Let the documents of a closed period inherit again, and put back the state it had."""
    from provisioner.cli.periods import reopen_period
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    opened = open_workspace(workspace)
    agreed = _asking(console, yes)
    return _told(run(reopen_period(opened, name, reason, console, agreed)), console, output)


def _asking(console: Console, yes: bool) -> Callable[[Mapping[str, Any]], bool]:
    def agreed(document: Mapping[str, Any]) -> bool:
        from provisioner.report.period_text import period_text

        if yes:
            return True
        console.say(period_text(document))
        if not sys.stdin.isatty():
            raise Refused(
                "NOT-CONFIRMED",
                "There is nobody here to confirm this.",
                hint="Give --yes, or run it at a terminal.",
            )
        if not typer.confirm("Do this?", err=True):
            raise Refused("NOT-CONFIRMED", "Nothing was changed.")
        return True

    return agreed


def _told(document: dict[str, Any], console: Console, output: str) -> int:
    from provisioner.report.period_text import period_text

    if output == "json":
        console.out_json(document)
        return 0
    console.out(period_text(document))
    if document.get("runId"):
        console.say(f"Done; the receipt is {document['runId']}.")
    return 0


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name.strip()).strip("-.") or "period"

"""`provisioner accept`: write a difference that somebody accepted into `deviations.yaml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, console_of, run
from provisioner.core.address import spelled
from provisioner.core.errors import Refused, Usage

if TYPE_CHECKING:
    from provisioner.engine.drift import DriftReport
    from provisioner.engine.finding import Finding


LONGEST = 255


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("accept")(accept)


def accept(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The address drift names: list:risks.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it may differ.")],
    approver: Annotated[str, typer.Option("--approver", help="Who accepted it.")],
    expires: Annotated[str, typer.Option("--expires", help="Last day it holds, YYYY-MM-DD.")],
    path: Annotated[
        str | None, typer.Option("--path", help="One property; all that differ if left out.")
    ] = None,
    ticket: Annotated[str | None, typer.Option("--ticket", help="Where it was agreed.")] = None,
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Workspace file or folder.")
    ] = HERE,
    output: TextOrJson = "text",
) -> int:
    """Accept what differs now at an address, for that value alone and until a day.

    Reads the site; writes deviations.yaml beside the workspace file and nothing else.
    """
    import codecs

    from provisioner.cli.operations import checked
    from provisioner.cli.workspace import open_workspace
    from provisioner.spec.deviations import FILE_NAME, Deviation, deviations_in
    from provisioner.spec.deviations_file import with_deviation

    for option, text in (("--reason", reason), ("--approver", approver)):
        if not 0 < len(text.strip()) <= LONGEST:
            raise Usage(
                "USAGE", f"{option} takes 1 to {LONGEST} characters.", hint="Say it shorter."
            )
    console = console_of(context)
    opened = open_workspace(workspace)
    last = _day(expires, opened.desired.scope.today)
    found = _findings(run(checked(opened, console)), spelled(address), path)
    file = opened.loaded.folder / FILE_NAME
    data = file.read_bytes() if file.exists() else b""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text, where = data.removeprefix(mark).decode(), opened.loaded.root.where
    for one in found:
        accepted = Deviation(
            one.address, one.path, one.actual, reason, approver, ticket, last, where
        )
        text = with_deviation(text, deviations_in(text, FILE_NAME), accepted)
    file.write_bytes(mark + text.encode())
    if output == "json":
        console.out_json(
            {
                "apiVersion": "provisioner/v1",
                "kind": "Acceptance",
                "file": str(file),
                "accepted": [
                    {"address": one.address, "path": one.path, "value": one.actual} for one in found
                ],
                "expires": last.isoformat(),
            }
        )
    else:
        from provisioner.report.differences import short

        for one in found:
            console.out(f"{one.address} {one.path} may be {short(one.actual)} until {last}.")
        console.say(f"Written to {file}.")
    return 0


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Usage(
            "USAGE", f"--expires is a day, not {text}.", hint="Write YYYY-MM-DD."
        ) from error
    if day < today:
        raise Usage("USAGE", f"{text} has passed already.", hint="Give a day to come.")
    return day


def _findings(report: DriftReport, address: str, path: str | None) -> list[Finding]:
    """What differs at the address now. Raises `Refused` NOTHING-TO-ACCEPT."""
    here = [one for one in report.findings if one.address == address]
    found = [one for one in here if one.path and path in {None, one.path}]
    if found:
        return found
    if here and path is None:
        raise Refused(
            "NOTHING-TO-ACCEPT",
            f"{address} differs as a whole ({here[0].code}), and only values can be accepted.",
            hint="Take it out of the file, or apply the file.",
            address=address,
        )
    paths = ", ".join(sorted({one.path for one in here if one.path}))
    others = ", ".join(sorted({one.address for one in report.findings})[:5])
    raise Refused(
        "NOTHING-TO-ACCEPT",
        f"Nothing differs at {address}{f' {path}' if path else ''} now.",
        hint=f"There, {paths} differs." if paths else f"What differs: {others or 'nothing'}.",
        address=address,
    )

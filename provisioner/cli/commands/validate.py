"""`provisioner validate`: every error of a workspace file, with its place and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, WorkspacePath, console_of
from provisioner.core.errors import Problem

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("validate")(validate)


def validate(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    output: TextOrJson = "text",
    where_from: Annotated[
        bool,
        typer.Option("--where-from", help="Say of each value which file and line it comes from."),
    ] = False,
) -> int:
    """Check a workspace file and say everything that is wrong with it.

    With --where-from, every value of the workspace as it is merged from its packs, with the file
    and line that gave it. Exit code 0 when the file is sound, 2 when it is not.
    """
    from provisioner.cli.workspace import open_workspace
    from provisioner.core.errors import SpecInvalid

    console = console_of(context)
    problems: tuple[Problem, ...] = ()
    opened: Workspace | None = None
    try:
        opened = open_workspace(workspace)
    except SpecInvalid as error:
        problems = error.problems
    if opened is not None and where_from:
        _where_from(console, opened, output)
    elif output == "json":
        console.out_json(_report(problems))
    elif problems:
        _show(problems, console)
    elif opened is not None:
        parts = len(opened.desired.resources)
        console.out(f"{workspace} is sound: {parts} parts declared.")
    return 2 if problems else 0


def _report(problems: tuple[Problem, ...]) -> dict[str, Any]:
    """The `ValidationReport`."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "ValidationReport",
        "errors": [
            {
                "code": p.code,
                "message": p.message,
                "file": p.where.file,
                "line": p.where.line,
                "column": p.where.column,
                "hint": p.hint,
            }
            for p in problems
        ],
    }


def _show(problems: tuple[Problem, ...], console: Console) -> None:
    """Each problem with its line of the file, and how many there are."""
    from provisioner.report.source_line import SourceLines
    from provisioner.spec.overlay import MOST_PROBLEMS

    lines = SourceLines(problems)
    for problem in problems:
        console.out(f"{problem.where}: {console.paint(problem.code, 'red')}: {problem.message}")
        shown = lines.at(problem.where)
        if shown:
            console.out(shown)
        if problem.hint:
            console.out(f"    {problem.hint}")
    more = ", and there may be more" if len(problems) >= MOST_PROBLEMS else ""
    console.say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found{more}.")


def _where_from(console: Console, opened: Workspace, output: str) -> None:
    from provisioner.report.origins_text import origins_json, origins_text
    from provisioner.spec.origins import origins

    found = origins(opened.loaded.root)
    if output == "json":
        console.out_json(origins_json(found))
    else:
        console.out(origins_text(found))

"""`provisioner validate`: every error of a workspace file, with its place and what to do."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, WorkspacePath, console_of
from provisioner.core.errors import Problem


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("validate")(validate)


def validate(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    output: Annotated[
        Literal["text", "json"], typer.Option("--format", help="text or json.")
    ] = "text",
) -> int:
    """Check a workspace file and say everything that is wrong with it.

    Exit code 0 when it is sound, 2 when it is not.
    """
    from provisioner.cli.workspace import open_workspace
    from provisioner.core.errors import SpecInvalid

    console = console_of(context)
    problems: tuple[Problem, ...] = ()
    parts = 0
    try:
        parts = len(open_workspace(workspace).desired.resources)
    except SpecInvalid as error:
        problems = error.problems
    if output == "json":
        console.out_json(
            {
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
        )
    elif problems:
        for problem in problems:
            console.out(f"{problem.where}: {console.paint(problem.code, 'red')}: {problem.message}")
            if problem.hint:
                console.out(f"    {problem.hint}")
        console.say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found.")
    else:
        console.out(f"{workspace} is sound: {parts} parts declared.")
    return 2 if problems else 0

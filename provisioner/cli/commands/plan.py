"""`provisioner plan`: what apply would do, why, at what risk and cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, Allow, WorkspacePath, console_of, run, run_named
from provisioner.core.address import spelled
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.plan import Plan


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write the plan to this JSON file.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Plan to remove what we made and the file dropped.")
    ] = False,
    allow: Allow = None,
    undo: Annotated[
        str | None, typer.Option("--undo", help="Plan to take this run back, from its receipt.")
    ] = None,
    output: Annotated[
        Literal["text", "json", "markdown", "html"],
        typer.Option("--format", help="text, json, markdown or html."),
    ] = "text",
) -> int:
    """Show what apply would do. Reads only.

    Exit code 0 when there is nothing to do, 2 when there are changes, 3 when some are refused.
    """
    import json

    from provisioner.cli.operations import planned
    from provisioner.cli.undoing import undo_shown
    from provisioner.cli.workspace import open_workspace
    from provisioner.engine.planner import Options

    if undo is not None and prune:
        raise Usage("USAGE", "`--undo` removes what that run made; --prune does not go with it.")
    run_named(undo)
    console = console_of(context)
    opened = open_workspace(workspace)
    options = Options(prune, frozenset(map(spelled, allow or ())), deviations=opened.deviations)
    if undo is None:
        made, _ = run(planned(opened, options, console))
    else:
        made = run(undo_shown(opened, options, undo, console)).plan
    if out is not None:
        out.write_text(json.dumps(made.json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
        console.say(f"Plan written to {out}.")
    if output == "json":
        console.out_json(made.json())
    else:
        console.out(_shown(made, output, opened))
    if made.blocked:
        return 3
    return 0 if made.empty else 2


def _shown(made: Plan, output: str, opened: Workspace) -> str:
    if output == "html":
        from provisioner.report.brand import brand_of
        from provisioner.report.plan_html import plan_html

        return plan_html(made, brand_of(opened.loaded))
    if output == "markdown":
        from provisioner.report.plan_markdown import plan_markdown

        return plan_markdown(made)
    from provisioner.report.plan_text import plan_text

    return plan_text(made)

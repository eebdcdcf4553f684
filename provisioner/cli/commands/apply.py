"""`provisioner apply`: carry out the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli.shared_options import (
    HERE,
    Allow,
    BreakLock,
    TextOrJson,
    WorkspacePath,
    Yes,
    console_of,
    run,
    run_named,
)
from provisioner.core.address import spelled
from provisioner.core.errors import Usage


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("apply")(apply_command)


def apply_command(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Do exactly this plan, or nothing.")
    ] = None,
    yes: Yes = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was cut off, without asking.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what we made and the file dropped.")
    ] = False,
    allow: Allow = None,
    undo: Annotated[
        str | None, typer.Option("--undo", help="Take this run back, from its receipt.")
    ] = None,
    break_lock: BreakLock = None,
    receipts: Annotated[
        Path | None, typer.Option("--receipts", help="Also keep the receipt in this folder.")
    ] = None,
    output: TextOrJson = "text",
) -> int:
    """Make the site what the file says, and read it back.

    Exit code 0 when done or nothing to do, 1 when something failed, 3 when refused.
    """
    from provisioner.cli.applying import Wish, apply_as_wished, keep_copy, signed_plan
    from provisioner.cli.workspace import open_workspace
    from provisioner.engine.planner import Options
    from provisioner.engine.receipt import unfinished

    if undo is not None and (resume or prune or plan_file is not None):
        raise Usage(
            "USAGE",
            "`--undo` makes a plan of its own; --plan, --resume and --prune do not go with it.",
            hint="Give it alone, or with --allow and --yes. To have it approved, make the plan with "
            "`provisioner plan --undo RUN --out plan.json`, then give `--plan plan.json` alone.",
        )
    run_named(undo)
    console = console_of(context)
    signed = signed_plan(plan_file)
    opened = open_workspace(workspace)
    options = Options(prune, frozenset(map(spelled, allow or ())), deviations=opened.deviations)
    undo = str((signed or {}).get("undoes") or undo or "")
    wish = Wish(signed, yes, resume, undo, break_lock or "")
    receipt = run(apply_as_wished(opened, options, wish, console))
    if receipt is None:
        if output == "json":
            console.out_json({"apiVersion": "provisioner/v1", "kind": "Receipt", "results": []})
        return 0
    if receipts is not None:
        keep_copy(receipt, receipts)
    if output == "json":
        console.out_json(receipt.json())
    else:
        from provisioner.report.receipt_text import receipt_text

        console.out(receipt_text(receipt))
    problem = unfinished(receipt)
    if problem is not None:
        console.error(problem)
        return problem.exit_code
    return 0

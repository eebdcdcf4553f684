"""`provisioner apply`: carry out the plan."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.console import Console
from provisioner.cli.shared_options import HERE, WorkspacePath, console_of, run
from provisioner.core.errors import Refused, Usage

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.plan import Plan
    from provisioner.engine.planner import Options
    from provisioner.engine.receipt import Receipt


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("apply")(apply_command)


def apply_command(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Do exactly this plan, or nothing.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Not built yet; running apply again is safe.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what we made and the file dropped.")
    ] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", help="An address that may be changed though risky."),
    ] = None,
    undo: Annotated[str | None, typer.Option("--undo", help="Not built yet.")] = None,
    break_lock: Annotated[str | None, typer.Option("--break-lock", help="Not built yet.")] = None,
    receipts: Annotated[
        Path | None, typer.Option("--receipts", help="Also keep the receipt in this folder.")
    ] = None,
    output: Annotated[
        Literal["text", "json"], typer.Option("--format", help="text or json.")
    ] = "text",
) -> int:
    """Make the site what the file says, and read it back.

    Exit code 0 when done or nothing to do, 1 when something failed, 3 when refused.
    """
    from provisioner.cli.workspace import open_workspace
    from provisioner.engine.executor import unfinished
    from provisioner.engine.planner import Options

    for given, name in ((resume, "--resume"), (undo, "--undo"), (break_lock, "--break-lock")):
        if given:
            raise Usage(
                "NOT-BUILT-YET",
                f"`apply {name}` is not built yet.",
                hint="Run apply without it: what is done is found and not repeated.",
            )
    console = console_of(context)
    opened = open_workspace(workspace)
    options = Options(prune, frozenset(allow or ()), deviations=opened.deviations)
    signed = _signed_digest(plan_file)
    receipt = run(_apply(opened, options, console, signed, yes=yes))
    if receipt is None:
        console.say("Nothing to do: the site is as the file says.")
        if output == "json":
            console.out_json({"apiVersion": "provisioner/v1", "kind": "Receipt", "results": []})
        return 0
    if receipts is not None:
        receipts.mkdir(parents=True, exist_ok=True)
        (receipts / f"{receipt.run_id}.json").write_text(
            json.dumps(receipt.json(), indent=2) + "\n", "utf-8"
        )
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


def _signed_digest(plan_file: Path | None) -> str | None:
    if plan_file is None:
        return None
    try:
        document = json.loads(plan_file.read_text("utf-8"))
        return str(document["digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Usage(
            "PLAN-UNREADABLE",
            f"{plan_file} is not a plan we wrote.",
            hint="Make one with `provisioner plan --out plan.json`.",
        ) from error


async def _apply(
    opened: Workspace, options: Options, console: Console, signed: str | None, *, yes: bool
) -> Receipt | None:
    from provisioner.cli.operations import applied
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.observe import observe
    from provisioner.engine.planner import plan

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        observed = await observe(transport, opened.desired, progress)
        made = plan(opened.desired, observed, options)
        if signed is not None and made.digest != signed:
            raise Refused(
                "PLAN-STALE",
                "The file or the site has changed since that plan was made.",
                hint="Make a new plan, have it approved, and apply that one.",
            )
        if made.empty and not made.blocked:
            return None
        if not made.blocked and signed is None and not yes:
            _ask(made, console)
        return await applied(transport, opened, observed, made, options, console)


def _ask(made: Plan, console: Console) -> None:
    from provisioner.report.plan_text import plan_text

    if not sys.stdin.isatty():
        raise Refused(
            "NOT-CONFIRMED",
            "There is nobody here to confirm the plan.",
            hint="Give --yes, or --plan with a plan that was approved.",
        )
    console.say(plan_text(made))
    if not typer.confirm("Apply this?", err=True):
        raise Refused("NOT-CONFIRMED", "Nothing was changed.")

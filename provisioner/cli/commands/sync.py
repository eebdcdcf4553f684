"""`provisioner sync`: judge the evidence and write back what changed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.client_folders import each_workspace
from provisioner.cli.console import Console, error_json
from provisioner.cli.settings import now
from provisioner.cli.shared_options import HERE, WORST_LAST, console_of, run
from provisioner.cli.unforeseen import problem_of
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.digests import Telltale
    from provisioner.cli.workspace import Workspace
    from provisioner.sync.job import SyncRun
    from provisioner.sync.publishing import Published


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync")(sync)


def sync(
    context: typer.Context,
    workspaces: Annotated[
        list[Path] | None,
        typer.Argument(help="Workspace files or folders, or a folder of them.", show_default=False),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Judge as of this day, YYYY-MM-DD.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and write nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read everything anew.")] = False,
    fail_on: Annotated[
        Literal["error", "warning", "note"],
        typer.Option("--fail-on", help="Exit 2 from this severity on; notes never."),
    ] = "warning",
    output: Annotated[
        Literal["text", "json", "sarif", "junit", "markdown", "html"],
        typer.Option("--format", help="text or json."),
    ] = "text",
) -> int:
    """Say what is missing, stale or unreviewed, on the items themselves; people's words stay.

    Exit code 0 when nothing is, 2 when something at or above --fail-on is.
    """
    if output not in {"text", "json"}:
        raise Usage(
            "NOT-BUILT-YET", f"`sync --format {output}` is not built yet.", hint="Use text or json."
        )
    console = console_of(context)
    given = workspaces or [HERE]
    paths = each_workspace(given)
    several = len(given) > 1 or paths != given
    codes = [
        _one(
            path,
            console,
            as_of,
            fail_on,
            output,
            dry_run=dry_run,
            full=full,
            several=several,
        )
        for path in paths
    ]
    return max(codes, key=WORST_LAST.index)


def _one(
    path: Path,
    console: Console,
    as_of: str | None,
    fail_on: str,
    output: str,
    *,
    dry_run: bool,
    full: bool,
    several: bool,
) -> int:
    from provisioner.cli.workspace import open_workspace
    from provisioner.report.sync_text import sync_text

    try:
        opened = open_workspace(path, as_of)
        past = as_of is not None and opened.settings.tenant.cloud != "emulator"
        if past and not dry_run:
            console.say("--as-of outside the emulator writes nothing.")
        began = now()
        done, told, reports = run(_sync(opened, console, full=full, dry_run=dry_run or past))
        receipt = done.receipt(seconds=(now() - began).total_seconds())
        receipt["digests"] = [one.json() for one in told.notes]
        receipt["reports"] = [{"name": one.name, "action": one.action} for one in reports]
    except Exception as error:
        if not several:
            raise
        ended = problem_of(error)  # whatever it is, the other workspaces go on
        console.out(json.dumps({"workspace": str(path), **error_json(ended)}, ensure_ascii=False))
        console.error(ended)
        return ended.exit_code
    for note in done.notes:
        console.warn(note)
    for unsent in done.unsent:
        console.warn(f"Not written: {unsent}")
    for problem in told.problems:
        console.warn(problem)
    if several:
        console.out(json.dumps(receipt, ensure_ascii=False))
    elif output == "json":
        console.out_json(receipt)
    else:
        console.out(sync_text(done))
        for one in told.notes:
            console.out(f"Digest sent to {one.to}: {one.subject}" if one.sent else f"\n{one.text}")
    return code_of(done, fail_on)


def code_of(done: SyncRun, fail_on: str) -> int:
    """1 when a write did not come through, else 2 for an open verdict at or above `fail_on`."""
    if done.unsent:
        return 1
    failing = {"error"} if fail_on == "error" else {"error", "warning"}
    found = any(v.state == "open" and v.severity in failing for v in done.judgement.verdicts)
    return 2 if found else 0


async def _sync(
    opened: Workspace, console: Console, *, full: bool, dry_run: bool
) -> tuple[SyncRun, Telltale, tuple[Published, ...]]:
    from provisioner.cli.digests import tell
    from provisioner.cli.judging import judge_site
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.publishing import report_after_sync
    from provisioner.cli.workspace import transport_to

    day: date = opened.desired.scope.today
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        done = await judge_site(transport, opened, console, today=day, full=full, dry_run=dry_run)
        told = await tell(transport, opened, done, dry_run=dry_run)
        if dry_run:
            return done, told, ()
        reports, problems = await report_after_sync(transport, opened, done)
        return done, replace(told, problems=(*told.problems, *problems)), reports

"""`provisioner sync`: judge the evidence and write back what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.client_folders import in_each, line_of
from provisioner.cli.console import Console
from provisioner.cli.settings import now
from provisioner.cli.shared_options import (
    AsOf,
    FailOn,
    Heartbeat,
    TextOrJson,
    WorkspacePaths,
    console_of,
    run,
)

if TYPE_CHECKING:
    from provisioner.cli.digests import Telltale
    from provisioner.cli.workspace import Workspace
    from provisioner.sync.job import SyncRun
    from provisioner.sync.publishing import Published


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for on the command line."""

    as_of: str | None
    fail_on: str
    output: str
    dry_run: bool
    full: bool
    heartbeat: bool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync")(sync)


def sync(
    context: typer.Context,
    workspaces: WorkspacePaths = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and write nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read everything anew.")] = False,
    fail_on: FailOn = "warning",
    output: TextOrJson = "text",
    heartbeat: Heartbeat = False,
) -> int:
    """Say what is missing, stale or unreviewed, on the items themselves; people's words stay.

    Exit code 0 when nothing is, 2 when something at or above --fail-on is.
    """
    console = console_of(context)
    wish = _Wish(as_of, fail_on, output, dry_run, full, heartbeat)
    return in_each(
        workspaces, output, console, lambda path, several: _one(path, console, wish, several)
    )


def _one(path: Path, console: Console, wish: _Wish, several: bool) -> int:
    from provisioner.cli.heartbeats import silent_lines
    from provisioner.cli.workspace import open_workspace
    from provisioner.ledger.heartbeat import SYNC
    from provisioner.report.sync_text import sync_text

    opened = open_workspace(path, wish.as_of)
    past = wish.as_of is not None and opened.settings.tenant.cloud != "emulator"
    if past and not wish.dry_run:
        console.say("--as-of outside the emulator writes nothing.")
    wish = replace(wish, dry_run=wish.dry_run or past)
    began = now()
    done, told, reports = run(_sync(opened, console, wish))
    ended = now()

    def receipt() -> dict[str, Any]:
        """Made only where it is shown: every verdict is in it."""
        document = done.receipt(seconds=(ended - began).total_seconds())
        document["digests"] = [one.json() for one in told.notes]
        document["reports"] = [{"name": one.name, "action": one.action} for one in reports]
        return document

    lines = [*done.notes, *(f"Not written: {unsent}" for unsent in done.unsent), *told.problems]
    for line in [*lines, *silent_lines(done.jobs, now(), SYNC if wish.heartbeat else "")]:
        console.warn(line)
    code = code_of(done, wish.fail_on)
    if several:
        console.out(line_of(path, code, receipt()))
    elif wish.output == "json":
        console.out_json(receipt())
    else:
        console.out(sync_text(done))
        for one in told.notes:
            console.out(f"Digest sent to {one.to}: {one.subject}" if one.sent else f"\n{one.text}")
    return code


def code_of(done: SyncRun, fail_on: str) -> int:
    """1 when a write did not come through, else 2 for an open verdict at or above `fail_on`."""
    if done.unsent:
        return 1
    failing = {"error"} if fail_on == "error" else {"error", "warning"}
    found = any(v.state == "open" and v.severity in failing for v in done.judgement.verdicts)
    return 2 if found else 0


async def _sync(
    opened: Workspace, console: Console, wish: _Wish
) -> tuple[SyncRun, Telltale, tuple[Published, ...]]:
    from provisioner.cli.digests import tell
    from provisioner.cli.heartbeats import note_run
    from provisioner.cli.judging import judge_site
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.publishing import report_after_sync
    from provisioner.cli.workspace import transport_to
    from provisioner.ledger.heartbeat import SYNC

    day: date = opened.desired.scope.today
    dry_run = wish.dry_run
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        done = await judge_site(
            transport, opened, console, today=day, full=wish.full, dry_run=dry_run
        )
        told = await tell(transport, opened, done, dry_run=dry_run)
        if dry_run:
            return done, told, ()
        reports, problems = await report_after_sync(transport, opened, done)
        if wish.heartbeat and done.places is not None:
            items, code = done.places.job_items, code_of(done, wish.fail_on)
            problems = (*problems, *await note_run(transport, items, SYNC, code))
        return done, replace(told, problems=(*told.problems, *problems)), reports

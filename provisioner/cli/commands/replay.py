"""`provisioner replay`: a recording played again, so that what happened there happens here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import TextOrJson, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.core.transport import Transport
    from provisioner.engine.drift import DriftReport
    from provisioner.engine.plan import Plan
    from provisioner.sync.job import SyncRun
    from provisioner.tenant.recording.replay import Tape

_TENANT = "00000000-0000-0000-0000-000000000000"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    context: typer.Context,
    recording: Annotated[Path, typer.Argument(help="A file that --record wrote.")],
    command: Annotated[
        Literal["plan", "drift", "sync"] | None,
        typer.Option("--as", help="plan, drift or sync; what was recorded, if left out."),
    ] = None,
    output: TextOrJson = "text",
) -> int:
    """Plan, look for drift or judge, on what a tenant answered when it was recorded. Sends nothing.

    The workspace is the recorded one, as unrecognisable as the rest. Exit code 0 when nothing
    differs and nothing is found, else 2.
    """
    from provisioner.cli.commands.sync import code_of
    from provisioner.report.drift_text import drift_text
    from provisioner.report.plan_text import plan_text
    from provisioner.report.sync_text import sync_text
    from provisioner.tenant.recording.replay import tape_of

    console = console_of(context)
    tape = tape_of(recording)
    with _workspace(tape) as opened:
        if (command or tape.command) == "sync":
            done = run(_sync(opened, tape, console))
            text, document = sync_text(done), done.receipt(seconds=0.0)
            differs = code_of(done, "warning") != 0
        elif (command or tape.command) == "drift":
            report = run(_drift(opened, tape))
            text, document, differs = drift_text(report), report.json(), bool(report.findings)
        else:
            made = run(_plan(opened, tape))
            text, document, differs = plan_text(made), made.json(), not made.empty
    if output == "json":
        console.out_json(document)
    else:
        console.out(text)
    return 2 if differs else 0


@contextmanager
def _workspace(tape: Tape) -> Iterator[Workspace]:
    """The recorded workspace, opened as of the day it was recorded."""
    from provisioner.cli.workspace import open_workspace

    with TemporaryDirectory(prefix="replay-") as folder:
        file = Path(folder) / "workspace.yaml"
        # The packs are in it already, and their parameters filled in.
        merged = {k: v for k, v in tape.workspace.items() if k not in {"extends", "parameters"}}
        file.write_text(json.dumps(merged, ensure_ascii=False), "utf-8")
        yield open_workspace(file, tape.today)


def replayed(opened: Workspace, tape: Tape) -> Transport:
    """A transport to the recorded site that sends nothing and never waits."""
    from provisioner.tenant.client import TenantClient
    from provisioner.tenant.credentials import Credentials
    from provisioner.tenant.endpoints import microsoft_endpoints
    from provisioner.tenant.recording.replay import Replay, Stopwatch

    scope, watch = opened.desired.scope, Stopwatch()
    return TenantClient(
        microsoft_endpoints("global", _TENANT, scope.hostname, scope.site_path),
        Credentials("global", _TENANT, _TENANT, method="certificate"),
        sleep=watch.sleep,
        clock=watch.clock,
        between=Replay(tape),
    )


async def _plan(opened: Workspace, tape: Tape) -> Plan:
    from provisioner.cli.operations import plan_for
    from provisioner.core.progress import Silent
    from provisioner.engine.observe import observe
    from provisioner.engine.planner import Options

    transport = replayed(opened, tape)
    observed = await observe(transport, opened.desired, Silent())
    return (await plan_for(transport, opened, observed, Options()))[0]


async def _drift(opened: Workspace, tape: Tape) -> DriftReport:
    from provisioner.cli.operations import looked_at
    from provisioner.core.progress import Silent

    return (await looked_at(replayed(opened, tape), opened, Silent()))[1]


async def _sync(opened: Workspace, tape: Tape, console: Console) -> SyncRun:
    """Judged anew, whatever it was that the recorded run wrote."""
    from provisioner.cli.judging import judge_site

    day = opened.desired.scope.today
    return await judge_site(replayed(opened, tape), opened, console, today=day, dry_run=True)

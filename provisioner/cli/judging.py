"""What `sync`, `report` and `demo` share: judge the evidence of a workspace over a transport."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from provisioner.cli import settings
from provisioner.cli.console import Console
from provisioner.cli.machine import this_machine
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.registers import registers_of, safeguards_of, welcome_in
from provisioner.cli.workspace import Workspace
from provisioner.core.transport import Transport
from provisioner.engine.drift import DriftReport
from provisioner.ledger.lock_keeper import LockKeeper
from provisioner.report.background import Background
from provisioner.report.model import ReadinessReport, readiness_report
from provisioner.sync.collect_background import ANSWERS, CHECKLIST, read_background
from provisioner.sync.collect_site import SiteHandle
from provisioner.sync.job import SyncRun, policy_of, run_sync


def site_handle(workspace: Workspace) -> SiteHandle:
    """The site and its lists as the file declares them, for the sync job."""
    declared = workspace.declared_lists()
    segments = {key: url.rpartition("/")[2] for key, (url, _) in declared.items()}
    evidence = {item.library for item in workspace.settings.evidence}
    return SiteHandle(
        hostname=workspace.desired.scope.hostname,
        path=workspace.desired.scope.site_path,
        time_zone=workspace.desired.scope.time_zone,
        libraries={key: url for key, url in segments.items() if key in evidence},
        lists={key: url for key, url in segments.items() if key not in evidence},
        registers=registers_of(workspace),
        safeguards=safeguards_of(workspace),
        welcome=welcome_in(workspace),
    )


async def judge_site(
    transport: Transport,
    workspace: Workspace,
    console: Console,
    *,
    today: date,
    full: bool = False,
    dry_run: bool = False,
) -> SyncRun:
    """One run of the sync job. Raises what the transport raises."""
    return await run_sync(
        transport,
        site_handle(workspace),
        workspace.settings,
        today=today,
        as_of_now=settings.now(),
        full=full,
        dry_run=dry_run,
        progress=ConsoleProgress(console),
        locking=_lock_of_this_run,
    )


def _lock_of_this_run(transport: Transport) -> LockKeeper:
    machine = this_machine(settings.home() / "journals")
    return LockKeeper(transport, settings.run_id(), machine, settings.now)


async def background(transport: Transport, workspace: Workspace, last: Any = None) -> Background:
    """What the report shows beside the verdicts. `last`: the document of the report before."""
    rows = await read_background(transport, site_handle(workspace))
    checklist, answers = seeds_of(workspace, CHECKLIST), seeds_of(workspace, ANSWERS)
    return Background(
        checklist_rows=rows.checklist or checklist,
        checklist_seeds=checklist,
        answer_rows=rows.answers or answers,
        answer_seeds=answers,
        findings=rows.findings,
        versions=rows.versions,
        last=last,
    )


def seeds_of(workspace: Workspace, key: str) -> tuple[Mapping[str, str], ...]:
    """The rows the file starts a list with, as texts; () where it declares none."""
    tree = workspace.loaded.root.plain()
    for one in tree.get("lists") or ():
        if one.get("key") == key:
            rows = (one.get("items") or {}).get("seed") or ()
            return tuple({name: str(value) for name, value in row.items()} for row in rows)
    return ()


def readiness(
    workspace: Workspace,
    run: SyncRun,
    drift: DriftReport | None,
    beside: Background | None = None,
) -> ReadinessReport:
    """The report of a run; `drift` is what differs between file and site, None where nobody looked."""
    scope = workspace.desired.scope
    evidence = {item.library for item in workspace.settings.evidence}
    titles: Mapping[str, str] = {
        key: title for key, (_, title) in workspace.declared_lists().items() if key in evidence
    }
    return readiness_report(
        run.facts,
        run.judgement,
        workspace=scope.site_path,
        client=str(workspace.loaded.parameters.get("client") or scope.site_path),
        site_url=f"https://{scope.hostname}{scope.site_path}",
        generated_at=settings.now(),
        libraries=titles,
        drift=drift,
        frameworks=workspace.settings.frameworks,
        policy=policy_of(workspace.settings),
        background=beside,
    )

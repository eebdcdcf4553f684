"""What `sync`, `report` and `demo` share: judge the evidence of a workspace over a transport."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from provisioner.cli import settings
from provisioner.cli.console import Console
from provisioner.cli.operations import differences
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace
from provisioner.core.transport import Transport
from provisioner.engine.observe import Observed
from provisioner.report.model import ReadinessReport, readiness_report
from provisioner.sync.collect_site import SiteHandle
from provisioner.sync.job import SyncRun, run_sync


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
    )


def readiness(
    workspace: Workspace, run: SyncRun, observed: Observed, stats_of: Transport
) -> ReadinessReport:
    """The report of a run, with what differs between file and site."""
    scope = workspace.desired.scope
    titles: Mapping[str, str] = {
        key: title for key, (_, title) in workspace.declared_lists().items()
    }
    return readiness_report(
        run.facts,
        run.judgement,
        workspace=scope.site_path,
        client=str(workspace.loaded.parameters.get("client") or scope.site_path),
        site_url=f"https://{scope.hostname}{scope.site_path}",
        generated_at=settings.now(),
        libraries=titles,
        drift=differences(workspace, observed, stats_of.stats),
        frameworks=workspace.settings.frameworks,
    )

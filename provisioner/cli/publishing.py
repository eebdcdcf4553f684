"""Reports on the site itself: asked for by `report --upload`, or after each sync that has news."""

from __future__ import annotations

import json

from provisioner.cli.judging import background, readiness
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import ProvisionerError, Usage
from provisioner.core.transport import Transport
from provisioner.report.brand import brand_of
from provisioner.report.readiness import ReadinessReport
from provisioner.spec.models import Reports
from provisioner.sync.collect_site import Places
from provisioner.sync.job import SyncRun
from provisioner.sync.publishing import Published, Shelf, publish, shelf


async def upload_report(
    transport: Transport, workspace: Workspace, done: SyncRun, made: ReadinessReport
) -> tuple[Published, ...]:
    """Put a report where the file says, which `wanted_place` has looked at. Raises what `shelf` does."""
    from provisioner.report.files import news_of, report_files

    places, at = await _shelf(transport, workspace, done)
    files = report_files(made, brand_of(workspace.loaded))
    return await publish(transport, places, at, files, news_of(made))


async def report_after_sync(
    transport: Transport, workspace: Workspace, done: SyncRun
) -> tuple[tuple[Published, ...], tuple[str, ...]]:
    """What became of each file of the report, and sentences about what did not get there.

    Nothing is sent where the file does not ask for it, or where the report there says the same.
    A report that cannot be put there never fails the run.
    """
    wanted = workspace.settings.reports
    if wanted is None or not wanted.after_sync:
        return (), ()
    # What makes spreadsheets takes 10 MB, which a run that makes none does not need.
    from provisioner.report.files import JSON_FILE, news_of, report_files

    try:
        places, at = await _shelf(transport, workspace, done)
        last = json.loads(await transport.download(at.address(JSON_FILE)) or b"null")
        beside = await background(transport, workspace, last)
        made = readiness(workspace, done, None, beside)
        news = news_of(made)
        if news == at.news:
            return (), ()
        files = report_files(made, brand_of(workspace.loaded))
        sent = await publish(transport, places, at, files, news)
    except (ProvisionerError, ValueError) as error:
        return (), (f"No report was put on the site: {error}",)
    return sent, tuple(told(sent))


def told(sent: tuple[Published, ...]) -> list[str]:
    """A sentence for each file that is not on the site as it was made."""
    return [f"{one.name} was not put on the site: {one.why}." for one in sent if one.why]


def wanted_place(workspace: Workspace) -> Reports:
    """Where the file wants reports. Raises `Usage` REPORTS-NOT-SAID where it does not say."""
    wanted = workspace.settings.reports
    if wanted is None:
        raise Usage(
            "REPORTS-NOT-SAID",
            "The workspace file does not say where reports go.",
            hint="Add `reports: {library: readiness-reports}`, or leave --upload out.",
        )
    return wanted


async def _shelf(transport: Transport, workspace: Workspace, done: SyncRun) -> tuple[Places, Shelf]:
    wanted = wanted_place(workspace)
    assert done.places is not None
    url, _ = workspace.declared_lists()[wanted.library]
    return done.places, await shelf(transport, done.places, wanted.library, url, wanted.folder)

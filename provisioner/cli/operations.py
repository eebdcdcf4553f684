"""What several commands do: plan against a site, apply, check drift."""

from __future__ import annotations

import json
from collections.abc import Sequence

from provisioner.cli import settings
from provisioner.cli.console import Console
from provisioner.cli.heartbeats import jobs_of
from provisioner.cli.machine import this_machine
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.progress import Progress
from provisioner.core.transport import Stats, Transport
from provisioner.engine.capabilities import allowed, is_apart, kept_capabilities, known
from provisioner.engine.desired import looking_inside
from provisioner.engine.drift import DriftReport, drift_report
from provisioner.engine.executor import Run, apply
from provisioner.engine.gates import Safety, guarded, idle
from provisioner.engine.journal import FileJournal
from provisioner.engine.observe import Observed, observe
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.engine.receipt import Receipt
from provisioner.ledger.heartbeat import JobRun, read_jobs


async def planned(
    workspace: Workspace, options: Options, console: Console
) -> tuple[Plan, Observed]:
    """Read the site and plan. Raises what `observe` raises."""
    progress = ConsoleProgress(console)
    async with transport_to(workspace, progress) as transport:
        apart = is_apart(workspace.loaded.folder)
        observed = await observe(transport, workspace.desired, progress, apart=apart)
        made, _ = await plan_for(transport, workspace, observed, options)
    say_what_allows_nothing(made, options, console)
    return made, observed


def say_what_allows_nothing(made: Plan, options: Options, console: Console) -> None:
    """A word on each `--allow` that no change here waits for: it may be misspelt."""
    for name in idle(made, options.allow):
        console.say(
            f"--allow {name} allows nothing here: no change has that address. It takes one address "
            "as the plan spells it, or `updates` or `deletions`."
        )


async def plan_for(
    transport: Transport, workspace: Workspace, observed: Observed, options: Options
) -> tuple[Plan, Options]:
    """The plan for a site as it was read, and the options with what the app may do among them."""
    options = await allowed(transport, observed, _informed(workspace, observed, options))
    made = plan(workspace.desired, observed, options)
    half_made = observed.unfinished.made if observed.unfinished is not None else frozenset()
    return guarded(made, options.allow, _safety(workspace), half_made), options


def _informed(workspace: Workspace, observed: Observed, options: Options) -> Options:
    """The options with what is known of the tenant, by its ledger and in the client's folder."""
    kept = kept_capabilities(workspace.loaded.folder)
    return known(observed, options, kept, workspace.desired.scope.today)


def _safety(workspace: Workspace) -> Safety:
    given = workspace.settings.safety
    return Safety(given.updates, given.updates_percent, given.deletions, given.deletions_percent)


async def applied(
    transport: Transport,
    workspace: Workspace,
    observed: Observed,
    made: Plan,
    options: Options,
    console: Console,
    *,
    break_lock: str = "",
    approved: str = "",
) -> Receipt:
    """Carry out a plan over an open transport, with journal and receipt on this machine too."""
    journals = settings.home() / "journals"
    machine = this_machine(journals)
    run = Run(settings.run_id(), settings.now, machine, break_lock, approved)
    journal = FileJournal(journals / f"{run.id}.jsonl")
    try:
        receipt = await apply(
            transport,
            workspace.desired,
            observed,
            made,
            options,
            run,
            journal,
            ConsoleProgress(console),
        )
    finally:
        journal.close()
    kept = settings.home() / "receipts" / f"{run.id}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(receipt.json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return receipt


async def checked(workspace: Workspace, console: Console) -> DriftReport:
    """Compare the site with the file; reads only."""
    progress = ConsoleProgress(console)
    async with transport_to(workspace, progress) as transport:
        return (await looked_at(transport, workspace, progress))[1]


async def looked_at(
    transport: Transport, workspace: Workspace, progress: Progress, *, ending: str = ""
) -> tuple[Observed, DriftReport]:
    """The site read with all that lies inside its lists, and what differs; reads only.

    `ending` is the job whose silence this very run ends.
    """
    wanted, apart = looking_inside(workspace.desired), is_apart(workspace.loaded.folder)
    observed = await observe(transport, wanted, progress, apart=apart)
    jobs = await read_jobs(transport, jobs_of(observed))
    now = settings.now()
    silent = [one for one in jobs if one.silent(now) and one.job != ending]
    return observed, differences(workspace, observed, transport.stats, silent)


def differences(
    workspace: Workspace, observed: Observed, stats: Stats, silent: Sequence[JobRun] = ()
) -> DriftReport:
    """What differs between the file and the site as it was read, and the jobs that are silent."""
    options = _informed(workspace, observed, Options(deviations=workspace.deviations))
    made = plan(workspace.desired, observed, options)
    return drift_report(
        workspace.desired,
        observed,
        made,
        workspace.deviations,
        now=settings.now(),
        today=workspace.desired.scope.today,
        stats=stats,
        silent=silent,
    )

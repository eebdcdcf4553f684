"""Tells the story: each chapter does what it says, on a real HTTP service, and prints what came of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from provisioner.cli import settings
from provisioner.cli.client_file import slug_of, workspace_text
from provisioner.cli.console import Console
from provisioner.cli.demo import story
from provisioner.cli.demo.days import demo_window
from provisioner.cli.demo.evidence import (
    catalogue_changes,
    client_name,
    demo_evidence,
    opening_day,
)
from provisioner.cli.demo.filing import file_evidence
from provisioner.cli.demo.filing_requests import Places
from provisioner.cli.demo.people import MEMBERS, PEOPLE_BY_ROLE
from provisioner.cli.demo.tamper import known_ids, tamper, tamperings
from provisioner.cli.emulator import ControlPlane, emulator_running
from provisioner.cli.judging import background, judge_site, readiness
from provisioner.cli.operations import applied, looked_at
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.report_folder import written
from provisioner.cli.workspace import Workspace, open_workspace, transport_to
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Transport
from provisioner.engine.drift import Finding
from provisioner.engine.executor import unfinished
from provisioner.engine.observe import Observed, observe
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.report.brand import brand_of
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import VerdictState

PACK = "soc2-fintech-api"
UNITS_A_MINUTE = 6_250
MOST_SITES = 100


@dataclass(slots=True)
class _Telling:
    """Who tells, and with what."""

    console: Console
    control: ControlPlane
    folder: Path
    today: date

    def open(self, chapter: story.Chapter, **facts: object) -> None:
        """The title of a chapter and its first words."""
        self.console.out("")
        self.console.out(self.console.paint(chapter.title, "bold"))
        for line in chapter.opening(**facts):
            self.console.out(f"  {line}")

    def close(self, chapter: story.Chapter, **facts: object) -> None:
        """What came of it."""
        for line in chapter.closing(**facts):
            self.console.out(f"  {self.console.paint(line, 'green')}")

    async def at(self, moment: datetime) -> None:
        """Set the tenant's clock."""
        self.control.call("PUT", "settings", {"clock": moment.astimezone(UTC).isoformat()})


async def tell(folder: Path, home: Path, today: date, console: Console) -> Path:
    """The whole story; gives the path of the report a person opens.

    Raises:
        ProvisionerError: when a chapter does not go as it should; what was done stays.
    """
    with emulator_running(home) as environment:
        telling = _Telling(console, ControlPlane(environment), folder, today)
        telling.control.call("PUT", "settings", {"resourceUnitsPerMinute": UNITS_A_MINUTE})
        try:
            return await _chapters(telling)
        finally:
            await telling.at(settings.now())


async def _chapters(telling: _Telling) -> Path:
    telling.open(story.WELCOME)
    await telling.at(datetime.combine(opening_day(telling.today), time(9), UTC))
    workspace = await _new_client(telling)
    progress = ConsoleProgress(telling.console)
    async with transport_to(workspace, progress) as transport:
        observed = await observe(transport, workspace.desired, progress)
        made = _plan(telling, workspace, observed)
        observed = await _apply(telling, transport, workspace, observed, made)
        ids = known_ids(observed.existing.values())
        await _file(telling, transport, workspace, ids)
        await telling.at(settings.now())
        verdicts = await _sync(telling, transport, workspace)
        telling.console.out("")
        for line in _highlights(verdicts):
            telling.console.out(f"  {line}")
        telling.open(story.TAMPER)
        for one in tamperings():
            telling.console.out(f"  - {one.what}")
        await tamper(transport, ids)
        html = await _look_and_report(telling, transport, workspace)
    later = telling.today + timedelta(days=30)
    telling.open(story.FAREWELL, folder=telling.folder, later=later)
    return html


async def _new_client(telling: _Telling) -> Workspace:
    """Write the client's file for a site that is not there yet, and check it."""
    start, end = demo_window(telling.today)
    telling.open(story.NEW_CLIENT, client=client_name(), start=start, end=end)
    file = telling.folder / "workspace.yaml"
    telling.folder.mkdir(parents=True, exist_ok=True)
    slug = slug_of(client_name())
    taken = {str(site["path"]) for site in telling.control.call("GET", "state")["sites"]}
    numbers = ("" if n == 1 else f"-{n}" for n in range(1, MOST_SITES))
    free = next((n for n in numbers if f"/sites/{slug}{n}-soc2" not in taken), None)
    if free is None:
        raise ProvisionerError(
            "DEMO-FULL",
            f"The local tenant already holds {MOST_SITES - 1} sites of this demo.",
            hint="Begin anew: provisioner emulator reset",
        )
    values = {"client": client_name(), "auditStart": start.isoformat(), "auditEnd": end.isoformat()}
    text = workspace_text(client_name(), f"{slug}{free}", PACK, values)
    file.write_text(text, "utf-8")
    items = [(item.id, item.cadence) for item in open_workspace(file).settings.evidence]
    more = {
        "people": dict(PEOPLE_BY_ROLE),
        "groups": [
            {"name": name, "members": [f"user:{one}" for one in some]}
            for name, some in MEMBERS.items()
        ],
        "evidence": catalogue_changes(telling.today, items),
    }
    file.write_text(f"{text}\n{_yaml(more)}", "utf-8")
    workspace = open_workspace(file)
    telling.close(story.NEW_CLIENT, file=file)
    return workspace


def _yaml(parts: Mapping[str, object]) -> str:
    """Parts of a workspace file, an entry a line; JSON is YAML too."""
    lines: list[str] = []
    for key, value in parts.items():
        lines.append(f"{key}:")
        if isinstance(value, Mapping):
            lines += [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
        elif isinstance(value, list):
            lines += [f"  - {json.dumps(one)}" for one in value]
    return "\n".join(lines) + "\n"


def _plan(telling: _Telling, workspace: Workspace, observed: Observed) -> Plan:
    telling.open(story.PLAN)
    made = plan(workspace.desired, observed, Options())
    telling.close(
        story.PLAN,
        create=made.summary()["create"],
        requests=made.cost.requests,
        permissions=", ".join(made.permissions),
    )
    return made


async def _apply(
    telling: _Telling, transport: Transport, workspace: Workspace, observed: Observed, made: Plan
) -> Observed:
    telling.open(story.APPLY)
    began = settings.now()
    receipt = await applied(transport, workspace, observed, made, Options(), telling.console)
    problem = unfinished(receipt)
    if problem is not None:
        raise problem
    seconds = (settings.now() - began).total_seconds()
    telling.close(story.APPLY, seconds=f"{seconds:.0f}", requests=receipt.stats.requests)
    return await observe(transport, workspace.desired, ConsoleProgress(telling.console))


async def _file(
    telling: _Telling,
    transport: Transport,
    workspace: Workspace,
    ids: Mapping[tuple[str, str], str],
) -> None:
    documents = demo_evidence(telling.today)
    telling.open(story.FILE, documents=len(documents))
    places = Places(
        ids["site", "id"],
        {key: ids[f"list:{key}", "id"] for key in sorted({one.library for one in documents})},
        ids["list:expected-evidence", "id"],
        ZoneInfo(workspace.desired.scope.time_zone),
    )
    progress = ConsoleProgress(telling.console)
    await file_evidence(transport, places, documents, telling.at, progress=progress)
    telling.close(story.FILE)


async def _sync(
    telling: _Telling, transport: Transport, workspace: Workspace
) -> tuple[Verdict, ...]:
    telling.open(story.SYNC, today=telling.today)
    done = await judge_site(transport, workspace, telling.console, today=telling.today)
    opened = [
        one
        for one in done.judgement.verdicts
        if one.state is VerdictState.OPEN and one.severity != "note"
    ]
    count = Counter(one.rule for one in opened)
    telling.console.out("")
    for rule, number in count.most_common():
        telling.console.out(f"  {number:>4}  {rule}")
    telling.close(story.SYNC, findings=len(opened))
    return done.judgement.verdicts


def _highlights(verdicts: Sequence[Verdict]) -> list[str]:
    """The findings worth a word, those that are really there."""
    there = {one.rule for one in verdicts if one.state is VerdictState.OPEN}
    return [
        line
        for one in story.HIGHLIGHTS
        if one.code in there
        for line in (f"{one.code}  {one.about}", f"    {one.lesson}")
    ]


async def _look_and_report(telling: _Telling, transport: Transport, workspace: Workspace) -> Path:
    telling.open(story.DRIFT)
    _, drift = await looked_at(transport, workspace, ConsoleProgress(telling.console))
    for finding in drift.findings:
        telling.console.out(f"  {finding.severity:<8}{finding.address} {finding.path}")
    expected = {(one.address, one.path, one.code) for one in tamperings()}
    named = {_named(finding) for finding in drift.findings}
    if named != expected:
        raise ProvisionerError(
            "DEMO-DRIFT",
            f"Drift should have named {len(expected)} changes, and it named {len(named)}.",
            hint="Report this with the list above: it is a fault of ours.",
        )
    telling.close(story.DRIFT, named=len(named), changes=len(expected))
    telling.open(story.REPORT)
    done = await judge_site(
        transport, workspace, telling.console, today=telling.today, dry_run=True
    )
    made = readiness(workspace, done, drift, await background(transport, workspace))
    html, document, *_ = written(made, telling.folder / "report", brand_of(workspace.loaded))
    telling.close(story.REPORT, html=html, json=document)
    return html


def _named(finding: Finding) -> tuple[str, str, str]:
    return finding.address, finding.path, finding.code

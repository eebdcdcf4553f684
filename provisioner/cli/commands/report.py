"""`provisioner report`: readiness, findings and the evidence index, for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli.console import Console
from provisioner.cli.shared_options import HERE, WorkspacePath, console_of, run

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.report.model import ReadinessReport

JSON_FILE = "report.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("report"),
) -> int:
    """Write how ready the evidence is, and why, as HTML, XLSX, CSV, Markdown and JSON. Reads only.

    Where the folder holds a report.json from before, the new report says what changed since.
    """
    from provisioner.cli.workspace import open_workspace

    console = console_of(context)
    made = run(_report(open_workspace(workspace), console, last_report(out)))
    for path in written(made, out):
        console.out(str(path))
    return 0


def last_report(folder: Path) -> Any:
    """The document of the report before; None where there is none that can be read."""
    try:
        return json.loads((folder / JSON_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def written(made: ReadinessReport, folder: Path) -> tuple[Path, ...]:
    """Every file of a report, written; the page and the JSON document come first. Raises `OSError`."""
    from provisioner.report import tables
    from provisioner.report.csv_tables import table_csv
    from provisioner.report.html import report_html
    from provisioner.report.json_report import report_json
    from provisioner.report.leadership_html import leadership_html
    from provisioner.report.report_markdown import report_markdown
    from provisioner.report.xlsx import report_xlsx

    document = json.dumps(report_json(made), indent=2, ensure_ascii=False) + "\n"
    files: dict[str, str | bytes] = {
        "report.html": report_html(made),
        JSON_FILE: document,
        "leadership.html": leadership_html(made),
        "report.xlsx": report_xlsx(made),
        # A spreadsheet takes a CSV file for UTF-8 only with a byte order mark.
        "evidence-index.csv": "\ufeff" + table_csv(tables.evidence_index(made)),
        "findings.csv": "\ufeff" + table_csv(tables.findings(made)),
        "report.md": report_markdown(made),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        (folder / name).write_bytes(data)
    return tuple(folder / name for name in files)


async def _report(opened: Workspace, console: Console, last: Any) -> ReadinessReport:
    from provisioner.cli.judging import background, judge_site, readiness
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import transport_to
    from provisioner.engine.observe import observe

    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        observed = await observe(transport, opened.desired, progress)
        today = opened.desired.scope.today
        done = await judge_site(transport, opened, console, today=today, dry_run=True)
        beside = await background(transport, opened, last)
        return readiness(opened, done, observed, transport, beside)

"""A drift report as Markdown: for a ticket, a pull request or a chat."""

from __future__ import annotations

from provisioner.engine.drift import DriftReport
from provisioner.engine.finding import Finding
from provisioner.report.drift_text import said, tally
from provisioner.report.markdown_cell import cell, words


def drift_markdown(report: DriftReport) -> str:
    """Findings as a table, the accepted ones in one of their own with their end date."""
    lines = [f"# Drift of {words(report.workspace)}", "", tally(report), ""]
    found = [one for one in report.findings if one.accepted is None]
    if found:
        lines += ["| Severity | Where | Difference | Code |", "|---|---|---|---|"]
        lines += [
            f"| {one.severity} | `{cell(one.address)}` | {words(said(one))} | {one.code} |"
            for one in found
        ]
        lines.append("")
    accepted = [(one, one.accepted) for one in report.findings if one.accepted is not None]
    if accepted:
        lines += [
            "## Accepted",
            "",
            "| Where | Difference | Until | By | Why |",
            "|---|---|---|---|---|",
        ]
        lines += [_accepted(one, who) for one, who in accepted]
        lines.append("")
    lines.append(f"Checked {report.checked_at:%Y-%m-%d %H:%M} UTC.")
    return "\n".join(lines) + "\n"


def _accepted(one: Finding, who: dict[str, str]) -> str:
    return (
        f"| `{cell(one.address)}` | {words(said(one))} | {who['expires']} "
        f"| {words(who['approver'])} | {words(who['reason'])} |"
    )

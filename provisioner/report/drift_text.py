"""A drift report for a terminal."""

from __future__ import annotations

from provisioner.engine.drift import DriftReport, Finding
from provisioner.report.differences import difference, short

WORDS = {
    "DRIFT-MISSING": "is gone from the site",
    "NOT-APPLIED": "is in the file and was never applied",
    "UNDECLARED": "is on the site and not in the file; it belongs to people and is left alone",
    "NOT-ADOPTED": "is as declared and not yet recorded; apply adopts it",
    "NO-LONGER-DECLARED": "is no longer in the file; it stays on the site",
}


def drift_text(report: DriftReport) -> str:
    """Findings, the worst first, each with what is expected and what is there."""
    if not report.findings:
        return "No drift: the site is as the file says."
    lines = [_line(finding) for finding in report.findings]
    count = sum(1 for f in report.findings if f.accepted is None and f.severity != "note")
    notes = sum(1 for f in report.findings if f.accepted is None and f.severity == "note")
    accepted = len(report.findings) - count - notes
    tail = f"{count} to look at, {notes} notes, {accepted} accepted."
    if report.expired_deviations:
        tail += f" {report.expired_deviations} accepted differences have passed their end date."
    return "\n".join([*lines, "", tail])


def _line(finding: Finding) -> str:
    head = f"{finding.severity:<8}{finding.address}"
    if finding.accepted is not None:
        until, who = finding.accepted["expires"], finding.accepted["approver"]
        return f"accepted {finding.address} {finding.path}: {short(finding.actual)} until {until} ({who})"
    if finding.path:
        said = f"{finding.path}: {difference(finding.expected, finding.actual)}"
    else:
        said = WORDS.get(finding.code, short(finding.actual))
    return f"{head} {said} ({finding.code})"

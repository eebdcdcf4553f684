"""A drift report for a terminal."""

from __future__ import annotations

from provisioner.engine.drift import DriftReport, Finding
from provisioner.engine.outlived import OUTLIVED
from provisioner.report.differences import difference, short

WORDS = {
    "DRIFT-MISSING": "is gone from the site",
    "NOT-APPLIED": "is in the file and was never applied",
    "UNDECLARED": "is on the site and not in the file; it belongs to people and is left alone",
    "NOT-ADOPTED": "is as declared and not yet recorded; apply adopts it",
    "NO-LONGER-DECLARED": "is no longer in the file; it stays on the site",
    "CLOSED-EVIDENCE-GONE": "is gone, and its audit period is closed",
}


def drift_text(report: DriftReport) -> str:
    """Findings, the worst first, each with what is expected and what is there."""
    if not report.findings:
        return tally(report)
    return "\n".join([*(_line(finding) for finding in report.findings), "", tally(report)])


def tally(report: DriftReport) -> str:
    """How much there is to look at, in a sentence."""
    if not report.findings:
        return "No drift: the site is as the file says."
    count = sum(1 for f in report.findings if f.accepted is None and f.severity != "note")
    notes = sum(1 for f in report.findings if f.accepted is None and f.severity == "note")
    accepted = len(report.findings) - count - notes
    text = f"{count} to look at, {notes} notes, {accepted} accepted."
    if report.expired_deviations:
        count = report.expired_deviations
        which = "accepted difference has" if count == 1 else "accepted differences have"
        text += f" {count} {which} passed the end date."
    return text


def said(finding: Finding) -> str:
    """What differs, after the address."""
    if finding.code == OUTLIVED:
        return f"is declared no more, and {finding.actual} accepts a difference there; take it out"
    if finding.path:
        return f"{finding.path}: {difference(finding.expected, finding.actual)}"
    return WORDS.get(finding.code, short(finding.actual))


def _line(finding: Finding) -> str:
    if finding.accepted is not None:
        until, who = finding.accepted["expires"], finding.accepted["approver"]
        return f"accepted {finding.address} {finding.path}: {short(finding.actual)} until {until} ({who})"
    return f"{finding.severity:<8}{finding.address} {said(finding)} ({finding.code})"

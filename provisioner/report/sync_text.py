"""What a sync run found, for a terminal: item states, then findings, the worst first."""

from __future__ import annotations

from collections import Counter

from provisioner.report.html_words import counted
from provisioner.sync.receipt import SyncRun
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import WORST_FIRST, Severity, VerdictState

SHOWN = 30


def sync_text(run: SyncRun) -> str:
    """Counts, then up to 30 findings with what to do next, then what was written."""
    judgement, writes = run.judgement, run.writes
    states = Counter(item.state for item in judgement.items.values())
    standing = ", ".join(f"{states[state]} {state}" for state in WORST_FIRST if states[state])
    opened = sorted(
        (v for v in judgement.verdicts if v.state is VerdictState.OPEN and v.severity != "note"),
        key=lambda v: (v.weight, v.subject),
    )
    lines = [
        f"As of {judgement.today}: {counted(len(judgement.items), 'expected item')}: {standing or 'none'}.",
        "",
    ]
    shown = opened[:SHOWN]
    for verdict, after in zip(shown, (*shown[1:], None), strict=True):
        lines += _lines(verdict, after)
    if len(opened) > SHOWN:
        lines.append(f"… and {len(opened) - SHOWN} more; --format json has all of them.")
    count = Counter(v.severity for v in opened)
    lines += [
        "",
        f"{counted(count[Severity.ERROR], 'error')}, {counted(count[Severity.WARNING], 'warning')}. "
        + (
            f"{counted(writes, 'write')} would be sent; this was a dry run."
            if run.dry_run
            else f"{counted(writes, 'write')} sent."
            if writes
            else "Nothing to write: nothing has changed."
        ),
    ]
    if run.held:
        lines.append(
            f"{counted(len(run.held), 'document')} could not be written on (checked out, locked "
            "or approved); what is said of them stands in Evidence Findings."
        )
    return "\n".join(lines)


def _lines(verdict: Verdict, after: Verdict | None) -> list[str]:
    """A finding; the next step is said once for findings of one rule that follow one another."""
    lines = [
        f"{verdict.severity:<8}{verdict.rule:<22}{verdict.subject}",
        f"        {verdict.message}",
    ]
    if after is not None and (after.rule, after.next) == (verdict.rule, verdict.next):
        return lines
    return [*lines, f"        Next: {verdict.next}"]

"""What a sync run found, for a terminal: item states, then findings, the worst first."""

from __future__ import annotations

from collections import Counter

from provisioner.sync.receipt import SyncRun
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import WORST_FIRST, Severity, VerdictState

SHOWN = 30


def sync_text(run: SyncRun) -> str:
    """Counts, then up to 30 findings with what to do next, then what was written."""
    judgement, writes = run.judgement, run.writes
    states = Counter(item.state for item in judgement.items.values())
    counted = ", ".join(f"{states[state]} {state}" for state in WORST_FIRST if states[state])
    opened = sorted(
        (v for v in judgement.verdicts if v.state is VerdictState.OPEN and v.severity != "note"),
        key=lambda v: (v.weight, v.subject),
    )
    lines = [
        f"As of {judgement.today}: {len(judgement.items)} expected items: {counted or 'none'}.",
        "",
    ]
    for verdict in opened[:SHOWN]:
        lines += _lines(verdict)
    if len(opened) > SHOWN:
        lines.append(f"… and {len(opened) - SHOWN} more; --format json has all of them.")
    count = Counter(v.severity for v in opened)
    lines += [
        "",
        f"{count[Severity.ERROR]} errors, {count[Severity.WARNING]} warnings. "
        + (
            f"{writes} writes would be sent; this was a dry run."
            if run.dry_run
            else f"{writes} writes sent."
            if writes
            else "Nothing to write: nothing has changed."
        ),
    ]
    if run.held:
        lines.append(
            f"{len(run.held)} documents could not be written on (checked out, locked or approved); "
            "what is said of them stands in Evidence Findings."
        )
    return "\n".join(lines)


def _lines(verdict: Verdict) -> list[str]:
    return [
        f"{verdict.severity:<8}{verdict.rule:<22}{verdict.subject}",
        f"        {verdict.message}",
        f"        Next: {verdict.next}",
    ]

"""What the ledger says of a workspace, for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from provisioner.core.address import split
from provisioner.kinds import kind_named
from provisioner.ledger.heartbeat import JobRun, days
from provisioner.ledger.lock import Seen
from provisioner.ledger.state import LedgerState
from provisioner.report.html_words import counted

API_VERSION = "provisioner/v1"


def status_json(
    workspace: str,
    url: str,
    ledger: LedgerState,
    lock: Seen | None,
    jobs: Sequence[JobRun],
    now: datetime,
) -> dict[str, Any]:
    """The `Status` document: the last runs, what is recorded, who works on the site, and which jobs run."""
    made = Counter(entry.kind for entry in ledger.objects.values() if entry.made)
    adopted = Counter(entry.kind for entry in ledger.objects.values() if not entry.made)
    return {
        "apiVersion": API_VERSION,
        "kind": "Status",
        "workspace": workspace,
        "url": url,
        "runs": [dict(one) for one in reversed(ledger.runs)],
        "lastReceipt": ledger.last_receipt,
        "objects": {
            "made": dict(sorted(made.items())),
            "adopted": dict(sorted(adopted.items())),
        },
        "lock": _lock_json(lock),
        "jobs": [one.json(now) for one in jobs],
    }


def _lock_json(lock: Seen | None) -> dict[str, Any] | None:
    if lock is None:
        return None
    holder = lock.holder
    return {
        "state": "free" if holder.free else "held",
        "runId": holder.run,
        "host": holder.host,
        "since": f"{lock.since:%Y-%m-%dT%H:%M:%SZ}",
        "until": None if holder.free else f"{lock.until:%Y-%m-%dT%H:%M:%SZ}",
        "unfinished": holder.prior or None,
    }


def status_text(document: Mapping[str, Any]) -> str:
    """The document in plain lines, the last run first."""
    lines = [str(document["url"])]
    for title, word in (("made by us", "made"), ("taken over", "adopted")):
        count = document["objects"][word]
        if count:
            lines.append(f"{counted(sum(count.values()), 'part')} {title}:")
            most_first = sorted(count.items(), key=lambda one: -one[1])
            lines += [f"  {number:>5}  {_kind(kind)}" for kind, number in most_first]
    runs = document["runs"]
    lines.append("Last runs:" if runs else "No runs are recorded.")
    for run in runs:
        counts = ", ".join(f"{number} {status}" for status, number in run["results"].items())
        more = "".join(f", {word} {run[word]}" for word in ("resumes", "undoes") if run.get(word))
        lines.append(f"  {run['finishedAt']}  {run['runId']}  {counts or 'nothing'}{more}")
    lines += [_job_line(one) for one in document["jobs"]]
    lines.append(_lock_line(document["lock"]))
    return "\n".join(lines)


def _kind(kind: str) -> str:
    return kind_named(split(kind)[0]).title


def _job_line(job: Mapping[str, Any]) -> str:
    if job["lastRun"] is None:
        return f"Scheduled {job['job']}: no run is noted. `--heartbeat` notes one."
    every = f"every {days(job['everyDays'])}" if job["everyDays"] else "nobody says how often"
    line = f"Scheduled {job['job']}: last ran {job['lastRun']} ({every})"
    if job["silent"]:
        return f"JOB-SILENT  {line}; nothing was heard by {job['silentAfter']}."
    return f"{line}: {job['lastResult']}." if job["lastResult"] else f"{line}."


def _lock_line(lock: Mapping[str, Any] | None) -> str:
    if lock is None:
        return "The site has no lock yet; the next apply makes it."
    if lock["state"] == "free" and lock["unfinished"]:
        return f"Nobody works on the site. Run {lock['unfinished']} ended without recording all."
    if lock["state"] == "free":
        return "Nobody works on the site."
    return (
        f"Run {lock['runId']} on {lock['host']} works on the site, or was cut off; its lease ends "
        f"at {lock['until']} unless it goes on."
    )

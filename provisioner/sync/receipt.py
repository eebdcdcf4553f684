"""What a run did, as a value, and the `SyncReceipt` document made of it.

Keys of the document are a contract: `workspace, asOf, window, verdicts, summary, writes, findings,
stats`. Beside them stands what people want to know of a run that did not go quite as planned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from provisioner.core.transport import Stats
from provisioner.ledger.heartbeat import JobRun
from provisioner.sync.collect_site import Places
from provisioner.sync.facts import AuditPeriod, EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.shelves import FileRow
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import VerdictState
from provisioner.sync.writeback_findings import Happening
from provisioner.sync.writeback_send import Unsent

API_VERSION = "provisioner/v1"


@dataclass(frozen=True, slots=True)
class WriteCounts:
    """Writes by where they go. On a dry run: those that would be sent."""

    documents: int = 0
    items: int = 0
    waivers: int = 0
    index: int = 0
    findings: int = 0
    kept: int = 0
    requests: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        row_writes = self.items + self.waivers + self.requests + self.index + self.findings
        return self.documents + row_writes + self.kept


@dataclass(frozen=True, slots=True)
class SyncRun:
    """What a run read, decided and did.

    `libraries` are titles by key. `findings` counts rows opened (again), updated and resolved. `held`
    says, by document key, why its verdict stands in Evidence Findings alone; `unsent` are writes that
    did not come through and are tried again by the next run. `notes` are sentences for people.
    `places` is where things are on the site, `files` the documents as files, by their keys. `jobs` are
    the scheduled jobs as they stood when the run began.
    """

    workspace: str
    facts: EvidenceFacts
    judgement: Judgement
    at: datetime
    dry_run: bool
    changed: int
    written: WriteCounts
    findings: Mapping[Happening, int]
    held: Mapping[str, str]
    unsent: tuple[Unsent, ...]
    notes: tuple[str, ...]
    stats: Stats
    libraries: Mapping[str, str] = field(default_factory=dict)
    places: Places | None = None
    files: Mapping[str, FileRow] = field(default_factory=dict)
    jobs: tuple[JobRun, ...] = ()

    @property
    def writes(self) -> int:
        """How many writes were sent and done, or on a dry run would be sent."""
        return self.written.total

    def receipt(self, *, seconds: float = 0.0) -> dict[str, Any]:
        """The `SyncReceipt` as JSON values. `seconds`: how long the run took by the caller's clock."""
        return sync_receipt(self, seconds=seconds)


def sync_receipt(run: SyncRun, *, seconds: float = 0.0) -> dict[str, Any]:
    """The receipt of a run as JSON values. `seconds`: how long it took by the caller's clock."""
    stats = run.stats
    return {
        "apiVersion": API_VERSION,
        "kind": "SyncReceipt",
        "workspace": run.workspace,
        "asOf": run.judgement.today.isoformat(),
        "at": run.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dryRun": run.dry_run,
        "policy": run.judgement.policy,
        "window": [_window(one) for one in run.judgement.windows],
        "verdicts": [_verdict(one) for one in run.judgement.verdicts],
        "summary": {
            "byState": _counted(str(one.state) for one in run.judgement.items.values()),
            "byRule": _counted(
                one.rule for one in run.judgement.verdicts if one.state is VerdictState.OPEN
            ),
            "byLibrary": _by_library(run),
        },
        "changed": run.changed,
        "writes": run.writes,
        "written": {
            "documents": run.written.documents,
            "items": run.written.items,
            "waivers": run.written.waivers,
            "requests": run.written.requests,
            "index": run.written.index,
            "findings": run.written.findings,
            "kept": run.written.kept,
        },
        "findings": {name: run.findings.get(name, 0) for name in ("opened", "updated", "resolved")},
        "held": [{"document": key, "why": why} for key, why in sorted(run.held.items())],
        "unsent": [
            {"subject": one.about, "code": one.code, "status": one.status, "message": one.message}
            for one in run.unsent
        ],
        "notes": list(run.notes),
        "jobs": [one.json(run.at) for one in run.jobs],
        "stats": {
            "requests": stats.requests,
            "roundTrips": stats.round_trips,
            "resourceUnits": stats.resource_units,
            "retries": stats.retries,
            "throttledSeconds": round(stats.throttled_seconds, 3),
            "seconds": round(seconds, 3),
        },
    }


def _window(period: AuditPeriod) -> dict[str, Any]:
    days = period.days
    last = None if days is None else days.last
    return {
        "id": period.id,
        "name": period.name,
        "type": str(period.type),
        "from": None if days is None else days.first.isoformat(),
        "to": None if last is None else last.isoformat(),
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {"subject": one.subject, "item": one.item}
    if one.document is not None:
        found["document"] = one.document
    return found | {
        "rule": one.rule,
        "state": str(one.state),
        "severity": str(one.severity),
        "message": one.message,
        "facts": dict(one.facts),
        "next": one.next,
    }


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _by_library(run: SyncRun) -> Mapping[str, Mapping[str, int]]:
    """How many expected items of each library stand in each state."""
    found: dict[str, Counter[str]] = {}
    for item in run.facts.items:
        state = run.judgement.items[item.id].state
        found.setdefault(item.library, Counter())[str(state)] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}

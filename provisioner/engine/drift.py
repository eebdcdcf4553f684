"""A drift check: the planner's differences as findings. It reads, and has no way to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from provisioner.core.address import SITE, parent_of
from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Action, Change, Severity
from provisioner.core.transport import Stats
from provisioner.engine.comparing import changed_outside
from provisioner.engine.desired import Desired
from provisioner.engine.drift_access import SEVERITY, grant_findings, group_code
from provisioner.engine.drift_lists import list_findings, silent_jobs
from provisioner.engine.drift_site_access import site_findings
from provisioner.engine.finding import Finding
from provisioner.engine.observe import Observed
from provisioner.engine.plan import API_VERSION, Blocked, Plan
from provisioner.kinds import kind_named
from provisioner.kinds.access import LINK
from provisioner.kinds.site_access import ADMINISTRATOR, SITE_GRANT
from provisioner.ledger.heartbeat import JobRun
from provisioner.spec.deviations import Deviation

__all__ = ["RANK", "DriftReport", "Finding", "drift_report", "stats_json"]
_NEVER_EXTRA = frozenset({"principal", "role", "permissions", LINK, ADMINISTRATOR, SITE_GRANT})
"""Kinds that come with the site, or whose findings have codes of their own."""
RANK: dict[Severity, int] = {"note": 0, "warning": 1, "error": 2}


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What differs between the file and the site."""

    workspace: str
    checked_at: datetime
    findings: tuple[Finding, ...]
    expired_deviations: int
    stats: Stats

    def worst(self) -> int:
        """Rank of the worst finding that nobody accepted; -1 when there is none."""
        return max((RANK[f.severity] for f in self.findings if f.accepted is None), default=-1)

    def json(self) -> dict[str, Any]:
        """The `DriftReport` document of the command line."""
        open_findings = [f for f in self.findings if f.accepted is None]
        return {
            "apiVersion": API_VERSION,
            "kind": "DriftReport",
            "workspace": self.workspace,
            "checkedAt": self.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "findings": [finding.json() for finding in self.findings],
            "summary": {
                "findings": len(open_findings),
                "accepted": len(self.findings) - len(open_findings),
                "expiredDeviations": self.expired_deviations,
            },
            "stats": stats_json(self.stats),
        }


def stats_json(stats: Stats) -> dict[str, float]:
    """What a run cost, with the keys of the command line."""
    return {
        "requests": stats.requests,
        "roundTrips": stats.round_trips,
        "resourceUnits": stats.resource_units,
        "retries": stats.retries,
        "throttledSeconds": round(stats.throttled_seconds, 3),
    }


def drift_report(
    desired: Desired,
    observed: Observed,
    plan: Plan,
    deviations: Sequence[Deviation],
    *,
    now: datetime,
    today: date,
    stats: Stats,
    silent: Sequence[JobRun] = (),
) -> DriftReport:
    """Findings from a plan, most severe first, then by address. `silent`: jobs that should have run."""
    findings = [f for change in plan.changes for f in _of_change(change, observed, plan)]
    findings += [one for blocked in plan.blocked for one in _of_blocked(blocked)]
    findings += [
        Finding(
            note.code, "note", note.address, note.path, note.expected, note.reason or note.actual
        )
        for note in plan.notes
    ]
    findings += [
        Finding(
            "DRIFT-CHANGED",
            "note",
            note.address,
            note.path,
            note.expected,
            note.actual,
            {"reason": note.reason, "approver": note.approver, "expires": note.expires},
        )
        for note in plan.accepted
    ]
    findings += [*_extras(desired, observed), *list_findings(desired, observed)]
    in_force = [deviation for deviation in deviations if deviation.expires >= today]
    unplanned = [*site_findings(desired, observed), *silent_jobs(silent)]
    findings += [_judged(finding, in_force) for finding in unplanned]
    findings = _once(findings)
    findings.sort(key=lambda f: (-RANK[f.severity], f.address, f.path))
    expired = sum(1 for deviation in deviations if deviation.expires < today)
    return DriftReport(desired.name, now, tuple(findings), expired, stats)


def _judged(finding: Finding, deviations: Iterable[Deviation]) -> Finding:
    """The finding, with who accepted it where a deviation names it and the value that is there."""
    for one in deviations:
        named = one.address == finding.address and one.path in {finding.path, ""}
        if named and canonical_json(one.value) == canonical_json(finding.actual):
            who = {"reason": one.reason, "approver": one.approver, "expires": str(one.expires)}
            return replace(finding, severity="note", accepted=who)
    return finding


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """A guest among declared members differs from the file as well: the guest is what is said."""
    made = list(findings)
    guests = {(one.address, one.path) for one in made if one.code == "ACCESS-GUEST"}
    return [
        one
        for one in made
        if one.code not in {"DRIFT-CHANGED", "ACCESS-MEMBER"}
        or (one.address, one.path) not in guests
        or one.accepted is not None
    ]


def _of_change(change: Change, observed: Observed, plan: Plan) -> Iterable[Finding]:
    if change.action is Action.CREATE:
        absent = {c.address: c.kind for c in plan.changes if c.action is Action.CREATE}
        inside = parent_of(change.address) in absent
        inside = inside or any(absent.get(one) == change.kind == "folder" for one in change.depends)
        if change.address != SITE and inside:
            return  # the finding for what it lies in says it
        recorded = change.address in observed.ledger.objects
        code = "DRIFT-MISSING" if recorded else "NOT-APPLIED"
        yield Finding(code, "error", change.address, "", "present", "absent")
    elif change.action is Action.UPDATE and change.kind == "permissions":
        entry = observed.ledger.objects.get(change.address)
        yield from grant_findings(change, entry.properties if entry is not None else None)
    elif change.action is Action.UPDATE:
        follows = kind_named(change.kind).follows
        for field in (f for f in change.fields if f.path not in follows):
            if field.path == "order" and _has_gaps_only(change):
                continue  # the findings for the missing entries say it
            outside = changed_outside(change, observed.ledger, field.path)
            code = "DRIFT-CHANGED" if outside else "NOT-APPLIED"
            severity: Severity = "error" if change.risk == "high" else "warning"
            if outside and change.kind == "group":
                code = group_code(change, field)
                severity = SEVERITY.get(code, severity)
            yield Finding(code, severity, change.address, field.path, field.after, field.before)
    elif change.action is Action.ADOPT:
        yield Finding("NOT-ADOPTED", "note", change.address, "", "recorded", "not recorded")
    elif change.action is Action.FORGET:
        yield Finding("NO-LONGER-DECLARED", "note", change.address, "", "absent", "present")


def _has_gaps_only(change: Change) -> bool:
    """Whether what is there stands in the declared order, and only some of it is missing."""
    if change.kind != "navigationBar" or change.desired is None or change.existing is None:
        return False
    found = list(change.existing.properties["order"])
    return found == [one for one in change.desired.properties["order"] if one in found]


def _of_blocked(blocked: Blocked) -> Iterable[Finding]:
    """One for each property that cannot be changed in place, else one for the whole."""
    for field in blocked.fields:
        yield Finding(blocked.code, "error", blocked.address, field.path, field.after, field.before)
    if not blocked.fields:
        yield Finding(blocked.code, "error", blocked.address, "", None, blocked.message)


def _extras(desired: Desired, observed: Observed) -> Iterable[Finding]:
    for existing in observed.existing.values():
        inside = parent_of(existing.address)
        if existing.declared or existing.builtin or existing.address in observed.ledger.objects:
            continue
        if existing.address in observed.ledger.baseline:
            continue
        if existing.kind in _NEVER_EXTRA or inside not in {SITE, *desired.resources}:
            continue
        if existing.kind == "view" and f"{inside}/viewOwnership" in desired.resources:
            continue  # the finding of who owns the views names it
        yield Finding("UNDECLARED", "note", existing.address, "", "absent", "present")

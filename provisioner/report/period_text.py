"""What opening, closing or reopening an audit period does, as JSON and for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from provisioner.sync.facts import AuditPeriod, ExpectedItem, Span
from provisioner.sync.freezing import Target
from provisioner.sync.job import SyncRun
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import VerdictState

_SHOWN = 10


class Listed(Protocol):
    """A row of Audit Periods."""

    @property
    def period(self) -> AuditPeriod:
        """What it says."""


def opening_json(
    workspace: str,
    name: str,
    days: Span,
    like: Listed | None,
    expected: Sequence[ExpectedItem],
    run: SyncRun,
) -> dict[str, Any]:
    """The `PeriodPlan` of an opening: what is expected in it, and what stays with earlier ones."""
    windows = {one.id for one in run.facts.periods}
    open_now = [one for one in run.judgement.verdicts if one.state is VerdictState.OPEN]
    cadences = Counter(str(one.cadence) for one in expected if one.cadence is not None)
    return {
        **_head(workspace, "open", name, days),
        "auditor": like.period.auditor or None if like is not None else None,
        "scope": list(like.period.criteria) if like is not None else [],
        "expectedItems": len(expected),
        "byCadence": dict(sorted(cadences.items())),
        "findingsThatStay": sum(one.about.window in windows for one in open_now),
        "requestsThatStay": sum(
            one.status not in ("Closed", "Withdrawn") for one in run.facts.requests
        ),
        "state": "Open",
        "needed": True,
        "done": False,
    }


def opened_already(workspace: str, name: str, days: Span) -> dict[str, Any]:
    """The `PeriodPlan` of an opening for which there is nothing to do."""
    head = _head(workspace, "open", name, days)
    return {**head, "state": "Open", "needed": False, "done": True}


def closing_json(
    workspace: str,
    row: Listed,
    against: Sequence[Verdict],
    targets: Sequence[Target],
    package: Path | None,
    apart: Collection[str] = (),
) -> dict[str, Any]:
    """The `PeriodPlan` of a closing. `apart`: documents with permissions of their own, left alone."""
    return {
        **_head(workspace, "close", row.period.name, row.period.days),
        "documents": len(targets),
        "byLibrary": dict(sorted(Counter(_library(one) for one in targets).items())),
        "leftAlone": sorted(apart),
        "objections": [
            {"rule": one.rule, "subject": one.subject, "message": one.message} for one in against
        ],
        "package": None if package is None else str(package),
    }


def reopening_json(
    workspace: str, row: Listed, targets: Sequence[Target], state: str, reason: str
) -> dict[str, Any]:
    """The `PeriodPlan` of a reopening."""
    return {
        **_head(workspace, "reopen", row.period.name, row.period.days),
        "documents": len(targets),
        "byLibrary": dict(sorted(Counter(_library(one) for one in targets).items())),
        "state": state,
        "reason": reason,
        "needed": True,
        "done": False,
    }


def _head(workspace: str, action: str, name: str, days: Span | None) -> dict[str, Any]:
    return {
        "apiVersion": "provisioner/v1",
        "kind": "PeriodPlan",
        "workspace": workspace,
        "action": action,
        "period": name,
        "from": days.first.isoformat() if days is not None else None,
        "to": days.last.isoformat() if days is not None and days.last is not None else None,
    }


def _library(target: Target) -> str:
    return target.key.rpartition("/")[0]


def period_text(document: Mapping[str, Any]) -> str:
    """The document in plain lines."""
    name, action = document["period"], document["action"]
    if not document["needed"]:
        return f'The audit period "{name}" is {"open" if action == "open" else "closed"} already.'
    lines = [f'{action.capitalize()} "{name}", {document["from"]} to {document["to"]}']
    lines += _opening(document) if action == "open" else _documents(document)
    return "\n".join(lines)


def _opening(document: Mapping[str, Any]) -> list[str]:
    cadences = ", ".join(f"{count} {word}" for word, count in document["byCadence"].items())
    return [
        f"+ a row on Audit Periods, in scope: {', '.join(document['scope']) or 'nothing yet'}",
        f"  {document['expectedItems']} items are expected in it: {cadences or 'none'}",
        f"  {document['findingsThatStay']} findings and {document['requestsThatStay']} requests",
        "    stay with the periods they are of",
        "  Registers go on as they are; the next sync judges the new period.",
    ]


def _documents(document: Mapping[str, Any]) -> list[str]:
    verb = "become read-only" if document["action"] == "close" else "inherit again"
    lines = [f"~ {document['documents']} documents {verb}"]
    lines += [f"    {count} in {library}" for library, count in document["byLibrary"].items()]
    if document.get("leftAlone"):
        lines.append(f"  {len(document['leftAlone'])} have permissions of their own and keep them")
    for one in document.get("objections", ())[:_SHOWN]:
        lines.append(f"x {one['rule']}  {one['message']}")
    if document.get("package"):
        lines.append(f"+ the package {document['package']}")
    lines.append(f"~ its row on Audit Periods: {document.get('state') or 'Closed'}")
    return lines

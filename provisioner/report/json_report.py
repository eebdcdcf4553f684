"""A readiness report as JSON: the same model, camelCase keys, dates as ISO text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from provisioner.engine.plan import API_VERSION
from provisioner.report.questions import Answered
from provisioner.report.readiness import ReadinessReport
from provisioner.report.readiness_lines import Tally


def report_json(report: ReadinessReport) -> dict[str, Any]:
    """The `ReadinessReport` document: JSON values only, the same keys whatever was found."""
    return {
        "apiVersion": API_VERSION,
        "kind": "ReadinessReport",
        "workspace": report.workspace,
        "client": report.client,
        "siteUrl": report.site_url,
        "generatedAt": moment(report.generated_at),
        "today": report.today.isoformat(),
        "policy": report.policy,
        "headline": _plain(report.headline),
        "windows": _plain(report.windows),
        "criteria": _plain(report.criteria),
        "libraries": _plain(report.libraries),
        "controlAreas": _plain(report.areas),
        "items": _plain(report.items),
        "attention": _plain(report.attention),
        "waived": _plain(report.waived),
        "evidence": _plain(report.evidence),
        "coverage": _plain(report.coverage),
        "gaps": [
            {
                "rule": gap.rule,
                "item": gap.item,
                "title": gap.title,
                "part": gap.part,
                "window": gap.window,
                "days": [{"from": first, "to": last} for first, last in gap.days],
            }
            for gap in report.gaps
        ],
        "rules": _plain(report.rules),
        "drift": None if report.drift is None else report.drift.json(),
        "checklist": [_answered(one) for one in report.checklist],
        "buyers": [_answered(one) for one in report.buyers],
        "waiting": _plain(report.waiting),
        "trend": _plain(report.trend),
        "changes": _plain(report.changes),
    }


def _answered(one: Answered) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "question": one.question.text,
        "theme": one.question.theme,
        "answer": str(one.reply),
        "why": one.why,
        "teamAnswer": one.question.team,
        "proof": _plain(one.proofs),
    }


def moment(when: datetime) -> str:
    """A moment as text in UTC; one without a zone is taken to be UTC."""
    aware = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "items": tally.items,
        "judged": tally.judged,
        "holding": tally.holding,
        "share": None if tally.share is None else round(tally.share, 4),
        "states": {str(state): count for state, count in tally.states},
    }


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, (type, Tally)):
        return {_camel(one.name): _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return _tally(value) if isinstance(value, Tally) else _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)

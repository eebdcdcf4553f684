"""A readiness report as one HTML page that needs nothing else: no network, no fonts, no other file.

What people wrote is hostile until shown: the templates escape everything, links are made only by
`links.safe_link`, and the page's own policy lets it run and style nothing but what it came with
(Content-Security-Policy with hashes, https://www.w3.org/TR/CSP3/).
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provisioner.report import html_words as words
from provisioner.report.differences import difference, short
from provisioner.report.drift_text import WORDS as DRIFT_WORDS
from provisioner.report.html_charts import best_first, heat_map, stacked
from provisioner.report.html_tasks import tasks
from provisioner.report.readiness import HOLDING, ItemLine, ReadinessReport
from provisioner.sync.vocabulary import ItemState

OPEN_TASKS = 5
"""So many items stand unfolded when there are more than `FOLD_FROM`."""
FOLD_FROM = 12
_UPCOMING = 12


def report_html(report: ReadinessReport) -> str:
    """The whole page, as text to be written in UTF-8. The same report always gives the same text."""
    environment = _environment()
    css, script = (_part(environment, name) for name in ("report.css", "report.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(css)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    rows = {item.id: f"item-{place}" for place, item in enumerate(report.items, 1)}
    return environment.get_template("report.html").render(
        report=report,
        css=Markup(css),  # noqa: S704 - our own file, and hashed in the policy
        script=Markup(script),  # noqa: S704 - the same
        content_policy=policy,
        generated=_moment(report.generated_at),
        tasks=tasks(report.attention),
        open_tasks=len(report.attention) if len(report.attention) <= FOLD_FROM else OPEN_TASKS,
        maps=tuple(heat_map(one, report.today) for one in report.coverage),
        anchors=_anchors(report, rows),
        items={item.id: item for item in report.items},
        upcoming=_upcoming(report),
        statuses=sorted({one.status for one in report.evidence if one.status}),
        freshnesses=sorted({str(one.freshness) for one in report.evidence if one.freshness}),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("provisioner.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=words.shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "tone": words.tone,
        "day": words.day,
        "iso_day": words.iso_day,
        "percent": words.percent,
        "counted": words.counted,
        "initial": words.initial,
        "best_first": best_first,
        "stacked": stacked,
        "short": short,
        "difference": difference,
        "without": words.without,
    }
    environment.globals |= {
        "SIGNS": words.SIGNS,
        "MEANINGS": words.MEANINGS,
        "STATES": tuple(ItemState),
        "HOLDING": HOLDING,
        "DRIFT_WORDS": DRIFT_WORDS,
    }
    return environment


def _part(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def _moment(when: datetime) -> str:
    aware = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return f"{words.day(aware.date())}, {aware:%H:%M} UTC"


def _anchors(report: ReadinessReport, rows: dict[str, str]) -> dict[str, str]:
    """Where an item's first row on a heat map is; ids are numbered, since item ids are people's words."""
    shown = {row.item for one in report.coverage for row in one.rows}
    return {item: anchor for item, anchor in rows.items() if item in shown}


def _upcoming(report: ReadinessReport) -> tuple[ItemLine, ...]:
    due: list[Any] = [
        (item.next_due, item.id, item)
        for item in report.items
        if item.next_due is not None and item.next_due >= report.today
    ]
    return tuple(item for _, _, item in sorted(due, key=lambda one: one[:2])[:_UPCOMING])

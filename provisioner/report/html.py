"""A readiness report as one HTML page; `html_page` says how it stays self-contained and safe."""

from __future__ import annotations

from typing import Any

from provisioner.report.ageing import by_person
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html_charts import heat_map
from provisioner.report.html_page import moment, page
from provisioner.report.html_tasks import tasks
from provisioner.report.html_trend import trend_chart
from provisioner.report.html_words import day
from provisioner.report.readiness import ReadinessReport
from provisioner.report.readiness_lines import ItemLine

OPEN_TASKS = 5
"""So many items stand unfolded when there are more than `FOLD_FROM`."""
FOLD_FROM = 12
_UPCOMING = 12
_MOST_WAITING = 20
_MOST_CHANGES = 20
_MOST_TOLD = 12


def report_html(report: ReadinessReport, brand: Brand = PLAIN) -> str:
    """The whole page, as text to be written in UTF-8. The same report always gives the same text."""
    rows = {item.id: f"item-{place}" for place, item in enumerate(report.items, 1)}
    return page(
        "report.html",
        {
            "report": report,
            "generated": moment(report.generated_at),
            "tasks": tasks(report.attention),
            "open_tasks": len(report.attention)
            if len(report.attention) <= FOLD_FROM
            else OPEN_TASKS,
            "maps": tuple(heat_map(one, report.today) for one in report.coverage),
            "anchors": _anchors(report, rows),
            "items": {item.id: item for item in report.items},
            "upcoming": upcoming(report),
            "trend": trend_chart(report.trend),
            "waiting_for": by_person(report.waiting),
            "most_waiting": _MOST_WAITING,
            "most_changes": _MOST_CHANGES,
            "most_told": _MOST_TOLD,
            "statuses": sorted({one.status for one in report.evidence if one.status}),
            "freshnesses": sorted({str(one.freshness) for one in report.evidence if one.freshness}),
        },
        brand,
        foot=f"{report.client}, evidence readiness as of {day(report.today)}",
    )


def _anchors(report: ReadinessReport, rows: dict[str, str]) -> dict[str, str]:
    """Where an item's first row on a heat map is; ids are numbered, since item ids are people's words."""
    shown = {row.item for one in report.coverage for row in one.rows}
    return {item: anchor for item, anchor in rows.items() if item in shown}


def upcoming(report: ReadinessReport) -> tuple[ItemLine, ...]:
    """Items whose next slot is not covered yet, by its last day."""
    due: list[Any] = [
        (item.next_due, item.id, item)
        for item in report.items
        if item.next_due is not None and item.next_due >= report.today
    ]
    return tuple(item for _, _, item in sorted(due, key=lambda one: one[:2])[:_UPCOMING])

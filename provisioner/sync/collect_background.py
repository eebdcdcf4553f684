"""What a report shows beside the verdicts: questions, the days of findings, and document versions.

Lists are read by their URL ("GetList", learn.microsoft.com, "Working with lists and list items with
REST"), so that their titles may be in any language. A list the site does not have gives no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from provisioner.core.transport import Reading, Transport
from provisioner.sync import columns
from provisioner.sync.collect_site import FINDINGS, REST_READ, SiteHandle

CHECKLIST = "readiness-checklist"
ANSWERS = "questionnaire-answers"
_VERSION = "OData__UIVersionString"


@dataclass(frozen=True, slots=True)
class FindingSpan:
    """A row of Evidence Findings: its severity, when it was first seen, and when it was resolved."""

    severity: str
    first_seen: date
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class BackgroundRows:
    """The rows as texts by internal name; versions ("2.0") by document key."""

    checklist: tuple[Mapping[str, str], ...] = ()
    answers: tuple[Mapping[str, str], ...] = ()
    findings: tuple[FindingSpan, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


async def read_background(transport: Transport, site: SiteHandle) -> BackgroundRows:
    """One round trip of readings. Raises what the transport raises."""
    lists = {
        key: _rows_of(f"{site.path}/Lists/{site.lists[key]}")
        for key in (CHECKLIST, ANSWERS, FINDINGS)
        if key in site.lists
    }
    libraries = {
        key: _rows_of(f"{site.path}/{url}", f"Id,{_VERSION}") for key, url in site.libraries.items()
    }
    answers = await transport.read([*lists.values(), *libraries.values()])

    def rows(reading: Reading | None) -> list[Mapping[str, Any]]:
        answer = answers[reading] if reading is not None else None
        return list(answer.body.get("value", [])) if answer and answer.status == 200 else []

    return BackgroundRows(
        checklist=_texts(rows(lists.get(CHECKLIST))),
        answers=_texts(rows(lists.get(ANSWERS))),
        findings=tuple(_spans(rows(lists.get(FINDINGS)), ZoneInfo(site.time_zone))),
        versions={
            f"{key}/{row['Id']}": str(row[_VERSION])
            for key, reading in libraries.items()
            for row in rows(reading)
            if row.get(_VERSION)
        },
    )


def _rows_of(url: str, select: str = "") -> Reading:
    address = quote(url.replace("'", "''"), safe="/'")
    chosen = f"$select={select}&" if select else ""
    return Reading(
        "sharepoint",
        f"/_api/web/GetList('{address}')/items?{chosen}$top=5000",
        cost=2,
        pages=True,
        absent_ok=True,
        permission=REST_READ,
    )


def _texts(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {name: value for name, value in row.items() if isinstance(value, str)} for row in rows
    )


def _spans(rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> Iterable[FindingSpan]:
    for row in rows:
        first = columns.day(row, "FirstSeen", zone)
        if first is not None:
            resolved = columns.day(row, "ResolvedOn", zone)
            yield FindingSpan(str(row.get("Severity") or ""), first, resolved)

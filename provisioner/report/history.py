"""What changed since the last report, and how open findings went up and down.

The last report is the report.json that stands where the new one is written; the trend comes from the
rows of Evidence Findings, which carry the days a finding was first seen and resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from provisioner.report.readiness_lines import (
    HOLDING,
    UNJUDGED,
    Attention,
    FindingLine,
    ItemLine,
    Tally,
)
from provisioner.sync.collect_background import FindingSpan
from provisioner.sync.vocabulary import WORST_FIRST, ItemState, Severity

DIRECTIONS = ("worse", "otherwise", "better")
WEEKS = 26
"""A trend goes back so many weeks at most."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How many findings were open at the end of a day."""

    day: date
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Moved:
    """An item whose state is another than in the last report.

    `direction` is "worse", "otherwise" (as from Fresh to Due soon or Not yet due, the way of things) or
    "better".
    """

    item: str
    title: str
    before: ItemState
    after: ItemState
    direction: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the last report of the same workspace, which was about the day `since`.

    `opened` are findings that were not there, `closed` the words of those that no longer are.
    """

    since: date
    share_before: float | None
    share_after: float | None
    moved: tuple[Moved, ...]
    opened: tuple[FindingLine, ...]
    closed: tuple[str, ...]


def trend(rows: Iterable[FindingSpan], today: date) -> tuple[TrendPoint, ...]:
    """Open errors and warnings week by week up to today, oldest first; () where there is no past.

    A finding that came back counts from the first time it was seen: the list keeps no more than that.
    """
    known = [one for one in rows if one.first_seen <= today]
    if not known:
        return ()
    first = min(one.first_seen for one in known)
    weeks = min((today - first).days // 7, WEEKS)
    if weeks < 1:
        return ()
    return tuple(
        _point(known, today - timedelta(weeks=weeks - index)) for index in range(weeks + 1)
    )


def _point(rows: Sequence[FindingSpan], day: date) -> TrendPoint:
    is_open = [
        one.severity
        for one in rows
        if one.first_seen <= day and (one.resolved_on is None or one.resolved_on > day)
    ]
    return TrendPoint(day, is_open.count(Severity.ERROR), is_open.count(Severity.WARNING))


def changes(
    last: Any,
    *,
    workspace: str,
    today: date,
    tally: Tally,
    items: Sequence[ItemLine],
    attention: Sequence[Attention],
) -> Changes | None:
    """What is different from the last report's document.

    None when there is no last report, when it is of another workspace or a later day, or when it
    cannot be read: then nothing is claimed.
    """
    try:
        since = date.fromisoformat(last["today"])
        if last["kind"] != "ReadinessReport" or last["workspace"] != workspace or since > today:
            return None
        share = last["headline"]["tally"]["share"]
        states = {str(one["id"]): ItemState(one["state"]) for one in last["items"]}
        told = {
            (str(one["rule"]), str(one["subject"])): str(one["what"])
            for group in last["attention"]
            for one in group["findings"]
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    found = {(one.rule, one.subject): one for group in attention for one in group.findings}
    return Changes(
        since=since,
        share_before=share if isinstance(share, float | int) else None,
        share_after=tally.share,
        moved=_moved(states, items),
        opened=tuple(one for key, one in found.items() if key not in told),
        closed=tuple(what for key, what in told.items() if key not in found),
    )


def _moved(before: Mapping[str, ItemState], items: Sequence[ItemLine]) -> tuple[Moved, ...]:
    moved = [
        Moved(item.id, item.title, before[item.id], item.state, _way(before[item.id], item.state))
        for item in items
        if item.id in before and before[item.id] is not item.state
    ]
    return tuple(
        sorted(
            moved,
            key=lambda one: (
                DIRECTIONS.index(one.direction), WORST_FIRST.index(one.after), one.item
            ),
        )
    )  # fmt: skip


def _way(before: ItemState, after: ItemState) -> str:
    """Which way an item went.

    A new window that asks again later is neither: nothing was lost. Nor is it better where an item
    that did not hold is asked for later, no longer asked for or can no longer be judged: nobody
    gathered anything.
    """
    if before in HOLDING and after is ItemState.NOT_YET_DUE:
        return "otherwise"
    if before not in HOLDING and after in UNJUDGED | {ItemState.CANNOT_JUDGE}:
        open_before = _standing(before) == 1 and _standing(after) == 0
        return "worse" if open_before else "otherwise"
    was, now = _standing(before), _standing(after)
    if was == now == 0:
        was, now = WORST_FIRST.index(before), WORST_FIRST.index(after)
    return DIRECTIONS[0 if now < was else 2 if now > was else 1]


def _standing(state: ItemState) -> int:
    """2 holds, 1 is open, 0 does not hold."""
    return 2 if state in HOLDING else 1 if state in UNJUDGED | {ItemState.IN_REVIEW} else 0

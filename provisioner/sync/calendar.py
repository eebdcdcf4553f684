"""Date arithmetic: cadences, slots, windows, business days. Nothing here knows a document.

Slots are consecutive date ranges, both ends included, each computed from the anchor and not from the
slot before it, so that a 31st comes back after a February.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from provisioner.core.record import record
from provisioner.sync.facts import Span
from provisioner.sync.policy import Holidays
from provisioner.sync.vocabulary import UNSLOTTED, Cadence

MONTHS: dict[Cadence, int] = {
    Cadence.MONTHLY: 1,
    Cadence.QUARTERLY: 3,
    Cadence.SEMI_ANNUAL: 6,
    Cadence.ANNUAL: 12,
}
_HALF: dict[Cadence, int] = {
    Cadence.WEEKLY: 3,
    Cadence.MONTHLY: 15,
    Cadence.QUARTERLY: 45,
    Cadence.SEMI_ANNUAL: 91,
    Cadence.ANNUAL: 182,
}
# SharePoint itself stores dates from 1900 to 8900 only; staying inside keeps every sum a valid date.
_EARLIEST, _LATEST = date(1900, 1, 1), date(8900, 12, 31)
_SATURDAY = 5
_IN_EVERY_MONTH = 28


def add_days(day: date, days: int) -> date:
    """The day so many days on (or back); stops at the calendar's ends instead of failing."""
    try:
        return date.fromordinal(day.toordinal() + days)
    except (ValueError, OverflowError):
        return date.max if days > 0 else date.min


@lru_cache(maxsize=1 << 14)
def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_cadence(day: date, cadence: Cadence, times: int = 1) -> date:
    """The day `times` cadences on; calendar arithmetic, month ends clamped.

    Raises:
        ValueError: the cadence has no rhythm (per-event, once).
    """
    if cadence is Cadence.WEEKLY:
        return add_days(day, 7 * times)
    if cadence in UNSLOTTED:
        raise ValueError(f"{cadence} has no length")
    return add_months(day, MONTHS[cadence] * times)


def effective(setting: int, cadence: Cadence | None) -> int:
    """Lead or grace days in force: never more than about half the cadence."""
    return min(setting, _HALF[cadence]) if cadence in _HALF else setting


@record
class Slot:
    """One expected occurrence: the days from `first` to `last`, both included."""

    index: int
    first: date
    last: date

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots without end in both directions from an anchor, slot 0 beginning on it."""

    anchor: date
    cadence: Cadence

    def start(self, index: int) -> date:
        """The first day of a slot."""
        return add_cadence(self.anchor, self.cadence, index)

    def slot(self, index: int) -> Slot:
        """The slot of that number."""
        return Slot(index, self.start(index), add_days(self.start(index + 1), -1))

    def index_of(self, day: date) -> int:
        """The number of the slot that holds a day."""
        day = min(max(day, _EARLIEST), _LATEST)
        if self.cadence is Cadence.WEEKLY:
            return (day - self.anchor).days // 7
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        index = months // MONTHS[self.cadence]
        # The estimate counts whole months; the day of the month can put it one slot earlier.
        return index - 1 if self.start(index) > day else index

    def touching(self, days: Span) -> range:
        """The numbers of the slots that share a day with `days`."""
        if days.last is not None and days.last < days.first:
            return range(0)
        return range(self.index_of(days.first), self.index_of(days.last or _LATEST) + 1)

    def best(self, days: Span) -> range:
        """The one slot sharing most days with `days`; the later of equals."""
        touched = self.touching(days)
        if len(touched) < 2:
            return touched
        chosen = max(touched, key=lambda index: (self._shared(index, days), index))
        return range(chosen, chosen + 1)

    def _shared(self, index: int, days: Span) -> int:
        slot = self.slot(index)
        last = min(slot.last, days.last or slot.last)
        return (last - max(slot.first, days.first)).days + 1


@dataclass(frozen=True, slots=True)
class WholeWindow:
    """The grid of an item without rhythm: one slot, number 0, the window itself."""

    window: Span

    def slot(self, index: int) -> Slot:
        """The window as a slot."""
        return Slot(index, self.window.first, self.window.last or self.window.first)

    def touching(self, days: Span) -> range:
        """Slot 0 when the window shares a day with `days`."""
        inverted = days.last is not None and days.last < days.first
        return range(1) if not inverted and self.window.overlaps(days) else range(0)

    def best(self, days: Span) -> range:
        """The same, since there is one slot only."""
        return self.touching(days)


AnyGrid = Grid | WholeWindow


@dataclass(frozen=True, slots=True)
class Layout:
    """The slots of an item in one window: its grid, and the slots that count, by number, in order."""

    grid: AnyGrid
    counting: Mapping[int, Slot]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The counting slots, in order."""
        return tuple(self.counting.values())


# The items of a catalogue share a handful of cadences and anchors.
@lru_cache(maxsize=256)
def layout(window: Span, cadence: Cadence, anchor: date | None) -> Layout:
    """The grid of an item in a window, and which of its slots count there.

    A slot counts where its last day lies, unless it starts before an anchor that is on or after the
    window's start: nothing is expected before that. A window in which no slot ends has one all the
    same, the slot before an anchor on the day after the window's last day.
    """
    if cadence in UNSLOTTED:
        return _laid_out(WholeWindow(window), (0,))
    end = window.last or window.first
    begin = anchor or window.first
    grid = Grid(begin, cadence)
    ending = [
        slot for slot in map(grid.slot, grid.touching(window)) if window.first <= slot.last <= end
    ]
    if not ending:
        return _laid_out(Grid(add_days(end, 1), cadence), (-1,))
    if begin >= window.first:
        ending = [slot for slot in ending if slot.first >= begin]
    return Layout(grid, {slot.index: slot for slot in ending})


def _laid_out(grid: AnyGrid, counting: Iterable[int]) -> Layout:
    return Layout(grid, {index: grid.slot(index) for index in counting})


def is_business_day(day: date, holidays: Holidays) -> bool:
    """Monday to Friday, and not a holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


@lru_cache(maxsize=4096)
def business_days(since: date, until: date, holidays: Holidays = frozenset()) -> int:
    """Business days d with `since` < d <= `until`; 0 when `until` is not later."""
    if until <= since:
        return 0
    weeks, rest = divmod((until - since).days, 7)
    count = weeks * 5 + sum(
        (until - timedelta(days=back)).weekday() < _SATURDAY for back in range(rest)
    )
    off = sum(1 for day in holidays if since < day <= until and day.weekday() < _SATURDAY)
    return count - off


@lru_cache(maxsize=4096)
def business_day_after(since: date, count: int, holidays: Holidays = frozenset()) -> date:
    """The day on which `count` business days since `since` are reached (`since` itself for 0)."""
    day = since
    while count > 0 and day < date.max:
        day = add_days(day, 1)
        count -= is_business_day(day, holidays)
    return day


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days as few, ordered ranges; ranges that touch are joined."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.first, one.last or date.max)):
        if result and (result[-1].last is None or span.first <= add_days(result[-1].last, 1)):
            ends = (result[-1].last, span.last)
            last = None if None in ends else max(end for end in ends if end is not None)
            result[-1] = Span(result[-1].first, last)
        else:
            result.append(span)
    return result


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The days of `spans` that are in none of `taken`, as few, ordered ranges."""
    result: list[Span] = []
    covers = merged(taken)
    for span in merged(spans):
        cursor: date | None = span.first
        for cover in covers:
            if cursor is None or not cover.overlaps(Span(cursor, span.last)):
                continue
            if cover.first > cursor:
                result.append(Span(cursor, add_days(cover.first, -1)))
            cursor = None if cover.last is None else add_days(cover.last, 1)
            if cursor is not None and span.last is not None and cursor > span.last:
                cursor = None
        if cursor is not None:
            result.append(Span(cursor, span.last))
    return result

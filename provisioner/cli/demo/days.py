"""The days of the demo: its audit window and the days on which people do something.

All follow from `today`. People work from Monday to Friday, so what would fall on a weekend happens on
the Friday before.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


def demo_window(today: date) -> tuple[date, date]:
    """First and last day of the audit window: twelve whole months, nine behind us and two to come."""
    start = month_start(today, -9)
    return start, month_start(today, 3) - timedelta(days=1)


def month_start(today: date, months: int) -> date:
    """The first day of the month so many months on from today's."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1)


def months_from(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day if it has no such day."""
    first = month_start(day, months)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(day.day, last))


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar of the story, seen from `today`."""

    today: date

    def ago(self, days: int) -> date:
        """So many days before today."""
        return self.today - timedelta(days=days)

    def before(self, day: date, days: int = 1) -> date:
        """So many days before another day."""
        return day - timedelta(days=days)

    def good_until(self, months: int, days: int) -> date:
        """The day on which something done was good for `months` and runs out `days` from today.

        `days` is negative for what has run out already. At month ends it may run out up to three days
        earlier.
        """
        return months_from(self.today + timedelta(days=days), -months)

    @property
    def start(self) -> date:
        """First day of the audit window."""
        return demo_window(self.today)[0]

    @property
    def opening(self) -> date:
        """The workspace is made."""
        return workday(self.ago(42))

    @property
    def backlog(self) -> date:
        """Five weeks ago: people file what they have from before."""
        return workday(self.ago(35))

    @property
    def weeks_ago(self) -> date:
        """Three weeks ago."""
        return workday(self.ago(21))

    @property
    def last_week(self) -> date:
        """Ten days ago: longer than a review should take, and not yet twice as long."""
        return workday(self.ago(10))

    @property
    def this_week(self) -> date:
        """Three days ago."""
        return workday(self.ago(3))

    @property
    def yesterday(self) -> date:
        """The last working day before today."""
        return workday(self.ago(1))

    @property
    def two_months_back(self) -> date:
        """First day of the month before last: its month is over, and so are its days of grace."""
        return month_start(self.today, -2)

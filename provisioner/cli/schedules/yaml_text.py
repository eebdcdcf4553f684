"""Pieces that the YAML files of several schedulers have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from provisioner.cli.schedules.job import Job

SHELL = 'code=0; provisioner {arguments} || code=$?; [ "$code" -eq 2 ] && code=0; exit "$code"'
"""A command whose findings (exit 2) are a success."""


def quoted(text: str) -> str:
    """A text as a double-quoted YAML scalar: every JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def indented(lines: Iterable[str], spaces: int) -> str:
    """The lines, each moved in."""
    return "\n".join(" " * spaces + line if line else line for line in lines)


def cron(when: time, *, weekly: bool) -> str:
    """The time as a cron expression of five fields; weekly on Mondays."""
    return f"{when.minute} {when.hour} * * {'1' if weekly else '*'}"


def utc_cron(job: Job, *, weekly: bool) -> str:
    """The same for a scheduler that knows only UTC, where a Monday morning may be a Sunday still."""
    when = job.later if weekly else job.at
    moment = datetime.combine(_WINTER, when, ZoneInfo(job.time_zone)).astimezone(UTC)
    day = (moment.weekday() + 1) % 7  # cron counts from Sunday
    return f"{moment.minute} {moment.hour} * * {day if weekly else '*'}"


_WINTER = date(2026, 1, 12)
"""A Monday in winter: an hour is off while summer time holds."""

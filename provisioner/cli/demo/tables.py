"""Rows that look like an export: the same for the same names and dates, on every machine."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from provisioner.cli.demo.content import Cell, Content

Period = tuple[date, date]

STAFF = (
    "n.adeyemi", "m.ferrand", "j.holloway", "s.iyer", "k.larsen", "o.mbeki",
    "r.novak", "p.okafor", "l.quist", "t.sato", "v.tamm", "y.zhou",
)  # fmt: skip
"""Sign-in names of people who do not exist."""


def pick(below: int, *seed: object) -> int:
    """A whole number that is at least 0 and less than `below`, by the seed alone."""
    return zlib.crc32("/".join(map(str, seed)).encode()) % below


def choose(options: tuple[str, ...], *seed: object) -> str:
    """One of the options, by the seed alone."""
    return options[pick(len(options), *seed)]


def mail(name: str) -> str:
    """The address of one of the staff."""
    return f"{name}@contoso.example"


def days_in(period: Period, step: int = 1) -> Iterator[date]:
    """Each day of the period, or each `step`-th."""
    first, last = period
    for at in range(0, (last - first).days + 1, step):
        yield first + timedelta(days=at)


def span(period: Period) -> str:
    """`2026-01-01 to 2026-03-31`."""
    return f"{period[0].isoformat()} to {period[1].isoformat()}"


def log(
    title: str,
    source: str,
    period: Period,
    columns: tuple[str, ...],
    row: Callable[[date], tuple[Cell, ...]],
    step: int = 1,
) -> Content:
    """A log over a period: one row for each `step` days, the date in front."""
    return Content(
        title,
        (f"Period: {span(period)}", f"Source: {source}. Times are UTC."),
        ("Date", *columns),
        tuple((day.isoformat(), *row(day)) for day in days_in(period, step)),
    )


def listing(
    title: str, source: str, day: date, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]
) -> Content:
    """A list as it stood on one day."""
    lines = (f"As of {day.isoformat()}", f"Source: {source}. {len(rows)} rows.")
    return Content(title, lines, columns, rows)


def policy(title: str, version: str, approved: date, owner: str, *sections: str) -> Content:
    """A document in words: a policy, a plan, a standard."""
    head = (
        f"Version {version}, approved on {approved.isoformat()}. Owner: {owner}.",
        "Acme Payments. This document is an example and describes no real company.",
        "",
    )
    return Content(title, head + tuple(part for section in sections for part in (section, "")))

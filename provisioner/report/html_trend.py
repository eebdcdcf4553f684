"""The line of open findings week by week, as plain geometry for an SVG of 600 by 150."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from provisioner.report.history import TrendPoint
from provisioner.report.html_words import counted, day

_WIDTH, _FLOOR, _HEIGHT = 600.0, 120.0, 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A week: warnings stand on errors. All in units of the picture."""

    x: float
    width: float
    error_y: float
    error_height: float
    warning_y: float
    warning_height: float
    text: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The bars, oldest first, the same in words, and the most that were open in any week."""

    bars: tuple[Bar, ...]
    first: date
    last: date
    most: int
    text: str


def trend_chart(points: Sequence[TrendPoint]) -> TrendChart | None:
    """The chart; None where there is no past to draw."""
    if not points:
        return None
    most = max(one.errors + one.warnings for one in points)
    step = _WIDTH / len(points)
    unit = _HEIGHT / most if most else 0.0
    bars = []
    for place, one in enumerate(points):
        errors, warnings = one.errors * unit, one.warnings * unit
        bars.append(
            Bar(
                x=round(place * step + step * 0.1, 2),
                width=round(step * 0.8, 2),
                error_y=round(_FLOOR - errors, 2),
                error_height=round(errors, 2),
                warning_y=round(_FLOOR - errors - warnings, 2),
                warning_height=round(warnings, 2),
                text=f"{day(one.day)}: {_said(one)}",
            )
        )
    first, last = points[0], points[-1]
    text = f"Open findings: {_said(first)} on {day(first.day)}, {_said(last)} on {day(last.day)}"
    return TrendChart(tuple(bars), first.day, last.day, most, text)


def _said(one: TrendPoint) -> str:
    return f"{counted(one.errors, 'error')} and {counted(one.warnings, 'warning')}"

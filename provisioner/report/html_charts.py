"""Charts of the HTML report as plain geometry: percentages along a line, which templates draw as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from provisioner.report.html_words import MONTHS, SIGNS, counted, day, tone
from provisioner.report.readiness_lines import Coverage, CoverageRow, SlotCell, Tally
from provisioner.sync.calendar import add_months
from provisioner.sync.vocabulary import WORST_FIRST, ItemState

_SIGN_FROM = 2.2
"""A slot narrower than this share of the line, in percent, has no room for a sign."""
_TICKS = 13
"""At most so many month names on an axis."""
_GOOD = (ItemState.FRESH, ItemState.DUE_SOON, ItemState.WAIVED)
_GREY = (ItemState.NOT_YET_DUE, ItemState.NOT_APPLICABLE)
_BEST_FIRST = (
    *_GOOD,
    *(state for state in reversed(WORST_FIRST) if state not in _GOOD + _GREY),
    *_GREY,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line: where it starts and how long it is, in percent, its tone, sign and words."""

    x: float
    width: float
    tone: str
    sign: str
    text: str

    @property
    def middle(self) -> float:
        """Where its sign stands."""
        return round(self.x + self.width / 2, 3)


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on an axis; `year` on the first and on each that begins one, else ""."""

    x: float
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of the heat map: its segments, and the same in words for those who do not see them."""

    row: CoverageRow
    segments: tuple[Segment, ...]
    text: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A window's heat map: rows by library, an axis of months, and where today is (None: outside)."""

    coverage: Coverage
    ticks: tuple[Tick, ...]
    today: float | None
    libraries: tuple[tuple[str, tuple[Strip, ...]], ...]


def best_first(tally: Tally) -> tuple[tuple[ItemState, int], ...]:
    """A tally as a reader takes it in: what holds, then what does not, then what is not judged."""
    return tuple(sorted(tally.states, key=lambda pair: _BEST_FIRST.index(pair[0])))


def stacked(tally: Tally) -> tuple[Segment, ...]:
    """A tally as one bar, in the order of `best_first`."""
    segments, x = [], 0.0
    for state, count in best_first(tally):
        width = 100 * count / tally.items
        text = f"{state}: {counted(count, 'item')}"
        segments.append(Segment(round(x, 3), round(width, 3), tone(state), SIGNS[state], text))
        x += width
    return tuple(segments)


def heat_map(coverage: Coverage, today: date) -> HeatMap:
    """The geometry of a window's heat map."""
    strips = [_strip(row, coverage) for row in coverage.rows]
    by_library = groupby(strips, key=lambda strip: strip.row.library)
    inside = coverage.first <= today <= coverage.last
    return HeatMap(
        coverage=coverage,
        ticks=_ticks(coverage),
        today=_at(coverage, today) if inside else None,
        libraries=tuple((library, tuple(some)) for library, some in by_library),
    )


def slot_words(slot: SlotCell) -> str:
    """The state of a slot in words."""
    if slot.state is not None:
        return str(slot.state)
    return "Covered ahead of time" if slot.covered else "Not begun"


def _strip(row: CoverageRow, coverage: Coverage) -> Strip:
    segments = []
    for slot in row.slots:
        first, last = max(slot.first, coverage.first), min(slot.last, coverage.last)
        if first > last:  # ends before the window does, as the one slot of an item begun late may
            first, last = coverage.first, coverage.first
        x, end = _at(coverage, first), _at(coverage, last, after=True)
        width = round(end - x, 3)
        sign = SIGNS[slot.state] if slot.state is not None else "✓" if slot.covered else ""
        filed = "attested" if slot.attested else counted(slot.documents, "document")
        segments.append(
            Segment(
                x=x,
                width=width,
                tone=tone(slot.state),
                sign=sign if width >= _SIGN_FROM else "",
                text=f"{day(slot.first)} to {day(slot.last)}: {slot_words(slot)}, {filed}",
            )
        )
    return Strip(row, tuple(segments), _runs(row.slots))


def _runs(slots: Sequence[SlotCell]) -> str:
    """Neighbouring slots of one state told together, so that 52 weeks can be listened to."""
    told = []
    for words, some in groupby(slots, key=slot_words):
        run = list(some)
        times = f", {len(run)} slots" if len(run) > 1 else ""
        told.append(f"{day(run[0].first)} to {day(run[-1].last)}: {words}{times}")
    return "; ".join(told) or "Nothing is expected in this window"


def _ticks(coverage: Coverage) -> tuple[Tick, ...]:
    first = coverage.first.replace(day=1)
    last = coverage.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = -(-months // _TICKS)
    ticks = []
    for index in range(0, months, step):
        start = add_months(first, index)
        year = str(start.year) if index == 0 or start.month <= step else ""
        x = _at(coverage, max(start, coverage.first))
        ticks.append(Tick(x, MONTHS[start.month - 1], year))
    return tuple(ticks)


def _at(coverage: Coverage, when: date, *, after: bool = False) -> float:
    days = (coverage.last - coverage.first).days + 1
    return round(100 * ((when - coverage.first).days + after) / days, 3)

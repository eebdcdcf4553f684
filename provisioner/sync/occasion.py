"""What a document's dates decide on one item, worked out once for all documents that share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from provisioner.sync.calendar import AnyGrid, Slot, add_months
from provisioner.sync.claims import (
    Terms,
    activity_of,
    fresh_until,
    in_force,
    period_of,
    would_claim,
)
from provisioner.sync.facts import AuditPeriod, Document, Span
from provisioner.sync.vocabulary import LASTING, Cadence

_Dates = tuple[date | None, ...]


class Occasion:
    """One set of dates on one item.

    `reach` are the numbers of the slots it speaks for on the item's own grid, `slots` those slots: made
    once for each reach, and kept in the mapping that is given. `until` is the last day before it is
    stale, `lasting` the days it holds (standing, third-party), `days` the days it is of, `before` the
    window it came a year too early for. `touched` keeps, by whether the document claims slots, the
    audit periods it touches.
    """

    __slots__ = (
        "_bridge", "_document", "_reached", "_terms",
        "activity", "before", "days", "lasting", "period", "reach", "slots", "touched", "until",
    )  # fmt: skip

    def __init__(
        self,
        document: Document,
        terms: Terms,
        grid: AnyGrid | None,
        bridge: date | None,
        windows: Sequence[AuditPeriod],
        slots: dict[range, tuple[Slot, ...]],
    ) -> None:
        self._document, self._terms, self._bridge = document, terms, bridge
        self._reached: dict[int, range] = {}
        self.activity = activity_of(document, terms.kind)
        self.period = period_of(document)
        self.reach = range(0) if grid is None else self.reach_on(grid)
        self.until = fresh_until(document, terms, grid, self.reach, bridge)
        self.lasting = in_force(document, terms, bridge) if terms.kind in LASTING else None
        if grid is not None and self.reach not in slots:
            slots[self.reach] = tuple(grid.slot(index) for index in self.reach)
        self.slots = slots.get(self.reach, ())
        self.days = self._days()
        self.before = self._before(windows)
        self.touched: dict[bool, tuple[str, ...] | None] = {}

    def reach_on(self, grid: AnyGrid) -> range:
        """The numbers of the slots its dates speak for on a grid of the item."""
        known = self._reached.get(id(grid))
        if known is None:
            known = would_claim(self._document, self._terms, grid, self._bridge)
            self._reached[id(grid)] = known
        return known

    def _days(self) -> Span | None:
        if self.lasting is not None:
            return self.lasting
        if self._terms.kind not in LASTING and self.period is not None:
            return self.period
        return None if self.activity is None else Span(self.activity, self.activity)

    def _before(self, windows: Sequence[AuditPeriod]) -> AuditPeriod | None:
        activity = self.activity
        if self._terms.cadence is not Cadence.ANNUAL or activity is None:
            return None
        found = [
            window
            for window in windows
            if window.days and add_months(window.days.first, -12) <= activity < window.days.first
        ]
        return found[-1] if found else None


class Occasions:
    """The occasions of one item. `windows` are in the order of their first days."""

    def __init__(
        self,
        terms: Terms,
        grid: AnyGrid | None,
        bridges: Mapping[str, date],
        windows: Sequence[AuditPeriod],
    ) -> None:
        self._terms, self._grid, self._bridges, self._windows = terms, grid, bridges, windows
        self._known: dict[_Dates, Occasion] = {}
        self._slots: dict[range, tuple[Slot, ...]] = {}

    def of(self, document: Document) -> Occasion:
        """The occasion a document is of."""
        bridge = self._bridges.get(document.part or "") if self._bridges else None
        dates = (
            document.period_from,
            document.period_to,
            document.activity_date,
            document.bridge_until,
            bridge,
        )
        known = self._known.get(dates)
        if known is None:
            known = Occasion(document, self._terms, self._grid, bridge, self._windows, self._slots)
            self._known[dates] = known
        return known

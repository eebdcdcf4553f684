"""An expected item as judged: its state, Next due and Last evidence, over its parts and windows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from provisioner.sync.cases import ItemCase
from provisioner.sync.facts import AuditPeriod, ExpectedItem
from provisioner.sync.hearing import Found
from provisioner.sync.placement import ItemPlacement
from provisioner.sync.rollup import (
    CellJudgement,
    ItemJudgement,
    SlotJudgement,
    aged_state,
    cell_state,
    slot_state,
    worst,
)
from provisioner.sync.vocabulary import ItemState
from provisioner.sync.windows import counts

_LATE = frozenset({"MISSING", "NOT-COVERED"})
_GAPS = frozenset({"PERIOD-GAP", "NOT-IN-FORCE"})
_AGED = frozenset({"DUE-SOON", "STALE", "EXPIRED"})


def expected(item: ExpectedItem, periods: Collection[AuditPeriod]) -> bool:
    """Whether an item is judged at all: enabled, and in the scope of a window if there is one."""
    windows = [period for period in periods if period.judged and period.days is not None]
    return item.enabled and (not windows or any(counts(item, window) for window in windows))


def judge_item(
    placement: ItemPlacement,
    cells: Sequence[ItemCase],
    found: Mapping[tuple[str | None, str], Sequence[Found]],
    aged: Mapping[str, Sequence[Found]],
    periods: Collection[AuditPeriod],
    *,
    veiled: bool = False,
) -> ItemJudgement:
    """The state of an item. `veiled`: where nothing is seen, something may be waiting for approval.

    `cells` are its parts by window, `found` the findings of each (by part and window id), `aged` the
    findings of its documents by document key.
    """
    item = placement.item
    if not expected(item, periods):
        return ItemJudgement(item.id, ItemState.NOT_APPLICABLE, None, None)
    newest = [one for one in map(placement.newest, placement.parts) if one is not None]
    last = max(newest, key=placement.age_key, default=None)
    last_evidence = last.case.activity if last is not None else None
    if not cells:
        # Neither cadence nor kind nor a window: nothing can be expected of it.
        return ItemJudgement(item.id, ItemState.CANNOT_JUDGE, None, last_evidence)
    judged = tuple(
        _judge_cell(
            cell, placement, found.get((cell.part, cell.window.id), ()), aged, veiled=veiled
        )
        for cell in cells
    )
    due = [cell.next_due for cell in judged if cell.next_due is not None]
    state = worst(cell.state for cell in judged) or ItemState.CANNOT_JUDGE
    return ItemJudgement(item.id, state, min(due, default=None), last_evidence, judged)


def _judge_cell(
    cell: ItemCase,
    placement: ItemPlacement,
    found: Sequence[Found],
    aged: Mapping[str, Sequence[Found]],
    *,
    veiled: bool,
) -> CellJudgement:
    waived = {one.named.slot_from for one in found if one.named.rule in _LATE and not one.open}
    slots = tuple(
        SlotJudgement(
            first=one.slot.first,
            last=one.slot.last,
            state=slot_state(one, waived=one.slot.first in waived, veiled=veiled),
            covered=one.covered,
            claimants=one.claimants,
            covering=one.covering,
            attested=one.attested,
        )
        for one in cell.slots
    )
    state = cell_state(
        [slot.state for slot in slots],
        _newest_state(cell.part, placement, aged),
        gap=any(one.named.rule in _GAPS and one.open for one in found),
    )
    return CellJudgement(cell.item.id, cell.part, cell.window.id, state, _next_due(slots), slots)


def _newest_state(
    part: str | None, placement: ItemPlacement, aged: Mapping[str, Sequence[Found]]
) -> ItemState | None:
    newest = placement.newest(part)
    if newest is None:
        return None
    on_it = [one for one in aged.get(newest.case.document.key, ()) if one.named.rule in _AGED]
    return aged_state(placement.freshness(newest), waived=any(not one.open for one in on_it))


def _next_due(slots: Sequence[SlotJudgement]) -> date | None:
    settled = (ItemState.WAIVED, ItemState.NOT_APPLICABLE)
    for slot in slots:
        if not slot.covered and slot.state not in settled:
            return slot.last
    return None

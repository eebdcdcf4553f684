"""Rolling up: from slots to a part of an item in a window. The worst one wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from provisioner.sync.cases import SlotCase
from provisioner.sync.vocabulary import WORST_FIRST, Freshness, ItemState

_OF_FRESHNESS = {
    Freshness.FRESH: ItemState.FRESH,
    Freshness.DUE_SOON: ItemState.DUE_SOON,
    Freshness.STALE: ItemState.STALE,
    Freshness.EXPIRED: ItemState.EXPIRED,
    Freshness.CANNOT_JUDGE: ItemState.CANNOT_JUDGE,
}


@dataclass(frozen=True, slots=True)
class SlotJudgement:
    """A counting slot as judged. `state` None: it has not begun. `claimants`, `covering`: document keys."""

    first: date
    last: date
    state: ItemState | None
    covered: bool
    claimants: tuple[str, ...]
    covering: tuple[str, ...]
    attested: bool


@dataclass(frozen=True, slots=True)
class CellJudgement:
    """One part of an item in one window."""

    item: str
    part: str | None
    window: str
    state: ItemState
    next_due: date | None
    slots: tuple[SlotJudgement, ...]


@dataclass(frozen=True, slots=True)
class ItemJudgement:
    """An expected item as judged: its columns Coverage, Next due and Last evidence, and its cells."""

    item: str
    state: ItemState
    next_due: date | None
    last_evidence: date | None
    cells: tuple[CellJudgement, ...] = ()


def worst(states: Iterable[ItemState]) -> ItemState | None:
    """The worst of several; None of none."""
    return min(states, key=WORST_FIRST.index, default=None)


_UNSEEN = frozenset({ItemState.MISSING, ItemState.NOT_COVERED})


def slot_state(one: SlotCase, *, waived: bool, veiled: bool = False) -> ItemState | None:
    """A slot's state; None before it begins.

    `waived`: a waiver covers that it is late. `veiled`: what would cover it may not be shown to us.
    """
    if one.covered:
        # Covered ahead of time is covered, but only slots that have begun are spoken of.
        fresh = ItemState.WAIVED if one.waiver_only else ItemState.FRESH
        return fresh if one.begun else None
    if not one.begun:
        return None
    if one.set_aside:
        return ItemState.NOT_APPLICABLE
    if one.late:
        if waived:
            return ItemState.WAIVED
        state = _late_state(one)
        return ItemState.CANNOT_JUDGE if veiled and state in _UNSEEN else state
    return ItemState.IN_REVIEW if one.waiting else ItemState.NOT_YET_DUE


def _late_state(one: SlotCase) -> ItemState:
    if one.claimed:
        return ItemState.NOT_COVERED
    return ItemState.REJECTED if one.rejected else ItemState.MISSING


def aged_state(freshness: Freshness | None, *, waived: bool) -> ItemState | None:
    """The state the newest sound document's freshness stands for; `waived`: its finding is covered."""
    if freshness is None:
        return None
    if waived and freshness in (Freshness.STALE, Freshness.EXPIRED):
        return ItemState.WAIVED
    if waived and freshness is Freshness.DUE_SOON:
        return ItemState.FRESH
    return _OF_FRESHNESS.get(freshness)


def cell_state(
    slots: Iterable[ItemState | None], newest: ItemState | None, *, gap: bool
) -> ItemState:
    """One part in one window: the worst of its slots and its newest document.

    `gap`: days of the window are uncovered, so it is at least Not covered. Not yet due is said only when
    there is nothing else to say.
    """
    states = [state for state in (*slots, newest) if state is not None]
    if gap:
        states.append(ItemState.NOT_COVERED)
    telling = [state for state in states if state is not ItemState.NOT_YET_DUE]
    return worst(telling) or ItemState.NOT_YET_DUE

"""Placing documents: which slots they claim, which is the newest, and how fresh each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from provisioner.sync.calendar import AnyGrid, Grid, Layout, Slot, add_days, add_months, layout
from provisioner.sync.cases import DocumentCase, ItemCase, PlacedDocument, SlotCase
from provisioner.sync.claims import Terms, aged, fresh_until, in_force, would_claim
from provisioner.sync.facts import AuditPeriod, Document, ExpectedItem, Span
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import (
    LASTING,
    RETURNED,
    UNSLOTTED,
    WAITING,
    Cadence,
    Freshness,
    Kind,
    ReviewStatus,
)
from provisioner.sync.windows import counts, own_window, start_key

_Dates = tuple[date | None, ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """A document after the rules that need no other document.

    `sound`: it counts; `by_waiver`: only because a waiver covers what would keep it from counting.
    `claims`: it may claim slots. `excused`: Not applicable, with a valid waiver.
    """

    case: DocumentCase
    sound: bool
    by_waiver: bool
    claims: bool
    excused: bool


class ItemPlacement:
    """All documents of one expected item, laid out on its slots. Reads only; ask it what you need."""

    def __init__(
        self,
        item: ExpectedItem,
        terms: Terms,
        stances: Sequence[Stance],
        periods: Sequence[AuditPeriod],
        bridges: Mapping[str, date],
        policy: Policy,
        today: date,
    ) -> None:
        self.item, self.terms, self.policy, self.today = item, terms, policy, today
        self._stances = sorted(stances, key=lambda one: one.case.document.key)
        self._bridges = bridges
        self._periods = [period for period in periods if period.days is not None]
        self._period_days = [(one, one.days) for one in self._periods if one.days is not None]
        self._windows = sorted((one for one in self._periods if one.judged), key=start_key)
        self._layouts = self._lay_out()
        self._grid = self._own_grid()
        # Documents of one occasion have the same dates, so each is worked out once.
        self._reached: dict[tuple[_Dates, int], range] = {}
        self._ends: dict[_Dates, date | None] = {}
        self._slots_of: dict[range, tuple[Slot, ...]] = {}
        self._until = {one.case.document.key: self._until_of(one) for one in self._stances}
        self._copies = _by_identity(self._stances)
        self._newest = {part: self._newest_of(part) for part in self.parts}

    @property
    def parts(self) -> tuple[str | None, ...]:
        """The parts judged apart; a single None for an item judged as one."""
        return self.item.applies_to or (None,)

    @property
    def windows(self) -> list[AuditPeriod]:
        """The windows in which the item counts."""
        return [window for window in self._windows if counts(self.item, window)]

    def _lay_out(self) -> dict[str, Layout]:
        cadence = self.terms.cadence
        if cadence is None or self.terms.kind is None:
            return {}
        return {
            period.id: layout(period.days, cadence, self.terms.anchor)
            for period in self._periods
            if period.days is not None
        }

    def _own_grid(self) -> AnyGrid | None:
        window = own_window(self.item, self._windows)
        if window is not None:
            laid = self._layouts.get(window.id)
            return None if laid is None else laid.grid
        anchor, cadence = self.terms.anchor, self.terms.cadence
        if anchor is None or cadence is None or cadence in UNSLOTTED:
            return None
        return Grid(anchor, cadence)

    def _bridge(self, document: Document) -> date | None:
        return self._bridges.get(document.part or "")

    def _reach(self, stance: Stance, grid: AnyGrid | None) -> range:
        if grid is None or stance.case.misplaced:
            return range(0)
        return self._claimed(stance, grid)

    def _claimed(self, stance: Stance, grid: AnyGrid) -> range:
        """What the document's dates speak for on a grid of ours, worked out once."""
        document = stance.case.document
        dates = self._dates(document)
        known = self._reached.get((dates, id(grid)))
        if known is None:
            known = would_claim(document, self.terms, grid, self._bridge(document))
            self._reached[dates, id(grid)] = known
        return known

    def _until_of(self, stance: Stance) -> date | None:
        document, grid = stance.case.document, self._grid
        dates = self._dates(document)
        if dates not in self._ends:
            bridge = self._bridge(document)
            self._ends[dates] = fresh_until(document, self.terms, grid, bridge)
        return self._ends[dates]

    def _dates(self, document: Document) -> _Dates:
        """All that decides which slots it claims, and until when it is fresh."""
        return (
            document.period_from,
            document.period_to,
            document.activity_date,
            document.bridge_until,
            self._bridge(document),
        )

    def _own_slots(self, reach: range) -> tuple[Slot, ...]:
        grid = self._grid
        if grid is None:
            return ()
        if reach not in self._slots_of:
            self._slots_of[reach] = tuple(grid.slot(index) for index in reach)
        return self._slots_of[reach]

    def fresh_until(self, stance: Stance) -> date | None:
        """The last day before a document is stale."""
        return self._until[stance.case.document.key]

    def _of(self, part: str | None) -> Iterator[Stance]:
        for stance in self._stances:
            if stance.case.part == part and not stance.case.misplaced:
                yield stance

    def age_key(self, stance: Stance) -> tuple[date, date, date, int, str]:
        """Sorts documents from oldest to newest."""
        document = stance.case.document
        return (
            self.fresh_until(stance) or date.min,
            stance.case.activity or date.min,
            document.reviewed_on or date.min,
            document.id,
            document.key,
        )

    def _newest_of(self, part: str | None) -> Stance | None:
        sound = [stance for stance in self._of(part) if stance.sound]
        begun = [one for one in sound if one.case.activity and one.case.activity <= self.today]
        return max(begun or sound, key=self.age_key, default=None)

    def newest(self, part: str | None) -> Stance | None:
        """The newest sound document of a part."""
        return self._newest[part]

    def freshness(self, stance: Stance) -> Freshness:
        """The word for a document's age."""
        case = stance.case
        if case.orphan or case.set_aside or case.misplaced:
            return Freshness.NONE
        if not stance.sound:
            return Freshness.CANNOT_JUDGE if case.undated else Freshness.NONE
        if self.terms.kind is None or self.terms.cadence is None:
            return Freshness.CANNOT_JUDGE
        future = case.activity is None or case.activity > self.today
        return Freshness.NONE if future else self._sound_freshness(stance)

    def _sound_freshness(self, stance: Stance) -> Freshness:
        until = self.fresh_until(stance)
        if until is None:
            return Freshness.FRESH  # per-event and once: it never runs out
        if self._newest.get(stance.case.part) is not stance:
            return Freshness.SUPERSEDED
        return aged(until, self.terms, self.today)

    def placed(self) -> Iterator[PlacedDocument]:
        """Every document of the item, placed."""
        for stance in self._stances:
            reach = self._reach(stance, self._grid)
            freshness = self.freshness(stance)
            aging = stance.sound and freshness is not Freshness.NONE
            keeps = stance.claims or stance.case.status is ReviewStatus.REJECTED
            yield PlacedDocument(
                case=stance.case,
                sound=stance.sound,
                by_waiver=stance.by_waiver,
                newest=self._newest.get(stance.case.part) is stance,
                freshness=freshness,
                fresh_until=self.fresh_until(stance) if aging else None,
                slots=self._own_slots(reach) if keeps else (),
                slots_covered=self._is_covered(stance, reach),
                touches=self.touches(stance),
                before=self._before(stance),
                twin=self._twin(stance),
                runs_out=self.fresh_until(stance),
            )

    def _is_covered(self, stance: Stance, reach: range) -> bool:
        if stance.case.status not in RETURNED:
            return False
        sound = [self._reach(one, self._grid) for one in self._of(stance.case.part) if one.sound]
        return bool(reach) and all(any(index in held for held in sound) for index in reach)

    def _span(self, stance: Stance) -> Span | None:
        document, activity = stance.case.document, stance.case.activity
        if self.terms.kind in LASTING:
            lasting = in_force(document, self.terms, self._bridge(document))
            if lasting is not None:
                return lasting
        elif stance.case.period is not None:
            return stance.case.period
        return None if activity is None else Span(activity, activity)

    def touches(self, stance: Stance) -> tuple[str, ...] | None:
        """The audit periods a document of the item touches, also one that is in no library any more.

        None where that cannot be said.
        """
        days = self._span(stance)
        if days is None or not self._periods:
            return None
        found = [
            period.id
            for period, span in self._period_days
            if days.overlaps(span) or self._claims_in(stance, period)
        ]
        return tuple(sorted(found))

    def _claims_in(self, stance: Stance, period: AuditPeriod) -> bool:
        laid = self._layouts.get(period.id)
        if laid is None or not stance.claims or not counts(self.item, period):
            return False
        reach = self._reach(stance, laid.grid)
        return any(index in reach for index in laid.counting)

    def _before(self, stance: Stance) -> AuditPeriod | None:
        activity = stance.case.activity
        if self.terms.cadence is not Cadence.ANNUAL or activity is None:
            return None
        found = [
            window
            for window in self._windows
            if window.days and add_months(window.days.first, -12) <= activity < window.days.first
        ]
        return found[-1] if found else None

    def _twin(self, stance: Stance) -> Document | None:
        document = stance.case.document
        standing = self.terms.kind is None or self.terms.kind is Kind.STANDING
        if standing or document.identity is None or not stance.claims:
            return None

        def age(one: Stance) -> tuple[date, int, str]:
            other = one.case.document
            return (other.created or date.min, other.id, other.key)

        def dates(one: Stance) -> tuple[date | None, Span | None]:
            return (one.case.activity, one.case.period)

        twins = [
            one
            for one in self._copies[document.identity]
            if dates(one) != dates(stance) and age(one) < age(stance)
        ]
        return min(twins, key=age).case.document if twins else None

    def cells(self) -> Iterator[ItemCase]:
        """The item by window and part, with its counting slots: what coverage is judged on."""
        for window in self.windows:
            laid = self._layouts.get(window.id)
            if laid is None or window.days is None:
                continue
            for part in self.parts:
                stances = list(self._of(part))
                sound = [one for one in stances if one.sound]
                lasting = [
                    in_force(one.case.document, self.terms, self._bridge(one.case.document))
                    for one in sound
                ]
                yield ItemCase(
                    item=self.item,
                    terms=self.terms,
                    part=part,
                    window=window,
                    days=window.days,
                    slots=self._slots(laid, stances),
                    sound_periods=tuple(one.case.period for one in sound if one.case.period),
                    in_force=tuple(span for span in lasting if span is not None),
                    policy=self.policy,
                    today=self.today,
                )

    def _slots(self, laid: Layout, stances: Sequence[Stance]) -> tuple[SlotCase, ...]:
        reaching: dict[int, list[Stance]] = {index: [] for index in laid.counting}
        for stance in stances:
            reach = self._reach(stance, laid.grid)
            for index in laid.counting:
                if index in reach:
                    reaching[index].append(stance)
        return tuple(self._slot(laid, index, reaching[index]) for index in laid.counting)

    def _slot(self, laid: Layout, index: int, reaching: Sequence[Stance]) -> SlotCase:
        slot = laid.grid.slot(index)
        claimants = [one for one in reaching if one.claims]
        covering = [one for one in claimants if one.sound]
        rejected = any(one.case.status is ReviewStatus.REJECTED for one in reaching)
        attested = self.terms.kind is Kind.REGISTER and any(
            slot.first <= one.on <= slot.last and one.on <= self.today and one.by.strip()
            for one in self.item.attestations
        )
        excused = any(one.excused for one in reaching)
        return SlotCase(
            slot=slot,
            begun=slot.first <= self.today,
            late=add_days(slot.last, self.terms.grace) < self.today,
            claimants=tuple(one.case.document.key for one in claimants),
            covering=tuple(one.case.document.key for one in covering),
            attested=attested,
            waiver_only=bool(covering) and not attested and all(one.by_waiver for one in covering),
            waiting=any(one.case.status in WAITING for one in claimants),
            rejected=rejected,
            set_aside=excused and not claimants and not attested and not rejected,
        )


def _by_identity(stances: Iterable[Stance]) -> dict[str, list[Stance]]:
    """The documents that claim slots, by their content."""
    found: dict[str, list[Stance]] = {}
    for stance in stances:
        identity = stance.case.document.identity
        if identity is not None and stance.claims:
            found.setdefault(identity, []).append(stance)
    return found


def without_item(stance: Stance, periods: Iterable[AuditPeriod]) -> PlacedDocument:
    """A document whose item was not chosen or is unknown: it claims nothing and has no age."""
    case = stance.case
    days = case.period or (Span(case.activity, case.activity) if case.activity else None)
    spans = [(period.id, period.days) for period in periods if period.days is not None]
    touches = None
    if days is not None and spans:
        touches = tuple(sorted(key for key, span in spans if days.overlaps(span)))
    blank = case.orphan or case.set_aside or not case.undated
    return PlacedDocument(
        case=case,
        sound=False,
        by_waiver=False,
        newest=False,
        freshness=Freshness.NONE if blank else Freshness.CANNOT_JUDGE,
        fresh_until=None,
        slots=(),
        slots_covered=False,
        touches=touches,
        before=None,
        twin=None,
    )

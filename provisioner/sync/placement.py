"""Placing documents: which slots they claim, which is the newest, and how fresh each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Protocol

from provisioner.sync.calendar import AnyGrid, Grid, Layout, Slot, add_days, layout
from provisioner.sync.cases import DocumentCase, ItemCase, PlacedDocument, SlotCase
from provisioner.sync.claims import Terms, aged
from provisioner.sync.facts import AuditPeriod, Document, ExpectedItem
from provisioner.sync.occasion import Occasion, Occasions
from provisioner.sync.policy import Policy
from provisioner.sync.stance import Stance
from provisioner.sync.twins import Twins
from provisioner.sync.vocabulary import (
    RETURNED,
    UNSLOTTED,
    WAITING,
    Freshness,
    Kind,
    ReviewStatus,
)
from provisioner.sync.windows import counts, own_window, start_key

_Placed = tuple[Stance, Occasion]
_Age = tuple[date, date, date, int, str]


class Left(Protocol):
    """Tells which of a document's people are gone, and which of the risks it relates to."""

    def people(self, document: Document) -> tuple[str, ...]:
        """Principal keys."""

    def risks(self, document: Document) -> tuple[str, ...]:
        """Risks, in words."""


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
        self._periods = [period for period in periods if period.days is not None]
        self._period_days = [(one, one.days) for one in self._periods if one.days is not None]
        self._counting = {one.id for one in self._periods if counts(item, one)}
        self._windows = sorted((one for one in self._periods if one.judged), key=start_key)
        self._layouts = self._lay_out()
        self._grid = self._own_grid()
        self._occasions = Occasions(terms, self._grid, bridges, self._windows)
        ordered = sorted(stances, key=attrgetter("case.document.key"))
        self._stances = [(one, self._occasions.of(one.case.document)) for one in ordered]
        self._by_part = _by_part(self._stances)
        asked = terms.kind is not None and terms.kind is not Kind.STANDING
        self._twins = Twins((one for one, _ in self._stances) if asked else ())
        self._newest = {part: self._newest_of(part) for part in self.parts}
        self._covered: dict[tuple[str | None, range], bool] = {}

    @property
    def parts(self) -> tuple[str | None, ...]:
        """The parts judged apart; a single None for an item judged as one."""
        return self.item.applies_to or (None,)

    @property
    def windows(self) -> list[AuditPeriod]:
        """The windows in which the item counts."""
        return [window for window in self._windows if window.id in self._counting]

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

    def fresh_until(self, stance: Stance) -> date | None:
        """The last day before a document is stale."""
        return self._occasions.of(stance.case.document).until

    def age_key(self, stance: Stance) -> _Age:
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
        sound = [one for one in self._by_part.get(part, ()) if one[0].sound]
        begun = [one for one in sound if _has_begun(one[0].case, self.today)] or sound
        if not begun:
            return None
        # What is good for longest is newest; only those that are equally good are looked at closer.
        until = max(occasion.until or date.min for _, occasion in begun)
        best = [stance for stance, occasion in begun if (occasion.until or date.min) == until]
        return max(best, key=self.age_key)

    def newest(self, part: str | None) -> Stance | None:
        """The newest sound document of a part."""
        return self._newest[part]

    def freshness(self, stance: Stance) -> Freshness:
        """The word for a document's age."""
        newest = self._newest.get(stance.case.part) is stance
        return self._freshness(stance, self.fresh_until(stance), newest=newest)

    def _freshness(self, stance: Stance, until: date | None, *, newest: bool) -> Freshness:
        case = stance.case
        if case.orphan or case.set_aside or case.misplaced:
            return Freshness.NONE
        if not stance.sound:
            return Freshness.CANNOT_JUDGE if case.undated else Freshness.NONE
        if self.terms.kind is None or self.terms.cadence is None:
            return Freshness.CANNOT_JUDGE
        if not _has_begun(case, self.today):
            return Freshness.NONE
        return self._aged(until) if newest or until is None else Freshness.SUPERSEDED

    def _aged(self, until: date | None) -> Freshness:
        # Per-event and once: it never runs out.
        return Freshness.FRESH if until is None else aged(until, self.terms, self.today)

    def placed(self, left: Left | None = None) -> Iterator[PlacedDocument]:
        """Every document of the item, placed. `left` tells who and what is gone; None: nothing is."""
        for stance, occasion in self._stances:
            case, until, touched = stance.case, occasion.until, occasion.touched
            newest, claims = self._newest.get(case.part) is stance, stance.claims
            freshness = self._freshness(stance, until, newest=newest)
            aging = stance.sound and freshness is not Freshness.NONE
            keeps = claims or case.status is ReviewStatus.REJECTED
            yield PlacedDocument(
                case,
                stance.sound,
                stance.by_waiver,
                newest,
                freshness,
                until if aging else None,
                occasion.slots if keeps and not case.misplaced else (),
                case.status in RETURNED and self._is_covered(case, occasion),
                touched[claims] if claims in touched else self._touches(occasion, claims=claims),
                occasion.before,
                self._twins.of(stance),
                () if left is None else left.people(case.document),
                () if left is None else left.risks(case.document),
                until,
            )

    def _is_covered(self, case: DocumentCase, occasion: Occasion) -> bool:
        """Whether sound documents of the part cover all slots that it speaks for."""
        if case.misplaced or not occasion.reach:
            return False
        asked = (case.part, occasion.reach)
        if asked not in self._covered:
            sound = {each.reach for one, each in self._by_part.get(case.part, ()) if one.sound}
            self._covered[asked] = all(any(index in one for one in sound) for index in asked[1])
        return self._covered[asked]

    def touches(self, stance: Stance) -> tuple[str, ...] | None:
        """The audit periods a document of the item touches, also one that is in no library any more.

        None where that cannot be said.
        """
        return self._touches(self._occasions.of(stance.case.document), claims=stance.claims)

    def _touches(self, occasion: Occasion, *, claims: bool) -> tuple[str, ...] | None:
        touched = occasion.touched
        if claims not in touched:
            touched[claims] = self._touched(occasion, claims=claims)
        return touched[claims]

    def _touched(self, occasion: Occasion, *, claims: bool) -> tuple[str, ...] | None:
        days = occasion.days
        if days is None or not self._periods:
            return None
        found = (
            period.id
            for period, span in self._period_days
            if days.overlaps(span) or (claims and self._claims_in(occasion, period))
        )
        return tuple(sorted(found))

    def _claims_in(self, occasion: Occasion, period: AuditPeriod) -> bool:
        laid = self._layouts.get(period.id)
        if laid is None or period.id not in self._counting:
            return False
        reach = occasion.reach_on(laid.grid)
        return any(index in reach for index in laid.counting)

    def cells(self) -> Iterator[ItemCase]:
        """The item by window and part, with its counting slots: what coverage is judged on."""
        for window in self.windows:
            laid = self._layouts.get(window.id)
            if laid is None or window.days is None:
                continue
            for part in self.parts:
                stances = self._by_part.get(part, ())
                sound = [(one, occasion) for one, occasion in stances if one.sound]
                yield ItemCase(
                    item=self.item,
                    terms=self.terms,
                    part=part,
                    window=window,
                    days=window.days,
                    slots=self._slots(laid, stances),
                    sound_periods=tuple(each.period for _, each in sound if each.period),
                    in_force=tuple(each.lasting for _, each in sound if each.lasting is not None),
                    policy=self.policy,
                    today=self.today,
                )

    def _slots(self, laid: Layout, stances: Sequence[_Placed]) -> tuple[SlotCase, ...]:
        reaching: dict[int, list[Stance]] = {index: [] for index in laid.counting}
        for stance, occasion in stances:
            reach = occasion.reach_on(laid.grid)
            if len(reach) <= len(reaching):
                touched = [index for index in reach if index in reaching]
            else:
                touched = [index for index in laid.counting if index in reach]
            for index in touched:
                reaching[index].append(stance)
        return tuple(self._slot(slot, reaching[index]) for index, slot in laid.counting.items())

    def _slot(self, slot: Slot, reaching: Sequence[Stance]) -> SlotCase:
        claimants = [one for one in reaching if one.claims]
        covering = [one for one in claimants if one.sound]
        others = [one for one in reaching if not one.claims]
        rejected = any(one.case.status is ReviewStatus.REJECTED for one in others)
        attested = self.terms.kind is Kind.REGISTER and any(
            slot.first <= one.on <= slot.last and one.on <= self.today and one.by.strip()
            for one in self.item.attestations
        )
        excused = any(one.excused for one in others)
        return SlotCase(
            slot=slot,
            begun=slot.first <= self.today,
            late=add_days(slot.last, self.terms.grace) < self.today,
            claimants=tuple([one.case.document.key for one in claimants]),
            covering=tuple([one.case.document.key for one in covering]),
            attested=attested,
            waiver_only=bool(covering) and not attested and all(one.by_waiver for one in covering),
            waiting=any(one.case.status in WAITING for one in claimants),
            rejected=rejected,
            set_aside=excused and not claimants and not attested and not rejected,
        )


def _has_begun(case: DocumentCase, today: date) -> bool:
    """Whether it is of a day that has come."""
    return case.activity is not None and case.activity <= today


def _by_part(stances: Iterable[_Placed]) -> dict[str | None, list[_Placed]]:
    """Documents by the part they are judged for."""
    found: dict[str | None, list[_Placed]] = {}
    for one in stances:
        case = one[0].case
        if not case.misplaced:
            found.setdefault(case.part, []).append(one)
    return found

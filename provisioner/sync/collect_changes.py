"""One reading of all libraries and lists together: what changed on them since the last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.core.transport import Answer, Reading, Transport
from provisioner.sync import findings, writeback_index
from provisioner.sync.collect_delta import Ending, Row, follow
from provisioner.sync.collect_files import ShelfReader
from provisioner.sync.collect_site import (
    CATALOGUE,
    FINDINGS,
    INDEX,
    PERIODS,
    REQUESTS,
    VENDORS,
    WAIVERS,
    Place,
    Places,
)
from provisioner.sync.rolls import Roll, RollReader
from provisioner.sync.shelves import Shelf, Step

_LISTS = (CATALOGUE, PERIODS, WAIVERS, REQUESTS, VENDORS, INDEX, FINDINGS)
_WAIVER_COLUMNS = (
    "Title", "WaiverId", "State", "Reason", "EvidenceItemLookupId", "SlotFrom", "Part",
    "EvidenceDocumentLookupId", "AuditRequestLookupId", "RuleCodes", "RequesterLookupId",
    "ApproverLookupId", "GrantedOn", "ExpiresOn", "FactsAtGrant", "RegisterRow",
)  # fmt: skip
_COLUMNS: Mapping[str, Sequence[str]] = {
    # Facts at grant is hidden, and hidden columns come only when they are named.
    WAIVERS: _WAIVER_COLUMNS,
    # One row for each document or finding: only what is compared is worth its bytes.
    INDEX: writeback_index.READ,
    FINDINGS: findings.READ,
}
_Reader = ShelfReader | RollReader


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reading brought: libraries and lists by key, and the answers of what was sent along."""

    steps: Mapping[str, Step]
    rolls: Mapping[str, Roll]
    beside: Mapping[Reading, Answer] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


async def read_changes(
    transport: Transport,
    places: Places,
    shelves: Mapping[str, Shelf],
    rolls: Mapping[str, Roll],
    *,
    full: bool = False,
    beside: Sequence[Reading] = (),
) -> Changes:
    """Every library and list: changes where a token is known, else the whole.

    Raises:
        ProvisionerError: DELTA-INCOMPLETE when the service ends a reading without a token.
    """

    def libraries(keys: Iterable[str], *, full: bool) -> dict[str, _Reader]:
        some = {key: places.libraries[key] for key in keys if key in places.libraries}
        return {
            key: ShelfReader(places, place, shelves.get(key), full=full)
            for key, place in some.items()
        }

    def lists(keys: Iterable[str], *, full: bool) -> dict[str, _Reader]:
        return _roll_readers(places, rolls, keys, full=full)

    on_lists = listed(places)
    readers = libraries(places.libraries, full=full) | lists(on_lists, full=full)
    endings, answers = await _take(transport, readers, beside)
    old = [key for key, ending in endings.items() if ending.too_old]
    again = libraries(old, full=True) | lists((key for key in old if key in on_lists), full=True)
    readers |= again
    endings |= (await _take(transport, again, ()))[0] if again else {}
    return Changes(
        steps={
            key: one.step(endings[key])
            for key, one in readers.items()
            if isinstance(one, ShelfReader)
        },
        rolls={
            key: one.roll(endings[key])
            for key, one in readers.items()
            if isinstance(one, RollReader)
        },
        beside=answers,
        notes=tuple(
            f"{readers[key].query.title}: its change token was too old, so it was read whole."
            for key in old
        ),
    )


async def read_rolls(
    transport: Transport, places: Places, rolls: Mapping[str, Roll], keys: Iterable[str] = ()
) -> dict[str, Roll]:
    """These lists as they are now, all of them where none is named; the others as they were."""
    wanted = set(keys) & rolls.keys() or set(rolls)
    readers = _roll_readers(places, rolls, wanted, full=False)
    endings, _ = await _take(transport, readers, ())
    again = _roll_readers(
        places, rolls, [key for key, one in endings.items() if one.too_old], full=True
    )
    readers |= again
    endings |= (await _take(transport, again, ()))[0] if again else {}
    found = {
        key: one.roll(endings[key]) for key, one in readers.items() if isinstance(one, RollReader)
    }
    return {**rolls, **found}


async def read_after(
    transport: Transport,
    places: Places,
    shelves: Mapping[str, Shelf],
    rolls: Mapping[str, Roll],
    written: frozenset[str],
) -> Changes:
    """The changes since these readings of what was written on, named by key.

    A library or list whose token is gone is left out.
    """
    readers: dict[str, _Reader] = {
        key: ShelfReader(places, places.libraries[key], one)
        for key, one in shelves.items()
        if one.link and key in written
    }
    some = [key for key, one in rolls.items() if one.link and key in written]
    readers |= _roll_readers(places, rolls, some, full=False)
    endings, _ = await _take(transport, readers, ())
    told = {key: one for key, one in readers.items() if not endings[key].too_old}
    return Changes(
        {key: one.step(endings[key]) for key, one in told.items() if isinstance(one, ShelfReader)},
        {key: one.roll(endings[key]) for key, one in told.items() if isinstance(one, RollReader)},
    )


def listed(places: Places) -> dict[str, Place]:
    """The lists of the site that a run reads, by key."""
    known = {key: places.lists[key] for key in _LISTS if key in places.lists}
    return {**places.registers, **known}


async def _take(
    transport: Transport, readers: Mapping[str, _Reader], beside: Sequence[Reading]
) -> tuple[dict[str, Ending], dict[Reading, Answer]]:
    def take(key: str, rows: Iterable[Row]) -> None:
        readers[key].take(rows)

    return await follow(transport, {key: one.query for key, one in readers.items()}, take, beside)


def _roll_readers(
    places: Places, rolls: Mapping[str, Roll], keys: Iterable[str], *, full: bool
) -> dict[str, _Reader]:
    there = listed(places)
    return {
        key: RollReader(places, there[key], rolls.get(key), _columns_of(there[key]), full=full)
        for key in keys
        if key in there
    }


def _columns_of(place: Place) -> list[str]:
    return [
        name
        for name in _COLUMNS.get(place.key, ())
        if name.removesuffix("LookupId") in place.columns
    ]

"""What stands around the evidence: versions, people, the ledger's catalogue, the libraries' safeguards.

All of it is read together, in one round trip of batches, and only what a rule needs: versions of what
changed, people the documents name, guests only where the site knows one. What the ledger says is kept,
and read again when its file changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from provisioner.core.transport import Answers, Reading, Transport
from provisioner.ledger.store import LEDGER_FILE, content_path, ledger_by_id
from provisioner.sync import columns
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_safeguards import (
    folder_reading,
    grants_reading,
    guests_of,
    let_in,
    linked,
    shared_ids,
    state_of,
    unknown_links,
)
from provisioner.sync.collect_site import CATALOGUE, Places, SiteHandle
from provisioner.sync.collect_versions import (
    Histories,
    Wanted,
    delivered_contents,
    histories,
    readings,
    still_known,
    wanted,
    who_by,
)
from provisioner.sync.facts import ItemTerms, LibraryState, Request
from provisioner.sync.history import History
from provisioner.sync.people import directory_readings, gone_people
from provisioner.sync.shelves import FileRow

_AT_ONCE = 1_000
"""Files that are looked at together."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The terms of expected items as an apply wrote them last, by item id, and of which ledger."""

    etag: str = ""
    terms: Mapping[str, ItemTerms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What was read. `in_force`: content identities at delivery by request id and document key.

    `gone` are files that counted and left, by key, as last read. `filed` are the file's own terms by item id.
    `held` are the keys of documents whose columns cannot be written.
    """

    histories: Histories = field(default_factory=dict)
    in_force: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people_gone: frozenset[str] = frozenset()
    libraries: tuple[LibraryState, ...] = ()
    applied: Applied = Applied()
    filed: Mapping[str, ItemTerms] = field(default_factory=dict)
    gone: Mapping[str, FileRow] = field(default_factory=dict)
    held: frozenset[str] = frozenset()


async def read_around(
    transport: Transport,
    places: Places,
    site: SiteHandle,
    lists: Lists,
    files: Iterable[FileRow],
    known: Histories,
    applied: Applied,
    told: Answers,
) -> Around:
    """Everything around the evidence. `known` and `applied`: what earlier runs read already.

    `told` are the answers to the readings of `recorded`.
    """
    requests = [one.request for one in lists.requests]
    seen = _looked_through(places, lists, files, known, requests)
    versions, numbers = seen.wanted, seen.people
    asked = directory_readings(numbers, lists.logins, await transport.app_roles())
    guests = guests_of(lists, site.welcome)
    grants = {key: grants_reading(place) for key, place in places.libraries.items() if guests}
    folders = {guid: folder_reading(guid) for guid in unknown_links(lists, seen.shared)}
    answers = await transport.read(
        list(
            dict.fromkeys(
                [
                    *readings(versions),
                    *asked.values(),
                    *grants.values(),
                    *folders.values(),
                ]
            )
        )
    )
    groups = {int(one["Id"]) for one in lists.groups}
    found = await histories(transport, places, versions, answers, who_by(lists), known)
    shared = linked(seen.shared, folders, answers, site)
    return Around(
        histories=seen.known | found,
        in_force=await delivered_contents(transport, places, versions, answers, requests),
        people_gone=gone_people(numbers, lists.people, groups, asked, answers),
        libraries=tuple(
            state_of(
                place,
                site,
                shared.get(key, ()),
                let_in(grants.get(key), answers, lists, guests, site.welcome),
            )
            for key, place in sorted(places.libraries.items())
        ),
        applied=await _applied(transport, places, told, applied),
        held=frozenset(seen.held),
    )


def recorded(places: Places) -> list[Reading]:
    """What to ask of the ledger: whether it is another than the one read before."""
    return [ledger_by_id(places.site, places.ledger)] if places.ledger else []


@dataclass(slots=True)
class _Seen:
    """What looking through the files told: once, for where they are many each is unpacked for it.

    `shared` are library and name of those that a sharing link opens, by SharePoint's id.
    """

    wanted: dict[str, Wanted] = field(default_factory=dict)
    known: dict[str, History] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    shared: dict[str, tuple[str, str]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)


def _looked_through(
    places: Places,
    lists: Lists,
    files: Iterable[FileRow],
    known: Histories,
    requests: Sequence[Request],
) -> _Seen:
    seen, shared, left = _Seen(), shared_ids(lists), iter(files)
    while rows := list(islice(left, _AT_ONCE)):
        seen.wanted |= wanted(places, rows, known, requests)
        seen.known |= still_known(known, rows)
        seen.people |= _people_in(rows)
        seen.held += [row.key for row in rows if row.held]
        if shared:
            named = {row.unique_id: (row.library, row.name) for row in rows}
            seen.shared |= {guid: named[guid] for guid in shared & named.keys()}
    return seen


def _people_in(rows: Iterable[FileRow]) -> set[int]:
    names = ("EvidenceOwner", "Reviewer")
    found = {columns.lookup(row.fields, name) for row in rows for name in names}
    return {number for number in found if number is not None}


# -- the catalogue as it was applied --------------------------------------------------------------
async def _applied(
    transport: Transport,
    places: Places,
    told: Answers,
    before: Applied,
) -> Applied:
    answer = next((told[reading] for reading in recorded(places)), None)
    if answer is None or answer.status != 200 or places.ledger is None:
        return Applied()
    etag = str(answer.body.get("eTag") or "")
    if etag and etag == before.etag:
        return before
    data = await transport.download(content_path(places.site, places.ledger, LEDGER_FILE))
    try:
        document = json.loads(data or b"{}")
        return Applied(etag, dict(_terms_in(document)))
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        # A ledger that cannot be read is told of by plan and drift; here nothing is compared with it.
        return Applied()


def _terms_in(document: Mapping[str, Any]) -> Iterator[tuple[str, ItemTerms]]:
    start = f"list:{CATALOGUE}/item:"
    for own, entry in (document.get("objects") or {}).items():
        if own.startswith(start) and entry["properties"].get("ItemId"):
            properties = entry["properties"]
            yield str(properties["ItemId"]), item_terms(properties)


def item_terms(properties: Mapping[str, Any]) -> ItemTerms:
    """The terms in a row of the catalogue as the ledger records it."""
    return ItemTerms(
        cadence=columns.text(properties, "Cadence") or "",
        kind=columns.text(properties, "EvidenceKind") or "",
        enabled=properties.get("Enabled") is not False,
        anchor=_day(properties.get("AnchorDate")),
        grace_days=columns.number(properties, "GraceDays"),
        lead_days=columns.number(properties, "LeadDays"),
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def with_gone(
    around: Around, gone: Mapping[str, FileRow], filed: Mapping[str, ItemTerms]
) -> Around:
    """The same with the files that left, and the terms of the workspace file."""
    return replace(around, gone=gone, filed=filed)

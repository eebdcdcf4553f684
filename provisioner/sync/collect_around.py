"""What stands around the evidence: versions, people, the ledger's catalogue, the libraries' safeguards.

All of it is read together, in one round trip of batches, and only what a rule needs: versions of what
changed, people the documents name, guests only where the site knows one. What the ledger says is kept,
and read again when its file changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from provisioner.core.transport import Answers, Reading, Transport
from provisioner.ledger.store import LEDGER_FILE, content_path, ledger_by_id
from provisioner.sync import columns
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_site import CATALOGUE, REST_READ, Place, Places, SiteHandle
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

_LINK = re.compile(r"SharingLinks\.([0-9a-fA-F-]{36})\.([A-Za-z]+)\..+")
_GUEST = ("#ext#", "urn:spo:guest", "urn%3aspo%3aguest")
_AT_ONCE = 1_000
"""Files that are looked at together."""
_LIMITED_ACCESS = 1
"""RoleTypeKind of the level SharePoint gives by itself to whoever may see one thing inside."""


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
    guests = _guests(lists, site.welcome)
    grants = {key: _grants(place) for key, place in places.libraries.items() if guests}
    folders = {guid: _folder(guid) for guid in _unknown_links(lists, seen.shared)}
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
    shared = _links(seen.shared, folders, answers, site)
    return Around(
        histories=seen.known | found,
        in_force=await delivered_contents(transport, places, versions, answers, requests),
        people_gone=gone_people(numbers, lists.people, groups, asked, answers),
        libraries=tuple(
            _state(
                place,
                site,
                shared.get(key, ()),
                _let_in(grants.get(key), answers, lists, guests, site.welcome),
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
    seen, shared, left = _Seen(), _shared(lists), iter(files)
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


# -- the libraries' safeguards --------------------------------------------------------------------
def _state(
    place: Place, site: SiteHandle, links: Iterable[str], guests: Iterable[str]
) -> LibraryState:
    declared = site.safeguards.get(place.key)
    return LibraryState(
        place.key,
        place.title,
        versioned=place.versioned,
        limit=place.limit,
        declared_limit=None if declared is None else declared.limit,
        own_permissions=place.own_permissions,
        declared_own=None if declared is None else declared.own_permissions,
        links=tuple(sorted(set(links))),
        guests=tuple(sorted(set(guests))),
        veiled=place.veiled,
    )


def is_guest(login: str) -> bool:
    """Whether a login name is of another organisation.

    learn.microsoft.com, "Properties of a Microsoft Entra B2B collaboration user"; `urn:spo:guest`
    stands for somebody who signed in with a code.
    """
    return any(word in login.lower() for word in _GUEST)


def _guests(lists: Lists, welcome: frozenset[str]) -> dict[int, str]:
    """Guests the site knows and the file does not name, by number."""
    return {
        number: lists.people.get(number) or login
        for number, login in lists.logins.items()
        if is_guest(login)
        and not {login.lower(), login.rpartition("|")[2].lower(), lists.people.get(number)}
        & welcome
    }


def _grants(place: Place) -> Reading:
    return Reading(
        "sharepoint",
        f"/_api/web/lists(guid'{place.id}')/roleassignments?$expand=Member,RoleDefinitionBindings",
        cost=5,
        pages=True,
        permission=REST_READ,
    )


def _let_in(
    reading: Reading | None,
    answers: Answers,
    lists: Lists,
    guests: Mapping[int, str],
    welcome: frozenset[str],
) -> Iterator[str]:
    """The guests a library's permissions let in, themselves or as members of a group."""
    if reading is None:
        return
    members = {
        int(one["Id"]): [int(each["Id"]) for each in one.get("Users") or ()]
        for one in lists.groups
        if f"group:{one.get('Title')}".lower() not in welcome
    }
    for row in (answers[reading].body or {}).get("value", []):
        levels = row.get("RoleDefinitionBindings") or []
        if all(one.get("RoleTypeKind") == _LIMITED_ACCESS for one in levels):
            continue
        number = int((row.get("Member") or {}).get("Id") or row.get("PrincipalId") or 0)
        for each in (number, *members.get(number, ())):
            if each in guests:
                yield guests[each]


def _shared(lists: Lists) -> set[str]:
    """The ids of files and folders that a sharing link opens: SharePoint makes a group for each."""
    found = (_LINK.match(str(one.get("Title") or "")) for one in lists.groups)
    return {match[1].lower() for match in found if match is not None}


def _unknown_links(lists: Lists, files: Mapping[str, object]) -> list[str]:
    return sorted(_shared(lists) - files.keys())


def _folder(guid: str) -> Reading:
    return Reading(
        "sharepoint",
        f"/_api/web/GetFolderById('{guid}')?$select=ServerRelativeUrl",
        absent_ok=True,
        permission=REST_READ,
    )


def _links(
    files: Mapping[str, tuple[str, str]],
    folders: Mapping[str, Reading],
    answers: Answers,
    site: SiteHandle,
) -> dict[str, list[str]]:
    """What sharing links open, by library key."""
    found = dict[str, list[str]]()
    for library, name in files.values():
        found.setdefault(library, []).append(name)
    bases = {key: f"{site.path.rstrip('/')}/{url}" for key, url in site.libraries.items()}
    for reading in folders.values():
        body = answers[reading].body
        path = str(body.get("ServerRelativeUrl") or "") if isinstance(body, Mapping) else ""
        for key, base in bases.items():
            if path.casefold() == base.casefold():
                found.setdefault(key, []).append("the library itself")
            elif path.casefold().startswith(f"{base}/".casefold()):
                found.setdefault(key, []).append(f"the folder {path[len(base) + 1 :]}")
    return found


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

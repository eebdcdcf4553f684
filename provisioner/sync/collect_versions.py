"""Reading versions, only where a rule needs them, and only once for each version.

"List versions of a listItem" for what the columns showed, "List versions of a driveItem" for sizes
(learn.microsoft.com/graph/api/listitem-list-versions, driveitem-list-versions). Graph gives no hash of
an old version, so where its content matters it is downloaded (driveitemversion-get-contents).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from provisioner.core.transport import Answers, Reading, Transport
from provisioner.sync import columns
from provisioner.sync.collect_content import OFFICE, package_identity
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_site import GRAPH_READ, Places
from provisioner.sync.facts import Request
from provisioner.sync.history import (
    History,
    Version,
    Who,
    approval_version,
    content_version,
    in_force,
    saved,
)
from provisioner.sync.quick_xor import quick_xor_hash
from provisioner.sync.rules.requests import HANDED_OVER
from provisioner.sync.shelves import FileRow
from provisioner.sync.vocabulary import ReviewStatus, review_status

Histories = Mapping[str, History]
"""By document key."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of the versions of one document. `sizes` only where they tell of the content."""

    row: FileRow
    shown: Reading
    sizes: Reading | None


def wanted(
    places: Places, files: Iterable[FileRow], known: Histories, requests: Iterable[Request]
) -> dict[str, Wanted]:
    """The documents whose versions a rule needs and no earlier run has read, by key."""
    delivered = {key for key, _ in _deliveries(requests)}
    found = {}
    for row in files:
        place = places.libraries[row.library]
        fresh = row.key in known and _fits(known[row.key], row)
        needed = (_approved(row) and not fresh) or row.key in delivered
        if needed and place.versioned is not False:
            base = places.graph(place)
            found[row.key] = Wanted(
                row,
                _reading(f"{base}/items/{row.id}/versions?$expand=fields"),
                _reading(f"{base}/drive/items/{row.drive_item}/versions"),
            )
    return found


def readings(some: Mapping[str, Wanted]) -> list[Reading]:
    """Everything to be read for them."""
    return [
        reading
        for one in some.values()
        for reading in (one.shown, one.sizes)
        if reading is not None
    ]


async def histories(
    transport: Transport,
    places: Places,
    some: Mapping[str, Wanted],
    answers: Answers,
    who: Who,
    known: Histories,
) -> dict[str, History]:
    """What the versions that were read tell, by document key. `known`: what earlier runs read."""
    found = {}
    for key, one in some.items():
        if _approved(one.row):
            versions = _versions(one, answers, places, who)
            read = await _history(transport, places, one.row, versions)
            found[key] = read.with_what_was_read(known.get(key))
    return found


async def delivered_contents(
    transport: Transport,
    places: Places,
    some: Mapping[str, Wanted],
    answers: Answers,
    requests: Iterable[Request],
) -> dict[str, dict[str, str]]:
    """By request id, the content identity each linked document had at the end of Delivered on."""
    found: dict[str, dict[str, str]] = {}
    for key, request in _deliveries(requests):
        one, day = some.get(key), request.delivered_on
        if one is None or day is None:
            continue
        versions = _versions(one, answers, places, lambda _: None)
        identity = await _identity_on(transport, places, one.row, versions, day)
        if identity is not None:
            found.setdefault(request.id, {})[key] = identity
    return found


def still_known(known: Histories, files: Iterable[FileRow]) -> dict[str, History]:
    """What earlier runs read that still speaks of the files as they are."""
    return {
        row.key: known[row.key]
        for row in files
        if row.key in known and _approved(row) and _fits(known[row.key], row)
    }


def who_by(lists: Lists) -> Who:
    """Names people in Graph's identities as person columns do: by mail, else by a name only one has."""
    once: dict[str, str | None] = {}
    for number, title in lists.titles.items():
        key = lists.people.get(number)
        once[title] = None if title in once else key

    def who(identity: Mapping[str, Any]) -> str | None:
        user = identity.get("user") or {}
        if "application" in identity or not isinstance(user, Mapping):
            return None
        mail = str(user.get("email") or "").lower()
        return mail or (once.get(str(user.get("displayName") or "")) if user.get("id") else None)

    return who


def _reading(path: str) -> Reading:
    return Reading("graph", path, cost=2, pages=True, absent_ok=True, permission=GRAPH_READ)


def _deliveries(requests: Iterable[Request]) -> Iterable[tuple[str, Request]]:
    """Each document of a request whose delivery has no stamp yet."""
    for request in requests:
        day, stamp = request.delivered_on, request.stamp
        unstamped = stamp is None or stamp.delivered_on != day
        if request.status in HANDED_OVER and day is not None and unstamped:
            yield from ((key, request) for key in request.documents)


def _approved(row: FileRow) -> bool:
    status = review_status(columns.text(row.fields, "ReviewStatus"))
    return status is ReviewStatus.APPROVED and bool(row.fields.get("ReviewedOn"))


def _approval(row: FileRow) -> str:
    return f"{row.fields.get('ReviewedOn')} {row.fields.get('ReviewerLookupId')}"


def _fits(known: History, row: FileRow) -> bool:
    return (known.label, known.identity, known.approval) == (
        row.version,
        row.identity,
        _approval(row),
    )


def _versions(one: Wanted, answers: Answers, places: Places, who: Who) -> list[Version]:
    """The versions of a document, newest first."""
    sizes = {}
    for row in _rows(answers, one.sizes):
        sizes[str(row.get("id"))] = row.get("size")
    found = []
    for row in _rows(answers, one.shown):
        fields = row.get("fields") or {}
        label = str(row.get("id") or "")
        found.append(
            Version(
                label,
                columns.day_of(row.get("lastModifiedDateTime"), places.zone),
                who(row.get("lastModifiedBy") or {}),
                sizes.get(label),
                columns.text(fields, "ReviewStatus") or "",
                columns.day(fields, "ReviewedOn", places.zone),
            )
        )
    return found


def _rows(answers: Answers, reading: Reading | None) -> list[dict[str, Any]]:
    answer = None if reading is None else answers.get(reading)
    body = answer.body if answer is not None and answer.status == 200 else None
    return list(body.get("value", [])) if isinstance(body, dict) else []


async def _history(
    transport: Transport, places: Places, row: FileRow, versions: list[Version]
) -> History:
    reviewed_on = columns.day(row.fields, "ReviewedOn", places.zone)
    office = row.name.lower().endswith(OFFICE)
    # SharePoint rewrites Office files, so their sizes tell nothing of who wrote the content.
    content = content_version(versions if not office or len(versions) == 1 else [])
    approval = None if reviewed_on is None else approval_version(versions, reviewed_on)
    dated = None if content is None else _earliest(content, row, places)
    if dated is None and office and reviewed_on is not None:
        dated = await _dated(transport, places, row, versions, reviewed_on)
    saved_by, saved_on = saved(approval)
    return History(
        row.version,
        row.identity,
        _approval(row),
        author=None if content is None else content.by,
        content_dated=dated,
        saved_by=saved_by,
        saved_on=saved_on,
    )


def _earliest(content: Version, row: FileRow, places: Places) -> date | None:
    """The day of a version that brought content; what the job wrote over it later moves its date."""
    days = [content.day, columns.day_of(row.content_seen, places.zone)]
    if content.label in ("1.0", "0.1"):
        days.append(columns.day_of(row.created, places.zone))
    return min((day for day in days if day is not None), default=None)


async def _dated(
    transport: Transport, places: Places, row: FileRow, versions: list[Version], on: date
) -> date | None:
    """A day on the right side of an approval: when today's content was there by then, or came later."""
    identity = await _identity_on(transport, places, row, versions, on)
    if identity is None or not row.identity:
        return None
    then = in_force(versions, on)
    if identity == row.identity:
        return None if then is None else then.day
    later = [one.day for one in versions if one.day is not None and one.day > on]
    return min(later, default=None)


async def _identity_on(
    transport: Transport, places: Places, row: FileRow, versions: list[Version], on: date
) -> str | None:
    """The content identity in force at the end of a day; None where that version is gone."""
    then = in_force(versions, on)
    if then is None:
        return None
    if then is versions[0]:
        return row.identity or None
    base = places.graph(places.libraries[row.library])
    data = await transport.download(
        f"{base}/drive/items/{row.drive_item}/versions/{then.label}/content"
    )
    if data is None:
        return None
    if row.name.lower().endswith(OFFICE):
        return package_identity(data)
    return f"quickXor:{quick_xor_hash(data)}"

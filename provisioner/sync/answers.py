"""What answers an audit request: the linked documents as judged, and what was delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from provisioner.sync.cases import LinkedDocument, PlacedDocument
from provisioner.sync.claims import aged
from provisioner.sync.facts import Request
from provisioner.sync.rules.requests import HANDED_OVER
from provisioner.sync.stamped import DeliveredStamp
from provisioner.sync.vocabulary import Freshness


def linked_documents(
    request: Request, placed: Mapping[str, PlacedDocument], today: date
) -> tuple[LinkedDocument, ...]:
    """Each linked document once, in order of keys. One that is in no library is not sound."""
    return tuple(_linked(key, request, placed, today) for key in sorted(set(request.documents)))


def _linked(
    key: str, request: Request, placed: Mapping[str, PlacedDocument], today: date
) -> LinkedDocument:
    one = placed.get(key)
    if one is None:
        return LinkedDocument(key, f"a document that is in no library ({key})")
    touches = None
    if request.period is not None and one.touches is not None:
        touches = request.period in one.touches
    day = request.delivered_on if request.status in HANDED_OVER else today
    return LinkedDocument(
        key,
        one.case.document.name,
        sound=one.sound,
        touches=touches,
        aged=None if day is None else _on(one, day),
        identity=one.case.document.identity,
    )


def _on(one: PlacedDocument, day: date) -> Freshness:
    """How fresh it was on a day by its own dates; evidence that never runs out is fresh."""
    until = one.runs_out
    return Freshness.FRESH if until is None else aged(until, one.case.terms, day)


def delivered_stamp(request: Request, linked: tuple[LinkedDocument, ...]) -> DeliveredStamp | None:
    """The stamp that should stand on a request now: made once for each Delivered on."""
    old, day = request.stamp, request.delivered_on
    if request.status not in HANDED_OVER or day is None:
        return old
    if old is not None and old.delivered_on == day:
        return old
    return DeliveredStamp(day, dict(_identities(request, linked)))


def _identities(request: Request, linked: tuple[LinkedDocument, ...]) -> Iterator[tuple[str, str]]:
    for one in linked:
        identity = request.in_force.get(one.key) or one.identity
        if identity is not None:
            yield one.key, identity

"""Our own records on a site, read beside everything else: the lock, the ledger, a run cut off.

They are asked for by the names of their lists before any id is known, so that they cost no round
trip. A list that somebody renamed is found by its address and asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from provisioner.core.resource import Found
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.kinds.base import Scope
from provisioner.ledger.lock import LOCK_URL, Seen, lock_by_id, lock_by_path, seen_in
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import (
    LEDGER_FILE,
    LIBRARY_URL,
    decoded,
    ledger_by_id,
    ledger_by_path,
    ledger_content_by_path,
    read_document,
)
from provisioner.ledger.unfinished import Unfinished, read_unfinished


@dataclass(frozen=True, slots=True)
class Records:
    """What we recorded, who held the lock when reading began, and a run that was cut off."""

    ledger: LedgerState = field(default_factory=LedgerState)
    lock: Seen | None = None
    unfinished: Unfinished | None = None


def first_readings(scope: Scope) -> Sequence[Reading]:
    """The lock, and what the drive says of the ledger's file.

    They come before all else: whoever works between now and the writing moves them and is found out.
    """
    return (
        lock_by_path(scope.hostname, scope.site_path),
        ledger_by_path(scope.hostname, scope.site_path),
    )


async def early_ledger(
    transport: Transport, scope: Scope, answers: Mapping[Reading, Answer]
) -> bytes | None:
    """The ledger's content, where the list of that name is ours; read after its ETag."""
    facts = answers.get(ledger_by_path(scope.hostname, scope.site_path))
    body = facts.body if facts is not None and isinstance(facts.body, Mapping) else {}
    address = unquote(urlsplit(str(body.get("webUrl") or "")).path)
    if address.casefold() != f"{scope.site_path}/{LIBRARY_URL}/{LEDGER_FILE}".casefold():
        return None
    return await transport.download(ledger_content_by_path(scope.hostname, scope.site_path))


async def records_of(
    transport: Transport,
    scope: Scope,
    site_id: str,
    answers: Mapping[Reading, Answer],
    lists: Sequence[Found],
    early: bytes | None,
) -> Records:
    """The records, from what was read early where that was ours.

    Raises:
        ProvisionerError: LEDGER-UNREADABLE, when the file is there and is not a ledger.
    """
    library = _at(lists, f"{scope.site_path}/{LIBRARY_URL}")
    held = _at(lists, f"{scope.site_path}/Lists/{LOCK_URL}")
    lock, facts = first_readings(scope)
    ledger, seen = LedgerState(), seen_in(answers[lock].body)
    if early is not None:
        ledger = _state(decoded(early), answers[facts])
    elif library is not None:
        by_id = ledger_by_id(site_id, library.ids["id"])
        fresh = (await transport.read([by_id]))[by_id]
        if fresh.status == 200:  # else the library is still empty
            document = await read_document(transport, site_id, library.ids["id"], LEDGER_FILE)
            ledger = _state(document, fresh)
    if held is not None and (seen is None or held.properties.get("title") != LOCK_URL):
        again = lock_by_id(site_id, held.ids["id"])
        seen = seen_in((await transport.read([again]))[again].body)
    if seen is None or library is None or (seen.holder.free and not seen.holder.prior):
        return Records(ledger, seen)
    unfinished = await read_unfinished(transport, site_id, library.ids["id"], seen.holder)
    if unfinished is not None and unfinished.is_recorded(ledger.last_receipt):
        unfinished = None  # it was cut off before it laid the lock down, and had done all else
    if unfinished is not None:
        ledger = replace(ledger, last_receipt=unfinished.continues(ledger.last_receipt))
        if not unfinished.plan:
            unfinished = None  # it changed nothing: its plan is stored before its first change
    return Records(ledger, seen, unfinished)


def _state(document: Any, facts: Answer) -> LedgerState:
    if document is None:
        return LedgerState()
    body = facts.body if isinstance(facts.body, Mapping) else {}
    return replace(LedgerState.of(document), etag=str(body.get("eTag") or ""))


def _at(lists: Sequence[Found], url: str) -> Found | None:
    """The list at a server-relative URL; None where there is none."""
    for one in lists:
        if any(sort == "url" and value.casefold() == url.casefold() for sort, value in one.keys):
            return one
    return None

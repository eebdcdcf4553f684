"""From what was read to the facts the rules judge."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from provisioner.sync import columns, stamp_texts
from provisioner.sync.collect_around import Around
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_site import Places
from provisioner.sync.facts import Document, EvidenceFacts
from provisioner.sync.history import History
from provisioner.sync.people import person
from provisioner.sync.shelves import FileRow
from provisioner.sync.stamped import ApprovedStamp, Clock


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an earlier run knew of a document: its content, and what it would have written.

    The clock and the stamp count only where the item's own columns could not be written.
    """

    identity: str = ""
    clock: Clock | None = None
    stamp: ApprovedStamp | None = None


Memory = Mapping[str, Remembered]
"""By document key."""
_NOTHING = Remembered()


def facts_of(
    files: Iterable[FileRow],
    lists: Lists,
    places: Places,
    memory: Memory,
    around: Around = Around(),  # noqa: B008 - frozen
) -> EvidenceFacts:
    """Everything read, as the rules take it."""

    def document(row: FileRow) -> Document:
        before = memory.get(row.key, _NOTHING)
        return document_of(row, lists, places, before, around.histories.get(row.key))

    return EvidenceFacts(
        documents=tuple(document(row) for row in files),
        items=tuple(
            replace(
                row.item,
                applied=around.applied.terms.get(row.item.id),
                filed=around.filed.get(row.item.id),
            )
            for row in lists.catalogue
        ),
        periods=lists.periods,
        waivers=tuple(row.waiver for row in lists.waivers),
        requests=tuple(
            replace(row.request, in_force=around.in_force.get(row.request.id, {}))
            for row in lists.requests
        ),
        vendor_bridges=lists.vendor_bridges,
        gone=tuple(document(row) for row in around.gone.values()),
        people_gone=around.people_gone,
        risks=lists.risks,
        libraries=around.libraries,
        registers=lists.registers,
    )


def document_of(
    row: FileRow,
    lists: Lists,
    places: Places,
    before: Remembered,
    history: History | None = None,
) -> Document:
    """One file as a document. `history`: what its versions tell; without it those clauses are skipped.

    An item that was chosen and is no longer on the list is named by its row number.
    """
    fields, zone = row.fields, places.zone
    chosen, said = columns.lookup(fields, "EvidenceItem"), partial(_said, fields)
    modified, known = columns.day_of(row.modified, zone), before.identity or None
    clock = stamp_texts.read_clock(columns.text(fields, "Clock"))
    stamp = stamp_texts.read_stamp(columns.text(fields, "ApprovedStamp"))
    return Document(
        key=row.key,
        library=row.library,
        id=row.id,
        name=row.name,
        url=row.url,
        item=None if chosen is None else lists.item_ids.get(chosen, f"#{chosen}"),
        part=said("Part"),
        status=said("ReviewStatus"),
        owner=person(lists.people, columns.lookup(fields, "EvidenceOwner")),
        reviewer=person(lists.people, columns.lookup(fields, "Reviewer")),
        reviewed_on=columns.day(fields, "ReviewedOn", zone),
        activity_date=columns.day(fields, "ActivityDate", zone),
        period_from=columns.day(fields, "PeriodFrom", zone),
        period_to=columns.day(fields, "PeriodTo", zone),
        collected_on=columns.day(fields, "CollectedOn", zone),
        bridge_until=columns.day(fields, "BridgeLetterUntil", zone),
        source_system=said("SourceSystem"),
        sensitivity=said("Sensitivity"),
        query_used=said("QueryUsed"),
        row_count=columns.number(fields, "RowCount"),
        criteria=columns.several(fields, "TrustServicesCriteria"),
        identity=row.identity or None,
        known_identity=row.identity if known == row.identity else known,
        size=row.size,
        created=columns.day_of(row.created, zone),
        modified=modified,
        version_date=modified,
        clock=clock or before.clock,
        stamp=stamp or before.stamp,
        content_dated=None if history is None else history.content_dated,
        content_author=None if history is None else history.author,
        approval_saved_by=None if history is None else history.saved_by,
        approval_saved_on=None if history is None else history.saved_on,
        risks=tuple(str(one) for one in columns.lookups(fields, "RelatedRisk")),
    )


def _said(fields: Mapping[str, Any], name: str) -> str | None:
    """A text, held once: the same words stand on thousands of documents."""
    text = columns.text(fields, name)
    return None if text is None else sys.intern(text)

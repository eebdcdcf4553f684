"""From what was read to the facts the rules judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioner.sync import columns
from provisioner.sync.collect_files import FileRow
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_site import Places
from provisioner.sync.facts import ApprovedStamp, Clock, Document, EvidenceFacts
from provisioner.sync.people import person


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


def facts_of(
    files: Iterable[FileRow], lists: Lists, places: Places, memory: Memory
) -> EvidenceFacts:
    """Everything read, as the rules take it."""
    return EvidenceFacts(
        documents=tuple(
            document_of(row, lists, places, memory.get(row.key, Remembered())) for row in files
        ),
        items=tuple(row.item for row in lists.catalogue),
        periods=lists.periods,
        waivers=tuple(row.waiver for row in lists.waivers),
        requests=lists.requests,
        vendor_bridges=lists.vendor_bridges,
    )


def document_of(row: FileRow, lists: Lists, places: Places, before: Remembered) -> Document:
    """One file as a document.

    Who saved which version is not read yet, so the clauses that need it are skipped, and the verdict's
    facts say so. An item that was chosen and is no longer on the list is named by its row number.
    """
    fields, zone = row.fields, places.zone
    chosen = columns.lookup(fields, "EvidenceItem")
    modified = columns.day_of(row.modified, zone)
    clock = columns.read_clock(columns.text(fields, "Clock"))
    stamp = columns.read_stamp(columns.text(fields, "ApprovedStamp"))
    return Document(
        key=row.key,
        library=row.library,
        id=row.id,
        name=row.name,
        url=row.url,
        item=None if chosen is None else lists.item_ids.get(chosen, f"#{chosen}"),
        part=columns.text(fields, "Part"),
        status=columns.text(fields, "ReviewStatus"),
        owner=person(lists.people, columns.lookup(fields, "EvidenceOwner")),
        reviewer=person(lists.people, columns.lookup(fields, "Reviewer")),
        reviewed_on=columns.day(fields, "ReviewedOn", zone),
        activity_date=columns.day(fields, "ActivityDate", zone),
        period_from=columns.day(fields, "PeriodFrom", zone),
        period_to=columns.day(fields, "PeriodTo", zone),
        collected_on=columns.day(fields, "CollectedOn", zone),
        bridge_until=columns.day(fields, "BridgeLetterUntil", zone),
        source_system=columns.text(fields, "SourceSystem"),
        sensitivity=columns.text(fields, "Sensitivity"),
        query_used=columns.text(fields, "QueryUsed"),
        row_count=columns.number(fields, "RowCount"),
        criteria=columns.several(fields, "TrustServicesCriteria"),
        identity=row.identity or None,
        known_identity=before.identity or None,
        size=row.size,
        created=columns.day_of(row.created, zone),
        modified=modified,
        version_date=modified,
        clock=clock or before.clock,
        stamp=stamp or before.stamp,
    )

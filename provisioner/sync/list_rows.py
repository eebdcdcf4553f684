"""Rows of the lists people edit, as the rules read them and as they stand there now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from provisioner.sync import columns, stamp_texts
from provisioner.sync.collect_site import (
    CATALOGUE,
    INDEX,
    PERIODS,
    REQUESTS,
    VENDORS,
    WAIVERS,
    Places,
)
from provisioner.sync.facts import (
    Attestation,
    AuditPeriod,
    ExpectedItem,
    Request,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.parts import named_parts
from provisioner.sync.people import person
from provisioner.sync.register_facts import Register
from provisioner.sync.rolls import Roll
from provisioner.sync.vocabulary import Cadence, Kind, PeriodState, ReportType
from provisioner.sync.writeback_index import Index, index_of

_Word = TypeVar("_Word", bound=StrEnum)

Seen = Mapping[str, tuple[Attestation, ...]]
"""Attestations earlier runs have seen, by catalogue id."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row of Expected Evidence: the item, and the job-owned columns as they stand there now."""

    item: ExpectedItem
    row: int
    etag: str
    coverage: str
    next_due: date | None
    last_evidence: date | None
    flags: str


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A row of Waivers and the text in its hidden column Facts at grant."""

    waiver: Waiver
    row: int
    etag: str
    stamp_text: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A row of the Audit Request Tracker and the text in its column Version and hash delivered."""

    request: Request
    row: int
    etag: str
    stamp_text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the lists as what the rules read."""

    places: Places
    rolls: Mapping[str, Roll]
    people: Mapping[int, str]

    def of(self, key: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Each row of a list with its fields; nothing where the site has no such list."""
        roll = self.rolls.get(key)
        rows = () if roll is None else roll.rows.values()
        return [
            ({"id": one.id, "eTag": one.etag, "fields": one.fields}, one.fields) for one in rows
        ]

    def _day(self, fields: Mapping[str, Any], name: str) -> date | None:
        return columns.day(fields, name, self.places.zone)

    def _person(self, fields: Mapping[str, Any], name: str) -> str | None:
        return person(self.people, columns.lookup(fields, name))

    def catalogue(self, seen: Seen) -> Iterable[CatalogueRow]:
        """The rows of Expected Evidence that name an item."""
        for row, fields in self.of(CATALOGUE):
            item = (columns.text(fields, "ItemId") or "").strip()
            if item:
                yield CatalogueRow(
                    item=self._item(item, fields, seen.get(item, ())),
                    row=int(row["id"]),
                    etag=str(row.get("eTag") or ""),
                    coverage=columns.text(fields, "Coverage") or "",
                    next_due=self._day(fields, "NextDue"),
                    last_evidence=self._day(fields, "LastEvidence"),
                    flags=columns.text(fields, "Flags") or "",
                )

    def _item(
        self, item: str, fields: Mapping[str, Any], seen: tuple[Attestation, ...]
    ) -> ExpectedItem:
        on, by = self._day(fields, "AttestedOn"), self._person(fields, "AttestedBy")
        attested = {*seen, Attestation(on, by)} if on is not None and by is not None else {*seen}
        parts = named_parts(columns.text(fields, "AppliesTo"), (one for _, one in self.of(VENDORS)))
        return ExpectedItem(
            id=item,
            title=columns.text(fields, "Title") or item,
            library=columns.text(fields, "EvidenceLibrary") or "",
            control_area=columns.text(fields, "ControlArea") or "",
            criteria=columns.several(fields, "TrustServicesCriteria"),
            owner_role=columns.text(fields, "OwnerRole") or "",
            cadence=_word(Cadence, fields, "Cadence"),
            kind=_word(Kind, fields, "EvidenceKind"),
            enabled=fields.get("Enabled") is not False,
            anchor=self._day(fields, "AnchorDate"),
            lead_days=columns.number(fields, "LeadDays"),
            grace_days=columns.number(fields, "GraceDays"),
            review_sla_days=columns.number(fields, "ReviewSlaDays"),
            applies_to=parts,
            attestations=tuple(sorted(attested, key=lambda one: (one.on, one.by))),
        )

    def periods(self) -> Iterable[AuditPeriod]:
        """The audit periods."""
        for row, fields in self.of(PERIODS):
            yield AuditPeriod(
                id=str(row["id"]),
                name=columns.text(fields, "Title") or f"period {row['id']}",
                type=_word(ReportType, fields, "ReportType") or ReportType.TYPE_2,
                state=_word(PeriodState, fields, "State") or PeriodState.PLANNED,
                start=self._day(fields, "StartsOn"),
                end=self._day(fields, "EndsOn"),
                as_of=self._day(fields, "AsOfDate"),
                criteria=columns.several(fields, "ScopeCategories"),
                closed_on=self._day(fields, "ClosedOn"),
                auditor=columns.text(fields, "AuditFirm") or "",
            )

    def waivers(
        self,
        items: Mapping[int, str],
        documents: Mapping[int, str],
        requests: Mapping[int, str],
        rows: Mapping[str, str],
    ) -> Iterable[WaiverRow]:
        """The waivers. What they name is told by its row: items, documents, requests, other rows."""
        for row, fields in self.of(WAIVERS):
            stamp = columns.text(fields, "FactsAtGrant") or ""
            codes = (columns.text(fields, "RuleCodes") or "").replace(";", ",").split(",")
            target = WaiverTarget(
                item=_named(items, columns.lookup(fields, "EvidenceItem")),
                part=columns.text(fields, "Part"),
                slot_from=self._day(fields, "SlotFrom"),
                document=_named(documents, columns.lookup(fields, "EvidenceDocument")),
                request=_named(requests, columns.lookup(fields, "AuditRequest")),
                row=_row_key(rows, columns.text(fields, "RegisterRow")),
            )
            waiver = Waiver(
                id=_own_id(fields, "WaiverId", row),
                target=target,
                rules=frozenset(one.strip().upper() for one in codes if one.strip()),
                state=columns.text(fields, "State") or "Draft",
                reason=columns.text(fields, "Reason") or "",
                requester=self._person(fields, "Requester"),
                approver=self._person(fields, "Approver"),
                granted=self._day(fields, "GrantedOn"),
                expires=self._day(fields, "ExpiresOn"),
                stamp=stamp_texts.read_waiver_stamp(stamp),
            )
            yield WaiverRow(waiver, int(row["id"]), str(row.get("eTag") or ""), stamp)

    def requests(self, documents: Mapping[int, str]) -> list[RequestRow]:
        """The audit requests. `documents`: keys by row of the index."""
        found = []
        for row, fields in self.of(REQUESTS):
            text = columns.text(fields, "DeliveredStamp") or ""
            linked = (
                _named(documents, one) or "" for one in columns.lookups(fields, "RelatedEvidence")
            )
            request = Request(
                id=_own_id(fields, "RequestId", row),
                title=columns.text(fields, "Title") or "",
                status=columns.text(fields, "InternalStatus"),
                due=self._day(fields, "DueOn"),
                requested_on=self._day(fields, "RequestedOn"),
                sla_days=columns.number(fields, "SlaDays"),
                period=str(columns.lookup(fields, "AuditPeriod") or "") or None,
                assignee=self._person(fields, "Assignee"),
                documents=tuple(linked),
                delivered_on=self._day(fields, "DeliveredOn"),
                stamp=stamp_texts.read_delivered(text),
            )
            found.append(RequestRow(request, int(row["id"]), str(row.get("eTag") or ""), text))
        return found

    def titles(self, registers: Iterable[Register]) -> dict[str, dict[int, str]]:
        """What the rows are called that lookups lead to, by row number and the key of their list."""
        wanted: dict[str, set[int]] = {}
        for register in registers:
            for _, fields in self.of(register.key):
                for name, key in register.targets.items():
                    wanted.setdefault(key, set()).update(columns.lookups(fields, name))
        return {
            key: {
                number: columns.text(roll.rows[number].fields, "Title") or ""
                for number in sorted(wanted[key])
                if number in roll.rows
            }
            for key, roll in self.rolls.items()
            if key in wanted
        }

    def request_ids(self) -> dict[int, str]:
        """The id of each request, by row."""
        return {
            int(row["id"]): _own_id(fields, "RequestId", row) for row, fields in self.of(REQUESTS)
        }

    def bridges(self) -> dict[str, date]:
        """Until when bridge letters last, by vendor."""
        found = {}
        for _, fields in self.of(VENDORS):
            name, until = columns.text(fields, "Title"), self._day(fields, "BridgeLetterUntil")
            if name and until:
                found[name] = until
        return found

    def index(self) -> Index:
        """The Evidence Index."""
        roll = self.rolls.get(INDEX)
        return Index() if roll is None else index_of(roll.rows)

    def indexed(self, index: Index) -> dict[int, str]:
        """The keys of the documents that waivers and requests name by their rows of the index."""
        wanted = {columns.lookup(fields, "EvidenceDocument") for _, fields in self.of(WAIVERS)}
        for _, fields in self.of(REQUESTS):
            wanted.update(columns.lookups(fields, "RelatedEvidence"))
        return index.documents(wanted)


def _word(words: type[_Word], fields: Mapping[str, Any], name: str) -> _Word | None:
    try:
        return words((columns.text(fields, name) or "").strip())
    except ValueError:
        return None


def _named(names: Mapping[int, str], row: int | None) -> str | None:
    """The id behind a lookup; one that leads nowhere names something that is not there."""
    return None if row is None else names.get(row, f"#{row}")


def _row_key(rows: Mapping[str, str], words: str | None) -> str | None:
    """The key of the row a waiver names in words; "#…" where they lead to none."""
    if words is None:
        return None
    return rows.get(" ".join(words.split()).casefold(), f"#{words}")


def _own_id(fields: Mapping[str, Any], name: str, row: Mapping[str, Any]) -> str:
    return (columns.text(fields, name) or "").strip() or f"#{row['id']}"

"""What the lists say: the catalogue, audit periods, waivers, requests, vendors and registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from provisioner.core.transport import Transport
from provisioner.sync import columns
from provisioner.sync.collect_registers import RowReader, risks_of, rows_named
from provisioner.sync.collect_site import (
    CATALOGUE,
    INDEX,
    PERIODS,
    REQUESTS,
    RISKS,
    VENDORS,
    WAIVERS,
    Places,
    items_reading,
)
from provisioner.sync.facts import (
    Attestation,
    AuditPeriod,
    ExpectedItem,
    Request,
    Risk,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.parts import named_parts
from provisioner.sync.people import logins_of, people_of, person, titles_of
from provisioner.sync.register_facts import Register
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.vocabulary import Cadence, Kind, PeriodState, ReportType
from provisioner.sync.writeback_index import IndexRow, index_row

_Word = TypeVar("_Word", bound=StrEnum)


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
class Lists:
    """Everything read from lists. `people` names the site's numbers, `notes` what was left out.

    `titles` and `logins` are display and login names by those numbers; `groups` are the site's
    groups as SharePoint tells of them. `registers` have their rows; `risks` is None where the site
    has no Risk Register.
    """

    catalogue: tuple[CatalogueRow, ...]
    periods: tuple[AuditPeriod, ...]
    waivers: tuple[WaiverRow, ...]
    requests: tuple[RequestRow, ...]
    vendor_bridges: Mapping[str, date]
    people: Mapping[int, str]
    index: Mapping[str, IndexRow]
    notes: tuple[str, ...]
    titles: Mapping[int, str]
    logins: Mapping[int, str]
    groups: tuple[Mapping[str, Any], ...]
    registers: tuple[Register, ...]
    risks: Mapping[str, Risk] | None

    @property
    def item_ids(self) -> dict[int, str]:
        """The catalogue id of each row of Expected Evidence, by the row's number."""
        return {one.row: one.item.id for one in self.catalogue}

    @property
    def attestations(self) -> Seen:
        """Every attestation known by now, by catalogue id."""
        return {
            row.item.id: row.item.attestations for row in self.catalogue if row.item.attestations
        }


Seen = Mapping[str, tuple[Attestation, ...]]
"""Attestations earlier runs have seen, by catalogue id."""


def lists_of(
    places: Places, rolls: Mapping[str, Roll], seen: Seen, registers: Iterable[Register] = ()
) -> Lists:
    """What the lists say, as they were read. `seen`: attestations known already.

    `registers` are those to be judged, without rows.
    """
    people, names = people_of(places.users), titles_of(places.users)
    rows = _Rows(places, rolls, people)
    catalogue, twice = _once(rows.catalogue(seen))
    item_ids = {one.row: one.item.id for one in catalogue}
    request_ids = rows.request_ids()
    index = rows.index()
    documents = {row.row: key for key, row in index.items()}
    some = [one for one in registers if one.key in rolls]
    reader = RowReader(places.zone, people, names, rows.titles(some))
    checked = tuple(reader.register(one, [row for row, _ in rows.of(one.key)]) for one in some)
    return Lists(
        catalogue=tuple(catalogue),
        periods=tuple(rows.periods()),
        waivers=tuple(rows.waivers(item_ids, documents, request_ids, rows_named(checked))),
        requests=tuple(rows.requests(documents)),
        vendor_bridges=rows.bridges(),
        people=people,
        index=index,
        notes=tuple(
            f"Item id {item} stands on two rows of Expected Evidence; the first is judged."
            for item in twice
        ),
        titles=names,
        logins=logins_of(places.users),
        groups=places.groups,
        registers=checked,
        risks=risks_of(row for row, _ in rows.of(RISKS)) if RISKS in rolls else None,
    )


async def read_periods(transport: Transport, places: Places) -> tuple[AuditPeriod, ...]:
    """The audit periods alone."""
    reading = items_reading(places, places.lists[PERIODS])
    body = (await transport.read([reading]))[reading].body
    rows = {
        int(row["id"]): ListRow(int(row["id"]), str(row.get("eTag") or ""), row.get("fields") or {})
        for row in body.get("value", [])
    }
    return tuple(_Rows(places, {PERIODS: Roll("", "", "", rows)}, {}).periods())


def _once(rows: Iterable[CatalogueRow]) -> tuple[list[CatalogueRow], list[str]]:
    kept: dict[str, CatalogueRow] = {}
    twice = []
    for row in sorted(rows, key=lambda one: one.row):
        if row.item.id in kept:
            twice.append(row.item.id)
        else:
            kept[row.item.id] = row
    return list(kept.values()), twice


@dataclass(frozen=True, slots=True)
class _Rows:
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

    def day(self, fields: Mapping[str, Any], name: str) -> date | None:
        return columns.day(fields, name, self.places.zone)

    def person(self, fields: Mapping[str, Any], name: str) -> str | None:
        return person(self.people, columns.lookup(fields, name))

    def catalogue(self, seen: Seen) -> Iterable[CatalogueRow]:
        for row, fields in self.of(CATALOGUE):
            item = (columns.text(fields, "ItemId") or "").strip()
            if item:
                yield CatalogueRow(
                    item=self._item(item, fields, seen.get(item, ())),
                    row=int(row["id"]),
                    etag=str(row.get("eTag") or ""),
                    coverage=columns.text(fields, "Coverage") or "",
                    next_due=self.day(fields, "NextDue"),
                    last_evidence=self.day(fields, "LastEvidence"),
                    flags=columns.text(fields, "Flags") or "",
                )

    def _item(
        self, item: str, fields: Mapping[str, Any], seen: tuple[Attestation, ...]
    ) -> ExpectedItem:
        on, by = self.day(fields, "AttestedOn"), self.person(fields, "AttestedBy")
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
            anchor=self.day(fields, "AnchorDate"),
            lead_days=columns.number(fields, "LeadDays"),
            grace_days=columns.number(fields, "GraceDays"),
            review_sla_days=columns.number(fields, "ReviewSlaDays"),
            applies_to=parts,
            attestations=tuple(sorted(attested, key=lambda one: (one.on, one.by))),
        )

    def periods(self) -> Iterable[AuditPeriod]:
        for row, fields in self.of(PERIODS):
            yield AuditPeriod(
                id=str(row["id"]),
                name=columns.text(fields, "Title") or f"period {row['id']}",
                type=_word(ReportType, fields, "ReportType") or ReportType.TYPE_2,
                state=_word(PeriodState, fields, "State") or PeriodState.PLANNED,
                start=self.day(fields, "StartsOn"),
                end=self.day(fields, "EndsOn"),
                as_of=self.day(fields, "AsOfDate"),
                criteria=columns.several(fields, "ScopeCategories"),
                closed_on=self.day(fields, "ClosedOn"),
                auditor=columns.text(fields, "AuditFirm") or "",
            )

    def waivers(
        self,
        items: Mapping[int, str],
        documents: Mapping[int, str],
        requests: Mapping[int, str],
        rows: Mapping[str, str],
    ) -> Iterable[WaiverRow]:
        for row, fields in self.of(WAIVERS):
            stamp = columns.text(fields, "FactsAtGrant") or ""
            codes = (columns.text(fields, "RuleCodes") or "").replace(";", ",").split(",")
            target = WaiverTarget(
                item=_named(items, columns.lookup(fields, "EvidenceItem")),
                part=columns.text(fields, "Part"),
                slot_from=self.day(fields, "SlotFrom"),
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
                requester=self.person(fields, "Requester"),
                approver=self.person(fields, "Approver"),
                granted=self.day(fields, "GrantedOn"),
                expires=self.day(fields, "ExpiresOn"),
                stamp=columns.read_waiver_stamp(stamp),
            )
            yield WaiverRow(waiver, int(row["id"]), str(row.get("eTag") or ""), stamp)

    def requests(self, documents: Mapping[int, str]) -> list[RequestRow]:
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
                due=self.day(fields, "DueOn"),
                requested_on=self.day(fields, "RequestedOn"),
                sla_days=columns.number(fields, "SlaDays"),
                period=str(columns.lookup(fields, "AuditPeriod") or "") or None,
                assignee=self.person(fields, "Assignee"),
                documents=tuple(linked),
                delivered_on=self.day(fields, "DeliveredOn"),
                stamp=columns.read_delivered(text),
            )
            found.append(RequestRow(request, int(row["id"]), str(row.get("eTag") or ""), text))
        return found

    def titles(self, registers: Iterable[Register]) -> dict[str, dict[int, str]]:
        """What rows are called, by row number and the key of the list that lookups lead to."""
        wanted = {key for one in registers for key in one.targets.values()}
        return {
            key: {
                int(row["id"]): columns.text(fields, "Title") or "" for row, fields in self.of(key)
            }
            for key in wanted & self.rolls.keys()
        }

    def request_ids(self) -> dict[int, str]:
        return {
            int(row["id"]): _own_id(fields, "RequestId", row) for row, fields in self.of(REQUESTS)
        }

    def bridges(self) -> dict[str, date]:
        found = {}
        for _, fields in self.of(VENDORS):
            name, until = columns.text(fields, "Title"), self.day(fields, "BridgeLetterUntil")
            if name and until:
                found[name] = until
        return found

    def index(self) -> dict[str, IndexRow]:
        """The row of each document on the Evidence Index, by document key."""
        roll = self.rolls.get(INDEX)
        rows = () if roll is None else roll.rows.values()
        made = (index_row(one, self.places.zone) for one in rows)
        return {row.key: row for row in made if row.key}


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

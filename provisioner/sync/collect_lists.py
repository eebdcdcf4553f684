"""What the lists say: the catalogue, audit periods, waivers, requests, vendors and registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from provisioner.core.transport import Transport
from provisioner.sync.collect_registers import RowReader, risks_of, rows_named
from provisioner.sync.collect_site import (
    PERIODS,
    RISKS,
    Places,
    items_reading,
)
from provisioner.sync.facts import (
    AuditPeriod,
    Risk,
)
from provisioner.sync.list_rows import CatalogueRow, RequestRow, Rows, Seen, WaiverRow
from provisioner.sync.people import logins_of, people_of, titles_of
from provisioner.sync.register_facts import Register
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.writeback_index import Index


@dataclass(frozen=True)
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
    index: Index
    notes: tuple[str, ...]
    titles: Mapping[int, str]
    logins: Mapping[int, str]
    groups: tuple[Mapping[str, Any], ...]
    registers: tuple[Register, ...]
    risks: Mapping[str, Risk] | None

    @cached_property  # asked for once a document
    def item_ids(self) -> dict[int, str]:
        """The catalogue id of each row of Expected Evidence, by the row's number."""
        return {one.row: one.item.id for one in self.catalogue}

    @property
    def attestations(self) -> Seen:
        """Every attestation known by now, by catalogue id."""
        return {
            row.item.id: row.item.attestations for row in self.catalogue if row.item.attestations
        }


def lists_of(
    places: Places, rolls: Mapping[str, Roll], seen: Seen, registers: Iterable[Register] = ()
) -> Lists:
    """What the lists say, as they were read. `seen`: attestations known already.

    `registers` are those to be judged, without rows.
    """
    people, names = people_of(places.users), titles_of(places.users)
    rows = Rows(places, rolls, people)
    catalogue, twice = _once(rows.catalogue(seen))
    item_ids = {one.row: one.item.id for one in catalogue}
    request_ids = rows.request_ids()
    index = rows.index()
    documents = rows.indexed(index)
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
    return tuple(Rows(places, {PERIODS: Roll("", "", "", rows)}, {}).periods())


def _once(rows: Iterable[CatalogueRow]) -> tuple[list[CatalogueRow], list[str]]:
    kept: dict[str, CatalogueRow] = {}
    twice = []
    for row in sorted(rows, key=lambda one: one.row):
        if row.item.id in kept:
            twice.append(row.item.id)
        else:
            kept[row.item.id] = row
    return list(kept.values()), twice

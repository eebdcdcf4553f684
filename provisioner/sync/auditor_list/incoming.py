"""An auditor's requests beside the Audit Request Tracker: what is new, what the auditor changed.

A request is known by its reference. Of one that is there, only the auditor's own columns follow the
list, and none is emptied; what the team wrote is never written over,
in the auditor's columns either (`taken`). Requests: "Create a new entry in a list"
and "Update listItem" (learn.microsoft.com/graph/api/listitem-create, listitem-update).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from provisioner.core.progress import Progress
from provisioner.core.transport import Operation, Transport
from provisioner.sync import columns
from provisioner.sync.auditor_list.headings import DISPLAYED, REFERENCE, TITLE
from provisioner.sync.auditor_list.reading import Asked, Read, Unread
from provisioner.sync.auditor_list.taken import Taken, after, mark, save_taken
from provisioner.sync.collect_site import GRAPH_WRITE, REQUESTS, Place, Places, items_reading
from provisioner.sync.columns import RowShape, Value
from provisioner.sync.writeback_send import Sent, Write, send

SHAPE = RowShape(
    texts=(REFERENCE, TITLE, "RequestText", "Priority", "RequesterStatus", "SampleList",
           "ReturnedReason", "RequesterType", "Organisation"),
    days=("RequestedOn", "DueOn"),
    lookups=("AuditPeriod",),
    lists=("TrustServicesCriteria",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every request of a list: its audit period by row number and name, and the firm."""

    period: int | None = None
    period_name: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A request that is on the list, with the columns the auditor fills."""

    row: int
    etag: str
    period: int | None
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Changed:
    """A request the auditor says something else of now: before and after, by column."""

    asked: Asked
    known: Known
    fields: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class KeptWords:
    """A column of the auditor's that the team has written in since; it stays as it is.

    `moved`: the auditor says something else of it now than last time, too.
    """

    asked: Asked
    column: str
    ours: Value
    theirs: Value
    moved: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an import would do.

    `passed` are headings between the requests, by line; `absent` references of the same period that
    the list does not name any more.
    """

    new: tuple[Asked, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[Asked, ...]
    unread: tuple[Unread, ...]
    passed: Mapping[int, str]
    absent: tuple[str, ...] = ()
    kept: tuple[KeptWords, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not self.new and not self.changed


async def known_requests(transport: Transport, places: Places) -> dict[str, Known]:
    """The requests on the list, by reference in small letters."""
    reading = items_reading(places, places.lists[REQUESTS])
    rows = (await transport.read([reading]))[reading].body.get("value", [])
    found: dict[str, Known] = {}
    for row in rows:
        fields: Mapping[str, Any] = row.get("fields") or {}
        values = SHAPE.read(fields, places.zone)
        values["PopulationNeeded"] = fields.get("PopulationNeeded") is True
        key = str(values[REFERENCE] or "").strip().casefold()
        if key:
            period = columns.lookup(fields, "AuditPeriod")
            known = Known(int(row["id"]), str(row.get("eTag") or ""), period, values)
            found.setdefault(key, known)
    return found


def decide(
    read: Read,
    known: Mapping[str, Known],
    terms: Terms,
    periods: Mapping[int, str],
    taken: Taken = MappingProxyType({}),
) -> Incoming:
    """Each request held against the list; `periods` are names by row number. Pure.

    `taken` is what earlier lists said: a value that is not that any more is the team's, and stays.
    """
    new, changed, unchanged = [], [], []
    kept: list[KeptWords] = []
    problems = list(read.unread)
    for one in read.asked:
        there = known.get(one.reference.casefold())
        if there is None:
            new.append(one)
        elif there.period is not None and terms.period not in (None, there.period):
            name = periods.get(there.period, f"#{there.period}")
            why = f'a request of the period "{name}" has this reference; give --prefix'
            problems.append(Unread(one.line, one.reference, why))
        else:
            fields, ours = _differing(one, there, taken.get(one.reference.casefold(), {}))
            kept += ours
            if fields:
                changed.append(Changed(one, there, fields))
            else:
                unchanged.append(one)
    named = {one.reference.casefold() for one in (*new, *unchanged)}
    named |= {one.asked.reference.casefold() for one in changed}
    named |= {one.reference.casefold() for one in problems}
    absent = tuple(
        str(one.values[REFERENCE])
        for key, one in sorted(known.items())
        if key not in named and terms.period is not None and one.period == terms.period
        and one.values["RequesterType"] == "Auditor"
    )  # fmt: skip
    problems.sort(key=lambda one: one.line)
    return Incoming(
        tuple(new),
        tuple(changed),
        tuple(unchanged),
        tuple(problems),
        read.passed,
        absent,
        tuple(kept),
    )


def _differing(
    asked: Asked, there: Known, before: Mapping[str, str]
) -> tuple[dict[str, tuple[Value, Value]], list[KeptWords]]:
    """Columns that follow the list, and those in which the team has written since."""
    fields: dict[str, tuple[Value, Value]] = {}
    kept: list[KeptWords] = []
    for name, value in asked.values.items():
        ours = there.values[name]
        if _plain(ours) == _plain(value):
            continue
        if before.get(name) in (None, mark(ours)):
            fields[name] = (ours, value)
        else:
            kept.append(KeptWords(asked, name, ours, value, before[name] != mark(value)))
    return fields, kept


def _plain(value: Value) -> Value:
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def writes(incoming: Incoming, places: Places, terms: Terms) -> tuple[Write, ...]:
    """The requests to be sent: a row for each that is new, the differing columns of the others."""
    place = places.lists[REQUESTS]
    return (
        *(Write(one.reference, _create(one, places, place, terms)) for one in incoming.new),
        *(Write(one.asked.reference, _update(one, places, place)) for one in incoming.changed),
    )


async def carry_out(
    transport: Transport,
    incoming: Incoming,
    places: Places,
    terms: Terms,
    progress: Progress,
    taken: Taken,
) -> tuple[Sent, str]:
    """Send them, and keep what the list said; gives why that could not be kept, "" when it was.

    What did not come through is found again by the next import.
    """
    sent = await send(transport, writes(incoming, places, terms), progress, "Writing requests")
    written = {one.reference: one for one in (*incoming.new, *(c.asked for c in incoming.changed))}
    left: dict[str, list[str]] = {}
    for one in incoming.kept:
        left.setdefault(one.asked.reference.casefold(), []).append(one.column)
    stands = [*(written[name] for name in sent.done), *incoming.unchanged]
    now = after(taken, stands, left)
    return sent, await save_taken(transport, places, now) if now != taken else ""


def _create(one: Asked, places: Places, place: Place, terms: Terms) -> Operation:
    values: dict[str, Value] = {
        **one.values,
        REFERENCE: one.reference,
        TITLE: one.title,
        "RequesterType": "Auditor",
    }
    if terms.organisation:
        values["Organisation"] = terms.organisation
    if terms.period is not None:
        values["AuditPeriod"] = terms.period
    return Operation(
        "graph",
        "POST",
        f"{places.graph(place)}/items",
        f"list:{place.key}/request:{one.reference}",
        f"list:{place.key}",
        {"fields": SHAPE.written(values, place.columns, places.zone)},
        permission=GRAPH_WRITE,
        what=f"Add request {one.reference}",
    )


def _update(one: Changed, places: Places, place: Place) -> Operation:
    values = {name: after for name, (_, after) in one.fields.items()}
    said = ", ".join(DISPLAYED[name] for name in values)
    return Operation(
        "graph",
        "PATCH",
        f"{places.graph(place)}/items/{one.known.row}/fields",
        f"list:{place.key}/request:{one.asked.reference}",
        f"list:{place.key}",
        SHAPE.written(values, place.columns, places.zone),
        headers={"If-Match": one.known.etag},
        permission=GRAPH_WRITE,
        what=f"Write {said} of request {one.asked.reference}",
    )

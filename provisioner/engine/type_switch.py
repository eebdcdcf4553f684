"""Change the type of a list's column: copy its values, verify, switch, compare, write again.

The order makes it safe to be cut off anywhere. The copy is stored in the ledger and read back before
anything is touched; then a hidden column marks the change as unfinished; then the type changes in
place; then each value is compared with what it must be, and written again where it is not; then the
mark goes. A run that finds the mark and the new type goes on from the copy; one that finds the mark
and the old type begins anew with a fresh copy. The copy stays in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.address import root_of, split
from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Action, Change, Existing
from provisioner.core.transport import Bindings, Envelope, Operation, Outcome, Transport
from provisioner.engine.column_values import (
    ColumnValues,
    field_name,
    marker_address,
    parsed,
    values_reading,
)
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.engine.packing import REST_BATCH
from provisioner.engine.receipt import Status, result_of
from provisioner.engine.type_change import conversions
from provisioner.engine.waves import Work
from provisioner.kinds.base import Scope
from provisioner.kinds.column_type import UNMARK, cell_update
from provisioner.kinds.field_xml import facets
from provisioner.kinds.requests import read_rest, rest_list_by_id
from provisioner.ledger.store import content_path, write_file

_NOON = time(12)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Switching:
    """What a change of type needs: the state of the apply, where and for whom it runs."""

    work: Work
    scope: Scope
    run_id: str

    @property
    def transport(self) -> Transport:
        return self.work.transport

    @property
    def known(self) -> Bindings:
        return self.work.known

    async def send(self, operations: Sequence[Operation]) -> list[Outcome]:
        """One outcome for each, sent while the lock is ours and journalled; up to 100 together."""
        work = self.work
        parts = [operations[at : at + REST_BATCH] for at in range(0, len(operations), REST_BATCH)]
        envelopes = [Envelope(tuple(one.filled(work.known) for one in part)) for part in parts]
        await work.keeper.still_ours()
        work.wave += 1
        work.begun.update(operation.address for operation in operations)
        work.journal.intend(work.wave, envelopes)
        outcomes = await work.transport.write(envelopes)
        work.journal.came_back(work.wave, outcomes)
        work.progress.advance(1, operations[0].what)
        return [outcome for envelope in outcomes for outcome in envelope]


class _Stopped(Exception):
    """The change could not be carried through; the copy stands and the next run goes on."""

    def __init__(self, code: str, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.unknown = code, message, unknown


async def switch_types(changes: Sequence[Change], scope: Scope, run_id: str, work: Work) -> None:
    """Carry out the REPLACE of each column, one at a time; what became of it is in `work.results`.

    Raises:
        ProvisionerError: what reading and storing raise, and LOCK-LOST.
    """
    for change in changes:
        if not change.operations or change.action is not Action.REPLACE:
            continue
        try:
            await _switch(change, _Switching(work, scope, run_id))
            work.results[change.address] = result_of(change, "done")
        except _Stopped as stopped:
            status: Status = "unknown" if stopped.unknown else "failed"
            work.results[change.address] = result_of(change, status, stopped.code, stopped.message)


async def _switch(change: Change, work: _Switching) -> None:
    """One column, from the copy to the removal of the mark. Raises `_Stopped`."""
    assert change.desired is not None
    assert change.existing is not None
    wanted, there = change.desired.properties, change.existing
    before, values, resumed = await _copied(there, work)
    expected, why = conversions(values.cells, before, wanted)
    if why:
        raise _Stopped("VALUES-DO-NOT-CONVERT", f"{len(why)} values would be lost: {_few(why)}")
    marked = (marker_address(there.address), "id") in work.known
    for operation in change.operations[1 if marked else 0 : -1]:
        await _sent([operation], work)
    now = replace(there, properties={**there.properties, **wanted})
    await _verify_type(now, work)
    found = await _read(now, work)
    wrong = _differing(expected, found)
    if resumed:  # whoever changed a row since the copy was made meant it
        wrong = [item for item in wrong if found.modified[item] == values.modified.get(item)]
    name = field_name(there.address, str(wanted["type"]))
    zone = ZoneInfo(work.scope.time_zone)
    writes = [
        cell_update(there.address, one, name, _told(expected[one], wanted, zone)) for one in wrong
    ]
    if writes:
        await _sent(writes, work)
        still = set(wrong) & set(_differing(expected, await _read(now, work)))
        if still:
            raise _Stopped(
                "TYPE-CHANGE-UNVERIFIED",
                f"{len(still)} values did not read back as they were written: {_few(still)}; the "
                f"copy stands in the ledger as {copy_name(there.address)}",
            )
    assert change.operations[-1].what.startswith(UNMARK)
    await _sent([change.operations[-1]], work)


def copy_name(address: str) -> str:
    """Where in the ledger library the values of a column are kept."""
    return f"columns/{split(root_of(address))[1]}.{split(address)[1]}.json"


async def _copied(
    there: Existing, work: _Switching
) -> tuple[Mapping[str, Any], ColumnValues, bool]:
    """The column as it was, its values then, and whether they come from a run that was cut off."""
    name = copy_name(there.address)
    site, library = work.known["site", "id"], work.known[LEDGER_ADDRESS, "id"]
    path = content_path(site, library, name)
    if (marker_address(there.address), "id") in work.known:
        kept = await work.transport.download(path)
        document = json.loads(kept) if kept else None
        if document is not None and _shape(document["before"]) != _shape(there.properties):
            return document["before"], _restored(document), True
    values = await _read(there, work)
    document = {
        "column": there.address,
        "run": work.run_id,
        "before": dict(there.properties),
        "cells": {str(item): value for item, value in values.cells.items()},
        "modified": {str(item): values.modified[item] for item in values.cells},
    }
    await write_file(work.transport, site, library, name, document)
    kept = await work.transport.download(path)
    if kept is None or canonical_json(json.loads(kept)) != canonical_json(document):
        raise _Stopped("READ-BACK", f"the copy {name} did not read back as it was stored")
    return there.properties, values, False


def _restored(document: Mapping[str, Any]) -> ColumnValues:
    return ColumnValues(
        {int(item): value for item, value in document["cells"].items()},
        {int(item): str(moment) for item, moment in document["modified"].items()},
    )


def _shape(properties: Mapping[str, Any]) -> tuple[Any, bool]:
    return properties.get("type"), bool(properties.get("multiple"))


async def _read(column: Existing, work: _Switching) -> ColumnValues:
    reading = values_reading(column, work.known[root_of(column.address), "id"])
    return parsed(column, (await work.transport.read([reading]))[reading], work.scope)


async def _verify_type(column: Existing, work: _Switching) -> None:
    """Refuse to go on unless SharePoint says that the column has the new type."""
    home = rest_list_by_id(work.known[root_of(column.address), "id"])
    reading = read_rest(
        f"{home}/fields(guid'{column.ids['id']}')?$select=SchemaXml", pages=False, cost=1
    )
    answer = (await work.transport.read([reading]))[reading]
    read = facets(str(answer.body["SchemaXml"]))
    if _shape(read) != _shape(column.properties):
        raise _Stopped(
            "READ-BACK", f"SharePoint still says {read['type']} after the change of type"
        )


def _differing(expected: Mapping[int, Any], found: ColumnValues) -> list[int]:
    """The rows that are still there and do not hold what they must."""
    return [
        item
        for item, value in expected.items()
        if item in found.modified
        and canonical_json(found.cells.get(item)) != canonical_json(_sorted(value))
    ]


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _told(value: Any, wanted: Mapping[str, Any], zone: ZoneInfo) -> Any:
    """A value as SharePoint REST takes it; a day as its noon, which is that day in zones near by."""
    if wanted["type"] == "dateTime" and wanted.get("format") == "dateOnly":
        noon = datetime.combine(date.fromisoformat(value), _NOON, zone)
        return noon.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


async def _sent(operations: Sequence[Operation], work: _Switching) -> None:
    outcomes = await work.send(operations)
    for operation, outcome in zip(operations, outcomes, strict=True):
        if outcome.state != "done" and outcome.status not in operation.tolerates:
            raise _Stopped(
                outcome.code or "APPLY-INCOMPLETE",
                f"{operation.what}: {outcome.message or outcome.state}",
                unknown=outcome.state == "unknown",
            )


def _few(items: Any) -> str:
    some = sorted(items)
    more = f" and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
    return "items " + ", ".join(str(one) for one in some[:_SHOWN]) + more

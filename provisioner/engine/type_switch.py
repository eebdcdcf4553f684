"""Change a list's column: copy its values, verify, switch, compare, write again.

The order makes it safe to be cut off anywhere. The copy is stored in the ledger and read back before
anything is touched; then a hidden column marks the change as unfinished; then the column changes its
type in place, or is removed and made again, or gives way to the site's column of its name; then each
value is compared with what it must be, and written again where it is not; then the mark goes. A run
that finds the mark and the column changed or gone goes on from the copy; one that finds the mark and
the column as it was begins anew with a fresh copy. The copy stays in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.address import root_of, split
from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Action, Change, Existing
from provisioner.core.transport import Operation
from provisioner.engine.column_conversion import conversions
from provisioner.engine.column_copy import Kept, copy_name, keep_copy, kept_copy
from provisioner.engine.column_home import doubled
from provisioner.engine.column_spelling import others
from provisioner.engine.column_values import (
    ColumnValues,
    field_name,
    marker_address,
    parsed,
    values_reading,
)
from provisioner.engine.ledger_library import LEDGER_ADDRESS
from provisioner.engine.receipt import Status, result_of
from provisioner.engine.switch_writes import Stopped, Switching, cell_value, few, sent
from provisioner.engine.waves import Work
from provisioner.kinds.base import Scope
from provisioner.kinds.column_remake import ARRIVE, halves
from provisioner.kinds.column_type import UNMARK, cell_update
from provisioner.kinds.field_xml import facets
from provisioner.kinds.requests import read_rest, rest_list_by_id, rows


@dataclass(frozen=True, slots=True)
class Begun:
    """A column that was copied and taken out or changed, and what each row must hold in the end."""

    change: Change
    kept: Kept
    expected: Mapping[int, Any]
    resumed: bool


def how_of(change: Change) -> str:
    """How a column is changed: in place, remade, or moved to the site."""
    return str(change.desired.extra.get("how", "in place")) if change.desired else ""


async def switch_types(changes: Sequence[Change], scope: Scope, run_id: str, work: Work) -> None:
    """Carry out each REPLACE that needs nothing of the site, one at a time.

    What became of it is in `work.results`.

    Raises:
        ProvisionerError: what reading and storing raise, and LOCK-LOST.
    """
    for change in changes:
        if change.operations and change.action is Action.REPLACE and how_of(change) != "moved":
            for begun in await begin_moves([change], scope, run_id, work):
                await finish_moves([begun], scope, run_id, work)


async def begin_moves(
    changes: Sequence[Change], scope: Scope, run_id: str, work: Work
) -> list[Begun]:
    """The first half of each: the copy, the mark, the column away. Gives those that got so far."""
    made = []
    for change in changes:
        try:
            made.append(await _begin(change, Switching(work, scope, run_id)))
        except Stopped as stopped:
            _stop(change, stopped, work)
    return made


async def finish_moves(begun: Sequence[Begun], scope: Scope, run_id: str, work: Work) -> None:
    """The second half, with the column there as it is to be: values, comparison, the mark away."""
    for one in begun:
        try:
            await _finish(one, Switching(work, scope, run_id))
            work.results[one.change.address] = result_of(one.change, "done")
        except Stopped as stopped:
            _stop(one.change, stopped, work)


def _stop(change: Change, stopped: Stopped, work: Work) -> None:
    status: Status = "unknown" if stopped.unknown else "failed"
    work.results[change.address] = result_of(change, status, stopped.code, stopped.message)


async def _begin(change: Change, work: Switching) -> Begun:
    assert change.desired is not None
    assert change.existing is not None
    own = change.address
    kept, resumed = await _copied(change, change.existing, work)
    expected, why = conversions(kept.values.cells, kept.before, change.desired.properties)
    if why:
        raise Stopped("VALUES-DO-NOT-CONVERT", f"{len(why)} values would be lost: {few(why)}")
    first, _ = halves(change.operations)
    marked = (marker_address(own), "id") in work.known
    for operation in first[1:] if marked else first:
        await sent([operation], work)
    return Begun(change, kept, expected, resumed)


async def _finish(begun: Begun, work: Switching) -> None:
    change, kept = begun.change, begun.kept
    assert change.desired is not None
    assert change.existing is not None
    own, wanted = change.address, change.desired.properties
    _, later = halves(change.operations)
    if how_of(change) == "moved":
        await _arrived(change, [one for one in later if one.what.startswith(ARRIVE)], work)
    now = replace(change.existing, properties={**kept.before, **wanted})
    await _verify(now, work.known[own, "id"], work)
    for operation in later[:-1]:
        if not operation.what.startswith(ARRIVE):
            await sent([operation], work)
    found = await _read(now, work)
    wrong = _differing(begun.expected, found)
    if wrong and not begun.resumed:
        kept = replace(kept, after=found.cells)
        await _keep(own, kept, work)
    theirs = others(wrong, kept, found, resumed=begun.resumed)
    await _write([item for item in wrong if item not in theirs], begun, now, work)
    assert later[-1].what.startswith(UNMARK)
    await sent([later[-1]], work)


async def _write(items: Sequence[int], begun: Begun, column: Existing, work: Switching) -> None:
    """Write what is not as it must be, and look at it once more."""
    wanted, own = column.properties, column.address
    name, zone = field_name(own, str(wanted["type"])), ZoneInfo(work.scope.time_zone)
    values = [(item, cell_value(begun.expected[item], wanted, zone)) for item in items]
    if not values:
        return
    await sent([cell_update(own, item, name, value) for item, value in values], work)
    still = set(items) & set(_differing(begun.expected, await _read(column, work)))
    if still:
        raise Stopped(
            "TYPE-CHANGE-UNVERIFIED",
            f"{len(still)} values did not read back as they were written: {few(still)}; the copy "
            f"stands in the ledger as {copy_name(own)}",
        )


async def _copied(change: Change, there: Existing, work: Switching) -> tuple[Kept, bool]:
    """The column as it was with its values, and whether they come from a run that was cut off."""
    own, kept = there.address, None
    if (marker_address(own), "id") in work.known:
        kept = await kept_copy(work.transport, *_place(work), own)
        changed = not there.ids or (
            kept is not None
            and how_of(change) != "moved"
            and _shape(kept.before) != _shape(there.properties)
        )
        if kept is not None and changed:
            return replace(kept, how=how_of(change)), True
    if not there.ids:
        raise Stopped("COLUMN-COPY-MISSING", f"the copy {copy_name(own)} is not in the ledger")
    assert change.desired is not None
    shown = change.desired.extra.get("shown", ())
    views = dict(kept.views) if kept is not None else {}
    views |= {one.view: list(one.columns) for one in shown if one.there}
    read = await _read(there, work)
    fresh = Kept(there.properties, read, how_of(change), views, run=work.run_id)
    await _keep(own, fresh, work)
    return fresh, False


async def _keep(own: str, kept: Kept, work: Switching) -> None:
    if not await keep_copy(work.transport, *_place(work), own, kept):
        message = f"the copy {copy_name(own)} did not read back as it was stored"
        raise Stopped("READ-BACK", message)


def _place(work: Switching) -> tuple[str, str]:
    return work.known["site", "id"], work.known[LEDGER_ADDRESS, "id"]


def _shape(properties: Mapping[str, Any]) -> tuple[Any, bool]:
    return properties.get("type"), bool(properties.get("multiple"))


async def _read(column: Existing, work: Switching) -> ColumnValues:
    reading = values_reading(column, work.known[root_of(column.address), "id"])
    return parsed(column, (await work.transport.read([reading]))[reading], work.scope)


async def _arrived(change: Change, arrive: Sequence[Operation], work: Switching) -> None:
    """See that the site's column is in the list, and called by its own name there."""
    assert change.desired is not None
    own, shared = change.address, str(change.desired.extra["shared"])
    if (shared, "id") not in work.known:
        raise Stopped("SKIPPED", f"{shared} was not made; the values stand in the ledger")
    number, name = work.known[shared, "id"].lower(), split(own)[1]
    called = await _called(own, number, work)
    if not called and arrive:
        await sent(arrive, work)
        called = await _called(own, number, work)
    if not called:
        raise Stopped("READ-BACK", "the site's column did not come into the list")
    if called != name:
        code, message, hint = doubled(root_of(own), name, called)
        raise Stopped(code, f"{message} {hint}")
    work.known[own, "id"] = number


async def _called(own: str, number: str, work: Switching) -> str:
    """The internal name that the site's column has in the list; "" where it is not there."""
    home = rest_list_by_id(work.known[root_of(own), "id"])
    reading = read_rest(f"{home}/fields?$select=Id,InternalName")
    found = rows((await work.transport.read([reading]))[reading].body)
    return next((str(r["InternalName"]) for r in found if str(r["Id"]).lower() == number), "")


async def _verify(column: Existing, number: str, work: Switching) -> None:
    """Refuse to go on unless SharePoint says that the column has the new type and its old name."""
    own = column.address
    home = rest_list_by_id(work.known[root_of(own), "id"])
    path = f"{home}/fields(guid'{number}')?$select=InternalName,SchemaXml"
    reading = read_rest(path, pages=False, cost=1)
    body = (await work.transport.read([reading]))[reading].body
    called = str(body["InternalName"])
    if called != split(own)[1]:
        raise Stopped(
            "COLUMN-DOUBLED",
            f"{own} was made again and came back as {called}; its values stand in the ledger as "
            f"{copy_name(own)}. Delete {called} in the list's settings and apply again.",
        )
    read = facets(str(body["SchemaXml"]))
    if _shape(read) != _shape(column.properties):
        message = f"SharePoint still says {read['type']} after the change of type"
        raise Stopped("READ-BACK", message)


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

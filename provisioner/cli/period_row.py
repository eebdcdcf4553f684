"""A row of the list Audit Periods, read and written.

Requests: "Create a new entry in a list" and "Update listItem"
(learn.microsoft.com/graph/api/listitem-create, listitem-update).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Transport
from provisioner.sync.collect_lists import read_periods
from provisioner.sync.collect_site import GRAPH_WRITE, PERIODS, Places, items_reading
from provisioner.sync.columns import RowShape, Value
from provisioner.sync.facts import AuditPeriod

Agreed = Callable[[Mapping[str, Any]], bool]
"""Whether what was shown is to be done."""

_SHAPE = RowShape(
    texts=("Title", "ReportType", "State", "AuditFirm", "ClosingNote"),
    days=("StartsOn", "EndsOn", "ClosedOn"),
    lists=("ScopeCategories",),
)


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """An audit period and the ETag of its row."""

    period: AuditPeriod
    etag: str


def same_name(one: str, other: str) -> bool:
    """Whether two names are one period's, whatever their case."""
    return one.strip().casefold() == other.strip().casefold()


async def period_rows(transport: Transport, places: Places) -> tuple[PeriodRow, ...]:
    """The audit periods of the list."""
    periods = await read_periods(transport, places)
    reading = items_reading(places, places.lists[PERIODS])
    rows = (await transport.read([reading]))[reading].body.get("value", [])
    etags = {str(row["id"]): str(row.get("eTag") or "") for row in rows}
    return tuple(PeriodRow(one, etags.get(one.id, "")) for one in periods)


async def write_row(
    transport: Transport, places: Places, row: PeriodRow | None, values: Mapping[str, Value]
) -> None:
    """Write some of its columns over the version that was read; None makes a row.

    Raises:
        ProvisionerError: PERIOD-INCOMPLETE, when SharePoint did not take them.
    """
    place = places.lists[PERIODS]
    fields = _SHAPE.written(values, place.columns, places.zone)
    home, what = f"{places.graph(place)}/items", f"Write {', '.join(values)} of an audit period"
    if row is None:
        operation = Operation(
            "graph", "POST", home, f"list:{PERIODS}", f"list:{PERIODS}", {"fields": fields},
            permission=GRAPH_WRITE, what=what,
        )  # fmt: skip
    else:
        operation = Operation(
            "graph", "PATCH", f"{home}/{row.period.id}/fields", f"list:{PERIODS}",
            f"list:{PERIODS}", fields, headers={"If-Match": row.etag}, permission=GRAPH_WRITE,
            what=what,
        )  # fmt: skip
    [[outcome]] = await transport.write([Envelope((operation,))])
    if outcome.state != "done":
        raise ProvisionerError(
            "PERIOD-INCOMPLETE",
            f"The row of the audit period was not written: {outcome.message or outcome.code}",
            hint="Run the same command again: what is done is found and not repeated.",
            request_id=outcome.request_id,
        )

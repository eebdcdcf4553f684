"""Send the requests of a column's change: while the lock is ours, journalled, and stopping at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.transport import Bindings, Envelope, Operation, Outcome, Transport
from provisioner.engine.packing import REST_BATCH
from provisioner.engine.pointer import at_pointer
from provisioner.engine.waves import Work
from provisioner.kinds.base import Scope

_NOON = time(12)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Switching:
    """What the change of a column needs: the state of the apply, where and for whom it runs."""

    work: Work
    scope: Scope
    run_id: str

    @property
    def transport(self) -> Transport:
        """The way to the site."""
        return self.work.transport

    @property
    def known(self) -> Bindings:
        """What the service has assigned so far."""
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


class Stopped(Exception):
    """The change could not be carried through; the copy stands and the next run goes on."""

    def __init__(self, code: str, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.unknown = code, message, unknown


async def sent(operations: Sequence[Operation], work: Switching) -> None:
    """Send them and learn what they produce. Raises `Stopped` at the first that was not done."""
    outcomes = await work.send(operations)
    for operation, outcome in zip(operations, outcomes, strict=True):
        if outcome.state != "done" and outcome.status not in operation.tolerates:
            raise Stopped(
                outcome.code or "APPLY-INCOMPLETE",
                f"{operation.what}: {outcome.message or outcome.state}",
                unknown=outcome.state == "unknown",
            )
        for attribute, pointer in operation.produces.items():
            value = at_pointer(outcome.body, pointer)
            if value is not None:
                work.known[operation.address, attribute] = str(value).lower()


def cell_value(value: Any, wanted: Mapping[str, Any], zone: ZoneInfo) -> Any:
    """A value as SharePoint REST takes it; a day as its noon, which is that day in zones near by."""
    if wanted["type"] == "dateTime" and wanted.get("format") == "dateOnly":
        noon = datetime.combine(date.fromisoformat(value), _NOON, zone)
        return noon.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    if wanted["type"] == "hyperlink":
        return {"Url": value["url"], "Description": value["description"]}
    return value


def few(items: Iterable[int]) -> str:
    """Up to five items in words."""
    some = sorted(items)
    more = f" and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
    return "items " + ", ".join(str(one) for one in some[:_SHOWN]) + more

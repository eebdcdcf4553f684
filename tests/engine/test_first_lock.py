"""A first run whose lock list is refused: another run works here only where its list is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.core.errors import Refused
from provisioner.core.progress import Silent
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Answer, Bindings, Envelope, Operation, Outcome, Reading
from provisioner.engine.first_lock import lay_foundation
from provisioner.engine.ledger_library import LOCK_ADDRESS
from provisioner.engine.own_records import Records
from provisioner.engine.waves import Work
from provisioner.ledger.lock import Machine
from provisioner.ledger.lock_keeper import LockKeeper

CONFLICT = Outcome("failed", 409, code="saveConflict", message="Save Conflict.", request_id="r1")
LIST = Operation("graph", "POST", "/sites/s/lists", LOCK_ADDRESS, "site", produces={"id": "/id"})
MAKES_LOCK = Change(LOCK_ADDRESS, "list", Action.CREATE, "", "low", operations=(LIST,))


class Site:
    """A transport on which every write is in conflict; the lock's list answers with `status`."""

    hostname, site_path = "contoso.sharepoint.com", "/sites/acme"

    def __init__(self, status: int) -> None:
        self.status = status

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        return {one: Answer(self.status, {"value": []}, {}) for one in readings}

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        return [[CONFLICT for _ in one.operations] for one in envelopes]


def begun(status: int) -> Work:
    site: Any = Site(status)
    quiet = lambda *_: None  # noqa: E731 - three words of a journal
    journal: Any = SimpleNamespace(intend=quiet, came_back=quiet, note=quiet)
    machine = Machine("here", 1, "boot", lambda _run, _pid: True)
    keeper = LockKeeper(site, "run", machine, lambda: datetime(2026, 11, 22, tzinfo=UTC))
    work = Work(site, journal, Silent(), keeper, Bindings(), Records())
    asyncio.run(lay_foundation([MAKES_LOCK], work))
    return work


def test_a_conflict_is_another_run_where_its_list_is_there() -> None:
    with pytest.raises(Refused, match="has just begun"):
        begun(200)


def test_a_conflict_of_another_sort_keeps_microsofts_words() -> None:
    result = begun(404).results[LOCK_ADDRESS]
    assert (result.status, result.code, result.message, result.request_id) == (
        "failed",
        "saveConflict",
        "Save Conflict.",
        "r1",
    )

"""Writes are packed into requests, and what became of each is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, Outcome
from provisioner.sync.writeback_send import Planned, Write, send


@dataclass
class Fake:
    """A transport that answers what it is told, and else that all is done."""

    outcomes: list[Outcome] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        self.envelopes += envelopes
        left = iter(self.outcomes)
        return [[next(left, Outcome("done", 200)) for _ in one.operations] for one in envelopes]


def write(number: int, audience: Any = "graph") -> Write:
    return Write(f"w{number}", Operation(audience, "PATCH", f"/{number}", "a", "s"))


def test_the_lock_is_asked_for_again_while_much_is_written() -> None:
    """What is on its way at once ends before the lock does, so that renewing it waits for little."""
    fake: Any = Fake()
    seen = list[int]()

    async def still_ours() -> None:
        seen.append(len(fake.envelopes))

    writes = [write(n) for n in range(20 * 41)]
    sent = asyncio.run(send(fake, writes, Silent(), "Writing", still_ours))
    assert (seen, len(sent.done)) == ([0, 20, 40], 820)


def test_writes_travel_twenty_or_a_hundred_to_a_batch() -> None:
    fake: Any = Fake()
    writes = [write(n) for n in range(45)] + [write(n, "sharepoint") for n in range(45, 150)]
    sent = asyncio.run(send(fake, writes, Silent(), "Writing"))
    assert [len(one.operations) for one in fake.envelopes] == [20, 20, 100, 5, 5]
    assert len(sent.done) == 150


def test_a_form_value_that_was_refused_is_not_done_though_the_answer_is_200() -> None:
    body = {
        "value": [
            {"FieldName": "Flags", "HasException": False, "ErrorMessage": None},
            {"FieldName": "FreshUntil", "HasException": True, "ErrorMessage": "Enter a date."},
        ]
    }
    fake: Any = Fake(outcomes=[Outcome("done", 200, body)])
    sent = asyncio.run(send(fake, [write(1, "sharepoint")], Silent(), "Writing"))
    assert sent.done == ()
    assert str(sent.unsent[0]) == "w1: FreshUntil: Enter a date."


def test_a_row_that_changed_meanwhile_is_told_apart() -> None:
    fake: Any = Fake(outcomes=[Outcome("failed", 412, code="resourceModified")])
    sent = asyncio.run(send(fake, [write(1)], Silent(), "Writing"))
    assert sent.overtaken


def test_a_write_is_made_when_it_is_sent() -> None:
    """Those of a first run are larger than all it has read."""
    fake: Any = Fake()
    made, seen = list[int](), list[int]()

    def make(number: int) -> Write:
        made.append(number)
        return write(number)

    async def still_ours() -> None:
        seen.append(len(made))

    sent = asyncio.run(send(fake, Planned(range(820), make), Silent(), "Writing", still_ours))
    assert (seen, len(sent.done), len(fake.envelopes)) == ([400, 800, 820], 820, 41)

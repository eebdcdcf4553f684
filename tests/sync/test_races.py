"""People work on Evidence Findings while a run writes there: what they wrote stays, always."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.core.progress import Silent
from provisioner.core.transport import Answer, Envelope, Operation, Outcome, Reading, Stats
from provisioner.sync.collect_changes import read_rolls
from provisioner.sync.collect_lists import lists_of
from provisioner.sync.collect_site import FINDINGS, Place, Places
from provisioner.sync.facts import Document, EvidenceFacts
from provisioner.sync.findings import READ
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.rolls import Roll
from provisioner.sync.turn import Turn
from provisioner.sync.writeback_run import Decided, Writer, Written

TODAY = date(2026, 6, 15)
THEIRS = ("TeamComment", "Acknowledged", "Assignee")
PLACES = Places(
    "SITE", ZoneInfo("UTC"), 1033, {},
    {FINDINGS: Place(FINDINGS, "L", "Findings",
                     columns=frozenset({one.removesuffix("LookupId") for one in READ}
                                       | {"FirstSeen", "UpdatedOn", "ResolvedOn", *THEIRS}))},
)  # fmt: skip
FACTS = EvidenceFacts(
    documents=tuple(
        Document(
            key=f"a/{n}", library="a", id=n, name=f"{n}.pdf", status="Approved", identity=f"q{n}"
        )
        for n in range(2)
    ),
    items=(),
    periods=(),
)
JUDGED = judge(FACTS, Policy(), TODAY)
NOTHING = judge(EvidenceFacts((), (), ()), Policy(), TODAY)


@dataclass
class List:
    """One SharePoint list, with somebody at work on it: `edits` happen before each write."""

    chance: random.Random
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)
    wrote: dict[int, dict[str, Any]] = field(default_factory=dict)
    hostname = "h"
    site_path = "/s"
    stats = Stats()

    def put(self, number: int, fields: Mapping[str, Any]) -> None:
        self.rows.setdefault(number, {}).update(fields)
        self.versions[number] = self.versions.get(number, 0) + 1
        self.changes.append(number)

    def somebody_edits(self) -> None:
        for number in list(self.rows):
            if self.chance.random() < 0.4:
                words = {"TeamComment": f"seen {self.chance.random()}"}
                if self.chance.random() < 0.5:
                    words |= {"Acknowledged": True, "State": "Acknowledged"}
                self.wrote.setdefault(number, {}).update(words)
                self.put(number, words)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        found = {}
        for one in readings:
            since = int(one.path.rpartition("token=")[2]) if "token=" in one.path else 0
            value = [
                {"id": str(n), "eTag": f'"g,{self.versions[n]}"', "fields": dict(self.rows[n])}
                for n in dict.fromkeys(self.changes[since:])
            ]
            link = f"https://x/v1.0/delta?token={len(self.changes)}"
            found[one] = Answer(200, {"value": value, "@odata.deltaLink": link})
        return found

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        return [[self.one(each) for each in envelope.operations] for envelope in envelopes]

    def one(self, operation: Operation) -> Outcome:
        if self.chance.random() < 0.3:
            self.somebody_edits()
        body = dict(operation.body.get("fields", operation.body))
        assert not body.keys() & set(THEIRS), "a column of people's"
        if operation.method == "POST":
            number = len(self.rows) + 1
            self.put(number, body)
            return Outcome("done", 201, {"Id": number})
        number = int("".join(c for c in operation.path.rpartition("items")[2] if c.isdigit()))
        if operation.headers["If-Match"] != f'"g,{self.versions[number]}"':
            return Outcome("failed", 412, code="resourceModified")
        self.put(number, body)
        return Outcome("done", 204)


async def run(world: List, judged: Any, known: Roll) -> tuple[Roll, Written]:
    rolls = await read_rolls(world, PLACES, {FINDINGS: known})
    lists = lists_of(PLACES, rolls, {})
    turn = Turn(world, PLACES, {}, None)
    writer = Writer(
        transport=world, places=PLACES, policy=Policy(), today=TODAY, memory={}, files={},
        on_items=False, progress=Silent(), turn=turn,
    )  # fmt: skip
    written = await writer.carry_out(Decided(lists, rolls, FACTS, judged))
    return written.decided.rolls[FINDINGS], written


async def race(seed: int) -> int:
    """Two findings opened and resolved with somebody at work all the time; how often they met."""
    world, known = List(random.Random(seed)), Roll("L", "", "")
    met = 0
    for judged in (JUDGED, NOTHING):
        known, written = await run(world, judged, known)
        met += len(written.unsent)
        for number, words in world.wrote.items():
            assert world.rows[number]["TeamComment"] == words["TeamComment"]
            assert world.rows[number].get("Acknowledged") == words.get("Acknowledged")
    keys = [row["FindingKey"] for row in world.rows.values()]
    assert len(keys) == len(set(keys))
    return met


def test_what_people_write_during_a_run_stays_in_a_thousand_races() -> None:
    async def all_of_them() -> int:
        return sum([await race(seed) for seed in range(1000)])

    assert asyncio.run(all_of_them()) > 20, "they hardly ever met"

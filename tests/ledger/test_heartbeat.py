"""When a job counts as silent, and how its row is kept when others write it too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioner.core.errors import Temporary
from provisioner.core.transport import Answer, Envelope, Outcome, Reading
from provisioner.ledger.heartbeat import JobRun, beat, jobs_in

NOW = datetime(2026, 6, 15, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("every", "after"), [(1, 36 * HOUR), (7, 192 * HOUR), (0.5, 18 * HOUR), (31, 768 * HOUR)]
)
def test_a_job_is_silent_half_its_rhythm_late_and_never_more_than_a_day(every, after) -> None:
    job = JobRun("sync", every, NOW)
    assert job.until == NOW + after
    assert not job.silent(NOW + after)
    assert job.silent(NOW + after + timedelta(seconds=1))


@pytest.mark.parametrize("job", [JobRun("sync", 0, NOW), JobRun("sync", 1, None)])
def test_nobody_waits_for_a_job_without_a_rhythm_or_a_run(job: JobRun) -> None:
    assert not job.silent(NOW + timedelta(days=4000))
    assert job.json(NOW)["silentAfter"] is None


@pytest.mark.parametrize("odd", [None, "often", -1, 0, 1e300, float("nan")])
def test_rows_are_read_as_people_left_them(odd: Any) -> None:
    body = {
        "value": [
            {"id": "1", "eTag": "a", "fields": {"JobId": "sync", "EveryDays": odd, "LastRun": "?"}},
            {"id": "2", "fields": {"Title": "a row of somebody's own"}},
            {"id": "3", "fields": {"JobId": "sync", "EveryDays": 7}},
        ]
    }
    assert jobs_in(body) == (JobRun("sync", item="1", etag="a"),)
    assert jobs_in(None) == ()


@dataclass
class List:
    """A `Transport` to one list whose rows others write too: `first` is done before the first write."""

    fields: dict[str, Any]
    refuses: Sequence[Outcome] = ()
    first: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    writes: int = 0

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        row = {"id": "4", "eTag": f'"{self.version}"', "fields": dict(self.fields)}
        return {one: Answer(200, {"value": [row]}) for one in readings}

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        self.writes += 1
        if self.first:
            self.fields |= self.first
            self.version += 1
            self.first = {}
        [operation] = envelopes[0].operations
        if self.writes <= len(self.refuses):
            outcome = self.refuses[self.writes - 1]
            if outcome.state == "unknown":  # it was done, and the answer was lost
                self.fields |= operation.body
            return [[outcome]]
        if operation.headers["If-Match"] != f'"{self.version}"':
            return [[Outcome("failed", 412, code="notAllowed")]]
        self.fields |= operation.body
        self.version += 1
        return [[Outcome("done", 200)]]


def noted(some: Any, job: str = "sync") -> str:
    return asyncio.run(beat(some, "/sites/s/lists/l/items", job, NOW, "Findings"))


def test_a_run_is_noted_over_what_people_wrote_meanwhile_and_by_their_rhythm() -> None:
    some = List({"JobId": "sync", "EveryDays": 1}, first={"EveryDays": 2, "Title": "Ours"})
    assert noted(some) == ""
    assert some.fields == {
        "JobId": "sync",
        "Title": "Ours",
        "EveryDays": 2,
        "LastRun": "2026-06-15T06:30:00Z",
        "LastResult": "Findings",
        "SilentAfter": "2026-06-18T06:30:00Z",
    }
    assert noted(some) == ""
    assert some.writes == 2, "the first was refused, and what stands is not written again"


def test_an_earlier_run_that_ends_later_leaves_the_note_of_the_later_one() -> None:
    some = List({"JobId": "sync", "EveryDays": 1}, first={"LastRun": "2026-06-15T06:31:00Z"})
    assert noted(some) == ""
    assert some.fields["LastRun"] == "2026-06-15T06:31:00Z"


def test_a_lost_answer_is_looked_up_and_a_refusal_is_a_sentence() -> None:
    some = List({"JobId": "sync", "EveryDays": 1}, [Outcome("unknown")])
    assert (noted(some), some.writes) == ("", 1)
    refused = Outcome("failed", 403, code="PERMISSION-MISSING", message="Not this app.")
    assert "Not this app." in noted(List({"JobId": "sync"}, [refused]))
    assert "412" not in noted(
        List({"JobId": "sync"}, [Outcome("failed", 412, message="Moved.")] * 3)
    )
    assert "no row for it" in noted(List({"JobId": "drift"}))


def test_a_service_that_does_not_answer_fails_nothing() -> None:
    class Gone(List):
        async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
            raise Temporary("NO-ANSWER", "Nobody answers.")

    assert "Nobody answers." in noted(Gone({}))

"""Sending writes: packed into batches, and what became of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.batch import GRAPH_PARTS, REST_PARTS
from provisioner.core.progress import Progress
from provisioner.core.transport import Envelope, Operation, Outcome, Transport

CHANGED_MEANWHILE = 412
"""HTTP status for a row that changed since it was read (RFC 9110, If-Match)."""

_CREATED = 201
_WAVE = 20
"""Requests on their way at once."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write and what it is for: a document key, an item id or a finding key."""

    about: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Unsent:
    """A write that did not come through. `status` 0: no answer came."""

    about: str
    status: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.about}: {self.message or self.code}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of some writes: the subjects of those done, and those that were not.

    `made` are the numbers of new rows by subject, where the answer told.
    """

    done: tuple[str, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    made: Mapping[str, int] = field(default_factory=dict)

    @property
    def overtaken(self) -> bool:
        """Whether somebody changed one of the rows since it was read."""
        return any(one.status == CHANGED_MEANWHILE for one in self.unsent)

    def then(self, again: Sent) -> Sent:
        """This and a second try: what did not come through is what the second says."""
        return Sent((*self.done, *again.done), again.unsent, {**self.made, **again.made})


async def send(
    transport: Transport,
    writes: Sequence[Write],
    progress: Progress,
    doing: str,
    before: Callable[[], Awaitable[None]] | None = None,
) -> Sent:
    """Send them, many to a request, in parallel. Their order does not matter.

    `before` is awaited before each wave of requests: a first run sends for minutes, and a lock that is
    to be renewed must not wait behind all of them.
    """
    [sent] = await send_together(transport, [writes], progress, doing, before)
    return sent


async def send_together(
    transport: Transport,
    sorts: Sequence[Sequence[Write]],
    progress: Progress,
    doing: str,
    before: Callable[[], Awaitable[None]] | None = None,
) -> list[Sent]:
    """The same for several sorts of writes that share their requests; what became of each sort."""
    writes = [write for some in sorts for write in some]
    if not writes:
        return [Sent() for _ in sorts]
    progress.start(doing, len(writes))
    groups = list(_groups(writes))
    outcomes: dict[int, Outcome] = {}
    for start in range(0, len(groups), _WAVE):
        wave = groups[start : start + _WAVE]
        if before is not None:
            await before()
        answers = await transport.write(
            [Envelope(tuple(one.operation for one in group)) for group in wave]
        )
        for group, some in zip(wave, answers, strict=True):
            outcomes |= {id(write): outcome for write, outcome in zip(group, some, strict=True)}
            progress.advance(len(group))
    found = [_sent(some, outcomes) for some in sorts]
    left = sum(len(one.unsent) for one in found)
    progress.finish(f"{len(writes) - left} of {len(writes)}" if left else "")
    return found


def _sent(writes: Sequence[Write], outcomes: Mapping[int, Outcome]) -> Sent:
    problems = [(one, _problem(one, outcomes[id(one)])) for one in writes]
    made = {one.about: _number(outcomes[id(one)]) for one, problem in problems if problem is None}
    return Sent(
        tuple(one.about for one, problem in problems if problem is None),
        tuple(problem for _, problem in problems if problem is not None),
        {about: number for about, number in made.items() if number},
    )


def _number(outcome: Outcome) -> int:
    """The number of a row that was made; 0 where the answer does not tell."""
    body = outcome.body if isinstance(outcome.body, dict) else {}
    told = str(body.get("Id") or body.get("id") or "")
    return int(told) if outcome.status == _CREATED and told.isdigit() else 0


def _groups(writes: Iterable[Write]) -> Iterable[list[Write]]:
    by_audience: dict[str, list[Write]] = {}
    for write in writes:
        by_audience.setdefault(write.operation.audience, []).append(write)
    for audience, some in by_audience.items():
        size = GRAPH_PARTS if audience == "graph" else REST_PARTS
        for start in range(0, len(some), size):
            yield some[start : start + size]


def _problem(write: Write, outcome: Outcome) -> Unsent | None:
    if outcome.state != "done":
        return Unsent(write.about, outcome.status, outcome.code or outcome.state, outcome.message)
    refused = [row for row in _form_values(outcome.body) if row.get("HasException")]
    if not refused:
        return None
    said = "; ".join(f"{row.get('FieldName')}: {row.get('ErrorMessage')}" for row in refused)
    return Unsent(write.about, outcome.status, "FIELD-REFUSED", said)


def _form_values(body: Any) -> list[dict[str, Any]]:
    """The outcome of each field: `ValidateUpdateListItem` answers 200 whatever became of them."""
    if isinstance(body, dict):
        body = body.get("d", body)
        body = body.get("ValidateUpdateListItem", body.get("value", body))
        if isinstance(body, dict):
            body = body.get("results", [])
    return [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []

"""Sending writes: packed into batches, and what became of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

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


class Writes(Protocol):
    """Some writes that can be counted, and gone through more than once."""

    def __len__(self) -> int:
        """How many."""

    def __iter__(self) -> Iterator[Write]:
        """One after the other."""


_Subject = TypeVar("_Subject")


@dataclass(frozen=True, slots=True)
class Planned(Generic[_Subject]):
    """Writes that are made when they are sent: those of a first run are larger than all it has read.

    `subjects` are what has to be written on, `make` gives the write on one.
    """

    subjects: Sequence[_Subject]
    make: Callable[[_Subject], Write]

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[Write]:
        return map(self.make, self.subjects)


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
    writes: Writes,
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
    sorts: Sequence[Writes],
    progress: Progress,
    doing: str,
    before: Callable[[], Awaitable[None]] | None = None,
) -> list[Sent]:
    """The same for several sorts of writes that share their requests; what became of each sort."""
    total = sum(len(some) for some in sorts)
    if not total:
        return [Sent() for _ in sorts]
    progress.start(doing, total)
    found = [_Tally() for _ in sorts]
    groups = _groups(
        (tally, write) for tally, some in zip(found, sorts, strict=True) for write in some
    )
    while wave := list(islice(groups, _WAVE)):
        if before is not None:
            await before()
        answers = await transport.write(
            [Envelope(tuple(write.operation for _, write in group)) for group in wave]
        )
        for group, some in zip(wave, answers, strict=True):
            for (tally, write), outcome in zip(group, some, strict=True):
                tally.note(write, outcome)
            progress.advance(len(group))
    left = sum(len(one.unsent) for one in found)
    progress.finish(f"{total - left} of {total}" if left else "")
    return [Sent(tuple(one.done), tuple(one.unsent), one.made) for one in found]


class _Tally:
    """What became of the writes of one sort so far."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.unsent: list[Unsent] = []
        self.made: dict[str, int] = {}

    def note(self, write: Write, outcome: Outcome) -> None:
        """Enter one."""
        problem = _problem(write, outcome)
        if problem is not None:
            self.unsent.append(problem)
            return
        self.done.append(write.about)
        number = _number(outcome)
        if number:
            self.made[write.about] = number


def _number(outcome: Outcome) -> int:
    """The number of a row that was made; 0 where the answer does not tell."""
    body = outcome.body if isinstance(outcome.body, dict) else {}
    told = str(body.get("Id") or body.get("id") or "")
    return int(told) if outcome.status == _CREATED and told.isdigit() else 0


def _groups(writes: Iterable[tuple[_Tally, Write]]) -> Iterator[list[tuple[_Tally, Write]]]:
    """The same, packed: as many as a request of their service takes, and the rest at the end."""
    open_now: dict[str, list[tuple[_Tally, Write]]] = {}
    for one in writes:
        audience = one[1].operation.audience
        group = open_now.setdefault(audience, [])
        group.append(one)
        if len(group) == (GRAPH_PARTS if audience == "graph" else REST_PARTS):
            yield open_now.pop(audience)
    yield from open_now.values()


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

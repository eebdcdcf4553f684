"""Sending writes: packed into batches, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.core.batch import GRAPH_PARTS, REST_PARTS
from provisioner.core.progress import Progress
from provisioner.core.transport import Envelope, Operation, Outcome, Transport

CHANGED_MEANWHILE = 412
"""HTTP status for a row that changed since it was read (RFC 9110, If-Match)."""


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
    """What became of some writes: the subjects of those done, and those that were not."""

    done: tuple[str, ...] = ()
    unsent: tuple[Unsent, ...] = ()

    @property
    def overtaken(self) -> bool:
        """Whether somebody changed one of the rows since it was read."""
        return any(one.status == CHANGED_MEANWHILE for one in self.unsent)

    def then(self, again: Sent) -> Sent:
        """This and a second try: what did not come through is what the second says."""
        return Sent((*self.done, *again.done), again.unsent)


async def send(
    transport: Transport, writes: Sequence[Write], progress: Progress, doing: str
) -> Sent:
    """Send them, many to a request, in parallel. Their order does not matter."""
    if not writes:
        return Sent()
    progress.start(doing, len(writes))
    groups = list(_groups(writes))
    answers = await transport.write(
        [Envelope(tuple(one.operation for one in group)) for group in groups]
    )
    done: list[str] = []
    unsent: list[Unsent] = []
    for group, outcomes in zip(groups, answers, strict=True):
        for write, outcome in zip(group, outcomes, strict=True):
            problem = _problem(write, outcome)
            if problem is None:
                done.append(write.about)
            else:
                unsent.append(problem)
            progress.advance()
    progress.finish(f"{len(done)} of {len(writes)}" if unsent else "")
    return Sent(tuple(done), tuple(unsent))


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

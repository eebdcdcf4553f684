"""A plan is a value: ordered changes, what they cost, what they need, and a digest to sign."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from provisioner.core.canonical import digest
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation
from provisioner.engine.packing import Forecast

API_VERSION = "provisioner/v1"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A difference that cannot be brought about in place, and what to do instead."""

    address: str
    code: str
    message: str
    hint: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply would do. `changes` are in the order they are carried out.

    A no-op among them is a look-up that others wait for; people are shown the `shown` ones.
    """

    workspace: str
    spec_digest: str
    observed_digest: str
    changes: tuple[Change, ...]
    noop: int
    cost: Forecast
    blocked: tuple[Blocked, ...] = ()
    notes: tuple[Note, ...] = ()
    accepted: tuple[Note, ...] = ()

    @property
    def digest(self) -> str:
        """Covers the file, the site as it was read, and the ordered changes with their requests."""
        return digest(
            {
                "spec": self.spec_digest,
                "observed": self.observed_digest,
                "changes": [change_json(change, full=True) for change in self.changes],
            }
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send and nothing to record."""
        return not self.shown

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes that change anything."""
        return tuple(change for change in self.changes if change.action is not Action.NOOP)

    @property
    def writes(self) -> bool:
        """Whether carrying it out sends any request that changes the site."""
        return any(change.operations for change in self.shown)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The application permissions its requests need, least first by name."""
        return tuple(sorted({op.permission for op in self._operations() if op.permission}))

    def summary(self) -> dict[str, int]:
        """How many changes of each action."""
        count = Counter(change.action for change in self.changes)
        named = {
            action.value: count[action]
            for action in (
                Action.CREATE,
                Action.UPDATE,
                Action.REPLACE,
                Action.DELETE,
                Action.ADOPT,
            )
        }
        return {**named, "forget": count[Action.FORGET], "noop": self.noop}

    def json(self) -> dict[str, Any]:
        """The `Plan` document of the command line."""
        return {
            "apiVersion": API_VERSION,
            "kind": "Plan",
            "workspace": self.workspace,
            "digest": self.digest,
            "specDigest": self.spec_digest,
            "observedDigest": self.observed_digest,
            "summary": self.summary(),
            "cost": {
                "requests": self.cost.requests,
                "roundTrips": self.cost.round_trips,
                "resourceUnits": self.cost.resource_units,
                "seconds": self.cost.seconds,
            },
            "permissions": list(self.permissions),
            "changes": [change_json(change) for change in self.shown],
            "blocked": [
                {"address": b.address, "code": b.code, "message": b.message, "hint": b.hint}
                for b in self.blocked
            ],
        }

    def _operations(self) -> list[Operation]:
        return [op for change in self.changes for op in change.operations]


@dataclass(frozen=True, slots=True)
class Note:
    """A difference that leads to no change: people's own, or accepted by a deviation."""

    address: str
    path: str
    expected: Any
    actual: Any
    code: str
    reason: str = ""
    approver: str = ""
    expires: str = ""


def change_json(change: Change, *, full: bool = False) -> dict[str, Any]:
    """One change; `full` adds bodies, for the digest."""
    where = change.desired.where if change.desired else None
    return {
        "address": change.address,
        "action": change.action.value,
        "reason": change.reason,
        "risk": change.risk,
        "fields": [{"path": f.path, "before": f.before, "after": f.after} for f in change.fields],
        "requests": [
            {"audience": op.audience, "method": op.method, "path": op.path}
            | ({"body": op.body} if full and not isinstance(op.body, bytes) else {})
            for op in change.operations
        ],
        "source": {"file": where.file, "line": where.line} if where and not full else None,
    }

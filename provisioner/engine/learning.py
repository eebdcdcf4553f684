"""What work on a site teaches of its tenant: which ways it refuses, which it takes. Pure.

A way that is refused as such (no such address, no such method, not built) is not asked for again
for a while: another way is taken, or what it was for is told as one finding, `TENANT-CANNOT`. That
something was wrong with a body (400) teaches nothing, unless another way then does the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from provisioner.core.transport import Operation, Outcome

CANNOT = "TENANT-CANNOT"
_NO_SUCH_WAY = frozenset({404, 405, 501})
_BAD = 400
_TRUSTED_DAYS = 30
"""So long a refusal is believed; the service may learn in the meantime."""


def without(capability: str) -> str:
    """The word for what a tenant is known not to be able to do."""
    return f"no-{capability}"


def as_words(able: Mapping[str, bool]) -> frozenset[str]:
    """What is known, as the words by which kinds choose a way."""
    return frozenset(name if can else without(name) for name, can in able.items())


def still_trusted(recorded: Mapping[str, Any], today: date) -> dict[str, bool]:
    """Of what a ledger recorded, what was learnt lately enough."""
    since = (today - timedelta(days=_TRUSTED_DAYS)).isoformat()
    return {name: bool(one["able"]) for name, one in recorded.items() if str(one["on"]) >= since}


def recorded_with(
    recorded: Mapping[str, Any], learnt: Mapping[str, bool], today: date
) -> dict[str, Any]:
    """What a ledger records after a run; what was known the same stays as it is for its time."""
    known = still_trusted(recorded, today)
    fresh = {name: able for name, able in learnt.items() if known.get(name) is not able}
    return {
        **recorded,
        **{name: {"able": able, "on": today.isoformat()} for name, able in fresh.items()},
    }


@dataclass(slots=True)
class Learnt:
    """What one run has learnt so far.

    `able` by capability; `beyond` says of an address, in Microsoft's words, what was left out there.
    """

    able: dict[str, bool] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)
    _doubted: dict[str, str] = field(default_factory=dict)

    def done(self, operation: Operation) -> None:
        """A way was taken; if another was tried before it, for the same, that one was none."""
        doubted = self._doubted.pop(operation.address, "")
        if doubted:
            self.able |= {doubted: False, operation.capability: True}

    def other_way(self, operation: Operation, outcome: Outcome) -> Operation | None:
        """What to send instead of what was refused; None where there is no other way."""
        if outcome.status not in {*_NO_SUCH_WAY, _BAD} or operation.otherwise is None:
            return None
        self._doubted[operation.address] = operation.capability
        return operation.otherwise

    def is_beyond(self, operation: Operation, outcome: Outcome) -> bool:
        """Whether the tenant has no such way at all, so that the rest goes on without it."""
        if not operation.capability or outcome.status not in _NO_SUCH_WAY:
            return False
        if operation.address in self._doubted:  # two ways for one thing: that is a failure
            return False
        self.able[operation.capability] = False
        self.beyond[operation.address] = outcome.message
        return True

"""Ask for many readings: what is asked of one list travels together, where the tenant gives it so.

Whether it does is a capability, `expand-together`. A refusal is learnt: for the rest of the run, and
through the ledger for the runs after it, the parts are asked for one by one at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.core.errors import Permanent
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.engine.combining import combined

TOGETHER = "expand-together"
_NOT_SAID_SO = frozenset({400, 404, 501})
"""Statuses of a tenant that does not give several parts of a list in one answer."""


@dataclass(slots=True)
class Asking:
    """One look at a site. `learnt`: what a refusal taught, by capability."""

    transport: Transport
    apart: bool = False
    learnt: dict[str, bool] = field(default_factory=dict)

    def heed(self, able: Mapping[str, bool]) -> None:
        """Take what earlier runs learnt."""
        self.apart = self.apart or able.get(TOGETHER) is False

    async def ask(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        """An answer to each different one. Raises what the transport raises."""
        single = list(dict.fromkeys(readings))
        alone, together = (single, []) if self.apart else combined(single)
        if not alone and not together:
            return {}
        try:
            given = await self.transport.read([*alone, *(one.reading for one in together)])
        except Permanent as refused:
            if not together or refused.status not in _NOT_SAID_SO:
                raise
            answers = await self.transport.read(single)
            self.apart, self.learnt[TOGETHER] = True, False  # so it was not one of them being gone
            return answers
        answers = {reading: given[reading] for reading in alone}
        for one in together:
            answers |= one.answers(given[one.reading])
        return answers

"""One behaviour: a question, how it is tried, what the emulator does, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from provisioner.engine.probing.ground import Ground

State = Literal["same", "other", "untried"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A question about Microsoft 365 that no document settles.

    asks: the question, as a sentence.
    emulator: what the emulator does, in the words that `tried` gives.
    source: where people or pages say something of it.
    tried: tries it and reads it back; gives a few words that hold nothing of the tenant. Raises
        `Untried` where it cannot.
    capability: what a tenant can do, or cannot, if it answers in one of the words in `works`.
    """

    id: str
    asks: str
    emulator: str
    source: str
    tried: Callable[[Ground], Awaitable[str]]
    capability: str = ""
    works: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a tenant did. `seen` is empty where it could not be tried, and `why` says why not."""

    behaviour: Behaviour
    seen: str = ""
    why: str = ""

    @property
    def state(self) -> State:
        """Whether the tenant does what the emulator does."""
        if not self.seen:
            return "untried"
        return "same" if self.seen == self.behaviour.emulator else "other"

    @property
    def learnt(self) -> dict[str, bool]:
        """The capability it settles, by name; nothing where it settles none."""
        if not self.seen or not self.behaviour.capability:
            return {}
        return {self.behaviour.capability: self.seen in self.behaviour.works}

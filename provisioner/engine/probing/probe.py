"""Try every behaviour on one site, one after another, and clean up whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from provisioner.core.errors import ProvisionerError
from provisioner.core.progress import Progress
from provisioner.core.transport import Transport
from provisioner.engine.probing.access import ACCESS
from provisioner.engine.probing.behaviour import Answered, Behaviour
from provisioner.engine.probing.columns import COLUMNS
from provisioner.engine.probing.documents import DOCUMENTS
from provisioner.engine.probing.ground import Ground, Untried
from provisioner.engine.probing.lists import LISTS
from provisioner.engine.probing.rows import ROWS

BEHAVIOURS: tuple[Behaviour, ...] = (*COLUMNS, *LISTS, *ROWS, *DOCUMENTS, *ACCESS)


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a tenant did, behaviour by behaviour.

    against: which tenant was asked. cleared: how many scratch lists of an earlier probe were found
    and taken away. left: the titles of our own scratch lists that could not be.
    """

    against: Literal["tenant", "emulator"]
    answers: tuple[Answered, ...]
    cleared: int = 0
    left: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        """How many answers are the "same", "other" or "untried"."""
        return sum(one.state == state for one in self.answers)

    @property
    def learnt(self) -> dict[str, bool]:
        """Which capabilities the tenant has, of those that could be tried."""
        return {name: able for one in self.answers for name, able in one.learnt.items()}


async def probe(
    transport: Transport,
    against: Literal["tenant", "emulator"],
    progress: Progress,
    behaviours: Sequence[Behaviour] = BEHAVIOURS,
) -> ProbeReport:
    """Try them in their order. What was made goes again, after a failure and Ctrl-C too.

    Raises:
        ProvisionerError: when the site is not there or nobody can sign in.
    """
    ground = Ground(transport)
    cleared = await ground.enter()
    progress.start("Trying", len(behaviours))
    answers = []
    try:
        for one in behaviours:
            answers.append(await _answered(one, ground))
            progress.advance(1, one.id)
    finally:
        progress.finish()
        await ground.leave()
    return ProbeReport(against, tuple(answers), cleared, tuple(ground.left))


async def _answered(one: Behaviour, ground: Ground) -> Answered:
    try:
        return Answered(one, seen=await one.tried(ground))
    except Untried as problem:
        return Answered(one, why=str(problem))
    except ProvisionerError as problem:
        return Answered(one, why=f"it was refused ({problem.code})")
    except (KeyError, TypeError, ValueError, AttributeError):
        return Answered(one, why="the answer has a form we do not know")

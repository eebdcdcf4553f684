"""Noting that a scheduled job ran, and telling of one that does not any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from provisioner.cli import settings
from provisioner.core.address import SITE, address
from provisioner.core.transport import Transport
from provisioner.engine.observe import Observed
from provisioner.ledger.heartbeat import JOBS, JobRun, beat

_RESULTS = {0: "Nothing found", 2: "Findings", 1: "Not everything was written"}


async def note_run(transport: Transport, items: str, job: str, code: int) -> tuple[str, ...]:
    """Note that a job ran and with which exit code; what went wrong, in sentences. It never raises.

    `items` is the Graph path of the list's rows, "" where the site has no such list.
    """
    if not items:
        problem = (
            f"That {job} ran was not noted: the site has no list that the file calls {JOBS}. The packs "
            "bring it; `provisioner apply` makes it."
        )
    else:
        problem = await beat(transport, items, job, settings.now(), _RESULTS[code])
    return (problem,) if problem else ()


def silent_lines(jobs: Iterable[JobRun], now: datetime, ending: str = "") -> list[str]:
    """A line for each job that is silent; `ending` is one whose silence this very run ends."""
    return [
        f"JOB-SILENT  {one.sentence}" + (" This run ends that." if one.job == ending else "")
        for one in jobs
        if one.silent(now)
    ]


def jobs_of(observed: Observed) -> str:
    """The Graph path of the list's rows on a site that was read; "" where there is none."""
    site, there = observed.existing.get(SITE), observed.existing.get(address("list", JOBS))
    if site is None or there is None:
        return ""
    return f"/sites/{site.ids['id']}/lists/{there.ids['id']}/items"

"""Deviations that outlived what they were about: nobody declares their address any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from provisioner.core.address import address, parent_of
from provisioner.engine.desired import Desired
from provisioner.engine.drift_site_access import site_findings
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Note
from provisioner.ledger.heartbeat import JOBS
from provisioner.spec.deviations import Deviation

OUTLIVED = "DEVIATION-OUTLIVED"


def outlived(
    desired: Desired, observed: Observed, deviations: Iterable[Deviation]
) -> Iterable[Note]:
    """A note for each deviation, past its end or not, whose address is neither declared nor found at.

    `reason` is the place in deviations.yaml. Findings about access name things nobody declares, as a
    library that people made, and jobs are rows of our own list: what is accepted there stays of use.
    """
    unknown = [one for one in deviations if one.address not in desired.resources]
    if not unknown:
        return
    found = {one.address for one in site_findings(desired, observed)}
    jobs = address("list", JOBS)
    for one in unknown:
        if one.address not in found and parent_of(one.address) != jobs:
            place = f"{PurePath(one.where.file).name}:{one.where.line}"
            yield Note(one.address, one.path, None, one.value, OUTLIVED, reason=place)

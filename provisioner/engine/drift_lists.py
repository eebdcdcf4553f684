"""Findings about lists that no plan would change, because only a person can."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.core.address import address
from provisioner.engine.desired import Desired
from provisioner.engine.finding import Finding
from provisioner.engine.observe import Observed
from provisioner.kinds.default_values import ACTIVE
from provisioner.ledger.heartbeat import JOBS, JobRun, days


def list_findings(desired: Desired, observed: Observed) -> Iterable[Finding]:
    """DEFAULTS-NOT-ACTIVE: default values are stored, and SharePoint does not put them on anything."""
    for own, resource in desired.resources.items():
        existing = observed.existing.get(own)
        if resource.kind != "defaultValues" or existing is None:
            continue
        if not existing.properties.get(ACTIVE):
            yield Finding("DEFAULTS-NOT-ACTIVE", "note", own, "", "active", "not active")


def silent_jobs(silent: Iterable[JobRun]) -> Iterable[Finding]:
    """JOB-SILENT: a scheduled job that has noted its runs in a list of the site, and does not any more."""
    for one in silent:
        own = address("item", one.job, address("list", JOBS))
        yield Finding("JOB-SILENT", "warning", own, "", f"every {days(one.every)}", one.standing)

"""Findings about lists that no plan would change, because only a person can."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.engine.desired import Desired
from provisioner.engine.finding import Finding
from provisioner.engine.observe import Observed
from provisioner.kinds.default_values import ACTIVE


def list_findings(desired: Desired, observed: Observed) -> Iterable[Finding]:
    """DEFAULTS-NOT-ACTIVE: default values are stored, and SharePoint does not put them on anything."""
    for own, resource in desired.resources.items():
        existing = observed.existing.get(own)
        if resource.kind != "defaultValues" or existing is None:
            continue
        if not existing.properties.get(ACTIVE):
            yield Finding("DEFAULTS-NOT-ACTIVE", "note", own, "", "active", "not active")

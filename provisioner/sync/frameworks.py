"""The workspace's own frameworks: which criteria they add, and what they put into a period's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from provisioner.spec.models import Framework
from provisioner.sync.criteria import CRITERIA
from provisioner.sync.facts import AuditPeriod


def known_criteria(frameworks: Iterable[Framework]) -> frozenset[str]:
    """The Trust Services Criteria and every id a framework declares."""
    return CRITERIA.union(*(one.criteria for one in frameworks))


def with_controls(
    periods: Iterable[AuditPeriod], frameworks: Sequence[Framework]
) -> tuple[AuditPeriod, ...]:
    """Audit periods with the ids of each framework their scope names, by name in any case."""
    by_name = {one.name.strip().casefold(): tuple(one.criteria) for one in frameworks}
    return tuple(
        replace(
            period,
            controls=tuple(
                criterion
                for word in period.criteria
                for criterion in by_name.get(word.strip().casefold(), ())
            ),
        )
        for period in periods
    )

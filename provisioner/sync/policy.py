"""The policy the rules judge by: the workspace's defaults, which an item may override."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioner.core.canonical import digest
from provisioner.sync.criteria import CRITERIA

Holidays = frozenset[date]
"""Days the workspace lists as not worked; Saturdays and Sundays need no listing."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults of freshness and review.

    `lead_days` and `grace_days` are calendar days, `review_sla_days` business days. Waivers use
    `lead_days` as it stands.
    """

    lead_days: int = 14
    grace_days: int = 14
    review_sla_days: int = 5
    holidays: Holidays = frozenset()
    known_criteria: frozenset[str] = CRITERIA

    @property
    def digest(self) -> str:
        """`sha256:…` over every setting: a verdict says by which policy it was reached."""
        return digest(
            {
                "leadDays": self.lead_days,
                "graceDays": self.grace_days,
                "reviewSlaDays": self.review_sla_days,
                "holidays": sorted(day.isoformat() for day in self.holidays),
                "knownCriteria": sorted(self.known_criteria),
            }
        )

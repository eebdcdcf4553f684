"""What a readiness report says, as plain values: one model for every format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from provisioner.engine.drift import DriftReport
from provisioner.report.ageing import WaitingLine
from provisioner.report.history import Changes, TrendPoint
from provisioner.report.questions import Answered
from provisioner.report.readiness_lines import (
    Attention,
    Coverage,
    CriteriaGroup,
    EvidenceLine,
    FindingLine,
    Gap,
    Headline,
    ItemLine,
    RuleLine,
    Standing,
    Window,
)


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """All a report says. `today` is the day that was judged, `policy` the digest of the settings.

    `checklist` and `buyers` are questions with what the evidence answers; `changes` None: there was no
    report before this one to compare with; `trend` (): the findings have no past yet.
    """

    workspace: str
    client: str
    site_url: str
    generated_at: datetime
    today: date
    policy: str
    headline: Headline
    windows: tuple[Window, ...]
    criteria: tuple[CriteriaGroup, ...]
    libraries: tuple[Standing, ...]
    areas: tuple[Standing, ...]
    items: tuple[ItemLine, ...]
    attention: tuple[Attention, ...]
    waived: tuple[FindingLine, ...]
    evidence: tuple[EvidenceLine, ...]
    coverage: tuple[Coverage, ...]
    gaps: tuple[Gap, ...]
    rules: tuple[RuleLine, ...]
    drift: DriftReport | None
    checklist: tuple[Answered, ...] = ()
    buyers: tuple[Answered, ...] = ()
    waiting: tuple[WaitingLine, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    changes: Changes | None = None

"""Builds a readiness report from facts and what the judge said of them. Pure: no clock, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from provisioner.engine.drift import DriftReport
from provisioner.report.attention import attention, gaps, rule_lines, waived
from provisioner.report.criteria_labels import categories, label
from provisioner.report.links import safe_link
from provisioner.report.readiness import (
    Coverage,
    CoverageRow,
    CriteriaGroup,
    EvidenceLine,
    Headline,
    ItemLine,
    ReadinessReport,
    SlotCell,
    Standing,
    Tally,
    Window,
)
from provisioner.sync.claims import activity_of
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.rollup import worst
from provisioner.sync.vocabulary import WORST_FIRST, ItemState, Severity, VerdictState

__all__ = ["ReadinessReport", "readiness_report"]

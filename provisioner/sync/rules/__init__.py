"""The rules, in table order, each a pure function of facts, policy and the day.

A new rule is written in the file of its family and added to `TABLE` here, at its place.
"""

from __future__ import annotations

from functools import lru_cache

from provisioner.sync.rules.age import (
    DUE_SOON,
    EXPIRED,
    LATE,
    OUT_OF_WINDOW,
    PRIOR_TO_WINDOW,
    STALE,
)
from provisioner.sync.rules.approval import (
    CHANGED_AFTER_APPROVAL,
    EXTENDED_NOT_RENEWED,
    NO_REVIEWER,
    SELF_REVIEW,
    UNPROVEN_APPROVAL,
)
from provisioner.sync.rules.content import EMPTY_FILE, RECYCLED
from provisioner.sync.rules.coverage import (
    MISSING,
    NOT_COVERED,
    NOT_IN_FORCE,
    NOT_YET_DUE,
    PERIOD_GAP,
)
from provisioner.sync.rules.judgeable import CANNOT_JUDGE
from provisioner.sync.rules.metadata import BAD_METADATA, FUTURE_PERIOD, NO_METADATA, ORPHAN
from provisioner.sync.rules.presence import EVIDENCE_GONE, PERSON_GONE, RISK_LINK_BROKEN
from provisioner.sync.rules.requests import (
    REQUEST_CHANGED,
    REQUEST_OVERDUE,
    REQUEST_STALE_ANSWER,
)
from provisioner.sync.rules.review import DRAFT_STUCK, REJECTED_STUCK, UNREVIEWED
from provisioner.sync.rules.rule import Check, Holding, Rule
from provisioner.sync.rules.standing_settings import CATALOGUE_CHANGED, WORKSPACE_DRIFT
from provisioner.sync.rules.waived import (
    NOT_APPLICABLE_UNWAIVED,
    WAIVER_EXPIRED,
    WAIVER_EXPIRING,
    WAIVER_FACTS_CHANGED,
    WAIVER_UNAPPROVED,
)

__all__ = ["NEVER_WAIVED", "ORDER", "TABLE", "UNSOUND", "Holding", "Rule", "checks_of", "rule"]

TABLE: tuple[Rule, ...] = (
    MISSING,
    NOT_COVERED,
    NOT_YET_DUE,
    PERIOD_GAP,
    NOT_IN_FORCE,
    LATE,
    DUE_SOON,
    STALE,
    EXPIRED,
    OUT_OF_WINDOW,
    PRIOR_TO_WINDOW,
    FUTURE_PERIOD,
    BAD_METADATA,
    PERSON_GONE,
    NO_METADATA,
    UNREVIEWED,
    DRAFT_STUCK,
    REJECTED_STUCK,
    SELF_REVIEW,
    NO_REVIEWER,
    UNPROVEN_APPROVAL,
    CHANGED_AFTER_APPROVAL,
    EXTENDED_NOT_RENEWED,
    RECYCLED,
    EMPTY_FILE,
    ORPHAN,
    EVIDENCE_GONE,
    NOT_APPLICABLE_UNWAIVED,
    WAIVER_EXPIRING,
    WAIVER_EXPIRED,
    WAIVER_UNAPPROVED,
    WAIVER_FACTS_CHANGED,
    RISK_LINK_BROKEN,
    REQUEST_OVERDUE,
    REQUEST_STALE_ANSWER,
    REQUEST_CHANGED,
    CATALOGUE_CHANGED,
    WORKSPACE_DRIFT,
    CANNOT_JUDGE,
)
"""Every rule, in the order in which flags are listed."""

ORDER: dict[str, int] = {one.code: place for place, one in enumerate(TABLE)}
"""A code's place in the table."""

UNSOUND: frozenset[str] = frozenset(
    one.code
    for one in (
        NO_REVIEWER,
        SELF_REVIEW,
        CHANGED_AFTER_APPROVAL,
        BAD_METADATA,
        FUTURE_PERIOD,
        EMPTY_FILE,
        ORPHAN,
    )
)
"""Rules that keep a document from counting, unless they are waived."""

NEVER_WAIVED: frozenset[str] = frozenset(
    {"CANNOT-JUDGE", "NOT-YET-DUE", "WORKSPACE-DRIFT"}
    | {one.code for one in TABLE if one.code.startswith("WAIVER-")}
)
"""Rules no waiver can cover."""


@lru_cache(maxsize=256)
def checks_of(case: type, *words: str | None) -> tuple[tuple[Rule, Check], ...]:
    """The rules that are asked of a sort of case, in table order, each with its check.

    `words` are a document's review status and its freshness: what only holds of others is left out.
    """
    return tuple(
        (one, one.checks[case])
        for one in TABLE
        if case in one.checks and (one.only is None or not one.only.isdisjoint(words))
    )


def rule(code: str) -> Rule | None:
    """The rule of a code, in any case; None when there is none."""
    place = ORDER.get(code.strip().upper())
    return None if place is None else TABLE[place]

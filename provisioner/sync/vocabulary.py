"""The words the judge uses: statuses, kinds, cadences, severities and states.

Values are the very words shown in SharePoint (choice columns) or written in the workspace file,
so that nothing has to be translated on the way in or out.
"""

from __future__ import annotations

from enum import StrEnum


class ReviewStatus(StrEnum):
    """Where a document stands with the people who review it. People own it; the job never writes it."""

    DRAFT = "Draft"
    SUBMITTED = "Submitted"
    IN_REVIEW = "In review"
    APPROVED = "Approved"
    NEEDS_CHANGES = "Needs changes"
    REJECTED = "Rejected"
    NOT_APPLICABLE = "Not applicable"


WAITING = frozenset({ReviewStatus.SUBMITTED, ReviewStatus.IN_REVIEW})
"""Statuses in which a reviewer has the next move."""

RETURNED = frozenset({ReviewStatus.NEEDS_CHANGES, ReviewStatus.REJECTED})
"""Statuses in which the owner has the next move."""

SET_ASIDE = frozenset({ReviewStatus.REJECTED, ReviewStatus.NOT_APPLICABLE})
"""Statuses whose documents claim nothing and are not asked for their facts."""


class Freshness(StrEnum):
    """What the job says of a document's age; `NONE` is the empty column."""

    FRESH = "Fresh"
    DUE_SOON = "Due soon"
    STALE = "Stale"
    EXPIRED = "Expired"
    SUPERSEDED = "Superseded"
    CANNOT_JUDGE = "Cannot judge"
    NONE = ""


class Sign(StrEnum):
    """What is seen of a document at a glance, so that most rules need not look at most documents."""

    ORDINARY = "ordinary"
    STANDS_OUT = "stands out"


class ItemState(StrEnum):
    """What the job says of an expected item, a slot, an area: worst first, and in that order."""

    REJECTED = "Rejected"
    MISSING = "Missing"
    EXPIRED = "Expired"
    STALE = "Stale"
    NOT_COVERED = "Not covered"
    CANNOT_JUDGE = "Cannot judge"
    IN_REVIEW = "In review"
    DUE_SOON = "Due soon"
    NOT_YET_DUE = "Not yet due"
    FRESH = "Fresh"
    WAIVED = "Waived"
    NOT_APPLICABLE = "Not applicable"


WORST_FIRST: tuple[ItemState, ...] = tuple(ItemState)


class Kind(StrEnum):
    """The sort of evidence an item asks for; it sets which dates and facts matter."""

    STANDING = "standing"
    SNAPSHOT = "snapshot"
    REVIEW = "review"
    LOG = "log"
    SAMPLE = "sample"
    REGISTER = "register"
    EXERCISE = "exercise"
    THIRD_PARTY = "third-party"


RANGED = frozenset({Kind.LOG, Kind.SAMPLE})
"""Kinds that speak for every day of a period, and so need the whole period."""

LASTING = frozenset({Kind.STANDING, Kind.THIRD_PARTY})
"""Kinds that stay in force from their activity date until they run out."""


class Cadence(StrEnum):
    """How often an item is expected."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUAL = "semi-annual"
    ANNUAL = "annual"
    PER_EVENT = "per-event"
    ONCE = "once"


UNSLOTTED = frozenset({Cadence.PER_EVENT, Cadence.ONCE})
"""Cadences without a rhythm: their one slot is the whole window."""


class PeriodState(StrEnum):
    """The life of an audit period."""

    PLANNED = "Planned"
    OPEN = "Open"
    FIELDWORK = "Fieldwork"
    REPORT_DRAFT = "Report draft"
    ISSUED = "Issued"
    CLOSED = "Closed"


IN_WINDOW = frozenset({PeriodState.OPEN, PeriodState.FIELDWORK, PeriodState.REPORT_DRAFT})
"""States in which an audit period is a window: a stretch of days that is judged."""


class ReportType(StrEnum):
    """Type 1 looks at one day, Type 2 at a period."""

    TYPE_1 = "type-1"
    TYPE_2 = "type-2"


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES: tuple[Severity, ...] = tuple(Severity)


class VerdictState(StrEnum):
    """`open` needs somebody, `waived` is accepted until a date, `ok` means that no rule holds."""

    OPEN = "open"
    WAIVED = "waived"
    OK = "ok"


class SubjectKind(StrEnum):
    """What a rule speaks about."""

    ITEM = "item"
    DOCUMENT = "document"
    WAIVER = "waiver"
    REQUEST = "request"
    ROW = "row"
    WORKSPACE = "workspace"


_STATUSES: dict[str, ReviewStatus] = {str(status): status for status in ReviewStatus}


def review_status(text: str | None) -> ReviewStatus | None:
    """The status a column's text names; None when it is blank or a word that is not a status."""
    if text in _STATUSES:
        return _STATUSES[text]
    return _STATUSES.get((text or "").strip())

"""Admitting documents: their case before any other is looked at, and whether they count."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from provisioner.sync.cases import (
    CatalogueCase,
    ChangedTerm,
    DocumentCase,
    LinkedDocument,
    Missing,
    RequestCase,
    WorkspaceCase,
)
from provisioner.sync.claims import Terms, activity_of, half_dated, terms_of
from provisioner.sync.facts import (
    AuditPeriod,
    Document,
    ExpectedItem,
    ItemTerms,
    LibraryState,
    Request,
)
from provisioner.sync.policy import Policy
from provisioner.sync.rules import UNSOUND
from provisioner.sync.rules.requests import ANSWERED, due_of
from provisioner.sync.stamped import DeliveredStamp
from provisioner.sync.stamps import clock_of, stamp_of
from provisioner.sync.stance import Stance
from provisioner.sync.vocabulary import (
    RANGED,
    RETURNED,
    SET_ASIDE,
    WAITING,
    Kind,
    ReviewStatus,
    review_status,
)

_AGE = ("DUE-SOON", "STALE", "EXPIRED")
_COVERAGE = ("MISSING", "NOT-COVERED", "NOT-YET-DUE")
_WINDOW = (*_COVERAGE, "PERIOD-GAP", "NOT-IN-FORCE")


def chosen_item(document: Document) -> str:
    """The id of the item a document was filed under; "" where none was chosen."""
    return (document.item or "").strip()


def filed_case(
    document: Document, items: Mapping[str, ExpectedItem], policy: Policy, today: date
) -> DocumentCase:
    """A document by itself, with the item it names."""
    item = items.get(chosen_item(document))
    return document_case(document, item, terms_of(item, policy), policy, today)


def document_case(
    document: Document, item: ExpectedItem | None, terms: Terms, policy: Policy, today: date
) -> DocumentCase:
    """A document with its item, terms, dates, clock and stamp, and the needed facts it lacks."""
    kind, status = terms.kind, review_status(document.status)
    parts = () if item is None else item.applies_to
    activity = activity_of(document, kind)
    bare = activity is None or half_dated(document, kind)
    approved, set_aside = status is ReviewStatus.APPROVED, status in SET_ASIDE
    clock = clock_of(document) if status in WAITING or status in RETURNED else None
    stamp = stamp_of(document, kind) if approved else document.stamp
    orphan = item is None and not chosen_item(document)
    unclear = clock is not None and clock.since is None
    missing: tuple[Missing, ...] = ()
    if (bare or unclear or document.identity is None) and not (set_aside or orphan):
        missing = _missing(document, status, kind, bare=bare, unclear=unclear)
    return DocumentCase(
        document,
        item,
        terms,
        activity,
        bare,
        clock,
        stamp,
        missing,
        policy,
        today,
        status,
        approved,
        set_aside,
        orphan,
        document.part if parts else None,
        bool(parts) and document.part not in parts,
        _skipped(
            document.content_author is None,
            document.approval_saved_by is None and document.approval_saved_on is None,
            stamp is not None and stamp.version_gone,
        )
        if approved
        else (),
    )


def _missing(
    document: Document,
    status: ReviewStatus | None,
    kind: Kind | None,
    *,
    bare: bool,
    unclear: bool,
) -> tuple[Missing, ...]:
    missing = []
    if document.identity is None:
        missing.append(Missing("its content", ("CHANGED-AFTER-APPROVAL", "RECYCLED")))
    if bare:
        missing.append(Missing(_date_words(kind), _date_rules(kind)))
    if unclear:
        rule = "REJECTED-STUCK" if status in RETURNED else "UNREVIEWED"
        missing.append(Missing("the date of its newest version", (rule,)))
    return tuple(missing)


def _date_words(kind: Kind | None) -> str:
    if kind in RANGED:
        return "Period from and Period to"
    if kind is Kind.STANDING:
        return "Activity date or Period from"
    return "Activity date or Period to"


def _date_rules(kind: Kind | None) -> tuple[str, ...]:
    if kind in RANGED:
        return (*_AGE, "PERIOD-GAP")
    if kind is Kind.STANDING:
        return (*_AGE, "NOT-IN-FORCE")
    return (*_AGE, "LATE") if kind in (Kind.REVIEW, Kind.EXERCISE) else _AGE


def stance_of(case: DocumentCase, held: Collection[str], waived: Collection[str]) -> Stance:
    """Whether a document is sound and may claim slots.

    `held` are the codes of the rules that hold of it, `waived` those of them that a valid waiver covers.
    """
    able = case.approved and case.item is not None and not case.missing
    claims = not (case.set_aside or case.item is None or case.undated or case.misplaced)
    if not held:
        return Stance(case, able, False, claims, False)
    against = UNSOUND.intersection(held)
    sound = able and against.issubset(waived)
    empty = "EMPTY-FILE" in held and "EMPTY-FILE" not in waived
    return Stance(
        case,
        sound=sound,
        by_waiver=sound and bool(against),
        claims=claims and not empty,
        excused=case.status is ReviewStatus.NOT_APPLICABLE and "NOT-APPLICABLE-UNWAIVED" in waived,
    )


@lru_cache
def _skipped(nobody: bool, no_history: bool, no_version: bool) -> tuple[str, ...]:
    """What is left unjudged of an approval because an optional fact is not known."""
    found = []
    if nobody:
        found.append("SELF-REVIEW: who saved the content is not known")
    if no_history:
        found.append("UNPROVEN-APPROVAL: the version that first shows the approval is gone")
    if no_version:
        found.append("CHANGED-AFTER-APPROVAL: stamped as it was, the approved version is gone")
    return tuple(found)


def catalogue_case(
    item: ExpectedItem,
    policy: Policy,
    today: date,
    *,
    expected: bool = True,
    unseen: Sequence[Missing] = (),
) -> CatalogueCase:
    """An item with the needed facts it lacks, and the terms a person changed.

    `expected` False: nothing is expected of it, so it lacks nothing. `unseen`: what we are not shown.
    """
    missing = [
        Missing(name, (*_COVERAGE, *_AGE))
        for name, value in (("Cadence", item.cadence), ("Kind", item.kind))
        if value is None and expected
    ]
    return CatalogueCase(item, (*missing, *unseen), policy, today, changed_terms(item))


_TERMS = (
    ("Cadence", "cadence"),
    ("Kind", "kind"),
    ("Enabled", "enabled"),
    ("Anchor date", "anchor"),
    ("Grace days", "grace_days"),
    ("Lead days", "lead_days"),
)


def changed_terms(item: ExpectedItem) -> tuple[ChangedTerm, ...]:
    """What the list says otherwise than the last apply wrote, and than the file says today.

    Nothing where no apply is known to have written it: there is nothing to compare with.
    """
    if item.applied is None:
        return ()
    return tuple(
        ChangedTerm(words, _term(item.applied, name), listed)
        for words, name in _TERMS
        if (listed := _term(item.listed, name)) != _term(item.applied, name)
        and (item.filed is None or listed != _term(item.filed, name))
    )


def _term(terms: ItemTerms, name: str) -> str:
    value = getattr(terms, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def request_case(
    request: Request,
    policy: Policy,
    today: date,
    linked: Sequence[LinkedDocument] = (),
    stamp: DeliveredStamp | None = None,
) -> RequestCase:
    """A request with the needed facts it lacks; none are needed once it is answered."""
    missing: tuple[Missing, ...] = ()
    if request.status not in ANSWERED and due_of(request) is None:
        missing = (Missing("Due, or Requested on and SLA days", ("REQUEST-OVERDUE",)),)
    return RequestCase(request, missing, policy, today, tuple(linked), stamp)


def workspace_case(
    periods: Collection[AuditPeriod],
    policy: Policy,
    today: date,
    libraries: Sequence[LibraryState] = (),
) -> WorkspaceCase:
    """The workspace with the windows it lacks."""
    missing = [
        Missing(f"the dates of audit period {period.name}", _WINDOW)
        for period in sorted(periods, key=lambda one: one.id)
        if period.judged and period.days is None
    ]
    if not any(period.judged for period in periods):
        rules = _WINDOW if any(period.days for period in periods) else (*_WINDOW, "OUT-OF-WINDOW")
        missing.append(Missing("an audit period that is Open, in Fieldwork or Report draft", rules))
    ordered = sorted(libraries, key=lambda one: one.key)
    return WorkspaceCase(tuple(missing), policy, today, tuple(ordered))

"""The two things the job remembers on a document: since when it waits, and what was approved."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from provisioner.sync.claims import activity_of
from provisioner.sync.facts import Document
from provisioner.sync.said import blank
from provisioner.sync.stamped import ApprovedStamp, Clock, FirstStamp
from provisioner.sync.vocabulary import RETURNED, WAITING, Kind, ReviewStatus, review_status

REVIEW = "review"
RETURNED_GROUP = "returned"


def clock_of(document: Document) -> Clock | None:
    """The clock that should stand on the document now; None when nobody has to move.

    It starts at the newest version's date (else Modified) when the document enters the group, and again when
    the owner changes the content of one that was returned.
    """
    status = review_status(document.status)
    if status in WAITING:
        group = REVIEW
    elif status in RETURNED:
        group = RETURNED_GROUP
    else:
        return None
    old = document.clock
    reworked = (
        group == RETURNED_GROUP
        and document.identity is not None
        and document.known_identity is not None
        and document.identity != document.known_identity
    )
    if old is not None and old.group == group and old.since is not None and not reworked:
        return old
    return _since(group, document.version_date or document.modified)


@lru_cache(maxsize=1 << 12)
def _since(group: str, day: date | None) -> Clock:
    """The clock of all that wait since that day: thousands were filed together."""
    return Clock(group, day)


def stamp_of(document: Document, kind: Kind | None) -> ApprovedStamp | None:
    """The approved stamp that should stand on the document now.

    Stamped once for an approval, anew only when Reviewed on moves later. Content newer than the approval
    is stamped without identity, so that it reads as changed until somebody reviews it again.
    """
    old = document.stamp
    reviewer, reviewed_on, identity = document.reviewer, document.reviewed_on, document.identity
    if reviewed_on is None or identity is None:
        return old
    if old is not None and reviewed_on <= old.reviewed_on:
        return old
    if review_status(document.status) is not ReviewStatus.APPROVED:
        return old
    if reviewer is None or blank(reviewer):
        return old
    newer = document.content_dated is not None and document.content_dated > reviewed_on
    activity = activity_of(document, kind)
    firsts = old.firsts if old is not None else ()
    if not newer and all(first.identity != identity for first in firsts):
        firsts = (*firsts, FirstStamp(identity, activity, document.period_to))
    return ApprovedStamp(
        identity=None if newer else identity,
        reviewer=reviewer,
        reviewed_on=reviewed_on,
        activity=activity,
        period_from=document.period_from,
        period_to=document.period_to,
        version_gone=document.content_dated is None,
        firsts=firsts,
    )

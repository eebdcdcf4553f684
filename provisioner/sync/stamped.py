"""What the job notes on documents, waivers and requests in hidden columns, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from provisioner.core.record import record


@record
class Clock:
    """Since when a document waits: `group` is "review" or "returned". Kept in a hidden column."""

    group: str
    since: date | None


@record
class FirstStamp:
    """The dates that stood beside certain bytes when they were first stamped."""

    identity: str
    activity: date | None
    period_to: date | None


@record
class ApprovedStamp:
    """What was approved, kept in a hidden column.

    `identity` None: the content was newer than the approval. `version_gone`: whether it was could
    not be seen any more. `firsts`: the first stamp of each content ever approved.
    """

    identity: str | None
    reviewer: str
    reviewed_on: date
    activity: date | None = None
    period_from: date | None = None
    period_to: date | None = None
    version_gone: bool = False
    firsts: tuple[FirstStamp, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverStamp:
    """The facts of the waived subject as they were at the grant."""

    granted: date
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveredStamp:
    """What was delivered: content identity by document key, stamped once for each Delivered on."""

    delivered_on: date
    identities: Mapping[str, str]

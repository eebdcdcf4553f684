"""Everything the rules read, as plain values.

Dates are calendar dates in the workspace's time zone; people are principal keys (lower-case e-mail or
sign-in name). A fact that is not known is None or blank, never a guess: the rules say what they
could not judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from provisioner.core.record import record
from provisioner.sync.register_facts import Register
from provisioner.sync.stamped import ApprovedStamp, Clock, DeliveredStamp, WaiverStamp
from provisioner.sync.vocabulary import IN_WINDOW, Cadence, Kind, PeriodState, ReportType


@record
class Document:
    """One file in an evidence library, with its columns and what is known of its content and versions.

    `key` is "library-key/item-id" and `item` the catalogue id it was filed under. `identity` is the content
    identity and `known_identity` the one of the last run. `version_date` is the newest version's date,
    `content_dated` that of the version which brought today's content, `content_author` who saved
    that. `approval_saved_by` and `approval_saved_on` belong to the version that first showed Approved
    with this Reviewed on. `risks` are the rows of the Risk Register it relates to.
    """

    key: str
    library: str
    id: int
    name: str
    url: str = ""
    item: str | None = None
    part: str | None = None
    status: str | None = None
    owner: str | None = None
    reviewer: str | None = None
    reviewed_on: date | None = None
    activity_date: date | None = None
    period_from: date | None = None
    period_to: date | None = None
    collected_on: date | None = None
    bridge_until: date | None = None
    source_system: str | None = None
    sensitivity: str | None = None
    query_used: str | None = None
    row_count: int | None = None
    criteria: tuple[str, ...] = ()
    identity: str | None = None
    known_identity: str | None = None
    size: int | None = None
    created: date | None = None
    modified: date | None = None
    version_date: date | None = None
    content_dated: date | None = None
    content_author: str | None = None
    approval_saved_by: str | None = None
    approval_saved_on: date | None = None
    clock: Clock | None = None
    stamp: ApprovedStamp | None = None
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's word, dated, that a register is right."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """The columns of an expected item that decide when its evidence is due."""

    cadence: str = ""
    kind: str = ""
    enabled: bool = True
    anchor: date | None = None
    grace_days: int | None = None
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """One line of the catalogue: what evidence is expected, how often and of what kind.

    `lead_days`, `grace_days` and `review_sla_days` override the policy when set. `applies_to` names the
    parts (systems, vendors) each judged alone. `attestations` are all pairs of Attested on and
    Attested by a run has ever seen; they count on registers. `applied` are the terms an apply wrote
    last, `filed` those the workspace file asks for today; None where that is not known.
    """

    id: str
    title: str
    library: str = ""
    control_area: str = ""
    criteria: tuple[str, ...] = ()
    owner_role: str = ""
    cadence: Cadence | None = None
    kind: Kind | None = None
    enabled: bool = True
    anchor: date | None = None
    lead_days: int | None = None
    grace_days: int | None = None
    review_sla_days: int | None = None
    applies_to: tuple[str, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    applied: ItemTerms | None = None
    filed: ItemTerms | None = None

    @property
    def listed(self) -> ItemTerms:
        """The terms as the list says them, by which it is judged."""
        return ItemTerms(
            "" if self.cadence is None else str(self.cadence),
            "" if self.kind is None else str(self.kind),
            self.enabled,
            self.anchor,
            self.grace_days,
            self.lead_days,
        )


@record
class Span:
    """Calendar days from `first` to `last`, both included. `last` None: no end is known yet."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a day."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )


@dataclass(frozen=True, slots=True)
class AuditPeriod:
    """An audit period on the list. Type 1 uses `as_of`, Type 2 `start` and `end`.

    `criteria` is its scope: categories such as "Security", names of the workspace's frameworks, or
    criteria ids. `controls` are the ids of those frameworks. `closed_on` is the day `period close`
    closed it, `auditor` the firm.
    """

    id: str
    name: str
    type: ReportType = ReportType.TYPE_2
    state: PeriodState = PeriodState.OPEN
    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    criteria: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    closed_on: date | None = None
    auditor: str = ""

    @property
    def final(self) -> bool:
        """Whether it was closed: what it holds is not written on any more."""
        return self.state is PeriodState.CLOSED and self.closed_on is not None

    @property
    def days(self) -> Span | None:
        """Its days; None when the dates it needs are missing or the wrong way round."""
        first, last = (
            (self.as_of, self.as_of) if self.type is ReportType.TYPE_1 else (self.start, self.end)
        )
        if first is None or last is None or first > last:
            return None
        return Span(first, last)

    @property
    def judged(self) -> bool:
        """Whether its state makes it a window."""
        return self.state in IN_WINDOW


@dataclass(frozen=True, slots=True)
class WaiverTarget:
    """What a waiver names: a document, request or register row, a slot (`slot_from`), or an item.

    `row` is the row's key; "#…" for words that lead to no row.
    """

    item: str | None = None
    part: str | None = None
    slot_from: date | None = None
    document: str | None = None
    request: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted exception, for a time. `rules` empty means every rule that may be waived."""

    id: str
    target: WaiverTarget
    rules: frozenset[str] = frozenset()
    state: str = "Draft"
    reason: str = ""
    requester: str | None = None
    approver: str | None = None
    granted: date | None = None
    expires: date | None = None
    stamp: WaiverStamp | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A line of the audit request tracker. `documents` are the document keys linked as its answer.

    `period` is the id of the audit period it is about. `stamp` is what an earlier run saw delivered;
    `in_force` the content identities at the end of Delivered on, where versions tell.
    """

    id: str
    title: str
    status: str | None = None
    due: date | None = None
    requested_on: date | None = None
    sla_days: int | None = None
    period: str | None = None
    assignee: str | None = None
    documents: tuple[str, ...] = ()
    delivered_on: date | None = None
    stamp: DeliveredStamp | None = None
    in_force: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Risk:
    """A row of the Risk Register."""

    name: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class LibraryState:
    """An evidence library as it stands, and as the file wants it.

    None: not known, or the file does not say. `veiled`: what waits for approval there is not shown to
    us, so what seems to be missing may be there. `links` are sharing links by what they open, `guests`
    people of other organisations who can get in though the file does not name them.
    """

    key: str
    title: str
    versioned: bool | None = None
    limit: int | None = None
    declared_limit: int | None = None
    own_permissions: bool | None = None
    declared_own: bool | None = None
    links: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """The whole bundle. `vendor_bridges`: Bridge letter until, by the vendor's name as Part writes it.

    `gone` are documents that were sound at an earlier run and left every library, as last read.
    `people_gone` are principal keys known to be disabled or gone. `risks` are the rows of the Risk
    Register by number, None where the site has none.
    """

    documents: tuple[Document, ...] = ()
    items: tuple[ExpectedItem, ...] = ()
    periods: tuple[AuditPeriod, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    requests: tuple[Request, ...] = ()
    vendor_bridges: Mapping[str, date] = field(default_factory=dict)
    gone: tuple[Document, ...] = ()
    people_gone: frozenset[str] = frozenset()
    risks: Mapping[str, Risk] | None = None
    libraries: tuple[LibraryState, ...] = ()
    registers: tuple[Register, ...] = ()

"""What a rule is given to decide on: one case per sort of subject, with all it may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioner.core.record import record
from provisioner.sync.calendar import Slot
from provisioner.sync.claims import Terms, period_of
from provisioner.sync.facts import (
    AuditPeriod,
    Document,
    ExpectedItem,
    LibraryState,
    Request,
    Span,
    Waiver,
)
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.stamped import ApprovedStamp, Clock, DeliveredStamp
from provisioner.sync.subject import WORKSPACE, Subject
from provisioner.sync.vocabulary import Freshness, ReviewStatus, SubjectKind


@dataclass(frozen=True, slots=True)
class Missing:
    """A needed fact that is not there, in words, and the rules that cannot be judged for want of it."""

    fact: str
    rules: tuple[str, ...]


@record
class DocumentCase:
    """A document with its item and terms. `item` None: none was chosen, or the one chosen is unknown.

    `status` is None when blank or no status. `set_aside`: Rejected or Not applicable. `orphan`: no item
    was chosen. `part` is the part it is judged for, None for items judged as one; `misplaced`: its item
    is judged by parts and it names none of them. `skipped` are clauses that are not judged for want of
    an optional fact, in words.
    """

    document: Document
    item: ExpectedItem | None
    terms: Terms
    activity: date | None
    undated: bool
    clock: Clock | None
    stamp: ApprovedStamp | None
    missing: tuple[Missing, ...]
    policy: Policy
    today: date
    status: ReviewStatus | None
    approved: bool
    set_aside: bool
    orphan: bool
    part: str | None
    misplaced: bool
    skipped: tuple[str, ...] = ()

    @property
    def period(self) -> Span | None:
        """Its whole period, where it has one."""
        return period_of(self.document)

    @property
    def subject(self) -> Subject:
        """The document."""
        return Subject(SubjectKind.DOCUMENT, self.document.key)


@record
class PlacedDocument:
    """A document after all documents were seen: sound or not, newest or not, which slots it claims.

    `slots` are those it claims on its own grid (a Rejected one: would claim); `slots_covered`, of a
    document that was returned, whether sound documents cover all of them. `touches` are the audit
    periods it touches, None where that cannot be said. `before` is the window it came a year too
    early for, `twin` an earlier document with the same content and other dates. `people_gone` are
    those of its people who are disabled or gone, `risks_broken` its risks that are, in words.
    `runs_out` is the last day before it is stale by its own dates, sound and newest or not.
    """

    case: DocumentCase
    sound: bool
    by_waiver: bool
    newest: bool
    freshness: Freshness
    fresh_until: date | None
    slots: tuple[Slot, ...]
    slots_covered: bool
    touches: tuple[str, ...] | None
    before: AuditPeriod | None
    twin: Document | None
    people_gone: tuple[str, ...] = ()
    risks_broken: tuple[str, ...] = ()
    runs_out: date | None = None


@dataclass(frozen=True, slots=True)
class GoneCase:
    """A document that left every library. `windows` are the names of the windows it touched."""

    case: DocumentCase
    windows: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        """The document."""
        return self.case.subject


@record
class SlotCase:
    """A counting slot and who speaks for it.

    `claimants` and `covering` are document keys (covering: the sound ones). `attested`: a register's
    attestation covers it. `set_aside`: only documents validly waived as Not applicable would claim it.
    """

    slot: Slot
    begun: bool
    late: bool
    claimants: tuple[str, ...]
    covering: tuple[str, ...]
    attested: bool
    waiver_only: bool
    waiting: bool
    rejected: bool
    set_aside: bool

    @property
    def claimed(self) -> bool:
        """Whether anything speaks for it."""
        return bool(self.claimants) or self.attested

    @property
    def covered(self) -> bool:
        """Whether sound evidence, or an attestation, speaks for it."""
        return bool(self.covering) or self.attested


@dataclass(frozen=True, slots=True)
class ItemCase:
    """An expected item, one part of it, in one window in which it counts.

    `sound_periods` are the whole periods of its sound documents, `in_force` the days its sound standing
    documents hold.
    """

    item: ExpectedItem
    terms: Terms
    part: str | None
    window: AuditPeriod
    days: Span
    slots: tuple[SlotCase, ...]
    sound_periods: tuple[Span, ...]
    in_force: tuple[Span, ...]
    policy: Policy
    today: date

    @property
    def subject(self) -> Subject:
        """The item, part and window."""
        return Subject(SubjectKind.ITEM, self.item.id, self.part, self.window.id)

    @property
    def title(self) -> str:
        """Its id and title, with the part where there is one."""
        part = f", {self.part}" if self.part else ""
        return f"{self.item.id} {self.item.title}{part}"


@dataclass(frozen=True, slots=True)
class ChangedTerm:
    """A column a person changed: its name, the file's last applied value, and what the list says."""

    name: str
    applied: str
    listed: str


@dataclass(frozen=True, slots=True)
class CatalogueCase:
    """An expected item as the catalogue has it, apart from any window."""

    item: ExpectedItem
    missing: tuple[Missing, ...]
    policy: Policy
    today: date
    changed: tuple[ChangedTerm, ...] = ()

    @property
    def subject(self) -> Subject:
        """The item."""
        return Subject(SubjectKind.ITEM, self.item.id)


@dataclass(frozen=True, slots=True)
class WaiverCase:
    """A waiver.

    `changed` lists the facts that differ from those at the grant, `open_rules` the findings it names that
    are open.
    """

    waiver: Waiver
    changed: tuple[str, ...]
    open_rules: tuple[str, ...]
    policy: Policy
    today: date

    @property
    def subject(self) -> Subject:
        """The waiver."""
        return Subject(SubjectKind.WAIVER, self.waiver.id)


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document that answers a request.

    `identity` None: it is not there, or its content is not known. `touches`: the request's period,
    None where no period is named or that cannot be said. `aged` is its freshness by its own dates on
    the day it was delivered, None where that day is not known.
    """

    key: str
    name: str
    sound: bool = False
    touches: bool | None = None
    aged: Freshness | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class RequestCase:
    """An audit request. `stamp` is what should stand on it as delivered."""

    request: Request
    missing: tuple[Missing, ...]
    policy: Policy
    today: date
    linked: tuple[LinkedDocument, ...] = ()
    stamp: DeliveredStamp | None = None

    @property
    def subject(self) -> Subject:
        """The request."""
        return Subject(SubjectKind.REQUEST, self.request.id)


@dataclass(frozen=True, slots=True)
class RowCase:
    """A row of a register that one of its checks is asked of."""

    register: Register
    check: Check
    row: RegisterRow
    policy: Policy
    today: date

    @property
    def subject(self) -> Subject:
        """The row."""
        return Subject(SubjectKind.ROW, self.row.key)


@dataclass(frozen=True, slots=True)
class WorkspaceCase:
    """The workspace as a whole, with its evidence libraries as they stand."""

    missing: tuple[Missing, ...]
    policy: Policy
    today: date
    libraries: tuple[LibraryState, ...] = ()

    @property
    def subject(self) -> Subject:
        """The workspace."""
        return WORKSPACE


AnyCase = (
    DocumentCase
    | PlacedDocument
    | GoneCase
    | ItemCase
    | CatalogueCase
    | WaiverCase
    | RequestCase
    | RowCase
    | WorkspaceCase
)

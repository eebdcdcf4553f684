"""What a run of the judge gives: verdicts, and what should stand on each document, item and waiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from provisioner.core.record import record
from provisioner.sync.calendar import Slot
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.rollup import ItemJudgement
from provisioner.sync.stamped import ApprovedStamp, Clock, DeliveredStamp, WaiverStamp
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Freshness


@record
class DocumentJudgement:
    """A document as judged, with the job-owned columns as they should stand now.

    `flags` are the open codes in table order and `reason` the words of the worst, then first; `waived` are
    the codes a waiver covers. `slots` are those it claims, `touches` the ids of the audit periods it
    touches. `skipped` names clauses that were not judged for want of an optional fact.
    """

    document: str
    item: str | None
    part: str | None
    sound: bool
    newest: bool
    freshness: Freshness
    fresh_until: date | None
    flags: tuple[str, ...]
    waived: tuple[str, ...]
    reason: str
    clock: Clock | None
    stamp: ApprovedStamp | None
    slots: tuple[Slot, ...]
    touches: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything a run decided. Mappings are in key order; `verdicts` in a stable order of their own.

    `waiver_stamps` and `request_stamps` hold, by waiver and request id, the stamps that are new and
    have to be written.
    """

    today: date
    policy: str
    windows: tuple[AuditPeriod, ...]
    verdicts: tuple[Verdict, ...]
    documents: Mapping[str, DocumentJudgement]
    items: Mapping[str, ItemJudgement]
    waiver_stamps: Mapping[str, WaiverStamp]
    request_stamps: Mapping[str, DeliveredStamp] = field(default_factory=dict)

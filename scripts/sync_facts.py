"""Facts to judge, as many as wanted and in all states, for `scripts/bench sync`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from provisioner.sync.facts import (
    AuditPeriod,
    Document,
    EvidenceFacts,
    ExpectedItem,
    Request,
    Risk,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.stamped import ApprovedStamp, FirstStamp
from provisioner.sync.vocabulary import Cadence, Kind, PeriodState


def documents(size: int) -> EvidenceFacts:
    """Documents of all kinds, cadences and states, spread over the pack's hundred items."""
    kinds = (*Kind, Kind.SNAPSHOT, Kind.REVIEW, Kind.LOG)
    paces = (
        Cadence.MONTHLY, Cadence.QUARTERLY, Cadence.ANNUAL, Cadence.WEEKLY, Cadence.SEMI_ANNUAL,
        Cadence.MONTHLY, Cadence.PER_EVENT,
    )  # fmt: skip
    expected = tuple(
        ExpectedItem(
            id=f"E{number:03}",
            title=f"Item {number}",
            criteria=("CC6.1",),
            cadence=paces[number % len(paces)],
            kind=kinds[number % len(kinds)],
            applies_to=PARTS if number % 20 == 0 else (),
        )
        for number in range(100)
    )
    year = AuditPeriod(
        id="1", name="2026", start=date(2026, 1, 1), end=date(2026, 12, 31), criteria=("Security",)
    )
    before = replace(
        year, id="0", name="2025", start=date(2025, 1, 1), end=date(2025, 12, 31),
        state=PeriodState.CLOSED,
    )  # fmt: skip
    return EvidenceFacts(
        documents=tuple(document(number) for number in range(size)),
        items=expected,
        periods=(before, year),
        waivers=tuple(
            Waiver(
                id=f"W-{number}", target=WaiverTarget(item=f"E{number * 3 % 100:03}"),
                rules=frozenset({"PERIOD-GAP", "NO-METADATA"}), state="Approved",
                requester="iam@contoso.example", approver="vciso@contoso.example",
                granted=date(2026, 3, 1), expires=date(2026, 9, 1),
            )
            for number in range(20)
        ),
        requests=tuple(
            Request(
                id=f"R-{number}", title="Asked for", status="Delivered", due=date(2026, 6, 1),
                period="1", documents=(f"library/{number}",), delivered_on=date(2026, 5, 20),
            )
            for number in range(min(size, 50))
        ),
        people_gone=frozenset({"left@contoso.example"}),
        risks={"1": Risk("R-1", "Open"), "2": Risk("R-2", "Archived")},
    )  # fmt: skip


PARTS = ("Cloud", "Database", "Identity provider", "Source control")
# Of twenty documents.
STATES = (
    *("Approved",) * 11, *("Submitted",) * 2, *("In review",) * 2, *("Draft",) * 2,
    "Needs changes", "Rejected", "Not applicable",
)  # fmt: skip


def document(number: int) -> Document:
    """One of them: of 300 days, a third with something about it that a rule speaks of."""
    # A step that shares no divisor with the numbers of days, states, items and flaws mixes them all.
    mixed = number * 7919
    day = date(2025, 8, 20) + timedelta(days=mixed % 300)
    status = STATES[mixed // 7 % len(STATES)]
    approved, flaw = status == "Approved", mixed // 11 % 30
    owner = "left@contoso.example" if flaw == 0 else "iam@contoso.example"
    identity = f"quickXor:{number - 1 if flaw == 1 else number}"
    reviewed = day + timedelta(days=1)
    return Document(
        key=f"library/{number}", library="library", id=number, name=f"evidence-{number}.pdf",
        item=None if flaw == 2 else f"E{mixed // 13 % 100:03}", part=PARTS[mixed % len(PARTS)],
        status=status, owner=owner,
        reviewer=None if flaw == 3 else owner if flaw == 4 else "vciso@contoso.example",
        reviewed_on=reviewed if approved else None,
        activity_date=None if flaw == 5 else day, collected_on=day,
        period_from=day - timedelta(days=6), period_to=None if flaw == 5 else day,
        source_system=None if flaw == 6 else "Identity provider", sensitivity="Confidential",
        query_used="all", criteria=("ZZ9",) if flaw == 7 else ("CC6.1",),
        identity=identity, known_identity=identity, size=3 if flaw == 8 else 1000,
        created=day, modified=reviewed, version_date=reviewed, content_dated=day,
        content_author="robot@contoso.example",
        stamp=ApprovedStamp(
            f"quickXor:{number + 1}" if flaw == 9 else identity, "vciso@contoso.example", reviewed,
            day, day - timedelta(days=6), day, firsts=(FirstStamp(identity, day, day),),
        )
        if approved
        else None,
        risks=("2",) if flaw == 10 else ("1",),
    )  # fmt: skip

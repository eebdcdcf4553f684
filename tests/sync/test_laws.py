"""Laws of judging, tried on evidence of every sort."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from provisioner.core.where import parse
from provisioner.sync.admission import filed_case, stance_of
from provisioner.sync.claims import terms_of
from provisioner.sync.facts import (
    Attestation,
    AuditPeriod,
    Document,
    EvidenceFacts,
    ExpectedItem,
    LibraryState,
    Request,
    Risk,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.hearing import holdings_of
from provisioner.sync.judge import judge
from provisioner.sync.leavers import Leavers
from provisioner.sync.placement import ItemPlacement
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.rules import TABLE
from provisioner.sync.vocabulary import (
    WORST_FIRST,
    Cadence,
    Freshness,
    Kind,
    PeriodState,
    Severity,
)

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
AGES = [Freshness.FRESH, Freshness.DUE_SOON, Freshness.STALE, Freshness.EXPIRED]
PARTS = ("Cloud", "Database")
TARGETS = [
    WaiverTarget(item="E000"),
    WaiverTarget(document="access/0"),
    WaiverTarget(item="E001", slot_from=date(2026, 1, 1)),
]

days = st.dates(date(2025, 6, 1), date(2027, 3, 31))
maybe = st.none() | days
people = st.sampled_from([None, "", "ann@contoso.example", "bob@contoso.example"])
attested = st.builds(Attestation, days, st.just("ann@contoso.example"))
statuses = st.sampled_from(
    [None, "Draft", "Submitted", "In review", "Approved", "Approved", "Approved", "Needs changes",
     "Rejected", "Not applicable", "Nonsense"]
)  # fmt: skip


@st.composite
def items(draw: Any) -> tuple[ExpectedItem, ...]:
    return tuple(
        ExpectedItem(
            f"E{number:03}",
            "An item",
            library=draw(st.sampled_from(["access", "change"])),
            criteria=draw(st.sampled_from([(), ("CC6.1",), ("A1.2",)])),
            cadence=draw(st.none() | st.sampled_from(list(Cadence))),
            kind=draw(st.none() | st.sampled_from(list(Kind))),
            enabled=draw(st.booleans() | st.just(value=True)),
            anchor=draw(maybe),
            grace_days=draw(st.none() | st.integers(0, 40)),
            lead_days=draw(st.none() | st.integers(0, 40)),
            applies_to=draw(st.sampled_from([(), PARTS])),
            attestations=draw(st.lists(attested, max_size=2).map(tuple)),
        )
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip


@st.composite
def documents(draw: Any, most: int = 5) -> tuple[Document, ...]:
    return tuple(
        Document(
            key=f"access/{number}",
            library="access",
            id=number,
            name=f"file-{number}",
            item=draw(st.sampled_from([None, "E000", "E000", "E001", "E002", "E999"])),
            part=draw(st.sampled_from([None, *PARTS])),
            status=draw(statuses),
            owner=draw(people),
            reviewer=draw(people),
            reviewed_on=draw(maybe),
            activity_date=draw(maybe),
            period_from=draw(maybe),
            period_to=draw(maybe),
            collected_on=draw(maybe),
            bridge_until=draw(maybe),
            identity=draw(st.sampled_from([None, "a", "b", "c"])),
            size=draw(st.sampled_from([None, 0, 500])),
            created=draw(maybe),
            modified=draw(maybe),
            version_date=draw(maybe),
            content_dated=draw(maybe),
            content_author=draw(people),
            risks=draw(st.sampled_from([(), ("1",), ("2",)])),
        )
        for number in range(draw(st.integers(0, most)))
    )


@st.composite
def periods(draw: Any) -> tuple[AuditPeriod, ...]:
    found = []
    for number in range(draw(st.integers(0, 2))):
        first = draw(days)
        found.append(
            AuditPeriod(
                f"P{number}",
                f"Period {number}",
                state=draw(st.sampled_from(list(PeriodState))),
                start=first,
                end=first + timedelta(days=draw(st.integers(0, 400))),
                criteria=draw(st.sampled_from([(), ("Security",)])),
            )
        )
    return tuple(found)


@st.composite
def waivers(draw: Any) -> tuple[Waiver, ...]:
    return tuple(
        Waiver(
            f"W{number}",
            draw(
                st.sampled_from(
                    TARGETS
                )
            ),
            rules=draw(st.sampled_from([frozenset(), frozenset({"SELF-REVIEW"})])),
            state=draw(st.sampled_from(["Approved", "Draft"])),
            requester="ann@contoso.example",
            approver=draw(people),
            granted=draw(maybe),
            expires=draw(maybe),
        )
        for number in range(draw(st.integers(0, 2)))
    )  # fmt: skip


@st.composite
def requests(draw: Any) -> tuple[Request, ...]:
    return tuple(
        Request(
            f"R{number}",
            "A request",
            status=draw(st.sampled_from([None, "New", "Ready", "Delivered", "Closed"])),
            due=draw(maybe),
            period=draw(st.sampled_from([None, "P0", "P9"])),
            documents=draw(st.sampled_from([(), ("access/0",), ("access/1", "access/7")])),
            delivered_on=draw(maybe),
            in_force=draw(st.sampled_from([{}, {"access/0": "z"}])),
        )
        for number in range(draw(st.integers(0, 2)))
    )


@st.composite
def gone(draw: Any) -> tuple[Document, ...]:
    """Documents that left: keys no present one has, contents one may have."""
    return tuple(replace(one, key=f"left/{one.id}") for one in draw(documents(2)))


CHECKS = (
    Check(
        "LATE", Severity.ERROR, parse({"Due": {"lt": "today-3b"}}), "{{ Title }} is late.", "Owner"
    ),
    Check(
        "SELF", Severity.NOTE, parse({"Owner": {"eq": {"field": "Other"}}}), "{{ Owner }} twice."
    ),
)
TYPES = {"Title": "text", "Due": "dateOnly", "Owner": "person", "Other": "person"}


@st.composite
def registers(draw: Any) -> tuple[Register, ...]:
    someone = st.sampled_from([{}, {"id": 1, "title": "Ann"}, {"id": 2, "title": "Bob"}])
    rows = [
        RegisterRow(
            f"risks/{number}",
            f"R-{number}",
            {"Title": "A risk", "Due": draw(maybe), "Owner": draw(someone), "Other": draw(someone)},
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return (Register("risks", "Risks", CHECKS, TYPES, tuple(rows)),)


libraries = st.lists(
    st.builds(
        LibraryState,
        st.sampled_from(["a", "b"]),
        st.just("Library"),
        versioned=st.none() | st.booleans(),
        links=st.sampled_from([(), ("x.pdf",)]),
    ),
    max_size=2,
    unique_by=lambda one: one.key,
).map(tuple)
risks = st.none() | st.just({"1": Risk("R-1", "Archived")})
bundles = st.builds(
    EvidenceFacts,
    documents(),
    items(),
    periods(),
    waivers(),
    requests=requests(),
    gone=gone(),
    people_gone=st.sampled_from([frozenset(), frozenset({"ann@contoso.example"})]),
    risks=risks,
    libraries=libraries,
    registers=registers(),
)


@quick
@given(bundles, days, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_plays_no_part(
    facts: EvidenceFacts, today: date, shuffler: random.Random
) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(shuffler.sample(values, len(values)))

    mixed = replace(
        facts,
        documents=shuffled(facts.documents),
        items=shuffled(facts.items),
        periods=shuffled(facts.periods),
        waivers=shuffled(facts.waivers),
        requests=shuffled(facts.requests),
        gone=shuffled(facts.gone),
        libraries=shuffled(facts.libraries),
        registers=tuple(replace(one, rows=shuffled(one.rows)) for one in facts.registers),
    )
    assert judge(mixed, Policy(), today) == judge(facts, Policy(), today)


@quick
@given(bundles, days)
def test_a_rule_that_is_not_asked_of_a_document_would_not_hold_of_it(
    facts: EvidenceFacts, today: date
) -> None:
    policy, known = Policy(), {one.id: one for one in facts.items}
    cases = [filed_case(one, known, policy, today) for one in facts.documents]
    stances = [stance_of(case, [rule.code for rule, _ in holdings_of(case)], ()) for case in cases]
    placed = [
        one
        for item in facts.items
        for one in ItemPlacement(
            item,
            terms_of(item, policy),
            [stance for stance in stances if stance.case.item is item],
            facts.periods,
            facts.vendor_bridges,
            policy,
            today,
        ).placed(Leavers(facts))
    ]
    for case in (*cases, *placed):
        every = [(rule, holding) for rule in TABLE for holding in rule.holdings(case)]
        assert holdings_of(case) == every


@quick
@given(bundles, days)
def test_every_verdict_is_well_formed_and_no_subject_has_one_rule_twice(
    facts: EvidenceFacts, today: date
) -> None:
    judged = judge(facts, Policy(), today)
    codes = {one.code for one in (*TABLE, *CHECKS)} | {"OK"}
    seen = [(one.subject, one.rule) for one in judged.verdicts]
    assert len(seen) == len(set(seen))
    for one in judged.verdicts:
        assert one.rule in codes
        assert one.message.endswith(".")
        assert (one.today, one.policy) == (today, Policy().digest)
    assert set(judged.documents) == {one.key for one in facts.documents}
    assert set(judged.items) == {one.id for one in facts.items}


@quick
@given(bundles, days)
def test_what_a_run_writes_leaves_the_next_run_nothing_to_write(
    facts: EvidenceFacts, today: date
) -> None:
    judged = judge(facts, Policy(), today)
    written = tuple(
        replace(one, clock=judged.documents[one.key].clock, stamp=judged.documents[one.key].stamp)
        for one in facts.documents
    )
    granted = tuple(
        replace(one, stamp=judged.waiver_stamps.get(one.id, one.stamp)) for one in facts.waivers
    )
    delivered = tuple(
        replace(one, stamp=judged.request_stamps.get(one.id, one.stamp)) for one in facts.requests
    )
    left = replace(facts, documents=written, waivers=granted, requests=delivered)
    again = judge(left, Policy(), today)
    for one in written:
        assert again.documents[one.key].clock == one.clock
        assert again.documents[one.key].stamp == one.stamp
    assert again.waiver_stamps == {}
    assert again.request_stamps == {}
    assert again.verdicts == judged.verdicts


@quick
@given(bundles, days)
def test_what_cannot_be_judged_never_counts(facts: EvidenceFacts, today: date) -> None:
    judged = judge(facts, Policy(), today)
    for one in judged.verdicts:
        if one.rule == "CANNOT-JUDGE" and one.document:
            assert not judged.documents[one.document].sound
    for document in judged.documents.values():
        assert (
            document.freshness == Freshness.NONE
            or document.sound
            or document.freshness == "Cannot judge"
        )


def past(document: Document, today: date) -> bool:
    """Whether all its dates are behind it."""
    dates = (
        document.activity_date, document.period_from, document.period_to, document.collected_on,
        document.reviewed_on,
    )  # fmt: skip
    return all(one is None or one <= today for one in dates)


@quick
@given(bundles, days, st.integers(1, 500))
def test_time_alone_never_makes_evidence_fresher(
    facts: EvidenceFacts, today: date, later: int
) -> None:
    facts = replace(
        facts, waivers=(), documents=tuple(one for one in facts.documents if past(one, today))
    )
    before = judge(facts, Policy(), today).documents
    after = judge(facts, Policy(), today + timedelta(days=later)).documents
    for key, one in before.items():
        assert one.fresh_until == after[key].fresh_until
        if one.freshness in AGES:
            assert AGES.index(after[key].freshness) >= AGES.index(one.freshness)
        else:
            assert after[key].freshness == one.freshness


@st.composite
def sound_document(draw: Any, today: date) -> Document:
    last = draw(st.dates(date(2025, 6, 1), today))
    return Document(
        key="access/99",
        library="access",
        id=99,
        name="more evidence",
        item="E000",
        part=draw(st.sampled_from([None, *PARTS])),
        status="Approved",
        owner="ann@contoso.example",
        reviewer="bob@contoso.example",
        reviewed_on=today,
        activity_date=last,
        period_from=last - timedelta(days=draw(st.integers(0, 90))),
        period_to=last,
        identity="more",
        size=100,
        content_dated=last,
    )


@quick
@given(bundles, days, st.data())
def test_more_sound_evidence_never_makes_coverage_worse(
    facts: EvidenceFacts, today: date, data: st.DataObject
) -> None:
    more = data.draw(sound_document(today))
    before = judge(facts, Policy(), today)
    after = judge(replace(facts, documents=(*facts.documents, more)), Policy(), today)
    item = next(one for one in facts.items if one.id == "E000")
    # A slot's waiver rightly lapses when something new is filed for the slot.
    assume(not any(one.target.slot_from for one in facts.waivers))
    assume(after.documents["access/99"].sound)
    for cell, then in zip(before.items["E000"].cells, after.items["E000"].cells, strict=True):
        for slot, now in zip(cell.slots, then.slots, strict=True):
            assert now.covered >= slot.covered
            if slot.state is not None:
                assert (
                    WORST_FIRST.index(now.state) >= WORST_FIRST.index(slot.state)
                    or now.state == "Fresh"
                )
    late = {"MISSING", "NOT-COVERED", "NOT-YET-DUE"}
    subjects = {one.subject for one in before.verdicts if one.rule in late and one.item == item.id}
    remaining = {one.subject for one in after.verdicts if one.rule in late and one.item == item.id}
    assert remaining <= subjects
    gaps = {one.subject for one in before.verdicts if one.rule in ("PERIOD-GAP", "NOT-IN-FORCE")}
    assert {
        one.subject for one in after.verdicts if one.rule in ("PERIOD-GAP", "NOT-IN-FORCE")
    } <= gaps


@quick
@given(bundles, days)
def test_judging_ahead_changes_no_written_text_but_by_what_happened(
    facts: EvidenceFacts, today: date
) -> None:
    """The text of a finding that holds on two days running is the same on both."""
    first = judge(facts, Policy(), today)
    second = judge(facts, Policy(), today + timedelta(days=1))
    said = {(one.subject, one.rule): one for one in first.verdicts}
    slow = {"PERIOD-GAP", "NOT-IN-FORCE", "FUTURE-PERIOD", "BAD-METADATA", "WAIVER-EXPIRED"}
    for one in second.verdicts:
        old = said.get((one.subject, one.rule))
        if old is not None and one.rule not in slow and old.state == one.state and one.rule != "OK":
            assert (old.message, old.next, old.facts) == (one.message, one.next, one.facts)

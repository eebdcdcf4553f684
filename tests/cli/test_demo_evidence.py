"""The demo's evidence shows every state, and the judge says of each document what is written beside it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from demo_facts import catalogue, expected_items, filed
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioner.cli.demo.days import workday
from provisioner.cli.demo.evidence import (
    ITEM_FINDINGS,
    ITEM_STATES,
    DemoDocument,
    demo_evidence,
    demo_window,
    opening_day,
)
from provisioner.cli.demo.people import PEOPLE_BY_ROLE
from provisioner.sync.facts import AuditPeriod, EvidenceFacts
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy

WINTER = date(2026, 11, 22)


def judged(today: date) -> tuple[tuple[DemoDocument, ...], Judgement]:
    start, end = demo_window(today)
    scope = ("Security", "Availability", "Processing Integrity")
    period = AuditPeriod("1", f"{start} to {end}", start=start, end=end, criteria=scope)
    documents = demo_evidence(today)
    facts = EvidenceFacts(
        documents=tuple(filed(number, one) for number, one in enumerate(documents, 1)),
        items=tuple(expected_items(today)),
        periods=(period,),
    )
    return documents, judge(facts, Policy(), today)


def codes_of(judgement: Judgement, key: str) -> tuple[str, ...]:
    return tuple(one.rule for one in judgement.verdicts if one.document == key and one.rule != "OK")


def mismatches(today: date) -> list[str]:
    documents, judgement = judged(today)
    wrong = []
    for number, one in enumerate(documents, 1):
        key = f"{one.library}/{number}"
        found = codes_of(judgement, key)
        freshness = str(judgement.documents[key].freshness)
        if (sorted(found), freshness) != (sorted(one.codes), one.freshness):
            wrong.append(f"{one.name}: {found} {freshness!r}, not {one.codes} {one.freshness!r}")
    held = {(one.item, one.rule) for one in judgement.verdicts}
    wrong += [
        f"{one.item} has no {one.code}" for one in ITEM_FINDINGS if (one.item, one.code) not in held
    ]
    wrong += [
        f"{item} is {judgement.items[item].state}, not {state}"
        for item, state in ITEM_STATES.items()
        if str(judgement.items[item].state) != state
    ]
    return wrong


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31)))
@example(date(2024, 2, 29))
@example(date(2025, 2, 28))
@example(date(2025, 3, 1))
@example(date(2025, 12, 31))
@example(date(2026, 1, 1))
@example(date(2026, 5, 31))
@example(date(2028, 3, 31))
@settings(max_examples=8, deadline=None)
def test_the_judge_says_what_is_written_beside_each_document_on_any_day(today: date) -> None:
    assert mismatches(today) == []


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31)))
@example(date(2024, 2, 29))
@settings(max_examples=15, deadline=None)
def test_nothing_happens_before_it_can(today: date) -> None:
    opening = opening_day(today)
    for one in demo_evidence(today):
        assert opening <= one.filed < today, one.name
        assert one.filed == workday(one.filed), one.name
        assert one.decided is None or one.filed <= one.decided < today, one.name
        if one.collected is not None:
            assert one.collected <= one.filed, one.name
        # What is wrong on purpose aside, nobody files what is still to come.
        if one.activity is not None:
            assert one.activity <= one.filed, one.name
        if one.period is not None and one.codes != ("BAD-METADATA",):
            assert one.period[0] < one.period[1] < one.filed, one.name


def test_every_state_and_every_rule_of_the_story_is_shown() -> None:
    documents = demo_evidence(WINTER)
    shown = {code for one in documents for code in one.codes}
    shown |= {finding.code for finding in ITEM_FINDINGS}
    assert shown >= {
        "MISSING", "NOT-COVERED", "NOT-YET-DUE", "DUE-SOON", "STALE", "EXPIRED", "UNREVIEWED",
        "SELF-REVIEW", "NO-METADATA", "ORPHAN", "NO-REVIEWER", "DRAFT-STUCK", "BAD-METADATA",
        "CANNOT-JUDGE", "PERIOD-GAP", "NOT-IN-FORCE",
    }  # fmt: skip
    assert {one.freshness for one in documents} == {
        "", "Fresh", "Due soon", "Stale", "Expired", "Superseded", "Cannot judge",
    }  # fmt: skip
    assert "Not yet due" in ITEM_STATES.values()


def test_one_review_is_late_and_another_is_twice_as_late() -> None:
    _, judgement = judged(WINTER)
    severities = {str(one.severity) for one in judgement.verdicts if one.rule == "UNREVIEWED"}
    assert severities == {"warning", "error"}


def test_a_few_dozen_documents_of_five_formats_with_names_of_their_own() -> None:
    documents = demo_evidence(WINTER)
    assert 45 <= len(documents) <= 65
    names = [(one.library, one.name) for one in documents]
    assert len(set(names)) == len(names)
    assert {Path(one.name).suffix for one in documents} >= {".pdf", ".xlsx", ".csv", ".png", ".txt"}
    assert sum(len(one.data) for one in documents) < 500_000


def test_each_document_names_an_item_of_the_pack_and_stands_in_that_items_library() -> None:
    libraries = {str(entry["id"]): entry["library"] for entry in catalogue()}
    for one in demo_evidence(WINTER):
        assert one.item is None or libraries[one.item] == one.library, one.name


def test_only_the_document_that_is_recycled_shares_its_bytes_with_another() -> None:
    seen: dict[bytes, str] = {}
    twins = []
    for one in demo_evidence(WINTER):
        if one.data in seen:
            twins.append((seen[one.data], one.name))
        seen[one.data] = one.name
    assert twins == [("change-records-to-backlog.csv", "change-records.csv")]


def test_everybody_is_made_up_and_every_role_of_the_pack_is_filled() -> None:
    people = {one.owner for one in demo_evidence(WINTER)} | set(PEOPLE_BY_ROLE.values())
    assert all(person is None or person.endswith("@contoso.example") for person in people)
    assert {str(entry["ownerRole"]) for entry in catalogue()} <= set(PEOPLE_BY_ROLE)


@pytest.mark.parametrize(
    ("today", "window"),
    [
        (date(2026, 11, 22), (date(2026, 2, 1), date(2027, 1, 31))),
        (date(2024, 2, 29), (date(2023, 5, 1), date(2024, 4, 30))),
        (date(2025, 12, 31), (date(2025, 3, 1), date(2026, 2, 28))),
    ],
)
def test_the_window_is_open_and_partly_past(today: date, window: tuple[date, date]) -> None:
    assert demo_window(today) == window
    start, end = window
    assert start < today - timedelta(days=240) < today < end

"""What belongs to an audit period alone, and what speaks against closing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from provisioner.sync.closing import belonging, final_documents, following, is_over, objections
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem, Span
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import Cadence, Kind, PeriodState


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2027, 3, 1), date(2028, 2, 29), (date(2028, 3, 1), date(2029, 2, 28))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 1, 1), date(2026, 1, 10), (date(2026, 1, 11), date(2026, 1, 20))),
    ],
)
def test_the_next_period_is_as_long_as_the_last(first, last, expected) -> None:
    after = following(Span(first, last))
    assert (after.first, after.last) == expected


OLD = AuditPeriod(
    "1", "2026", start=date(2026, 1, 1), end=date(2026, 12, 31), criteria=("Security",)
)
NEW = replace(OLD, id="2", name="2027", start=date(2027, 1, 1), end=date(2027, 12, 31))
ITEMS = tuple(
    ExpectedItem(f"E{kind.value}", kind.value, criteria=("CC6.1",), cadence=cadence, kind=kind)
    for kind, cadence in ((Kind.LOG, Cadence.MONTHLY), (Kind.STANDING, Cadence.ANNUAL))
)


def document(number: int, item: str, first: date, last: date) -> Document:
    return Document(
        f"a/{number}", "a", number, f"{number}.csv", item=item, status="Approved", owner="ann",
        reviewer="bob", reviewed_on=last, period_from=first, period_to=last, activity_date=last,
        identity=str(number), size=99, source_system="x", sensitivity="Internal",
    )  # fmt: skip


DOCUMENTS = (
    document(1, "Elog", date(2026, 5, 1), date(2026, 5, 31)),
    document(2, "Elog", date(2026, 12, 15), date(2027, 1, 14)),
    document(3, "Estanding", date(2026, 1, 1), date(2026, 6, 1)),
    document(4, "Elog", date(2027, 1, 15), date(2027, 1, 31)),
    document(5, "Estanding", date(2026, 2, 1), date(2026, 2, 1)),
)


def judged(*periods: AuditPeriod, today: date = date(2027, 2, 1)):
    facts = EvidenceFacts(documents=DOCUMENTS, items=ITEMS, periods=periods)
    return facts, judge(facts, Policy(), today)


def test_a_document_of_two_periods_or_still_in_force_belongs_to_none_alone() -> None:
    facts, judgement = judged(OLD, NEW)
    assert belonging(OLD, facts, judgement) == {"a/1"}
    assert final_documents(facts, judgement) == frozenset()
    closed = replace(OLD, state=PeriodState.CLOSED, closed_on=date(2027, 2, 1))
    facts, judgement = judged(closed, NEW)
    assert final_documents(facts, judgement) == {"a/1"}
    facts, judgement = judged(replace(closed, closed_on=None), NEW)
    assert final_documents(facts, judgement) == frozenset(), "a word on the list closes nothing"
    alone, judgement = judged(OLD)
    assert belonging(OLD, alone, judgement) == {"a/1", "a/2", "a/5"}, "5 is superseded by 3"


def test_objections_are_of_the_period_and_not_of_the_age_of_its_documents() -> None:
    facts, judgement = judged(OLD, NEW, today=date(2028, 6, 1))
    found = objections(OLD, judgement, belonging(OLD, facts, judgement))
    rules = {one.rule for one in found}
    assert "MISSING" in rules
    assert not rules & {"STALE", "EXPIRED"}
    assert {one.about.window for one in found if one.rule == "MISSING"} == {"1"}


def test_a_period_is_over_on_the_day_after_its_last() -> None:
    assert [is_over(OLD, date(2026, 12, 31)), is_over(OLD, date(2027, 1, 1))] == [False, True]
    assert not is_over(replace(OLD, end=None), date(2030, 1, 1))

"""Who is told what, and when: facts, verdicts and what was told before in, digests out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from provisioner.sync.digest import Line, Telling, Told, digests, told_after
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem, Request
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.telling import read_told, told_bytes
from provisioner.sync.vocabulary import Cadence, Kind, Severity

TODAY = date(2026, 6, 15)
OWNER, ANN, REVIEWER = "boss@contoso.com", "ann@contoso.com", "rev@contoso.com"
TELLING = Telling(
    rhythm="weekly",
    owner=OWNER,
    roles={"IAM admin": ("user:Ann@contoso.com", "group:everybody")},
    reviewers={"E010": (REVIEWER,)},
    sla_days=5,
    holidays=frozenset(),
    fieldwork=(date(2027, 1, 1),),
)
ITEM = ExpectedItem(
    "E010", "MFA report", owner_role="IAM admin", criteria=("CC6.1",), cadence=Cadence.MONTHLY,
    kind=Kind.SNAPSHOT, anchor=date(2026, 5, 1),
)  # fmt: skip
PERIOD = AuditPeriod(
    "1", "2026", start=date(2026, 1, 1), end=date(2026, 12, 31), criteria=("Security",)
)


def waiting(since, **more):
    return Document(
        "lib/1", "lib", 1, "mfa.pdf", url="/sites/a/lib/mfa.pdf", item="E010", status="Submitted",
        owner=ANN, activity_date=since, collected_on=since, source_system="IdP",
        sensitivity="Restricted", identity="h", size=100, created=since, modified=since,
        version_date=since, **more,
    )  # fmt: skip


def told_on(facts, today=TODAY, told=None, telling=TELLING):
    judgement = judge(facts, Policy(), today)
    return {one.to: one for one in digests(facts, judgement, told or {}, telling)}


MISSING = EvidenceFacts(items=(ITEM,), periods=(PERIOD,))


def test_an_items_findings_go_to_its_role_and_to_people_alone():
    found = told_on(MISSING)
    assert set(found) == {ANN}
    assert [one.rule for one in found[ANN].new] == ["MISSING"]
    assert found[ANN].new[0].next


def test_what_belongs_to_nobody_goes_to_the_owner():
    item = replace(ITEM, owner_role="Nobody")
    assert set(told_on(replace(MISSING, items=(item,)))) == {OWNER}
    request = Request("R-1", "Population", "Assigned", due=date(2026, 6, 1), assignee="user-12")
    facts = EvidenceFacts(items=(), periods=(PERIOD,), requests=(request,))
    assert [one.rule for one in told_on(facts)[OWNER].new] == ["REQUEST-OVERDUE"]
    named = replace(request, assignee=ANN)
    assert set(told_on(replace(facts, requests=(named,)))) == {ANN}


@pytest.mark.parametrize(
    ("reviewer", "told"), [("Cto@contoso.com", "cto@contoso.com"), (None, REVIEWER)]
)
def test_a_review_that_waits_goes_to_its_reviewer(reviewer, told):
    facts = EvidenceFacts(
        documents=(waiting(date(2026, 6, 1), reviewer=reviewer),), items=(ITEM,), periods=(PERIOD,)
    )
    found = told_on(facts)
    (line,) = [one for one in found[told].new if one.rule == "UNREVIEWED"]
    assert line.url == "/sites/a/lib/mfa.pdf"
    others = [one for person, one in found.items() if person not in (told, OWNER)]
    assert not any(line.rule == "UNREVIEWED" for one in others for line in one.new)


def test_quiet_when_nothing_is_wrong():
    later = replace(ITEM, anchor=date(2026, 12, 1))
    assert told_on(EvidenceFacts(items=(later,), periods=(PERIOD,))) == {}


@pytest.mark.parametrize(
    ("rhythm", "days", "fieldwork", "due"),
    [
        ("weekly", 6, 100, False),
        ("weekly", 7, 100, True),
        ("weekly", 30, 100, True),  # runs were missed, and nothing is lost
        ("weekly", 1, 15, False),
        ("weekly", 1, 14, True),
        ("weekly", 1, 1, True),
        ("weekly", 0, 1, False),  # a second run on a day tells nobody again
        ("weekly", 1, 0, False),  # fieldwork has begun
        ("daily", 1, 100, True),
        ("daily", 0, 100, False),
        ("off", 100, 1, False),
    ],
)
def test_when_a_digest_is_due(rhythm, days, fieldwork, due):
    telling = replace(TELLING, rhythm=rhythm, fieldwork=(TODAY + timedelta(days=fieldwork),))
    assert telling.due(TODAY - timedelta(days=days), TODAY) is due
    assert telling.due(None, TODAY) is (rhythm != "off")


def test_what_is_new_comes_first_and_what_was_told_keeps_its_day():
    judgement = judge(MISSING, Policy(), TODAY)
    (first,) = digests(MISSING, judgement, {}, TELLING)
    told = told_after({}, [first], judgement)
    assert told[ANN].on == TODAY
    later = TODAY + timedelta(days=8)
    more = replace(MISSING, items=(ITEM, replace(ITEM, id="E011", title="Review")))
    found = told_on(more, later, told)[ANN]
    assert {one.item for one in found.new} == {"E011"}
    assert {one.first_told for one in found.before} == {TODAY}
    after = told_after(told, [found], judge(more, Policy(), later))
    assert set(after[ANN].findings.values()) == {TODAY, later}


def test_a_silent_job_is_the_owners_to_hear_of_and_keeps_its_day():
    job = Line(
        "JOB-SILENT drift",
        "JOB-SILENT",
        Severity.WARNING,
        "It does not run.",
        "Look.",
        None,
        "",
        None,
    )
    telling = replace(TELLING, silent=(job,))
    first = told_on(MISSING, telling=telling)
    assert [one.rule for one in first[OWNER].new] == ["JOB-SILENT"]
    assert {one.rule for one in first[ANN].new} == {"MISSING"}
    judgement = judge(MISSING, Policy(), TODAY)
    told = told_after({}, first.values(), judgement)
    again = told_on(MISSING, TODAY + timedelta(days=7), told, telling)[OWNER]
    assert [one.first_told for one in again.before] == [TODAY]
    assert told_after(told, [again], judgement)[OWNER].findings == {job.key: TODAY}
    assert OWNER not in told_on(MISSING, TODAY + timedelta(days=7), told), "it runs again"


def test_findings_that_are_over_are_forgotten():
    judgement = judge(MISSING, Policy(), TODAY)
    (first,) = digests(MISSING, judgement, {}, TELLING)
    told = {ANN: Told(TODAY - timedelta(days=7), {"GONE x": TODAY})}
    assert "GONE x" not in told_after(told, [first], judgement)[ANN].findings
    assert told_after(told, [], judgement) == told


@pytest.mark.parametrize(("business_days", "raised"), [(10, False), (11, True)])
def test_past_twice_the_time_the_owner_hears_of_it(business_days, raised):
    judgement = judge(MISSING, Policy(), TODAY)
    (line,) = digests(MISSING, judgement, {}, TELLING)[0].new
    weeks, rest = divmod(business_days, 5)
    first = TODAY - timedelta(days=7 * weeks + (3 if rest else 0))  # a Monday; a day is a Friday
    told = {ANN: Told(TODAY - timedelta(days=1), {line.key: first})}
    found = told_on(MISSING, told=told)
    assert (OWNER in found) is raised
    if raised:
        ((person, escalated),) = found[OWNER].escalated
        assert (person, escalated.key, escalated.first_told) == (ANN, line.key, first)
        assert found[OWNER].lines == ()


def test_a_review_past_twice_its_time_goes_to_the_owner_at_once():
    facts = EvidenceFacts(
        documents=(waiting(date(2026, 5, 4), reviewer=REVIEWER),), items=(ITEM,), periods=(PERIOD,)
    )
    assert [(who, one.rule) for who, one in told_on(facts)[OWNER].escalated] == [
        (REVIEWER, "UNREVIEWED")
    ]


def test_what_was_told_is_kept_and_read_back():
    told = {ANN: Told(TODAY, {"MISSING E010": TODAY}), "teams": Told(TODAY)}
    assert read_told(told_bytes(told)) == told
    assert told_bytes(told) == told_bytes(dict(reversed(told.items())))
    for broken in (b"", b"{}", b"[]", b'{"kind":"ToldPeople","people":{"a":{"on":"x"}}}', b"\xff"):
        assert read_told(broken) == {}

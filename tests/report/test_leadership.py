"""The page for leadership, the questions on the report, and a digest as people get it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from merged_pack import merged_pack

from provisioner.report.background import Background
from provisioner.report.digest_mail import (
    MOST,
    Place,
    channel_card,
    digest_html,
    digest_text,
    subject,
)
from provisioner.report.html import report_html
from provisioner.report.json_report import report_json
from provisioner.report.leadership_html import leadership_html
from provisioner.report.report_markdown import report_markdown
from provisioner.report.tables import questions
from provisioner.sync.digest import Digest, Line
from provisioner.sync.vocabulary import Severity

HOSTILE = "<script>alert(1)</script>\"'&[x](javascript:alert(1))"
PLACE = Place("Acme", "https://contoso.sharepoint.com/sites/acme", date(2026, 6, 15))


def seeds(key, words=""):
    (entry,) = [one for one in merged_pack("soc2-fintech-api")["lists"] if one["key"] == key]
    return tuple(
        {name: str(value) for name, value in (row | ({"Title": words} if words else {})).items()}
        for row in entry["items"]["seed"]
    )


@pytest.fixture(scope="module")
def asked(acme, build):
    beside = Background(
        checklist_rows=seeds("readiness-checklist"),
        answer_rows=seeds("questionnaire-answers"),
        last=report_json(build(acme.facts, today=date(2026, 4, 20)).report),
    )
    return build(acme.facts, background=beside).report


def test_leadership_sees_the_standing_and_names_to_talk_to(asked):
    page = leadership_html(asked)
    assert f"{asked.headline.tally.holding} of {asked.headline.tally.judged} items" in page
    assert "on 20 Apr 2026" in page
    assert "Readiness checklist" in page
    assert 'href="report.html"' in page
    roles = {one.id: one.owner_role for one in asked.items}
    assert roles[asked.attention[0].item] in page
    assert page == leadership_html(asked)


def test_every_question_is_on_the_page_with_its_proof(asked):
    page = report_html(asked)
    for one in (*asked.checklist, *asked.buyers):
        assert one.question.text in page
    proven = next(one for one in asked.checklist if one.reply == "Yes")
    assert proven.proofs[0].documents[0].name in page
    table = questions(asked)
    assert len(table.rows) == 30
    assert any(proven.proofs[0].documents[0].name in str(row[-1]) for row in table.rows)
    said = {one["id"]: one for one in report_json(asked)["checklist"]}
    assert said[proven.question.id]["answer"] == "Yes"
    assert said[proven.question.id]["proof"][0]["documents"]
    assert "Readiness checklist: " in report_markdown(asked)


def test_hostile_questions_stay_text(acme, build):
    rows = seeds("readiness-checklist", HOSTILE)
    report = build(acme.facts, client=HOSTILE, background=Background(checklist_rows=rows)).report
    for page in (report_html(report), leadership_html(report)):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert not re.search(r'href="javascript:', page)


def line(number, severity=Severity.ERROR, first_told=None, **more):
    given = {
        "key": f"MISSING E{number}", "rule": "MISSING", "severity": severity,
        "what": f"Finding {number} {HOSTILE}", "next": f"Do it {HOSTILE}", "item": "E010",
        "url": "/sites/acme/lib/a b.pdf", "first_told": first_told,
    }  # fmt: skip
    return Line(**given | more)


DIGEST = Digest(
    to="ann@contoso.com",
    new=(line(1),),
    before=(line(2, first_told=date(2026, 6, 8)), line(3, url="javascript:alert(1)")),
    escalated=(("bob@contoso.com", line(4, first_told=date(2026, 5, 4))),),
    upcoming=(line(5, Severity.NOTE),),
)


def test_a_digest_has_what_is_new_on_top_and_leads_to_the_document():
    text = digest_text(DIGEST, PLACE)
    heads = ["New since last time", "Still open", "Past twice the time, with others", "Coming up"]
    places = [text.index(one) for one in heads]
    assert places == sorted(places)
    assert "told first on 8 Jun 2026" in text
    assert "with bob@contoso.com, told first on 4 May 2026" in text
    assert "https://contoso.sharepoint.com/sites/acme/lib/a%20b.pdf" in text
    assert subject(DIGEST, PLACE) == "Acme: 1 new of 3 evidence findings"
    html = digest_html(DIGEST, PLACE)
    assert [html.index(one) for one in heads] == sorted(html.index(one) for one in heads)
    assert 'href="https://contoso.sharepoint.com/sites/acme/lib/a%20b.pdf"' in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"before": ()}, "1 new evidence finding"),
        ({"new": ()}, "2 open evidence findings"),
        ({"new": (), "before": ()}, "1 evidence finding of others past twice the time"),
    ],
)
def test_the_subject_says_how_many(changes, words):
    assert subject(replace(DIGEST, **changes), PLACE) == f"Acme: {words}"


def test_what_people_wrote_is_text_in_a_mail_and_on_a_card():
    place = replace(PLACE, client=f"{HOSTILE}\r\nBcc: x@y.example")
    html = digest_html(DIGEST, place)
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "\n" not in subject(DIGEST, place)
    assert "\r" not in subject(DIGEST, place)
    card = channel_card([DIGEST], place)["attachments"][0]["content"]
    texts = [one["text"] for one in card["body"]]
    assert not any(re.search(r"(?<!\\)[\[\]<>`*]", one) for one in texts)


def test_long_digests_say_how_much_they_leave_out():
    many = replace(DIGEST, new=tuple(line(number) for number in range(100)), before=())
    assert f"and {100 - MOST} more" in digest_text(many, PLACE)
    message = channel_card([many, many], PLACE)
    assert len(json.dumps(message)) < 28 * 1024
    words = [one["text"] for one in message["attachments"][0]["content"]["body"]]
    assert words[1] == "100 errors and 0 warnings are open."
    assert words[-1] == "and 92 more"

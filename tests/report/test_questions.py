"""Questions answered from the evidence: yes, partly or no, each with its proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from merged_pack import merged_pack

from provisioner.report.background import Background
from provisioner.report.questions import (
    Question,
    Reply,
    answered,
    buyer_questions,
    checklist_questions,
    named_items,
)
from provisioner.sync.vocabulary import ItemState

IDS = [f"E{number:03}" for number in range(1, 101)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("E001, E003", ("E001", "E003")),
        ("Rests on E001 to E004.", ("E001", "E002", "E003", "E004")),
        ("Rests on E028, E062, E067.", ("E028", "E062", "E067")),
        ("E009-E011", ("E009", "E010", "E011")),
        ("E009 \u2013 E011", ("E009", "E010", "E011")),
        ("E011 to E009", ("E011", "E009")),
        ("e005; E005 and\nE006", ("E005", "E006")),
        ("<p>E010&nbsp;E012</p>", ("E010", "E012")),
        ("Our E2E tests and GDPR2 work", ()),
        ("", ()),
    ],
)
def test_items_are_found_in_what_people_write(text, items):
    assert named_items(text, IDS) == items


def test_a_list_of_ids_keeps_one_the_catalogue_does_not_have():
    assert named_items("E001, E999", IDS, strict=True) == ("E001", "E999")
    assert named_items("E001 E999", IDS) == ("E001",)


def test_ids_that_look_like_numbers_and_are_none_are_put_in_order_too():
    rows = [{"Title": "t", "AnswerRef": ref} for ref in ("\u00b2", "Q10", "Q2", "Q\u00b2")]
    assert [one.id for one in buyer_questions(rows, (), IDS)] == ["Q2", "Q10", "Q\u00b2", "\u00b2"]


def pack_rows(key):
    (entry,) = [one for one in merged_pack("soc2-fintech-api")["lists"] if one["key"] == key]
    return [{name: str(value) for name, value in row.items()} for row in entry["items"]["seed"]]


def test_the_pack_asks_22_and_8_and_every_one_names_items():
    checklist = checklist_questions(pack_rows("readiness-checklist"), (), IDS)
    assert Counter(one.theme for one in checklist) == {
        "Security": 8,
        "Availability": 7,
        "Processing integrity": 7,
    }
    assert all(one.items for one in checklist)
    seeds = pack_rows("readiness-checklist")
    for rows in (seeds, seeds[::-1]):
        order = [one.id for one in checklist_questions(rows, seeds, IDS)]
        assert (order[0], order[8], order[-1]) == ("S1", "A1", "P7"), "as the file has them"
    buyers = buyer_questions(pack_rows("questionnaire-answers"), (), IDS)
    assert len(buyers) == 8
    assert all(one.items for one in buyers)


def test_what_people_changed_in_the_lists_counts():
    seeds = pack_rows("questionnaire-answers")
    rows = [{**seed, "Answer": "We are careful."} for seed in seeds]
    rows[0]["EvidenceItems"], rows[1]["Status"] = "E042", "Retired"
    named = {one.id: one.items for one in buyer_questions(rows, seeds, IDS)}
    assert named[rows[0]["AnswerRef"]] == ("E042",)
    assert rows[1]["AnswerRef"] not in named
    assert named[rows[2]["AnswerRef"]] == named_items(seeds[2]["Answer"], IDS)
    assert checklist_questions([{"QuestionId": "S1"}], (), IDS) == ()
    (one,) = checklist_questions(
        [{"QuestionId": "S1", "Title": "New words?", "ReadyAnswer": "Yes"}],
        [{"QuestionId": "S1", "EvidenceItems": "E001"}],
        IDS,
    )
    assert (one.text, one.items, one.team) == ("New words?", ("E001",), "Yes")


def line(acme, state, item="E010", sound=1):
    known = {one.id: one for one in acme.report.items}
    return replace(known[item], state=state, sound=sound)


@pytest.mark.parametrize(
    ("states", "reply", "why"),
    [
        (("Fresh",), Reply.YES, "Its item is proven."),
        (("Fresh", "Due soon"), Reply.YES, "Both items are proven."),
        (("Fresh", "Due soon", "Fresh"), Reply.YES, "All 3 items are proven."),
        (("Fresh", "Not applicable"), Reply.YES, "Its item is proven."),
        (("Fresh", "Waived"), Reply.PARTLY, "1 of 2 proven. Open: E022 (Waived)."),
        (("Fresh", "Missing"), Reply.PARTLY, "1 of 2 proven. Open: E022 (Missing)."),
        # Something that counts is there.
        (
            ("Stale", "Missing"),
            Reply.PARTLY,
            "0 of 2 proven. Open: E010 (Stale), E022 (Missing).",
        ),
        (
            ("Not yet due", "Not yet due"),
            Reply.PARTLY,
            "0 of 2 proven. Open: E010 (Not yet due), E022 (Not yet due).",
        ),
        (
            ("Not applicable", "Not applicable"),
            Reply.NOT_ASKED,
            "None of its items counts in this audit.",
        ),
    ],
)
def test_the_answer_follows_the_states(acme, states, reply, why):
    ids = ("E010", "E022", "E011")[: len(states)]
    items = [line(acme, ItemState(state), item) for state, item in zip(states, ids, strict=True)]
    (one,) = answered([Question("S1", "?", "", "", ids, "No")], items, acme.report.evidence)
    assert (one.reply, one.why) == (reply, why)


def test_no_evidence_is_no_and_a_state_without_proof_proves_nothing(acme):
    question = Question("S1", "?", "", "", ("E010",), "Yes")
    (one,) = answered([question], [line(acme, ItemState.MISSING)], ())
    assert one.reply is Reply.NO
    assert "E010 (Missing)" in one.why
    (one,) = answered([question], [line(acme, ItemState.FRESH)], ())
    assert one.reply is Reply.NO, "nothing that counts lies there"
    (one,) = answered([question], [line(acme, ItemState.FRESH)], (), frozenset({"E010"}))
    assert one.reply is Reply.YES, "a person vouched for the register"
    (one,) = answered([replace(question, items=("E999",))], [], ())
    assert (one.reply, one.proofs[0].state) == (Reply.NO, None)
    assert "is not in the catalogue" in one.why
    (one,) = answered([replace(question, items=())], [], ())
    assert one.reply is Reply.NO


def test_proof_is_the_newest_that_counts(acme):
    (one,) = answered(
        [Question("S5", "?", "", "", ("E010",), "No")], acme.report.items, acme.report.evidence
    )
    (proof,) = one.proofs
    sound = [each for each in acme.report.evidence if each.item == "E010" and each.sound]
    assert proof.sound == len(sound)
    assert [each.activity for each in proof.documents] == sorted(
        (each.activity for each in sound), reverse=True
    )[:3]


def test_a_report_without_the_lists_asks_nothing(acme):
    assert Background().checklist(acme.facts) == Background().buyers(acme.facts) == ()

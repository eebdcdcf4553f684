"""A view's CAML becomes the condition that was written, or nothing at all."""

from __future__ import annotations

import pytest

from provisioner.core.where import parse, to_caml
from provisioner.core.where_from_caml import from_caml

TYPES = {
    "Title": "text",
    "Status": "choice",
    "Tags": "multichoice",
    "Due": "dateOnly",
    "Score": "number",
    "Open": "boolean",
    "Owner": "person",
    "Team": "multiperson",
    "Notes": "note",
}
CONDITIONS = [
    {"Title": {"eq": "a & <b>"}},
    {"Status": {"in": ["Open", "Late"]}},
    {"Status": {"ne": "Closed"}},
    {"Status": {"notIn": ["Closed", "Archived", "Gone"]}},
    {"Tags": {"in": ["A", "B"]}},
    {"Due": {"lt": "today+14d"}},
    {"Due": {"ge": "2026-01-31"}, "Status": {"ne": "Closed"}},
    {"Score": {"in": [1, 2.5]}},
    {"Open": {"eq": True}},
    {"Owner": {"eq": "me"}},
    {"Owner": {"eq": 12}},
    {"Team": {"ne": "Ann"}},
    {"Notes": {"empty": False}, "Title": {"beginsWith": "R"}},
    {"any": [{"Score": {"gt": 3}}, {"Open": {"ne": True}}, {"Title": {"contains": "x"}}]},
    {
        "any": [
            {"Status": {"empty": True}},
            {"Due": {"le": "today"}, "Owner": {"empty": False}},
            {"Status": {"in": ["Open", "Late"]}},
            {"Team": {"eq": "me"}},
            {"Title": {"eq": "z"}},
        ]
    },
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_what_was_written_comes_back(condition):
    assert from_caml(to_caml(parse(condition), TYPES), TYPES) == condition


@pytest.mark.parametrize(
    "condition",
    [
        {"not": {"Due": {"lt": "today"}}},
        {"not": {"any": [{"Status": {"eq": "A"}}, {"Score": {"ge": 3}}]}},
        {
            "all": [
                {"Status": {"ne": "A"}},
                {"Status": {"ne": "B"}},
                {"any": [{"Open": {"eq": True}}]},
            ]
        },
    ],
    ids=str,
)
def test_what_can_be_written_in_several_ways_comes_back_in_one_that_means_the_same(condition):
    caml = to_caml(parse(condition), TYPES)
    again = from_caml(caml, TYPES)
    assert again is not None
    assert to_caml(parse(again), TYPES) == caml


def test_a_query_nested_by_hand_keeps_its_nesting():
    test = '<Eq><FieldRef Name="Title"/><Value Type="Text">{}</Value></Eq>'
    a, b, c, d = (test.format(name) for name in "abcd")
    caml = f"<And>{a}<And>{b}<And>{c}{d}</And></And></And>"
    again = from_caml(caml, TYPES)
    assert again is not None
    assert to_caml(parse(again), TYPES) == caml


@pytest.mark.parametrize(
    "caml",
    [
        "",
        "no xml <",
        "<Membership Type='CurrentUserGroups'><FieldRef Name='Owner'/></Membership>",
        '<Eq><FieldRef Name="Strange"/><Value Type="Text">a</Value></Eq>',
        '<Neq><FieldRef Name="Title"/><Value Type="Text">a</Value></Neq>',
        '<Eq><FieldRef Name="Title"/><Value Type="Text">today</Value></Eq>',
        '<Eq><FieldRef Name="Due"/><Value Type="DateTime">2026-01-01T10:00:00Z</Value></Eq>',
        '<Eq><FieldRef Name="Score"/><Value Type="Number">many</Value></Eq>',
        '<Lt><FieldRef Name="Due"/><Value Type="DateTime"><Today OffsetDays="x"/></Value></Lt>',
        "<Eq><Value Type='Text'>a</Value></Eq>",
        '<Eq><FieldRef Name="Title"/></Eq>',
    ],
)
def test_what_the_language_cannot_say_gives_nothing(caml):
    assert from_caml(caml, TYPES) is None

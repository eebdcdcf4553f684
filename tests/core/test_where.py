"""Conditions mean the same in SharePoint's query language and in Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.where import Row, WhereError, fields_of, parse, to_caml, to_predicate

TODAY = date(2026, 6, 15)
ME = "ann@contoso.example"
ANN = {"id": 7, "title": "Ann", "email": ME}
BOB = {"id": 8, "title": "Bob", "email": "bob@contoso.example"}
TYPES = {
    "Title": "text",
    "Body": "note",
    "Status": "choice",
    "Tags": "multichoice",
    "Score": "number",
    "Due": "dateOnly",
    "Seen": "dateTime",
    "Done": "boolean",
    "Owner": "person",
    "Team": "multiperson",
    "Risk": "lookup",
    "Risks": "multilookup",
    "Sum": "calculated",
}


class Caml:
    """SharePoint's side of it: a small interpreter of what goes inside `<Where>`.

    `neq_finds_empty`: whether Neq returns rows with an empty field, which is documented nowhere.
    """

    def __init__(self, text: str, *, neq_finds_empty: bool = False) -> None:
        self.root = ET.fromstring(text)
        self.neq_finds_empty = neq_finds_empty

    def finds(self, row: Row) -> bool:
        return self._holds(self.root, row)

    def _holds(self, part: ET.Element, row: Row) -> bool:  # noqa: PLR0911 - a tag, a line
        children = list(part)
        if part.tag in {"And", "Or"}:
            assert len(children) == 2, "And and Or take exactly two parts"
            join = all if part.tag == "And" else any
            return join([self._holds(one, row) for one in children])
        reference = children[0]
        held = row.get(reference.attrib["Name"])
        every = (
            held if isinstance(held, list) else [one for one in (held,) if one not in (None, "")]
        )
        if part.tag in {"IsNull", "IsNotNull"}:
            return (not every) is (part.tag == "IsNull")
        by_id = reference.get("LookupId") == "TRUE"
        if part.tag == "In":
            return any(self._same(v, one, by_id) for v in every for one in children[1])
        value = children[1]
        if part.tag in {"Neq", "NotIncludes"}:
            if not every:
                return self.neq_finds_empty
            return not any(self._same(v, value, by_id) for v in every)
        if part.tag in {"Eq", "Includes"}:
            return any(self._same(v, value, by_id) for v in every)
        if part.tag == "Contains":
            return any(self._text(value) in self._shown(v) for v in every)
        if part.tag == "BeginsWith":
            return any(self._shown(v).startswith(self._text(value)) for v in every)
        wanted = self._wanted(value)
        compare = {
            "Lt": lambda v: v < wanted,
            "Leq": lambda v: v <= wanted,
            "Gt": lambda v: v > wanted,
            "Geq": lambda v: v >= wanted,
        }[part.tag]
        return any(compare(v) for v in every)

    def _same(self, held: Any, value: ET.Element, by_id: bool) -> bool:
        if by_id:
            wanted = 7 if value.find("UserID") is not None else int(value.text or "")
            return bool(held["id"] == wanted)
        if value.get("Type") in {"Text", "Choice", "MultiChoice", "User", "Lookup"}:
            return self._shown(held) == self._text(value)
        return bool(held == self._wanted(value))

    def _wanted(self, value: ET.Element) -> Any:
        if value.get("Type") == "DateTime":
            today = value.find("Today")
            if today is not None:
                return TODAY + timedelta(int(today.get("OffsetDays", "0")))
            return date.fromisoformat((value.text or "")[:10])
        if value.get("Type") == "Boolean":
            return value.text == "1"
        assert value.get("Type") == "Number"
        return float(value.text or "")

    @staticmethod
    def _shown(held: Any) -> str:
        return str(held["title"] if isinstance(held, Mapping) else held).lower().rstrip(" ")

    @staticmethod
    def _text(value: ET.Element) -> str:
        return (value.text or "").lower().rstrip(" ")


WORDS = st.sampled_from(["Open", "open", "Closed", "In review", "O", "A & B <x>", "2026-06-15"])
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, -1.5])
DAYS = st.integers(-3, 3).map(lambda n: TODAY + timedelta(n))
DAY_WORDS = DAYS.map(date.isoformat) | st.integers(-3, 3).map(
    lambda n: f"today{n:+d}d" if n else "today"
)
PEOPLE = st.sampled_from([ANN, BOB])
RISKS = st.sampled_from([{"id": 1, "title": "Open"}, {"id": 2, "title": "Closed"}])


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=3)


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "Title": st.none() | st.just("") | WORDS,
        "Body": st.none() | WORDS,
        "Status": st.none() | WORDS,
        "Tags": several(WORDS),
        "Score": st.none() | NUMBERS,
        "Due": st.none() | DAYS,
        "Seen": st.none() | DAYS,
        "Done": st.none() | st.booleans(),
        "Owner": st.none() | PEOPLE,
        "Team": several(PEOPLE),
        "Risk": st.none() | RISKS,
        "Risks": several(RISKS),
        "Sum": st.none() | WORDS,
    },
)


def asked(field: str, literal: st.SearchStrategy[Any], *operators: str) -> st.SearchStrategy[Any]:
    value = {
        "empty": st.booleans(),
        "in": st.lists(literal, min_size=1, max_size=4),
        "notIn": st.lists(literal, min_size=1, max_size=4),
    }
    return st.sampled_from(operators).flatmap(
        lambda op: value.get(op, literal).map(lambda v: {field: {op: v}})
    )


BASIC = ("eq", "ne", "in", "notIn", "empty")
ORDER = ("lt", "le", "gt", "ge")
# CAML cannot deny `contains` and `beginsWith` on a single text, so these stay outside `not`.
DENIABLE = st.one_of(
    asked("Title", WORDS, *BASIC),
    asked("Body", WORDS, "empty"),
    asked("Status", WORDS, *BASIC),
    asked("Tags", WORDS, *BASIC, "contains"),
    asked("Score", NUMBERS, *BASIC, *ORDER),
    asked("Due", DAY_WORDS, *BASIC, *ORDER),
    asked("Seen", DAY_WORDS, *BASIC, *ORDER),
    asked("Done", st.booleans(), "eq", "ne", "empty"),
    asked("Owner", st.sampled_from(["me", "Ann", "bob", 7, 8]), *BASIC),
    asked("Team", st.sampled_from(["me", "Ann", "bob", 7, 8]), *BASIC),
    asked("Risk", st.sampled_from(["Open", "closed", 1, 2]), *BASIC),
    asked("Risks", st.sampled_from(["Open", "closed", 1, 2]), *BASIC),
    asked("Sum", WORDS, *BASIC),
)
TEXTUAL = st.sampled_from(["Title", "Body", "Status", "Sum", "Risk"]).flatmap(
    lambda field: asked(field, st.sampled_from(["op", "In", "ED", "& B"]), "contains", "beginsWith")
)


def joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=4)
    return several.map(lambda parts: {"any": parts}) | several.map(lambda parts: {"all": parts})


DENIED = st.recursive(
    DENIABLE, lambda inner: joined(inner) | inner.map(lambda c: {"not": c}), max_leaves=6
)
CONDITIONS = st.recursive(DENIED | TEXTUAL, joined, max_leaves=6)


@given(condition=CONDITIONS, row=ROWS, neq_finds_empty=st.booleans())
def test_caml_and_the_predicate_agree(
    condition: Any, row: dict[str, Any], neq_finds_empty: bool
) -> None:
    parsed = parse(condition)
    found = Caml(to_caml(parsed, TYPES), neq_finds_empty=neq_finds_empty).finds(row)
    assert to_predicate(parsed, TYPES)(row, TODAY, ME) is found


@given(condition=CONDITIONS, row=ROWS)
def test_without_types_native_values_say_what_they_are(condition: Any, row: dict[str, Any]) -> None:
    parsed = parse(condition)
    found = to_predicate(parsed, TYPES)(row, TODAY, ME)
    assert to_predicate(parsed)(row, TODAY, ME) is found


@given(condition=DENIED, row=ROWS)
def test_not_is_the_plain_opposite(condition: Any, row: dict[str, Any]) -> None:
    yes, no = to_predicate(parse(condition), TYPES), to_predicate(parse({"not": condition}), TYPES)
    assert yes(row, TODAY, ME) is not no(row, TODAY, ME)


@pytest.mark.parametrize(
    ("condition", "row", "holds"),
    [
        ({"Status": {"ne": "Closed"}}, {}, True),
        ({"Status": {"notIn": ["Closed"]}}, {"Status": None}, True),
        ({"Status": {"eq": "closed "}}, {"Status": "Closed"}, True),
        ({"Due": {"lt": "today"}}, {}, False),
        ({"not": {"Due": {"lt": "today"}}}, {}, True),
        ({"Due": {"le": "today+14d"}}, {"Due": "2026-06-29"}, True),
        ({"Due": {"le": "today+14d"}}, {"Due": "2026-06-30"}, False),
        ({"Owner": {"eq": "me"}}, {"Owner": "ANN@contoso.example"}, True),
        ({"Owner": {"eq": "me"}}, {"Owner": None}, False),
        ({"Tags": {"contains": "A"}}, {"Tags": ["A", "B"]}, True),
        ({"Tags": {"contains": "A"}}, {"Tags": ["AB"]}, False),
        ({"Tags": {"empty": True}}, {"Tags": []}, True),
        ({"Score": {"ge": 1, "lt": 3}}, {"Score": 3}, False),
        ({"Score": {"ge": 1}, "Status": {"eq": "Open"}}, {"Score": 1, "Status": "Open"}, True),
        ({"Done": {"eq": False}}, {"Done": 0}, False),
    ],
)
def test_the_predicate_reads_as_written(condition: Any, row: dict[str, Any], holds: bool) -> None:
    assert to_predicate(parse(condition), TYPES)(row, TODAY, ME) is holds


def test_nobody_is_me_when_it_is_not_known_who_asks() -> None:
    assert to_predicate(parse({"Owner": {"eq": "me"}}))({"Owner": ANN}, TODAY, "") is False


def test_a_moment_is_refused_because_its_day_depends_on_the_zone() -> None:
    holds = to_predicate(parse({"Due": {"lt": "today"}}))
    with pytest.raises(ValueError, match="time zone"):
        holds({"Due": "2026-06-14T22:00:00Z"}, TODAY, ME)


@pytest.mark.parametrize(
    ("condition", "caml"),
    [
        (
            {"Status": {"eq": "A & B"}},
            '<Eq><FieldRef Name="Status"/><Value Type="Choice">A &amp; B</Value></Eq>',
        ),
        (
            {"Due": {"lt": "today"}},
            '<Lt><FieldRef Name="Due"/><Value Type="DateTime"><Today/></Value></Lt>',
        ),
        (
            {"Due": {"le": "today-3d"}},
            (
                '<Leq><FieldRef Name="Due"/><Value Type="DateTime">'
                '<Today OffsetDays="-3"/></Value></Leq>'
            ),
        ),
        (
            {"Owner": {"eq": "me"}},
            (
                '<Eq><FieldRef Name="Owner" LookupId="TRUE"/>'
                '<Value Type="Integer"><UserID/></Value></Eq>'
            ),
        ),
        (
            {"Status": {"ne": "Closed"}},
            (
                '<Or><IsNull><FieldRef Name="Status"/></IsNull>'
                '<Neq><FieldRef Name="Status"/><Value Type="Choice">Closed</Value></Neq></Or>'
            ),
        ),
        (
            {"Status": {"in": ["A", "B"]}},
            (
                '<In><FieldRef Name="Status"/><Values><Value Type="Choice">A</Value>'
                '<Value Type="Choice">B</Value></Values></In>'
            ),
        ),
        ({"Done": {"eq": True}}, '<Eq><FieldRef Name="Done"/><Value Type="Boolean">1</Value></Eq>'),
    ],
)
def test_caml_is_what_sharepoint_writes(condition: Any, caml: str) -> None:
    assert to_caml(parse(condition), TYPES) == caml


def test_many_parts_nest_only_as_deep_as_they_must() -> None:
    parts = [{"Score": {"eq": n}} for n in range(256)]
    root = ET.fromstring(to_caml(parse({"any": parts}), TYPES))

    def depth(part: ET.Element) -> int:
        return 1 + max((depth(child) for child in part if child.tag in {"Or", "Eq"}), default=0)

    assert depth(root) == 9


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ([], ()),
        ({}, ()),
        ("x", ()),
        ({"Status": "Open"}, ("Status",)),
        ({"Status": {}}, ("Status",)),
        ({"Status": {"is": "Open"}}, ("Status", "is")),
        ({"Status": {"eq": None}}, ("Status", "eq")),
        ({"Status": {"eq": ["A"]}}, ("Status", "eq")),
        ({"Status": {"eq": {"x": 1}}}, ("Status", "eq")),
        ({"Status": {"in": "A"}}, ("Status", "in")),
        ({"Status": {"in": []}}, ("Status", "in")),
        ({"Status": {"in": ["A", None]}}, ("Status", "in", 1)),
        ({"Status": {"in": ["A"] * 61}}, ("Status", "in")),
        ({"Status": {"lt": "Open"}}, ("Status", "lt")),
        ({"Status": {"lt": True}}, ("Status", "lt")),
        ({"Status": {"contains": 3}}, ("Status", "contains")),
        ({"Status": {"empty": "yes"}}, ("Status", "empty")),
        ({"Due": {"lt": "today + 3d"}}, ("Due", "lt")),
        ({"Due": {"lt": "2026-02-30"}}, ("Due", "lt")),
        ({"any": {"Status": {"eq": "A"}}}, ("any",)),
        ({"any": [{"Status": {"eq": "A"}}, {"Due": 1}]}, ("any", 1, "Due")),
        ({"not": [1]}, ("not",)),
        ({"eq": 3}, ("eq",)),
        ({"Review status": {"eq": "A"}}, ("Review status",)),
        ({3: {"eq": "A"}}, (3,)),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(
    condition: Any, path: tuple[Any, ...]
) -> None:
    with pytest.raises(WhereError) as caught:
        parse(condition)
    assert caught.value.path == path
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"Stauts": {"eq": "Open"}}, ("Stauts",)),
        ({"not": {"Title": {"contains": "x"}}}, ("not", "Title", "contains")),
        ({"Body": {"eq": "x"}}, ("Body", "eq")),
        ({"Title": {"lt": 3}}, ("Title", "lt")),
        ({"Title": {"eq": 3}}, ("Title", "eq")),
        ({"Title": {"eq": "today"}}, ("Title", "eq")),
        ({"Title": {"eq": "me"}}, ("Title", "eq")),
        ({"Due": {"eq": "soon"}}, ("Due", "eq")),
        ({"Due": {"eq": True}}, ("Due", "eq")),
        ({"Score": {"eq": "3"}}, ("Score", "eq")),
        ({"Score": {"eq": float("inf")}}, ("Score", "eq")),
        ({"Score": {"eq": True}}, ("Score", "eq")),
        ({"Done": {"eq": "yes"}}, ("Done", "eq")),
        ({"Done": {"in": [True]}}, ("Done", "in")),
        ({"Owner": {"eq": ME}}, ("Owner", "eq")),
        ({"Risk": {"eq": 1.5}}, ("Risk", "eq")),
    ],
)
def test_what_caml_cannot_say_is_refused_at_its_place(
    condition: Any, path: tuple[Any, ...]
) -> None:
    with pytest.raises(WhereError) as caught:
        to_caml(parse(condition), TYPES)
    assert caught.value.path == path


def test_a_column_type_that_cannot_be_asked_about_is_refused() -> None:
    with pytest.raises(WhereError, match="cannot be asked"):
        to_caml(parse({"Picture": {"empty": True}}), {"Picture": "thumbnail"})


def test_a_misspelt_column_gets_a_suggestion() -> None:
    with pytest.raises(WhereError) as caught:
        to_caml(parse({"Stauts": {"eq": "Open"}}), TYPES)
    assert caught.value.hint == "Did you mean “Status”?"


def test_fields_of_names_every_column_that_is_asked_about() -> None:
    condition = {"any": [{"A": {"eq": 1}}, {"not": {"B": {"empty": True}, "C": {"ge": 2}}}]}
    assert fields_of(parse(condition)) == {"A", "B", "C"}

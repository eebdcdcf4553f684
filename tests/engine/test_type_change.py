"""Which values survive a change of a column's type, and as what."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.core.resource import Existing, FieldChange, Resource
from provisioner.engine.column_conversion import (
    Unconvertible,
    conversions,
    converted,
    keeps,
    possible,
    way,
)
from provisioner.engine.column_copy import Kept
from provisioner.engine.column_values import ColumnValues, marker_address
from provisioner.engine.plan import Blocked
from provisioner.engine.type_change import proposed, values_lost

TEXT = {"type": "text", "multiple": False, "maxLength": 20}
NOTE = {"type": "note", "multiple": False, "richText": False}
CHOICE = {"type": "choice", "multiple": False, "choices": ["Low", "High"]}
CHOICES = {**CHOICE, "multiple": True}
YES_NO = {"type": "choice", "multiple": False, "choices": ["Yes", "No", "Perhaps"]}
NUMBER = {"type": "number", "multiple": False, "min": -5, "max": 100}
MONEY = {"type": "currency", "multiple": False}
BOOLEAN = {"type": "boolean", "multiple": False}
DAY = {"type": "dateTime", "multiple": False, "format": "dateOnly"}
MOMENT = {"type": "dateTime", "multiple": False, "format": "dateTime"}
PERSON = {"type": "person", "multiple": False}
PEOPLE = {"type": "person", "multiple": True}
LOOKUP = {"type": "lookup", "multiple": False, "list": "a", "show": "Title"}


@pytest.mark.parametrize(
    ("value", "there", "wanted", "after"),
    [
        ("seven", TEXT, NOTE, "seven"),
        ("Low", TEXT, CHOICE, "Low"),
        ("Medium", TEXT, {**CHOICE, "allowTextEntry": True}, "Medium"),
        ("Low", CHOICE, CHOICES, ["Low"]),
        (["High"], CHOICES, CHOICE, "High"),
        ("High", CHOICE, TEXT, "High"),
        ("12", TEXT, NUMBER, 12),
        (" 12.50 ", TEXT, NUMBER, 12.5),
        ("-3", CHOICE, MONEY, -3),
        (12, NUMBER, TEXT, "12"),
        (0.1, NUMBER, TEXT, "0.1"),
        (1e16, NUMBER, TEXT, "10000000000000000"),
        (3, NUMBER, {**CHOICE, "choices": ["3"]}, "3"),
        (3, NUMBER, MONEY, 3),
        (1, NUMBER, BOOLEAN, True),
        (False, BOOLEAN, NUMBER, 0),
        (True, BOOLEAN, TEXT, "Yes"),
        (False, BOOLEAN, YES_NO, "No"),
        (True, BOOLEAN, {**CHOICE, "choices": ["Nein", "Ja"]}, "Ja"),
        ("2026-03-31", DAY, TEXT, "2026-03-31"),
        ("2026-03-31", TEXT, DAY, "2026-03-31"),
        ("2026-03-31T09:00:00Z", TEXT, MOMENT, "2026-03-31T09:00:00Z"),
        (7, PERSON, PEOPLE, [7]),
        ([7], PEOPLE, PERSON, 7),
    ],
)
def test_a_value_has_one_place_in_the_new_type(
    value: Any, there: dict[str, Any], wanted: dict[str, Any], after: Any
) -> None:
    assert possible(wanted, there)
    found = converted(value, there, wanted)
    assert found == after
    assert type(found) is type(after)


@pytest.mark.parametrize(
    ("value", "there", "wanted", "why"),
    [
        ("Medium", TEXT, CHOICE, "not one of the choices"),
        ("low", TEXT, CHOICE, "not one of the choices"),
        ("x" * 21, CHOICE, TEXT, "longer"),
        ("007", TEXT, NUMBER, "not a number"),
        ("1,5", TEXT, NUMBER, "not a number"),
        ("1e3", TEXT, NUMBER, "not a number"),
        ("٣", TEXT, NUMBER, "not a number"),
        ("101", TEXT, NUMBER, "outside the limits"),
        (2, NUMBER, BOOLEAN, "neither 0 nor 1"),
        (True, BOOLEAN, CHOICE, "no Yes and No"),
        ("31.03.2026", TEXT, DAY, "not a date"),
        ("2026-03-31T09:30:00", TEXT, MOMENT, "not a moment"),
        (["Low", "High"], CHOICES, CHOICE, "several values"),
        ([7, 8], PEOPLE, PERSON, "several values"),
        ("a < b", TEXT, {**NOTE, "richText": True}, "formatted text"),
    ],
)
def test_what_the_new_type_cannot_hold_is_told_and_not_bent(
    value: Any, there: dict[str, Any], wanted: dict[str, Any], why: str
) -> None:
    assert possible(wanted, there)
    with pytest.raises(Unconvertible, match=why) as problem:
        converted(value, there, wanted)
    assert str(value) not in str(problem.value), "the client's words stay on the site"


LINK = {"type": "hyperlink", "multiple": False}
RICH = {"type": "note", "multiple": False, "richText": True}


@pytest.mark.parametrize(
    ("value", "there", "wanted", "after"),
    [
        ("short", NOTE, TEXT, "short"),
        ("<div>a &amp; b</div>", RICH, TEXT, "a & b"),
        ("Low", NOTE, CHOICE, "Low"),
        ("12", NOTE, NUMBER, 12),
        ({"url": "https://a.example", "description": "https://a.example"}, LINK, NOTE, "https://a.example"),
        ({"url": "https://a.example", "description": "A"}, LINK, NOTE, "https://a.example, A"),
        ("https://a.example", TEXT, LINK, {"url": "https://a.example", "description": "https://a.example"}),
        ("https://a.example, A, B", TEXT, LINK, {"url": "https://a.example", "description": "A, B"}),
        ("Low", TEXT, CHOICES, ["Low"]),
        (";#Low;#High;#", TEXT, CHOICES, ["High", "Low"]),
        (["High", "Low"], CHOICES, TEXT, "High; Low"),
        ("Ja", TEXT, BOOLEAN, True),
        ("0", CHOICE, BOOLEAN, False),
        (3, NUMBER, {**CHOICES, "choices": ["3"]}, ["3"]),
    ],
)  # fmt: skip
def test_a_column_that_is_made_again_takes_its_values(
    value: Any, there: dict[str, Any], wanted: dict[str, Any], after: Any
) -> None:
    assert way(wanted, there) == "remade"
    assert converted(value, there, wanted) == after


@pytest.mark.parametrize(
    ("value", "there", "wanted", "why"),
    [
        ("x" * 21, NOTE, TEXT, "longer"),
        ("one\ntwo", NOTE, TEXT, "several lines"),
        ("<div><b>a</b></div>", RICH, TEXT, "formatted text"),
        (";#Low;#Medium;#", TEXT, CHOICES, "not one of the choices"),
        (";#", TEXT, CHOICES, "not one of the choices"),
        (["a;b", "c"], CHOICES, TEXT, "semicolon"),
        ("perhaps", TEXT, BOOLEAN, "neither Yes nor No"),
        ("contoso", TEXT, LINK, "not an address"),
    ],
)
def test_what_a_column_made_again_cannot_hold_is_told(
    value: Any, there: dict[str, Any], wanted: dict[str, Any], why: str
) -> None:
    assert way(wanted, there) == "remade"
    with pytest.raises(Unconvertible, match=why):
        converted(value, there, wanted)


@pytest.mark.parametrize("said", [TEXT, NOTE, RICH, CHOICES, BOOLEAN, DAY, PEOPLE, LOOKUP, LINK])
def test_a_column_that_moves_to_the_site_keeps_what_it_is(said: dict[str, Any]) -> None:
    assert keeps(said, said)


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ({**LOOKUP, "list": "b"}, LOOKUP),
        ({"type": "term", "termSet": "x"}, {"type": "term", "termSet": "x"}),
        (PERSON, TEXT),
        ({"type": "calculated"}, {"type": "calculated"}),
    ],
)
def test_a_column_whose_values_have_no_place_in_the_sites_stays(
    wanted: dict[str, Any], there: dict[str, Any]
) -> None:
    assert not keeps(wanted, there)


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (TEXT, PERSON),
        (DAY, NUMBER),
        (PERSON, TEXT),
        (LOOKUP, TEXT),
        (PEOPLE, CHOICES),
        ({**NOTE, "appendChanges": True}, TEXT),
        ({"type": "term"}, TEXT),
    ],
)
def test_pairs_without_a_way_from_one_to_the_other_are_left_alone(
    there: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert way(wanted, there) is None


OWN = "list:risks/column:Score"


def judged(
    wanted: dict[str, Any],
    there: dict[str, Any],
    cells: dict[int, Any],
    home: dict[str, Any] | None = None,
    *,
    unfinished: bool = False,
    allowed: bool = True,
    kept: bool = True,
) -> Any:
    names = {name for name in wanted if wanted[name] != there.get(name)}
    fields = tuple(FieldChange(name, there.get(name), wanted[name]) for name in sorted(names))
    return proposed(
        Resource("column", OWN, wanted),
        Existing("column", OWN, there, {"id": "f"}, declared=True),
        fields,
        ColumnValues(cells, dict.fromkeys(cells, "")),
        home or {},
        kept=Kept(there, ColumnValues(cells, dict.fromkeys(cells, ""))) if kept else None,
        unfinished=unfinished,
        allowed=allowed,
    )


def test_a_change_nobody_asked_for_says_how_many_values_and_how_to_ask() -> None:
    found = judged(TEXT, NUMBER, {1: 4, 9: 5}, allowed=False)
    assert isinstance(found, Blocked)
    assert found.code == "TYPE-CHANGE-NEEDS-ALLOW"
    assert "2 rows hold a value" in found.message
    assert f"--allow {OWN}" in found.hint


def test_an_allowed_change_is_a_replacement_of_high_risk() -> None:
    found = judged(TEXT, NUMBER, {1: 4})
    assert (found.action.value, found.risk) == ("replace", "high")
    assert "1 row holds a value" in found.reason


def test_values_in_the_way_are_named_by_item_five_of_them() -> None:
    found = judged(NUMBER, TEXT, dict.fromkeys(range(1, 9), "many"))
    assert found.code == "VALUES-DO-NOT-CONVERT"
    assert "8 of 8" in found.message
    assert "items 1, 2, 3, 4, 5 and 3 more, because it is not a number" in found.message
    assert "many" not in found.message


@pytest.mark.parametrize("gate", ["approval", "checkout"])
def test_a_list_whose_rules_forbid_writing_values_is_told_so(gate: str) -> None:
    assert judged(TEXT, NUMBER, {1: 4}, {gate: True}).code == "TYPE-CHANGE-GATED"
    assert judged(TEXT, NUMBER, {}, {gate: True}).action.value == "replace"


def test_a_change_that_was_cut_off_is_seen_though_the_type_is_right_by_now() -> None:
    assert judged(TEXT, TEXT, {1: "4.00"}) is None
    found = judged(TEXT, TEXT, {1: "4.00"}, unfinished=True)
    assert found.action.value == "replace"
    assert "cut off" in found.reason
    assert judged(TEXT, TEXT, {}, unfinished=True, allowed=False).code == "TYPE-CHANGE-NEEDS-ALLOW"


def test_a_change_that_was_cut_off_and_lost_its_copy_is_not_called_finished() -> None:
    found = judged(TEXT, TEXT, {1: "4.00"}, unfinished=True, kept=False)
    assert found.code == "COLUMN-COPY-MISSING"
    assert "Score__was" in found.hint
    assert judged(TEXT, NUMBER, {1: 4}, unfinished=True, kept=False).action.value == "replace"


def test_a_column_that_goes_says_what_goes_with_it() -> None:
    assert values_lost(ColumnValues({1: "a"}, {})) == "; lost: the values of 1 row"
    assert values_lost(ColumnValues({}, {})) == "; no row holds a value"
    assert values_lost(None) == ""


def test_a_lookup_to_another_list_is_no_change_of_type() -> None:
    assert judged({**LOOKUP, "multiple": True, "list": "b"}, LOOKUP, {1: 4}) is None


def test_every_row_is_judged_and_none_is_dropped() -> None:
    cells = {1: "1", 2: "two", 3: "3"}
    after, why = conversions(cells, TEXT, NUMBER)
    assert set(after) | set(why) == set(cells)
    assert after == {1: 1, 3: 3}


def test_the_mark_of_a_long_name_is_a_name_that_sharepoint_takes() -> None:
    marked = marker_address(f"list:risks/column:{'N' * 32}")
    assert marked == f"list:risks/column:{'N' * 27}__was"


def test_a_column_made_again_says_what_is_kept_and_what_is_lost() -> None:
    found = judged(TEXT, NOTE, {1: "a", 2: "b"})
    assert found.action.value == "replace"
    assert "2 rows hold a value; all are kept" in found.reason
    assert "lost: what earlier versions of the rows say" in found.reason
    assert found.desired.extra["how"] == "remade"

"""Two spellings of one thing never differ, and one spelling stays as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from random import Random
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds import all_kinds
from provisioner.kinds.base import Scope
from provisioner.kinds.caml import normal
from provisioner.kinds.field_element import field_element
from provisioner.kinds.field_xml import default, facets, formula, number, unlocalised
from provisioner.kinds.item_seed import row_resources, seeded_columns
from provisioner.kinds.item_values import canonical
from provisioner.kinds.principal import checked, login_of, word_of
from provisioner.kinds.view_parts import canonical_parts

TORONTO = Scope(
    "contoso.sharepoint.com", "/sites/acme", date(2026, 11, 22), "en-US", "America/Toronto"
)
FORMULAS = st.text(alphabet='=[]()",; <>&abIF10._', max_size=40)


@given(FORMULAS)
def test_a_formula_in_normal_form_stays(text: str) -> None:
    once = formula(text)
    assert formula(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=if([A]>1,true,false)", "= IF( A > 1 ; TRUE ; FALSE )"),
        ("[Period from]", "=[ Period from ]"),
        ('=CONCATENATE("a  b",A)', 'concatenate( "a  b" , [A] )'),
        ("", None),
        ("=", "  "),
    ],
)
def test_formulas_that_mean_the_same(one: Any, other: Any) -> None:
    assert formula(one) == formula(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('="a b"', '="a  b"'),
        ("=[Period from]", "=[period from]"),
        ("=A", "=B"),
        ('="if(a;b)"', '="IF(a,b)"'),
    ],
)
def test_formulas_that_differ(one: Any, other: Any) -> None:
    assert formula(one) != formula(other)


NAMES = st.sampled_from(["Title", "Status", "A_x0020_B"])
VALUES = st.text(alphabet="ab &<>\"'é", max_size=8)


@st.composite
def queries(draw: st.DrawFn) -> list[str]:
    parts = []
    if draw(st.booleans()):
        test = ET.Element("Eq")
        ET.SubElement(test, "FieldRef", Name=draw(NAMES))
        ET.SubElement(test, "Value", Type="Text").text = draw(VALUES)
        where = ET.Element("Where")
        where.append(test)
        parts.append(ET.tostring(where, encoding="unicode"))
    for tag in draw(st.permutations(["GroupBy", "OrderBy"])):
        block = ET.Element(tag)
        ET.SubElement(block, "FieldRef", Name=draw(NAMES))
        parts.append(ET.tostring(block, encoding="unicode"))
    return parts


@given(queries(), st.randoms())
def test_a_query_reads_the_same_in_any_order_and_spacing(parts: list[str], random: Random) -> None:
    text = "".join(parts)
    random.shuffle(parts)
    assert normal(normal(text)) == normal(text)
    assert normal(" \n".join(parts).replace(" />", "/>")) == normal(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "<OrderBy/>"),
        (
            '<Where><Eq><FieldRef Name="B"/><Value Type="Boolean">true</Value></Eq></Where>',
            '<Where><Eq><FieldRef Name="B" /><Value Type="Boolean">1</Value></Eq></Where>',
        ),
        (
            '<OrderBy><FieldRef Name="A" Ascending="TRUE"/></OrderBy>',
            '<OrderBy><FieldRef Name="A"/></OrderBy>',
        ),
        (
            '<Query><OrderBy><FieldRef Name="A"/></OrderBy></Query>',
            '<OrderBy><FieldRef Name="A"></FieldRef></OrderBy>',
        ),
    ],
)
def test_queries_that_mean_the_same(one: Any, other: Any) -> None:
    assert normal(one) == normal(other)


def test_descending_is_not_ascending() -> None:
    assert normal('<OrderBy><FieldRef Name="A" Ascending="FALSE"/></OrderBy>') != normal(
        '<OrderBy><FieldRef Name="A"/></OrderBy>'
    )


@given(
    st.lists(
        st.text(alphabet="ab&<\"'é \u2014", min_size=1, max_size=6),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_choices_survive_the_way_through_xml(choices: list[str]) -> None:
    said = {"type": "choice", "multiple": True, "displayName": "A & B", "choices": choices}
    read = facets(field_element("Name", said))
    assert (read["type"], read["multiple"], read["choices"]) == ("choice", True, choices)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("boolean", True, "1"),
        ("boolean", False, None),
        ("boolean", "0", ""),
        ("number", 5, "5.0"),
        ("dateTime", "today", "[Today]"),
        ("text", "", None),
        ("currency", 10, "10.00"),
        ("currency", "", None),
    ],
)
def test_defaults_that_mean_the_same(kind: str, one: Any, other: Any) -> None:
    assert default(kind, one) == default(kind, other)


def test_numbers_are_read_however_they_were_written() -> None:
    assert (number("5.50"), number("7."), number(""), number("x"), number(True)) == (
        5.5,
        7,
        None,
        None,
        None,
    )


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["America/Toronto", "Asia/Tokyo", "UTC", "Asia/Kolkata"]),
    st.sampled_from(["America/Toronto", "Europe/Paris", "UTC", "Asia/Tokyo"]),
)
def test_a_day_is_the_same_day_wherever_the_site_keeps_its_midnight(
    day: date, declared: str, real: str
) -> None:
    midnight = datetime.combine(day, time(), ZoneInfo(real)).astimezone(UTC)
    scope = Scope("h", "/sites/a", day, "en-US", declared)
    assert canonical(midnight.strftime("%Y-%m-%dT%H:%M:%SZ"), "dateOnly", scope) == day.isoformat()


@given(
    st.one_of(
        st.text(max_size=20),
        st.integers(),
        st.booleans(),
        st.lists(st.text(max_size=5), max_size=4),
    ),
    st.sampled_from(["text", "note", "number", "dateOnly", "dateTime", ""]),
)
def test_a_value_in_normal_form_stays(value: Any, column_type: str) -> None:
    once = canonical(value, column_type, TORONTO)
    assert canonical(once, column_type, TORONTO) == once


def test_text_that_looks_like_a_moment_stays_text() -> None:
    assert canonical("2026-01-01T00:00:00Z", "text", TORONTO) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "word",
    [
        "user:ann@contoso.example",
        "entra:6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "m365:6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "login:c:0(.s|true",
        "login:SHAREPOINT\\system",
    ],
)
def test_a_principal_comes_back_from_its_login_name(word: str) -> None:
    assert word_of(login_of(checked(word))) == word


@pytest.mark.parametrize("word", ["ann", "user:ann", "entra:nobody", "group:Owners", ""])
def test_what_names_nobody_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="names nobody"):
        checked(word)


def test_login_names_differ_in_case_only_for_what_has_case() -> None:
    assert word_of("I:0#.F|Membership|ANN@contoso.example") == "user:ann@contoso.example"


def test_a_person_written_by_its_claim_is_the_same_person() -> None:
    assert checked("login:i:0#.f|membership|Ann@contoso.example") == "user:ann@contoso.example"


def test_the_key_column_of_seeded_rows_comes_first() -> None:
    rows = row_resources(
        "list:x", "Id1_", [{"Title": "a", "Id1_": "1"}, {"Id1_": "2", "More": 3}], TORONTO, None
    )
    assert seeded_columns(rows) == {"list:x": ("Id1_", "Title", "More")}


def test_every_word_of_every_model_is_described() -> None:
    for kind in all_kinds():
        for mount, model in kind.mounts.items():
            for name, field in model.model_fields.items():
                if name != "root":
                    assert field.description, f"{mount}: {name}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            '<Field Type="Currency" LCID="1033" Min="0" Decimals="2"/>',
            '<Field Decimals="2" Max="1.79769313486232E+308" Min="0.0" Type="Currency"/>',
        ),
        ('<Field Type="URL" Format="Hyperlink"/>', '<Field Type="URL"/>'),
        ('<Field Type="Note" AppendOnly="FALSE"/>', '<Field Type="Note" NumLines="6"/>'),
        ('<Field Type="Number" Percentage="TRUE"/>', '<Field Type="Number" Percentage="1"/>'),
        (
            '<Field Type="Text"><DefaultFormula>=A + B</DefaultFormula></Field>',
            '<Field Type="Text"><DefaultFormula>[A]+[B]</DefaultFormula></Field>',
        ),
        ('<Field Type="Text"><Default></Default></Field>', '<Field Type="Text" MaxLength="255"/>'),
        ('<Field Type="User" Mult="FALSE"/>', '<Field Type="User"/>'),
    ],
)
def test_columns_that_mean_the_same(one: str, other: str) -> None:
    assert facets(one) == facets(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"Aggregations": None, "AggregationsStatus": "Off", "Scope": 0, "ViewType2": ""}),
        (
            {"Aggregations": '<FieldRef Name="A" Type="SUM"/>'},
            {
                "Aggregations": '<FieldRef Type="sum" Name="A"></FieldRef>',
                "AggregationsStatus": "On",
            },
        ),
        ({"Aggregations": '<FieldRef Name="A" Type="SUM"/>', "AggregationsStatus": "Off"}, {}),
        (
            {"ColumnWidth": '<FieldRef Name="A" width="120" />'},
            {"ColumnWidth": '<FieldRef width="120" Name="A"/>'},
        ),
        ({"ViewType2": None}, {"ViewType2": ""}),
        ({"ViewType2": "kanban"}, {"ViewType2": "KANBAN"}),
        (
            {"ViewData": '<FieldRef Name="A" Type="T"/><FieldRef Name="" Type="U" />'},
            {"ViewData": '<FieldRef Type="T" Name="A"/>'},
        ),
        ({"CustomFormatter": "{}"}, {"CustomFormatter": None}),
    ],
)
def test_views_that_mean_the_same(one: Any, other: Any) -> None:
    assert canonical_parts(one) == canonical_parts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example", {"Url": "https://a.example", "Description": "https://a.example"}),
        (
            {"url": "https://a.example", "description": "A"},
            {"Description": "A", "Url": "https://a.example"},
        ),
        ("", None),
        ({"Url": "", "Description": ""}, None),
    ],
)
def test_hyperlinks_that_mean_the_same(one: Any, other: Any) -> None:
    once = canonical(one, "hyperlink", TORONTO)
    assert once == canonical(other, "hyperlink", TORONTO)
    assert canonical(once, "hyperlink", TORONTO) == once


def test_a_formula_of_a_french_site_names_microsofts_columns_as_the_file_does() -> None:
    names = unlocalised(
        [
            {"InternalName": "Created", "Title": "Créé"},
            {"InternalName": "ID", "Title": "Numéro"},
            {"InternalName": "Due", "Title": "Échéance"},
        ]
    )
    read = formula('=SI([Créé]>Numéro;"Créé";[Échéance])', names)
    assert read == formula('=SI(Created>ID;"Créé";[Échéance])')

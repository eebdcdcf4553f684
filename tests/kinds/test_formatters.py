"""Formats by name are sound JSON for SharePoint, show words and not colour alone, and are known again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from provisioner.kinds.formatters import (
    FITS,
    ROW_NAMES,
    FormatName,
    column_format,
    column_normal,
    row_format,
    row_normal,
    sent,
)

NAMES = get_args(FormatName)


def elements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "elmType" in value:
            yield value
        for one in value.values():
            yield from elements(one)
    elif isinstance(value, list):
        for one in value:
            yield from elements(one)


def formulas(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("="):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from formulas(one)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_known_again_however_sharepoint_spells_it(name: str) -> None:
    text = sent(name)
    assert column_normal(text) == name
    assert column_normal(json.dumps(json.loads(text), indent=2, sort_keys=True)) == name
    assert column_normal(column_normal(text)) == name
    assert json.loads(text)["$schema"].endswith("/v2/column-formatting.schema.json")
    changed = {**column_format(name), "debugMode": True}
    assert column_normal(json.dumps(changed)) != name


@pytest.mark.parametrize("name", NAMES)
def test_colour_never_stands_alone(name: str) -> None:
    drawn = list(elements(column_format(name)))
    assert {one["elmType"] for one in drawn} <= {"div", "span"}
    assert any(one.get("txtContent") for one in drawn), "the word or date is written"
    for one in drawn:
        assert "background-color" not in one.get("style", {}), "classes follow the site's theme"
        if "iconName" in one.get("attributes", {}):
            assert one["attributes"]["aria-hidden"] == "true"


@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_whole(name: str) -> None:
    for formula in formulas(column_format(name)):
        bare = re.sub("'[^']*'", "", formula)
        assert bare.count("(") == bare.count(")"), formula
        assert '"' not in bare


@pytest.mark.parametrize("name", ROW_NAMES)
def test_rows_are_coloured_by_the_column_that_was_named(name: str) -> None:
    said = {name: "FreshUntil"}
    assert row_normal(sent(said)) == said
    assert json.loads(sent(said)) == row_format(name, "FreshUntil")
    assert row_normal(sent(said).replace("FreshUntil", "Other")) == {name: "Other"}


def test_every_name_says_what_it_is_for() -> None:
    assert set(FITS) == set(NAMES)


@pytest.mark.parametrize("nothing", [None, "", "  ", "{}", {}, '{"$schema": "x"}'])
def test_no_formatting_is_nothing_in_every_spelling(nothing: Any) -> None:
    assert column_normal(nothing) is None
    assert row_normal(nothing) is None
    assert sent(column_normal(nothing)) == ""


@pytest.mark.parametrize("odd", ["no json", "[1]", "7"])
def test_what_is_no_format_is_kept_as_a_difference(odd: str) -> None:
    assert column_normal(odd) is not None

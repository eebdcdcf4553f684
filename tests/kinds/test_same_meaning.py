"""The corpus of pairs that are spelled differently and mean the same: none of them is ever drift.

Each word in `same_meaning.yaml` stands for the function of a kind that brings a spelling into the
form that is compared; what comes out is compared as the planner compares.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.core.canonical import canonical_json
from provisioner.kinds.base import Scope
from provisioner.kinds.caml import normal
from provisioner.kinds.field_xml import facets, formula
from provisioner.kinds.formatters import column_normal
from provisioner.kinds.item_values import canonical
from provisioner.kinds.list_settings import canonical_settings
from provisioner.kinds.navigation import link_plain
from provisioner.kinds.page_text import normal as page_text
from provisioner.kinds.principal import word_of
from provisioner.kinds.view_parts import canonical_parts

SITE = Scope(
    "contoso.sharepoint.com", "/sites/acme", date(2026, 11, 22), "en-US", "America/Toronto"
)
WAYS: dict[str, Callable[[Any], Any]] = {
    "formula": formula,
    "query": normal,
    "column": facets,
    "view": canonical_parts,
    "format": column_normal,
    "list": canonical_settings,
    "text": page_text,
    "link": lambda one: link_plain(one, SITE.hostname),
    "principal": word_of,
}
AGAIN = frozenset({"formula", "query", "text", "link", "format"})
"""Whose own result is a spelling too, and stays as it is."""
EMPTY: tuple[Any, ...] = (None, "", [], {}, ())
CORPUS = yaml.safe_load((Path(__file__).parent / "same_meaning.yaml").read_text("utf-8"))


def way(word: str) -> Callable[[Any], Any]:
    """The function behind a word; "value X" is a value in a column of type X."""
    if word.startswith("value "):
        return lambda one: canonical(one, word.removeprefix("value "), SITE)
    return WAYS[word]


def pairs(group: str) -> list[Any]:
    return [
        pytest.param(word, *pair, id=f"{word}-{number}")
        for word, known in CORPUS[group].items()
        for number, pair in enumerate(known)
    ]


def alike(one: Any, other: Any) -> bool:
    """As the planner compares: null, empty and absent mean the same."""
    if one in EMPTY and other in EMPTY:
        return True
    return canonical_json(one) == canonical_json(other)


@pytest.mark.parametrize(("word", "one", "other"), pairs("same"))
def test_what_means_the_same_is_never_drift(word: str, one: Any, other: Any) -> None:
    compared = way(word)
    assert alike(compared(one), compared(other)), (compared(one), compared(other))
    assert alike(compared(other), compared(one))


@pytest.mark.parametrize(("word", "one", "other"), pairs("differ"))
def test_what_means_something_else_is_drift(word: str, one: Any, other: Any) -> None:
    compared = way(word)
    assert not alike(compared(one), compared(other)), compared(one)


@pytest.mark.parametrize(
    ("word", "one"),
    [(word, one) for word in sorted(AGAIN) for pair in CORPUS["same"][word] for one in pair],
)
def test_one_spelling_stays_as_it_is(word: str, one: Any) -> None:
    compared = way(word)
    once = compared(one)
    assert once in EMPTY or alike(compared(once), once)

"""A calculated column is made after what its formula names, in whatever order the file says them."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.core.address import address
from provisioner.core.resource import Resource
from provisioner.engine.formula_order import named_in, with_operands


def column(name: str, formula: str = "", above: str = "", title: str = "") -> Resource:
    said: dict[str, Any] = {"displayName": title or name}
    if formula:
        said["formula"] = formula
    return Resource("column", address("column", name, above), said, ())


def depends(*resources: Resource) -> dict[str, tuple[str, ...]]:
    return {one.address: one.depends for one in with_operands(resources) if one.depends}


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("=[Fällig am]-Heute", {"fällig am", "heute"}),
        ('=TEXT([A],"B")&"[C]"', {"text", "a"}),
        ("=1+2", set()),
    ],
)
def test_names_stand_in_brackets_or_alone_and_texts_name_nothing(formula, names):
    assert named_in(formula) == names


def test_it_waits_for_a_column_of_the_same_place_by_title_or_by_name():
    made = depends(
        column("Twice", "=[Zahl & Wert]*2", "list:a"),
        column("Value", above="list:a", title="Zahl & Wert"),
        column("Thrice", "=twice*3", "list:a"),
        column("Value", above="list:b", title="Zahl & Wert"),
    )
    assert made == {
        "list:a/column:Twice": ("list:a/column:Value",),
        "list:a/column:Thrice": ("list:a/column:Twice",),
    }


def test_it_waits_for_the_content_type_that_brings_a_column_into_the_list():
    base = Resource("contentType", "contentType:Base", {"columnOrder": ["Amount"]}, ())
    cost = Resource("contentType", "contentType:Cost", {"columnOrder": [], "base": "Base"}, ())
    bound = Resource("contentType", "list:a/contentType:Cost", {"name": "Cost"}, ())
    own = column("Taxed", "=[Betrag]*1.19", "list:a")
    made = depends(own, column("Amount", title="Betrag"), base, cost, bound)
    assert made == {"list:a/column:Taxed": ("list:a/contentType:Cost",)}


def test_two_that_name_each_other_do_not_wait_for_ever():
    """SharePoint says what is wrong with them."""
    assert depends(column("A", "=B", "list:a"), column("B", "=A", "list:a")) == {}

"""What stands on a column, and where a view gets it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.core.resource import Existing
from provisioner.engine.column_uses import shown_in, users_of
from provisioner.engine.desired import Desired
from provisioner.kinds.base import Scope

OWN = "list:risks/column:Score"
_DAY = date(2026, 3, 31)


def part(kind: str, address: str, **properties: Any) -> Existing:
    return Existing(kind, address, properties, {"id": address.lower()}, declared=True)


def existing(*parts: Existing) -> dict[str, Existing]:
    column = part("column", OWN, displayName="Risk score", type="number")
    return {one.address: one for one in (column, *parts)}


@pytest.mark.parametrize(
    "user",
    [
        part("column", "list:risks/column:Twice", type="calculated", formula="=[Risk score]*2"),
        part("column", "list:risks/column:Limit", validation={"formula": "=Limit>[Risk score]"}),
        part("validation", "list:risks/validation:", formula="=[Risk score]>1"),
        part("column", "list:other/column:Of", type="lookup", list="risks", show="Score"),
        part("column", "list:risks/column:More", type="lookup", primaryColumn=OWN),
    ],
)
def test_formulas_and_lookups_that_read_a_column_are_named(user: Existing) -> None:
    assert users_of(OWN, existing(user)) == [user.address]


def test_other_columns_and_other_lists_do_not_stand_on_it() -> None:
    others = (
        part("column", "list:risks/column:A", type="calculated", formula="=[Risk scores]*2"),
        part("column", "list:other/column:B", type="calculated", formula="=[Risk score]*2"),
        part("column", "list:other/column:C", type="lookup", list="risks", show="Title"),
    )
    assert users_of(OWN, existing(*others)) == []


def test_a_view_gets_the_column_back_where_it_was() -> None:
    view = part("view", "list:risks/view:Mine", columns=["Title", "Grade", "Score", "Last"])
    gone = part("view", "list:risks/view:Cut", columns=["Title", "Last"])
    before = {gone.ids["id"]: ["Title", "Grade", "Score", "Last"]}
    nothing = Desired("/sites/a", Scope("h", "/sites/a", _DAY))
    mine, cut = shown_in(OWN, nothing, existing(view, gone), before, later=["Grade"])
    assert (mine.place, mine.there) == (1, True)
    assert (cut.place, cut.there) == (1, False)
    (_, after) = shown_in(OWN, nothing, existing(view, gone), before, earlier=["Grade"])
    assert after.place == 2


def test_a_view_that_got_the_column_back_at_its_end_is_told_the_place_it_had() -> None:
    astray = part("view", "list:risks/view:Cut", columns=["Title", "Last", "Score"])
    placed = part("view", "list:risks/view:Mine", columns=["Title", "Score", "Last"])
    before = {one.ids["id"]: ["Title", "Score", "Last"] for one in (astray, placed)}
    nothing = Desired("/sites/a", Scope("h", "/sites/a", _DAY))
    one, other = shown_in(OWN, nothing, existing(astray, placed), before)
    assert (one.there, one.back) == (True, 1)
    assert (other.there, other.back) == (True, None)

"""A `$filter` made of a condition leaves every row for which the condition holds.

The filter is compiled and run by the emulator, which shares no code with ours; the rows and the
conditions are those of `test_where_on_the_site`.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.where import parse, to_odata, to_predicate
from provisioner.emulator.model import odata
from provisioner.emulator.model.open_list import OpenList
from provisioner.sync.collect_registers import RowReader
from provisioner.sync.register_facts import Register

from .test_where import TYPES
from .test_where_on_the_site import (
    CLOCKS,
    COLUMNS,
    KEYS,
    PEOPLE,
    RISKS,
    TODAYS,
    ZONES,
    condition,
    rows,
    stored,
    told,
)

TODAY = date(2026, 6, 15)
SINGLE = sorted(name for name, kind in TYPES.items() if not kind.startswith("multi"))


def odata_of(where: Any, *indexed: str) -> str:
    return to_odata(parse(where), TYPES, indexed, TODAY)


@pytest.mark.parametrize("name", ZONES)
def test_every_row_for_which_a_condition_holds_is_left(name: str) -> None:
    zone, narrowed, left_out = ZoneInfo(name), 0, 0
    reader = RowReader(zone, KEYS, PEOPLE, {"risks": RISKS})
    register = Register("list", "List", (), TYPES, targets={"Risk": "risks", "Risks": "risks"})
    opened = cast("OpenList", SimpleNamespace(columns=COLUMNS, zone=zone))
    with sqlite3.connect(":memory:") as table:
        for seed in range(300):
            draw = Random(f"{name} {seed}")
            today = draw.choice(TODAYS)
            asked = condition(draw, today, depth=2)
            text = to_odata(parse(asked), TYPES, draw.sample(SINGLE, 4), today)
            if not text:
                continue
            narrowed += 1
            query = odata.where(opened, text, graph=True)
            assert len(query.names) == 1, "Graph filters by one column"
            holds = to_predicate(parse(asked), TYPES)
            now = datetime.combine(today, draw.choice(CLOCKS), zone).astimezone(UTC)
            judged = now.astimezone(zone).date()
            for seen in rows(draw, today):
                kept = stored(seen, zone)
                row = json.dumps(kept)
                found = table.execute(
                    f"SELECT {query.sql} FROM (SELECT ? AS fields)", (*query.values, row)
                ).fetchone()[0]
                values = reader.row(register, told(kept)).values
                assert found or not holds(values, judged, KEYS[7]), (seed, asked, text, values)
                left_out += not found
    assert narrowed > 10
    assert left_out > narrowed, "else it leaves nothing out"


def test_it_asks_about_one_indexed_column_and_the_first_that_helps() -> None:
    where = {"Status": {"eq": "Open"}, "Score": {"gt": 3}, "Due": {"lt": "today"}}
    assert odata_of(where) == ""
    assert odata_of(where, "Score") == "fields/Score gt 3"
    assert odata_of(where, "Due", "Status") == "startswith(fields/Status,'Open')"
    assert (
        odata_of({"Owner": {"eq": "Ann"}, "Score": {"ge": 1}}, "Owner", "Score")
        == "fields/Score ge 1"
    )
    assert odata_of({"Owner": {"in": [7, 8]}}, "Owner") == (
        "(fields/OwnerLookupId eq 7 or fields/OwnerLookupId eq 8)"
    )


def test_days_are_asked_with_room_for_every_time_zone() -> None:
    around = TODAY + timedelta(14) - timedelta(2), TODAY + timedelta(14) + timedelta(2)
    assert odata_of({"Due": {"eq": "today+14d"}}, "Due") == (
        f"(fields/Due ge '{around[0]}T00:00:00Z' and fields/Due le '{around[1]}T00:00:00Z')"
    )
    assert odata_of({"Due": {"lt": "today-10b"}}, "Due") == "", "business days are ours to count"


@pytest.mark.parametrize(
    "where",
    [
        {"Status": {"ne": "Open"}},
        {"Status": {"notIn": ["Open"]}},
        {"Status": {"empty": True}},
        {"Status": {"eq": "Zürich"}},
        {"Title": {"eq": "Open"}},
        {"not": {"Score": {"lt": 3}}},
        {"any": [{"Score": {"gt": 3}}, {"Done": {"eq": True}}]},
        {"Owner": {"eq": "me"}},
        {"Due": {"lt": {"field": "Seen"}}},
        {"Score": {"in": list(range(21))}},
    ],
    ids=str,
)
def test_what_a_service_may_see_otherwise_is_not_asked_of_it(where: Any) -> None:
    assert odata_of(where, *SINGLE) == ""


def test_a_denial_of_a_denial_and_both_ways_of_any_are_asked() -> None:
    assert (
        odata_of({"not": {"Status": {"ne": "it's"}}}, "Status")
        == "startswith(fields/Status,'it''s')"
    )
    both = {"any": [{"Score": {"gt": 3}}, {"Score": {"lt": 0}, "Done": {"eq": True}}]}
    assert odata_of(both, "Score") == "(fields/Score gt 3 or fields/Score lt 0)"
    neither = {"not": {"any": [{"Score": {"ne": 2}}, {"Done": {"eq": True}}]}}
    assert odata_of(neither, "Score") == "fields/Score eq 2"

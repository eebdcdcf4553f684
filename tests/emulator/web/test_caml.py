"""CAML asked of stored items: each element, empty values, the day of the site, nobody signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.emulator.model import caml
from provisioner.emulator.model.fields import Field

TYPES = {
    "Title": "Text", "Notes": "Note", "State": "Choice", "Tags": "MultiChoice", "Rows": "Number",
    "Due": "DateTime", "Done": "Boolean", "Owner": "User", "Risks": "LookupMulti", "Link": "URL",
    "Rating": "Calculated", "FSObjType": "Lookup",
}  # fmt: skip
SHOWN = {1: "Ines Amari", 2: "Sven Reuter", 7: "Fraud", 8: "Outage"}


def column(name: str, kind: str) -> Field:
    doc: dict[str, Any] = {"OutputType": 9} if kind == "Calculated" else {}
    target = "list" if name == "Risks" else ""
    return Field(
        name, "site", "list", name, name, kind, False, False, False, False, False, False, False,
        target, "", (), None, doc,
    )  # fmt: skip


def asked(user: int | None = None) -> caml.Asked:
    columns = {name: column(name, kind) for name, kind in TYPES.items()}
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    return caml.Asked(
        columns, lambda _field, number: SHOWN.get(number), ZoneInfo("America/Toronto"), now, user
    )


def meets(condition: str, stored: dict[str, Any], user: int | None = None) -> bool:
    query = caml.parse(f"<Where>{condition}</Where>")
    return caml.condition(query.where, asked(user))(stored)


def compare(tag: str, name: str, value: str, *, kind: str = "Text", by_id: bool = False) -> str:
    reference = f'<FieldRef Name="{name}"' + (' LookupId="TRUE"/>' if by_id else "/>")
    return f'<{tag}>{reference}<Value Type="{kind}">{value}</Value></{tag}>'


TODAY, TOMORROW = "2026-11-21T05:00:00Z", "2026-11-22T05:00:00Z"


@pytest.mark.parametrize(
    ("condition", "stored", "expected"),
    [
        (compare("Eq", "Title", "scan"), {"Title": "SCAN"}, True),
        (compare("Eq", "Title", "scan"), {"Title": "scans"}, False),
        (compare("Eq", "Title", "scan"), {}, False),
        (compare("Neq", "Title", "scan"), {"Title": "other"}, True),
        (compare("Neq", "Title", "scan"), {"Title": "Scan"}, False),
        (compare("Neq", "Title", "scan"), {}, False),
        (compare("Gt", "Rows", "9", kind="Number"), {"Rows": 10}, True),
        (compare("Gt", "Rows", "10", kind="Number"), {"Rows": 10}, False),
        (compare("Geq", "Rows", "10", kind="Number"), {"Rows": 10}, True),
        (compare("Lt", "Rows", "10", kind="Number"), {"Rows": 9.5}, True),
        (compare("Leq", "Rows", "9", kind="Number"), {"Rows": 9.5}, False),
        (compare("Lt", "Rows", "10", kind="Number"), {}, False),
        (compare("Geq", "Rating", "12", kind="Number"), {"Rating": 15}, True),
        ('<IsNull><FieldRef Name="Title"/></IsNull>', {"Title": ""}, True),
        ('<IsNull><FieldRef Name="Rows"/></IsNull>', {"Rows": 0}, False),
        ('<IsNull><FieldRef Name="Tags"/></IsNull>', {"Tags": []}, True),
        ('<IsNotNull><FieldRef Name="Done"/></IsNotNull>', {"Done": False}, True),
        ('<IsNotNull><FieldRef Name="Title"/></IsNotNull>', {}, False),
        (compare("Contains", "Notes", "Key"), {"Notes": "the api keys"}, True),
        (compare("Contains", "Notes", "Key"), {"Notes": "nothing"}, False),
        (compare("BeginsWith", "Title", "ac"), {"Title": "Access"}, True),
        (compare("BeginsWith", "Title", "ce"), {"Title": "Access"}, False),
        (compare("Eq", "Tags", "CC6.1"), {"Tags": ["CC6.6", "CC6.1"]}, True),
        (compare("Neq", "Tags", "CC6.1"), {"Tags": ["CC6.6", "CC6.1"]}, False),
        (compare("Eq", "Done", "1", kind="Boolean"), {"Done": True}, True),
        (compare("Eq", "Done", "0", kind="Boolean"), {"Done": True}, False),
        (compare("Eq", "Done", "0", kind="Boolean"), {}, False),
        (compare("Eq", "Owner", "ines amari"), {"Owner": 1}, True),
        (compare("Eq", "Owner", "1"), {"Owner": 1}, False),
        (compare("Eq", "Owner", "1", by_id=True), {"Owner": 1}, True),
        (compare("Includes", "Risks", "8", by_id=True), {"Risks": [7, 8]}, True),
        (compare("Includes", "Risks", "fraud"), {"Risks": [7, 8]}, True),
        (compare("NotIncludes", "Risks", "8", by_id=True), {"Risks": [7, 8]}, False),
        (compare("NotIncludes", "Risks", "9", by_id=True), {"Risks": [7, 8]}, True),
        (compare("Eq", "Link", "https://a.example"), {"Link": {"Url": "https://a.example"}}, True),
        (compare("Eq", "FSObjType", "1"), {"FSObjType": "1"}, True),
        (compare("Eq", "Due", "<Today/>"), {"Due": TODAY}, True),
        (compare("Eq", "Due", "<Today/>"), {"Due": TOMORROW}, False),
        (compare("Eq", "Due", "<Today OffsetDays='1'/>"), {"Due": TOMORROW}, True),
        (compare("Lt", "Due", "<Today/>"), {"Due": "2026-11-20T05:00:00Z"}, True),
        (compare("Geq", "Due", "<Today OffsetDays='-1'/>"), {"Due": "2026-11-20T05:00:00Z"}, True),
        (compare("Eq", "Due", "2026-11-21T00:00:00Z"), {"Due": TODAY}, True),
        (compare("Eq", "Due", "2026-11-21"), {"Due": TODAY}, True),
    ],
)
def test_a_condition_is_met_or_not(condition: str, stored: dict[str, Any], expected: bool) -> None:
    assert meets(condition, stored) is expected


def test_one_of_several_values() -> None:
    values = "".join(f'<Value Type="Choice">{word}</Value>' for word in ("Open", "Late"))
    condition = f'<In><FieldRef Name="State"/><Values>{values}</Values></In>'
    assert meets(condition, {"State": "late"})
    assert not meets(condition, {"State": "Closed"})
    assert not meets(condition, {})


def test_and_and_or_nest() -> None:
    open_, late = compare("Eq", "State", "Open"), compare("Lt", "Due", "<Today/>")
    both = f"<And>{open_}<Or>{late}<IsNull><FieldRef Name='Due'/></IsNull></Or></And>"
    assert meets(both, {"State": "Open"})
    assert meets(both, {"State": "Open", "Due": "2026-11-01T04:00:00Z"})
    assert not meets(both, {"State": "Open", "Due": TOMORROW})
    assert not meets(both, {"State": "Closed"})


def test_the_time_of_day_counts_only_when_asked() -> None:
    early, late = "2026-11-21T13:00:00Z", "2026-11-21T23:00:00Z"
    value = '<Value Type="DateTime"{}>2026-11-21T12:00:00</Value>'
    reference = '<FieldRef Name="Due"/>'
    by_day = f"<Eq>{reference}{value.format('')}</Eq>"
    assert meets(by_day, {"Due": early})
    assert meets(by_day, {"Due": late})
    by_time = (
        f"<Gt>{reference}{value.format(' IncludeTimeValue=' + chr(34) + 'TRUE' + chr(34))}</Gt>"
    )
    assert not meets(by_time, {"Due": early})
    assert meets(by_time, {"Due": late})


def test_mine_is_nobodys_when_nobody_is_signed_in() -> None:
    mine = compare("Eq", "Owner", "<UserID/>", kind="Integer", by_id=True)
    others = compare("Neq", "Owner", "<UserID/>", kind="Integer", by_id=True)
    assert caml.parse(f"<Where>{mine}</Where>").asks_user
    assert not meets(mine, {"Owner": 1})
    assert meets(others, {"Owner": 1})
    assert meets(mine, {"Owner": 1}, user=1)
    assert not meets(mine, {"Owner": 2}, user=1)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("<Where>", "well-formed"),
        ("<!DOCTYPE a><Where/>", "plain XML"),
        ("<Nothing/>", "“Nothing” is no part"),
        ("<Where></Where>", "exactly one condition"),
        (f"<Where>{compare('Like', 'Title', 'a')}</Where>", "“Like” is not evaluated"),
        (f"<Where><And>{compare('Eq', 'Title', 'a')}</And></Where>", "And has exactly two parts"),
        (f"<Where>{compare('Eq', 'Nowhere', 'a')}</Where>", "no column “Nowhere”"),
        (f"<Where>{compare('Eq', 'Rows', 'many')}</Where>", "“many” is no value"),
        (f"<Where>{compare('Eq', 'Due', 'soon')}</Where>", "“soon” is no value"),
        (f"<Where>{compare('Contains', 'Rows', '1')}</Where>", "compares text"),
        (f"<Where>{compare('Eq', 'Title', '<UserID/>')}</Where>", "is no person"),
        (f"<Where>{compare('Eq', 'Due', '<Month/>')}</Where>", "“Month” is not evaluated"),
        ("<Where><Eq><FieldRef Name='Title'/></Eq></Where>", "no value to compare"),
        ("<Where><Eq><Value>a</Value></Eq></Where>", "names no column"),
    ],
)
def test_what_is_no_query_is_said(query: str, words: str) -> None:
    with pytest.raises(caml.CamlError, match=words):
        caml.condition(caml.parse(query).where, asked())


def test_items_are_ordered_by_several_columns_empty_first() -> None:
    query = caml.parse(
        "<OrderBy><FieldRef Name='State'/><FieldRef Name='Rows' Ascending='FALSE'/></OrderBy>"
    )
    stored: list[dict[str, Any]] = [
        {"ID": 1, "State": "Open", "Rows": 2},
        {"ID": 2, "State": "closed", "Rows": 1},
        {"ID": 3, "State": "Open", "Rows": 10},
        {"ID": 4, "Rows": 1},
        {"ID": 5, "State": "Open"},
    ]
    found = caml.ordered(stored, query.order, asked())
    assert [each["ID"] for each in found] == [4, 2, 3, 1, 5]

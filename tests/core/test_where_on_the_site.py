"""A check and a view with one condition find the same rows, through everything that lies between.

The condition goes as CAML to the emulator's own evaluation of stored values, which shares no code with
ours; the same rows, as Graph gives them, go through the reading of registers to the predicate. All is
drawn evenly from a seed, so that every operator meets every sort of column, at midnight too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.where import parse, to_caml, to_predicate
from provisioner.emulator.model import caml
from provisioner.emulator.model.fields import Field
from provisioner.sync.collect_registers import RowReader
from provisioner.sync.register_facts import Register

from .test_where import BASIC, ORDER, TYPES

ZONES = (
    "UTC", "America/Toronto", "America/St_Johns", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu",
    "Pacific/Auckland", "Pacific/Kiritimati", "America/Santiago", "Africa/Cairo",
)  # fmt: skip
CONDITIONS, ROWS = 60, 8
# Days on which clocks are put on or back in one of the zones, at midnight in some, and a leap day.
TODAYS = (
    date(2026, 6, 15), date(2026, 3, 8), date(2026, 10, 25), date(2026, 4, 24), date(2026, 9, 6),
    date(2028, 2, 29), date(2026, 12, 31),
)  # fmt: skip
CLOCKS = (time(0, 0), time(0, 30), time(3, 0), time(12, 0), time(23, 59, 59))
PEOPLE = {7: "Ann", 8: "Bób", 9: "Ann", 10: 'O\'Neil, "Müller" & Söhne'}
KEYS = {
    7: "ann@contoso.example",
    8: "bob@contoso.example",
    9: "ann2@contoso.example",
    10: "o@x.example",
}
RISKS = {1: "Open", 2: "Zürich"}
WORDS = (
    "Open", "open", "Closed", "O", "A & B <x>", "2026-06-15", "Zürich", "ZÜRICH", "Straße", "it's",
    'say "no"', "今日", "true", "7", "today is fine", "]]>", "a;#b",
)  # fmt: skip
PARTS = ("op", "ÜR", "& B", "'", '"', "日", ";#", "aß", "7")
NUMBERS = (-1, 0, 0.5, 1, 2.25, 1e6)
NAMED = ("me", "Ann", "bób", PEOPLE[10], 7, 8, 9)
NAMED_RISKS = ("open", "ZÜRICH", 1, 2)
NEAR = range(-2, 3)
TEXTUAL = ("contains", "beginsWith")
# What may be asked of each sort of column; what CAML cannot deny stands outside `not`.
ASKED = {
    "text": BASIC, "choice": BASIC, "calculated": BASIC, "note": ("empty",),
    "multichoice": (*BASIC, "contains"), "number": (*BASIC, *ORDER), "dateOnly": (*BASIC, *ORDER),
    "dateTime": (*BASIC, *ORDER), "boolean": ("eq", "ne", "empty"), "person": BASIC,
    "multiperson": BASIC, "lookup": BASIC, "multilookup": BASIC,
}  # fmt: skip
PARTLY = ("text", "note", "choice", "calculated", "person", "lookup")
SORTS = {
    "text": "Text", "note": "Note", "choice": "Choice", "multichoice": "MultiChoice", "number": "Number",
    "dateTime": "DateTime", "dateOnly": "DateTime", "boolean": "Boolean", "person": "User",
    "multiperson": "UserMulti", "lookup": "Lookup", "multilookup": "LookupMulti",
    "calculated": "Calculated",
}  # fmt: skip


def literal(draw: Random, kind: str, today: date) -> Any:
    """A value to compare a column of this sort with; of days both forms."""
    if kind.startswith("date"):
        offset = draw.choice(NEAR)
        word = f"today{offset:+d}d" if offset else "today"
        return draw.choice([word, (today + timedelta(offset)).isoformat()])
    some: dict[str, tuple[Any, ...]] = {
        "number": NUMBERS, "boolean": (True, False), "person": NAMED, "multiperson": NAMED,
        "lookup": NAMED_RISKS, "multilookup": NAMED_RISKS,
    }  # fmt: skip
    return draw.choice(some.get(kind, WORDS))


def condition(draw: Random, today: date, depth: int, *, denied: bool = False) -> dict[str, Any]:
    """A condition of any shape, each operator of each sort of column as likely as another."""
    shape = draw.choice(["any", "all", "not", "test"]) if depth else "test"
    if shape == "not":
        return {"not": condition(draw, today, depth - 1, denied=True)}
    if shape != "test":
        many = range(draw.randint(1, 3))
        return {shape: [condition(draw, today, depth - 1, denied=denied) for _ in many]}
    name, kind = draw.choice(sorted(TYPES.items()))
    if kind in PARTLY and not denied and draw.random() < 0.3:
        return {name: {draw.choice(TEXTUAL): draw.choice(PARTS)}}
    operator = draw.choice(ASKED[kind])
    if operator == "empty":
        return {name: {operator: draw.random() < 0.5}}
    if operator in {"in", "notIn"}:
        values = [literal(draw, kind, today) for _ in range(draw.randint(1, 4))]
        return {name: {operator: values}}
    return {name: {operator: literal(draw, kind, today)}}


def rows(draw: Random, today: date) -> Iterator[dict[str, Any]]:
    """What a person sees in rows: days and moments on the clock of the site, people by number."""
    for _ in range(ROWS):
        several = range(draw.randint(0, 3))
        row = {
            **{name: draw.choice(WORDS) for name in ("Title", "Body", "Status", "Sum")},
            "Tags": list({draw.choice(WORDS) for _ in several}),
            "Score": draw.choice(NUMBERS),
            "Due": today + timedelta(draw.choice(NEAR)),
            "Seen": datetime.combine(today + timedelta(draw.choice(NEAR)), draw.choice(CLOCKS)),
            "Done": draw.random() < 0.5,
            "Owner": draw.choice(sorted(PEOPLE)),
            "Team": list({draw.choice(sorted(PEOPLE)) for _ in several}),
            "Risk": draw.choice(sorted(RISKS)),
            "Risks": list({draw.choice(sorted(RISKS)) for _ in several}),
        }
        yield {name: value for name, value in row.items() if draw.random() < 0.8}


def stored(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """The row as SharePoint keeps it: instants in UTC, a day as its midnight on the site."""

    def kept(value: Any) -> Any:
        if not isinstance(value, date):
            return value
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return moment.replace(tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    return {name: kept(value) for name, value in row.items()}


def told(kept: dict[str, Any]) -> dict[str, Any]:
    """The same row in an answer of Graph's, with people and lookups by number."""
    fields: dict[str, Any] = {}
    for name, value in kept.items():
        if TYPES[name] in {"person", "lookup"}:
            fields[f"{name}LookupId"] = str(value)
        elif TYPES[name] in {"multiperson", "multilookup"}:
            fields[name] = [{"LookupId": one, "LookupValue": "?"} for one in value]
        else:
            fields[name] = value
    return {"id": "1", "fields": fields}


def column(name: str) -> Field:
    kind = SORTS[TYPES[name]]
    target = "risks" if kind.startswith("Lookup") else ""
    doc: dict[str, Any] = {"OutputType": 2} if kind == "Calculated" else {}
    return Field(
        name, "site", "list", name, name, kind, False, False, False, False, False, False, False,
        target, "", (), None, doc,
    )  # fmt: skip


COLUMNS = {name: column(name) for name in TYPES}


def shown(field: Field, number: int) -> str | None:
    return (PEOPLE if field.type.startswith("User") else RISKS).get(number)


@pytest.mark.parametrize("name", ZONES)
def test_a_view_and_a_check_find_the_same_rows(name: str) -> None:
    zone, found = ZoneInfo(name), 0
    reader = RowReader(zone, KEYS, PEOPLE, {"risks": RISKS})
    register = Register("list", "List", (), TYPES, targets={"Risk": "risks", "Risks": "risks"})
    for seed in range(CONDITIONS):
        draw = Random(f"{name} {seed}")
        today = draw.choice(TODAYS)
        asked = condition(draw, today, depth=3)
        now = datetime.combine(today, draw.choice(CLOCKS), zone).astimezone(UTC)
        query = caml.parse(f"<Where>{to_caml(parse(asked), TYPES)}</Where>")
        in_view = caml.condition(query.where, caml.Asked(COLUMNS, shown, zone, now, 7))
        in_check = to_predicate(parse(asked), TYPES)
        judged = now.astimezone(zone).date()  # clocks that jump at midnight may have passed it
        for seen in rows(draw, today):
            kept = stored(seen, zone)
            values = reader.row(register, told(kept)).values
            assert in_check(values, judged, KEYS[7]) is in_view(kept), (seed, asked, values)
            found += in_view(kept)
    assert CONDITIONS * ROWS * 0.2 < found < CONDITIONS * ROWS * 0.8, "else little was asked"

"""Rows of registers as their checks ask about them: days in the site's zone, people and lookups by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.sync import columns
from provisioner.sync.facts import Risk
from provisioner.sync.people import person
from provisioner.sync.register_facts import Register, RegisterRow

Titles = Mapping[str, Mapping[int, str]]
"""What rows are called, by list key and row number."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """Turns rows of Graph's into rows of a register. `people` and `names`: key and name by number."""

    zone: ZoneInfo
    people: Mapping[int, str]
    names: Mapping[int, str]
    titles: Titles

    def register(self, register: Register, rows: Iterable[Mapping[str, Any]]) -> Register:
        """The register with its rows, in order of row numbers."""
        made = (self.row(register, one) for one in sorted(rows, key=lambda one: int(one["id"])))
        return replace(register, rows=tuple(made))

    def row(self, register: Register, row: Mapping[str, Any]) -> RegisterRow:
        """One row; what is empty is left out."""
        fields = row.get("fields") or {}
        values, people = {}, {}
        for name, sort in register.types.items():
            value = self._value(register, fields, name, sort)
            if value not in (None, "", []):
                values[name] = value
            number = columns.lookup(fields, name) if sort == "person" else None
            if number is not None:
                people[name] = str(person(self.people, number))
        called = [columns.text(fields, name) or "" for name in (*register.ids[:1], "Title")]
        name = " ".join(dict.fromkeys(word for word in called if word)) or f"#{row['id']}"
        return RegisterRow(f"{register.key}/{row['id']}", name, values, people)

    def _value(self, register: Register, fields: Mapping[str, Any], name: str, sort: str) -> object:
        if sort == "dateOnly":
            return columns.day(fields, name, self.zone)
        if sort == "dateTime":
            return columns.day_of(fields.get(name), self.zone)
        if sort in {"person", "multiperson"}:
            return _one_or_all(sort, [self._person(one) for one in columns.lookups(fields, name)])
        if sort in {"lookup", "multilookup"}:
            titles = self.titles.get(register.targets.get(name, ""), {})
            numbers = columns.lookups(fields, name)
            return _one_or_all(sort, [{"id": one, "title": titles.get(one, "")} for one in numbers])
        return _plain(fields, name, sort)

    def _person(self, number: int) -> dict[str, object]:
        key = person(self.people, number)
        return {"id": number, "title": self.names.get(number) or key, "email": key}


def rows_named(registers: Iterable[Register]) -> dict[str, str]:
    """Row keys by what a waiver may call them, in lower case.

    "Risk Register R-001" as the waiver's column asks for, the list's key in place of its title, a
    row's title or number in place of its id, and the row's own key. What two rows share names none.
    """
    found: dict[str, str] = {}
    twice = set()
    for register in registers:
        for row in register.rows:
            for name in _names(register, row):
                key = " ".join(name.split()).casefold()
                if found.setdefault(key, row.key) != row.key:
                    twice.add(key)
    return {name: key for name, key in found.items() if name not in twice}


def _names(register: Register, row: RegisterRow) -> Iterator[str]:
    yield row.key
    number = row.key.rpartition("/")[2]
    own = [str(row.values[name]) for name in (*register.ids, "Title") if name in row.values]
    for word in (register.title, register.key):
        for each in (*own, row.name, number, f"#{number}"):
            yield f"{word} {each}"


def risks_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Risk]:
    """The rows of the Risk Register, by number."""
    found = {}
    for row in rows:
        fields = row.get("fields") or {}
        words = (columns.text(fields, "RiskId"), columns.text(fields, "Title"))
        name = " ".join(word for word in words if word) or f"risk #{row['id']}"
        found[str(row["id"])] = Risk(name, columns.text(fields, "Status") or "")
    return found


def _one_or_all(sort: str, found: list[dict[str, object]]) -> object:
    if sort.startswith("multi"):
        return found
    return found[0] if found else None


def _plain(fields: Mapping[str, Any], name: str, sort: str) -> object:
    value = fields.get(name)
    if sort == "number":
        return _number(value)
    if sort == "multichoice":
        return list(columns.several(fields, name))
    if sort == "boolean":
        return value if isinstance(value, bool) else None
    return columns.text(fields, name)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None

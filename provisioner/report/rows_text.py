"""Rows of a list for which a condition holds, for a terminal, a spreadsheet and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from provisioner.report.csv_tables import table_csv
from provisioner.report.html_words import shown
from provisioner.report.tables import Column, Table, Value
from provisioner.sync.collect_rows import Selected
from provisioner.sync.register_facts import RegisterRow

_WIDE = 48


@dataclass(frozen=True, slots=True)
class RowsShown:
    """What was asked and found. `columns` are the internal names to show, `where` None: all rows."""

    workspace: str
    key: str
    title: str
    today: date
    where: Any
    columns: tuple[str, ...]
    found: Selected


def rows_json(said: RowsShown) -> dict[str, Any]:
    """The `Rows` document; what is empty on a row is left out of its `values`."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "Rows",
        "workspace": said.workspace,
        "list": said.key,
        "title": said.title,
        "asOf": said.today.isoformat(),
        "where": said.where,
        "filter": said.found.filter or None,
        "read": said.found.read,
        "rows": [
            {"key": row.key, "name": row.name, "values": _values(row, said.columns)}
            for row in said.found.rows
        ],
    }


def rows_csv(said: RowsShown) -> str:
    """One line a row, safe to open in a spreadsheet."""
    columns = (Column("Row"), *(Column(name) for name in said.columns))
    lines: tuple[tuple[Value, ...], ...] = tuple(
        (int(row.key.rpartition("/")[2]), *(_word(row.values.get(one)) for one in said.columns))
        for row in said.found.rows
    )
    return table_csv(Table(said.key, columns, lines))


def rows_text(said: RowsShown) -> str:
    """A line a row in columns as wide as they need, under their names; and how many there are."""
    table = [("Row", *said.columns), *(_line(row, said.columns) for row in said.found.rows)]
    widths = [min(_WIDE, max(len(line[at]) for line in table)) for at in range(len(table[0]))]
    lines = [
        "  ".join(_cut(word, wide).ljust(wide) for word, wide in zip(line, widths, strict=True))
        for line in table
    ]
    count = len(said.found.rows)
    rows = "1 row" if count == 1 else f"{count} rows"
    of = "" if said.where is None else " for which the condition holds"
    told = f"{said.title}: {rows}{of}, as of {said.today}."
    return "\n".join([*(line.rstrip() for line in lines if count), told])


def _line(row: RegisterRow, columns: Sequence[str]) -> tuple[str, ...]:
    number = row.key.rpartition("/")[2]
    return (number, *(" ".join(_word(row.values.get(one)).split()) for one in columns))


def _values(row: RegisterRow, columns: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(row.values[name]) for name in columns if name in row.values}


def _plain(value: object) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _word(value: object) -> str:
    """A value as a person reads it: the name of a person or of a looked-up row, several by "; "."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_word(one) for one in value)
    if isinstance(value, Mapping):
        return str(shown(str(value.get("title") or value.get("id") or "")))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(shown(str(value)))


def _cut(word: str, wide: int) -> str:
    return word if len(word) <= wide else f"{word[: wide - 1]}…"

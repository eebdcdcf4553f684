"""What is wrong with the rows a workspace starts with, its catalogue included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Node
from provisioner.engine.catalogue import (
    CATALOGUE_LIST,
    PERIODS_LIST,
    item_row,
    period_row,
)
from provisioner.engine.lint_parts import ListPart, Places
from provisioner.kinds.item_seed import LOOKUPS, Items
from provisioner.kinds.item_values import texts
from provisioner.kinds.list_spec import Library
from provisioner.kinds.principal import checked
from provisioner.spec.models import Settings
from provisioner.spec.overlay import nearest_hint

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KEYS = frozenset({"text", "number", "choice", "dateOnly", "dateTime"})
_ADDRESS = re.compile(r"(https?://|mailto:|/)\S+", re.IGNORECASE)


def row_problems(
    root: Node, parts: Sequence[ListPart], settings: Settings | None, where: Places
) -> Iterable[Problem]:
    """Codes: SEED-COLUMN, SEED-VALUE, SEED-CIRCLE, EVIDENCE-LIBRARY."""
    by_key = {part.spec.key: part for part in parts}
    for part in parts:
        yield from _seeds(part, where)
    yield from _circles(by_key, where)
    if settings is None:
        return
    libraries = {key: part.spec.title for key, part in by_key.items()
                 if isinstance(part.spec, Library)}  # fmt: skip
    catalogue, periods = by_key.get(CATALOGUE_LIST), by_key.get(PERIODS_LIST)
    for index, item in enumerate(settings.evidence):
        at = root.at(("evidence", index)).where
        if item.library not in libraries:
            yield Problem(
                "EVIDENCE-LIBRARY",
                f"{item.id} belongs in “{item.library}”, which is no library of this workspace.",
                root.at(("evidence", index, "library")).where,
                nearest_hint(item.library, sorted(libraries)) or "Name the `key` of a library.",
            )
        if catalogue is not None:
            yield from _row(catalogue, item_row(item, libraries), item.id, at)
    for index, period in enumerate(settings.periods if periods is not None else ()):
        assert periods is not None
        at = root.at(("periods", index)).where
        yield from _row(periods, period_row(period), period.name, at)


def _row(part: ListPart, row: Mapping[str, Any], name: str, at: Where) -> Iterable[Problem]:
    """Problems of a row that we make of the file's own words, all at one place."""
    types = part.types
    for column, value in row.items():
        wrong = _wrong(part, column, value, types) if column in types else None
        if wrong is not None:
            yield Problem("SEED-VALUE", f"{name}: {wrong[0]}", at, wrong[1])


def _circles(by_key: Mapping[str, ListPart], where: Places) -> Iterable[Problem]:
    """Rows that wait for one another: each is made with the ids of those it looks up."""
    refers: dict[tuple[str, str], list[tuple[str, str]]] = {}
    places_of: dict[tuple[str, str], Where] = {}
    for key, part in by_key.items():
        if part.rows is None or not isinstance(part.rows.spec, Items):
            continue
        spec, types = part.rows.spec, part.types
        for index, row in enumerate(spec.seed):
            own = (key, str(row.get(spec.key)))
            places_of[own] = where.of(part.rows, "seed", index)
            refers[own] = [
                (str(part.columns[name].list), word)
                for name, value in row.items()
                if value and types.get(name) in LOOKUPS
                for word in texts(value)
            ]
    done: set[tuple[str, str]] = set()
    waiting = dict(refers)
    while ready := [o for o, named in waiting.items() if not set(named) & (set(waiting) - done)]:
        done.update(ready)
        for own in ready:
            del waiting[own]
    for own in waiting:
        yield Problem(
            "SEED-CIRCLE",
            f"The row “{own[1]}” looks up rows that wait for one another.",
            places_of[own],
            "Leave one of the lookups out; people fill it in the list.",
        )


def _seeds(part: ListPart, where: Places) -> Iterable[Problem]:
    if part.rows is None:
        return
    spec, types = part.rows.spec, part.types
    assert isinstance(spec, Items)
    if spec.key not in types:
        yield _unknown(part, spec.key, where.of(part.rows, "key"))
    elif types[spec.key] not in _KEYS:
        yield Problem(
            "SEED-COLUMN",
            f"“{spec.key}” cannot be what rows are known by: it holds no plain value.",
            where.of(part.rows, "key"),
            "Take a column of text, numbers, days or one choice, such as Title.",
        )
    for index, row in enumerate(spec.seed):
        for column, value in row.items():
            at = where.of(part.rows, "seed", index, column)
            if column not in types:
                if part.whole and column != spec.key:
                    yield _unknown(part, column, at)
                continue
            wrong = None if value is None else _wrong(part, column, value, types)
            if wrong is not None:
                yield Problem("SEED-VALUE", wrong[0], at, wrong[1])


def _unknown(part: ListPart, column: str, at: Where) -> Problem:
    return Problem(
        "SEED-COLUMN",
        f"“{part.spec.key}” has no column “{column}”.",
        at,
        nearest_hint(column, sorted(part.types)) or "Use the `name` of a column, not its title.",
    )


def _wrong(
    part: ListPart, column: str, value: Any, types: Mapping[str, str]
) -> tuple[str, str] | None:
    """Why a value does not fit its column, and what to do; None when it does."""
    word = types[column]
    unfillable = _unfillable(part, column, word)
    if unfillable is not None:
        return unfillable
    if word in {"choice", "multichoice"}:
        return _wrong_choice(part, column, value, several=word == "multichoice")
    if word in {"multiperson", "multilookup"}:
        several = value if isinstance(value, list | tuple) else (value,)
        wrongs = (_unlike(column, word.removeprefix("multi"), one) for one in several)
        return next((wrong for wrong in wrongs if wrong is not None), None)
    if isinstance(value, list | tuple):
        return f"“{column}” takes one value.", "Write it without square brackets."
    return _unlike(column, word, value)


def _unfillable(part: ListPart, column: str, word: str) -> tuple[str, str] | None:
    """Why no row of a file can fill a column, and what to do; None where one can."""
    declared = part.columns.get(column)
    if word in {"term", "multiterm"}:
        return (
            f"“{column}” is a column of managed terms, which a row of the file cannot fill.",
            "Leave it out, and choose the term in SharePoint.",
        )
    if declared is not None and declared.primary_column:
        return (
            f"“{column}” shows what “{declared.primary_column}” points at, and is read-only.",
            f"Leave it out and give {declared.primary_column} a value.",
        )
    if declared is not None and declared.read_only:
        return (
            f"“{column}” is read-only, and SharePoint takes no value for it.",
            "Leave it out, or take `readOnly` away from the column.",
        )
    if declared is not None and declared.type == "calculated":
        return (
            f"“{column}” is a calculated column, which a row of the file cannot fill.",
            "Leave it out; SharePoint works it out.",
        )
    return None


def _unlike(column: str, word: str, value: Any) -> tuple[str, str] | None:
    expected = _EXPECTED.get(word, _EXPECTED["text"])
    if _fits(word, value):
        return None
    return f"“{column}” takes {expected[0]}, not “{value}”.", expected[1]


def _wrong_choice(
    part: ListPart, column: str, value: Any, *, several: bool
) -> tuple[str, str] | None:
    declared = part.columns.get(column)
    choices = (declared.choices if declared is not None else None) or ()
    if isinstance(value, list | tuple) and not several:
        return f"“{column}” takes one choice.", "Write it without square brackets."
    for one in value if isinstance(value, list | tuple) else (value,):
        if one not in choices and not (declared is not None and declared.allow_text_entry):
            hint = f"{nearest_hint(str(one), choices)} Choices: {', '.join(choices)}."
            return f"“{one}” is not a choice of “{column}”.", hint.strip()
    return None


def _fits(word: str, value: Any) -> bool:
    if word == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if word == "boolean":
        return isinstance(value, bool)
    if word == "hyperlink":
        given = value.get("url") if isinstance(value, Mapping) else value
        named = not isinstance(value, Mapping) or set(value) <= {"url", "description"}
        return named and isinstance(given, str) and bool(_ADDRESS.fullmatch(given))
    if not isinstance(value, str):
        return False
    if word in {"dateOnly", "dateTime"}:
        return _is_day(value)
    return word != "person" or _is_somebody(value)


def _is_day(text: str) -> bool:
    try:
        if _DAY.fullmatch(text):
            return bool(date.fromisoformat(text))
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_somebody(text: str) -> bool:
    try:
        return bool(checked(text))
    except ValueError:
        return False


_EXPECTED = {
    "text": ("text", "Put it in quotes."),
    "number": ("a number", "Write it without quotes."),
    "boolean": ("true or false", "Write true or false, without quotes."),
    "dateOnly": ("a day", "Write it as YYYY-MM-DD, a day that exists."),
    "dateTime": ("a day or a moment", "Write 2026-03-31, or 2026-03-31T09:00:00Z."),
    "person": ("a person", "Write user:ann@contoso.com."),
    "lookup": ("the key of a row", "Write the value of the other list's key column, in quotes."),
    "hyperlink": ("an address", "Write https://…, or {url: https://…, description: …}."),
}

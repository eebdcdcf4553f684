"""Register checks: each is a rule of its own, made of what the file declares beside a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from provisioner.core.where import Row, to_predicate
from provisioner.sync.cases import RowCase
from provisioner.sync.policy import Policy
from provisioner.sync.register_facts import Check, Register, RegisterRow
from provisioner.sync.rules.rule import Holding, Rule, say
from provisioner.sync.vocabulary import SubjectKind

_COLUMN = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_EMPTY = "(empty)"

Predicate = Callable[[Row, date, str], bool]


def rule_of(register: Register, check: Check) -> Rule:
    """A check as a rule."""
    return Rule(
        code=check.code,
        subjects=(SubjectKind.ROW,),
        severity=check.severity,
        title=f"A check of {register.title}",
        meaning=f"A row of {register.title} answers the check {check.code} of the workspace file.",
        why="The workspace file says so.",
        next=f"Correct the row in {register.title}, or have it waived.",
        checks={RowCase: holds},
    )


def holds(case: RowCase) -> Iterator[Holding]:
    """The row is at fault. Its facts are the columns the check reads."""
    yield Holding(
        filled(case.check.message, case.row),
        {name: words(case.row.values.get(name)) or None for name in case.check.reads},
    )


def at_fault(register: Register, policy: Policy, today: date) -> Iterator[RowCase]:
    """Every check and row that answers it with yes, row by row in the order of the checks."""
    asked: list[tuple[Check, Predicate]] = [
        (one, to_predicate(one.where, register.types, holidays=policy.holidays))
        for one in register.checks
    ]
    for row in register.rows:
        for check, predicate in asked:
            if predicate(row.values, today, ""):
                yield RowCase(register, check, row, policy, today)


def row_facts(register: Register, row: RegisterRow, codes: frozenset[str]) -> dict[str, str]:
    """The facts a row's waiver depends on: the columns read by the checks it names (none: by all)."""
    reads = {
        name
        for check in register.checks
        if not codes or check.code in codes
        for name in check.reads
    }
    return {name: words(row.values.get(name)) for name in sorted(reads)}


def filled(message: str, row: RegisterRow) -> str:
    """A message with the row's own values; it ends with a full stop."""

    def value(found: re.Match[str]) -> str:
        return words(row.values.get(found[1])) or _EMPTY

    text = _COLUMN.sub(value, message).strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def words(value: object) -> str:
    """A value for people: a day in words, a person by name, several with commas; "" for none."""
    if isinstance(value, (list, tuple)):
        return ", ".join(word for one in value if (word := words(one)))
    if isinstance(value, date):
        return say(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, Mapping):
        return str(value.get("title") or value.get("email") or value.get("id") or "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else " ".join(str(value).split())

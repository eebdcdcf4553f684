"""Registers as the rules read them: the checks declared beside a list, and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.core.where import Condition, fields_of
from provisioner.sync.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Check:
    """A question asked of every row. `assign` names the column of the person to tell."""

    code: str
    severity: Severity
    where: Condition
    message: str
    assign: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Internal names of the columns it reads, in order."""
        return tuple(sorted(fields_of(self.where)))


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row. `values` as `core.where` takes them: days in the site's zone, people as maps.

    `name` is what people call it. `people` are principal keys by column with one person.
    """

    key: str
    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """A list with checks. `types` are the words of `core.where` for its columns.

    `ids` are its columns whose value tells rows apart, `targets` the lists its lookups lead to.
    """

    key: str
    title: str
    checks: tuple[Check, ...]
    types: Mapping[str, str]
    rows: tuple[RegisterRow, ...] = ()
    ids: tuple[str, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)

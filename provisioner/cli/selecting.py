"""What `provisioner rows` is asked for, checked against the file before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import yaml

from provisioner.cli.registers import register_of
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import Usage
from provisioner.core.where import (
    Condition,
    Me,
    Test,
    WhereError,
    fields_of,
    parse,
    refuse_unlike,
    tests_of,
)
from provisioner.engine.lint_parts import ListPart, list_parts
from provisioner.kinds.list_spec import Library
from provisioner.kinds.view_spec import View
from provisioner.sync.collect_rows import Asked
from provisioner.sync.job import policy_of

_WHOLE = frozenset({"eq", "ne", "in", "notIn"})
_LINKS = {
    "LinkTitle": "Title",
    "LinkTitleNoMenu": "Title",
    "LinkFilename": "FileLeafRef",
    "LinkFilenameNoMenu": "FileLeafRef",
}
"""Columns of views that show what another column holds, as a link."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked; `data` is the condition as plain data, None for all rows; `columns` to show."""

    asked: Asked
    data: Any
    columns: tuple[str, ...]


def wanted(workspace: Workspace, key: str, where: str, columns: Sequence[str]) -> Wanted:
    """The list, the condition and the columns. Raises `Usage`: NO-SUCH-LIST, BAD-WHERE."""
    parts = {part.spec.key: part for part in list_parts(workspace.declarations)}
    if key not in parts:
        near = get_close_matches(key, parts, 1) or sorted(parts)
        raise Usage(
            "NO-SUCH-LIST",
            f"The file declares no list or library of the key {key!r}.",
            hint=f"Did you mean {near[0]}?" if len(near) == 1 else f"It has {', '.join(near)}.",
        )
    part = parts[key]
    data = _data(where) if where.strip() else None
    condition = None if data is None else _condition(data, part)
    register = register_of(part)
    if isinstance(part.spec, Library):
        register = replace(register, ids=("FileLeafRef",))
    declared = workspace.declared_lists()
    shown = _shown(part, columns)
    named = {*shown, *(fields_of(condition) if condition else ())}
    targets = {
        target: declared[target][0]
        for name, target in register.targets.items()
        if target in declared and name in named
    }
    asked = Asked(
        register,
        declared[key][0],
        targets,
        frozenset(name for name, one in part.columns.items() if one.indexed),
        condition,
        workspace.desired.scope.today,
        policy_of(workspace.settings).holidays,
    )
    return Wanted(asked, data, shown)


def _data(where: str) -> Any:
    try:
        return yaml.safe_load(where)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Usage(
            "BAD-WHERE",
            "--where cannot be read as YAML.",
            hint='Write it in quotes: --where "{Status: {ne: Closed}}".',
        ) from None


def _condition(data: Any, part: ListPart) -> Condition:
    try:
        condition = parse(data)
        for test in tests_of(condition):
            _asked_well(part, test)
        refuse_unlike(condition, part.types)
    except WhereError as wrong:
        at = ".".join(str(step) for step in wrong.path)
        message = f"{at}: {wrong.message}" if at else wrong.message
        raise Usage("BAD-WHERE", f"--where: {message}", hint=wrong.hint) from None
    return condition


def _asked_well(part: ListPart, test: Test) -> None:
    for name in (test.field, test.other or test.field):
        _known(part, name, test.path)
    if any(isinstance(one, Me) for one in test.values):
        raise WhereError("`me` is whoever looks at a view, and here is nobody.", test.path)
    people = part.types[test.field] in {"person", "multiperson"}
    if people and any(isinstance(one, str) and "@" in one for one in test.values):
        raise WhereError("People are not compared by e-mail.", test.path, "Use the display name.")
    column = part.columns.get(test.field)
    if (
        test.operator not in _WHOLE
        or column is None
        or not column.choices
        or column.allow_text_entry
    ):
        return
    known = {one.casefold() for one in column.choices}
    for one in test.values:
        if isinstance(one, str) and one.rstrip().casefold() not in known:
            hint = f"Its choices: {', '.join(column.choices)}."
            raise WhereError(f"“{one}” is no choice of “{test.field}”.", test.path, hint)


def _known(part: ListPart, name: str, path: tuple[str | int, ...]) -> None:
    if name in part.types:
        return
    near = get_close_matches(name, part.types, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"It has {', '.join(part.columns)}."
    raise WhereError(f"There is no column “{name}” in {part.spec.title}.", path, hint)


def _shown(part: ListPart, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns to show: those asked for, else those of the view people see first."""
    try:
        for name in columns:
            _known(part, name, ())
    except WhereError as wrong:
        raise Usage("BAD-WHERE", f"--column: {wrong.message}", hint=wrong.hint) from None
    first = [one.spec for one in part.views if isinstance(one.spec, View) and one.spec.default]
    seen = first[0].columns if first else ("Title", *part.columns)
    named = (_LINKS.get(name, name) for name in columns or seen)
    return tuple(dict.fromkeys(name for name in named if name in part.types))

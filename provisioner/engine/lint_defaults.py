"""What is wrong with the default values of a library: columns that are not there, and values."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.core.errors import Problem
from provisioner.engine.declare import type_word
from provisioner.engine.lint_parts import ListPart, Places
from provisioner.kinds.base import Declared
from provisioner.kinds.default_texts import text_of
from provisioner.kinds.default_values import DefaultValues
from provisioner.kinds.folder import Folder
from provisioner.spec.overlay import nearest_hint


def default_problems(
    part: ListPart, declared: Iterable[Declared], where: Places
) -> Iterable[Problem]:
    """Codes: DEFAULT-COLUMN, DEFAULT-VALUE. `declared` are the `defaults` of the workspace."""
    for one in declared:
        above = one.parent
        if above is not None and isinstance(above.spec, Folder):
            above = above.parent
        if above is part.declared and isinstance(one.spec, DefaultValues):
            yield from _values(part, one, one.spec, where)


def _values(part: ListPart, one: Declared, spec: DefaultValues, where: Places) -> Iterable[Problem]:
    for name, value in spec.root.items():
        at, column = where.of(one, name), part.columns.get(name)
        if column is None or not column.type:
            yield Problem(
                "DEFAULT-COLUMN",
                f"“{part.spec.key}” has no column “{name}” that could have a default value.",
                at,
                nearest_hint(name, sorted(part.columns))
                or "Use the `name` of a column of the library or of its content types.",
            )
            continue
        try:
            text = text_of(value, type_word(column))
        except ValueError as wrong:
            said = f"“{value}” cannot be the default value of “{name}”."
            yield Problem("DEFAULT-VALUE", said, at, str(wrong))
            continue
        choices = getattr(column, "choices", None) or ()
        if text and choices and text not in choices:
            yield Problem(
                "DEFAULT-VALUE",
                f"“{text}” is none of the choices of “{name}”.",
                at,
                nearest_hint(text, list(choices)) or f"Write one of {', '.join(choices)}.",
            )

"""What is wrong with the formatting and the checks of a list: columns that are not there."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.core.errors import Problem, Where
from provisioner.core.where import WhereError, fields_of, parse, refuse_unlike
from provisioner.engine.lint_parts import ListPart, Places
from provisioner.kinds.base import Declared
from provisioner.kinds.formatting import ListFormatting
from provisioner.kinds.list_spec import List
from provisioner.spec.overlay import nearest_hint


def list_problems(part: ListPart, formats: Iterable[Declared], where: Places) -> Iterable[Problem]:
    """Codes: FORMATTING-COLUMN, FORMATTING-TWICE, CHECK-COLUMN.

    `formats` are the `formatting` maps of the workspace; the list's own is looked for.
    """
    for one in formats:
        if one.parent is part.declared and isinstance(one.spec, ListFormatting):
            yield from _formats(part, one, one.spec, where)
    yield from _checks(part, where)


def _formats(
    part: ListPart, one: Declared, spec: ListFormatting, where: Places
) -> Iterable[Problem]:
    own = {getattr(c.spec, "name", ""): c.spec for c in part.own}
    known = part.may_show()
    for name in spec.root:
        at = where.of(one, name)
        if name not in known and part.whole:
            yield Problem(
                "FORMATTING-COLUMN",
                f"“{part.spec.key}” has no column “{name}” to format.",
                at,
                nearest_hint(name, sorted(known)) or "Use the `name` of a column, not its title.",
            )
        elif getattr(own.get(name), "formatting", None) is not None:
            yield Problem(
                "FORMATTING-TWICE",
                f"The column “{name}” of “{part.spec.key}” says itself how it is shown.",
                at,
                "Keep one of the two: `formatting` of the column, or this.",
            )


def _checks(part: ListPart, where: Places) -> Iterable[Problem]:
    spec = part.spec
    for index, check in enumerate(spec.checks if isinstance(spec, List) else ()):
        at = where.of(part.declared, "checks", index, "where")
        try:
            condition = parse(check.where)
            named = sorted(fields_of(condition))
            refuse_unlike(condition, part.types)
        except WhereError as wrong:
            place = where.of(part.declared, "checks", index, "where", *wrong.path)
            yield Problem("CHECK-COLUMN", wrong.message, place, wrong.hint)
            continue
        yield from (_unknown(part, name, at) for name in named if name not in part.types)
        if check.assign is not None and check.assign not in part.types:
            yield _unknown(part, check.assign, where.of(part.declared, "checks", index, "assign"))


def _unknown(part: ListPart, name: str, at: Where) -> Problem:
    return Problem(
        "CHECK-COLUMN",
        f"A check asks about “{name}”, which “{part.spec.key}” does not have.",
        at,
        nearest_hint(name, sorted(part.types)) or "Use the `name` of a column, not its title.",
    )

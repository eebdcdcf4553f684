"""What is wrong with the views of a list: columns that are not there, what CAML cannot say, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Step
from provisioner.core.where import WhereError, fields_of, parse, to_caml
from provisioner.engine.lint_parts import ALWAYS_SHOWN, ListPart, Places
from provisioner.kinds.base import Declared
from provisioner.kinds.formatters import ROW_NAMES
from provisioner.kinds.view_parts import TOTALS
from provisioner.kinds.view_spec import View
from provisioner.spec.overlay import nearest_hint

MOST_LOOKUPS = 12
_JOINED = frozenset({"person", "multiperson", "lookup", "multilookup"})
_UNSORTABLE = frozenset({"note", "multichoice", "multiperson", "multilookup"})
_DATED = ("count", "average", "min", "max")
_TOTALS: Mapping[str, tuple[str, ...]] = {
    "number": tuple(TOTALS),
    "dateTime": _DATED,
    "dateOnly": _DATED,
}
"""Totals a column can have, by its type; every other column can be counted, and no more."""


def view_problems(part: ListPart, where: Places) -> Iterable[Problem]:
    """What is wrong with the views of a list.

    Codes: VIEW-TWICE, VIEW-DEFAULTS, VIEW-COLUMN, VIEW-WHERE, VIEW-SORT, VIEW-BOARD, VIEW-TOTAL,
    LOOKUP-LIMIT.
    """
    names: dict[str, Where] = {}
    default: Where | None = None
    for one in part.views:
        spec = one.spec
        assert isinstance(spec, View)
        at = where.of(one, "name")
        before = names.setdefault(spec.name.casefold(), at)
        if before is not at:
            yield Problem(
                "VIEW-TWICE",
                f"The view “{spec.name}” differs from the one at {before} only in capitals.",
                at,
                "SharePoint takes them for one; rename one of them.",
            )
        if spec.default and default is not None:
            yield Problem(
                "VIEW-DEFAULTS",
                f"A list has one default view, and {default} is another one.",
                where.of(one, "default"),
                "Keep `default: true` in the view people should see first.",
            )
        default = where.of(one, "default") if spec.default else default
        yield from _columns(part, one, spec, where)
        yield from _board(part, one, spec, where)
        yield from _totals(part, one, spec, where)
        yield from _condition(part, one, spec, where)
        yield from _joins(part, one, spec, where)


def _columns(part: ListPart, one: Declared, spec: View, where: Places) -> Iterable[Problem]:
    known = part.may_show()
    for path, name in _named(spec):
        if name not in known and part.whole:
            yield Problem(
                "VIEW-COLUMN",
                f"The view “{spec.name}” names the column “{name}”, which “{part.spec.key}” does "
                "not have.",
                where.of(one, *path),
                nearest_hint(name, sorted(known)) or "Use the `name` of a column, not its title.",
            )
        elif path[0] in {"orderBy", "groupBy"} and part.types.get(name) in _UNSORTABLE:
            yield Problem(
                "VIEW-SORT",
                f"SharePoint cannot sort or group by “{name}”: it holds long text or several "
                "values.",
                where.of(one, *path),
                "Sort or group by another column.",
            )


def _named(spec: View) -> Iterable[tuple[tuple[Step, ...], str]]:
    """Every column a view names outside its condition, with its place in the declaration."""
    for index, name in enumerate(spec.columns):
        yield ("columns", index), name
    for index, part in enumerate(spec.order_by):
        if isinstance(part, str):
            yield ("orderBy", index), part
        else:
            yield from ((("orderBy", index, name), name) for name in part)
    for index, name in enumerate(spec.group_by):
        yield ("groupBy", index), name
    yield from ((("totals", name), name) for name in spec.totals)
    yield from ((("widths", name), name) for name in spec.widths or ())
    if spec.board_by is not None:
        yield ("boardBy",), spec.board_by
    if spec.calendar is not None:
        drawn = spec.calendar.model_dump()
        yield from ((("calendar", word), str(name)) for word, name in drawn.items())
    for word in ROW_NAMES:
        if spec.formatting and word in spec.formatting:
            yield ("formatting", word), str(spec.formatting[word])


def _board(part: ListPart, one: Declared, spec: View, where: Places) -> Iterable[Problem]:
    """Support.microsoft.com, "Create a board view of a list": a board has a lane for each choice."""
    types, name = part.types, spec.board_by
    if name in types and types[name] != "choice":
        choices = sorted(other for other, word in types.items() if word == "choice")
        yield Problem(
            "VIEW-BOARD",
            f"A board has a lane for each choice of one column, and “{name}” has none.",
            where.of(one, "boardBy"),
            f"Name a choice column that takes one value: {', '.join(choices)}."
            if choices
            else "Declare a choice column that takes one value, and name it here.",
        )


def _totals(part: ListPart, one: Declared, spec: View, where: Places) -> Iterable[Problem]:
    types = part.types
    for name, total in spec.totals.items():
        fits = _TOTALS.get(types.get(name, ""), ("count",))
        if total not in fits and (name in types or name in ALWAYS_SHOWN):
            yield Problem(
                "VIEW-TOTAL",
                f"SharePoint cannot say the {total} of “{name}” below the view “{spec.name}”.",
                where.of(one, "totals", name),
                f"Write {' or '.join(fits)} for this column.",
            )


def _condition(part: ListPart, one: Declared, spec: View, where: Places) -> Iterable[Problem]:
    if spec.where is None:
        return
    try:
        to_caml(parse(spec.where), part.types)
    except WhereError as wrong:
        at = where.of(one, "where", *wrong.path)
        hint = wrong.hint or "Write it like {Status: {ne: Closed}}."
        yield Problem("VIEW-WHERE", wrong.message, at, hint)


def _joins(part: ListPart, one: Declared, spec: View, where: Places) -> Iterable[Problem]:
    """Lookups and people are read by joins, of which SharePoint allows twelve in a query."""
    named = dict.fromkeys(name for _, name in _named(spec))
    if spec.where is not None:
        named |= dict.fromkeys(sorted(fields_of(parse(spec.where))))
    joined = [name for name in named if part.types.get(name) in _JOINED]
    if len(joined) > MOST_LOOKUPS:
        yield Problem(
            "LOOKUP-LIMIT",
            f"The view “{spec.name}” uses {len(joined)} columns of people and lookups, and a view "
            f"may use {MOST_LOOKUPS}.",
            where.of(one, "columns"),
            "Take some away, or make two views of it.",
        )

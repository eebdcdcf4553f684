"""What stands on a list's column: views that show it, formulas and lookups that read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.address import parent_of, root_of, split
from provisioner.core.resource import Existing
from provisioner.engine.desired import Desired
from provisioner.kinds.column_remake import Shown

__all__ = ["Shown", "shown_in", "users_of"]


def shown_in(
    own: str,
    desired: Desired,
    existing: Mapping[str, Existing],
    before: Mapping[str, Collection[str]],
    earlier: Collection[str] = (),
    later: Collection[str] = (),
) -> tuple[Shown, ...]:
    """The views that show the column, or did `before` it was taken away, by their ids.

    `earlier` and `later` are names of other columns that are away as well and come back before it
    and after it. A view that lost the column and is declared with it gets it back by a change of its
    own.
    """
    name, found = split(own)[1], []
    for view in existing.values():
        if view.kind != "view" or parent_of(view.address) != root_of(own):
            continue
        now = tuple(str(one) for one in view.properties.get("columns", ()))
        wanted = desired.resources.get(view.address)
        asked = wanted.properties.get("columns", ()) if wanted is not None else ()
        whole = tuple(before.get(view.ids["id"], ())) if name not in asked else ()
        kept = [one for one in whole if one in {*now, name, *earlier}]
        was = _place(name, kept, later) if name in whole else None
        if name in now:
            back = was if _otherwise(kept, now) else None
            place = _place(name, now, later)
            found.append(Shown(view.ids["id"], now, place, there=True, back=back))
        elif name in whole:
            found.append(Shown(view.ids["id"], whole, was, there=False))
    return tuple(found)


def _otherwise(kept: Sequence[str], now: Sequence[str]) -> bool:
    """Whether what both show stands in another order now."""
    return [one for one in kept if one in now] != [one for one in now if one in kept]


def _place(name: str, columns: Iterable[str], later: Collection[str]) -> int | None:
    """Where the column goes among those that are there by then; None for the end."""
    there = [one for one in columns if one not in later or one == name]
    return None if there[-1] == name else there.index(name)


def users_of(own: str, existing: Mapping[str, Existing]) -> list[str]:
    """Addresses of what computes with the column: formulas of its list, and lookups that show it."""
    column, home = existing[own], root_of(own)
    named = re.compile(rf"(?<!\w){re.escape(str(column.properties.get('displayName')))}(?!\w)")
    found = []
    for one in existing.values():
        said = one.properties
        if one.address == own:
            continue
        if one.kind == "column" and said.get("type") == "lookup":
            shows = said.get("list") == split(home)[1] and said.get("show") == split(own)[1]
            if shows or said.get("primaryColumn") == own:
                found.append(one.address)
        near = root_of(one.address) == home and one.kind in {"column", "validation"}
        if near and any(named.search(text) for text in _formulas(said)):
            found.append(one.address)
    return sorted(set(found))


def _formulas(properties: Mapping[str, Any]) -> Iterable[str]:
    for word in ("formula", "default", "validation"):
        given = properties.get(word)
        text = given.get("formula") if isinstance(given, Mapping) else given
        if isinstance(text, str) and text.startswith("="):
            yield text

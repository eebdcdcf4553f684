"""A column moves from a list to the site: what the plan says of it, or why it is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from provisioner.core.address import parent_of, split
from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.column_conversion import conversions, keeps
from provisioner.engine.column_moves import Move, brought, moves
from provisioner.engine.column_uses import shown_in, users_of
from provisioner.engine.column_values import ColumnValues
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked
from provisioner.engine.type_change import (
    Refusal,
    cut_off,
    held,
    kept_sentence,
    lossy,
    rows,
    said,
    switched,
    without_copy,
)

_KEEP = "take {column} out of the content type and declare it under the list's `columns`."
_BY_HAND = (
    "To move it by hand, give the site's column another `name`, apply, move the values in "
    "SharePoint's grid view, then delete the list's own."
)


def moved_columns(
    desired: Desired, observed: Observed, allowed: frozenset[str]
) -> Iterable[Change | Blocked]:
    """What becomes of each list's column that stands in the way of a site column.

    A change where its address is in `allowed` and its values have their place in the site's.
    """
    existing = observed.existing
    asked, named = moves(desired, existing), _named_in_lists(existing)
    for one in brought(desired):
        double = _doubled(one, observed, named)
        if double is not None:
            yield _blocked(one, desired, *double)
        elif one in asked:
            others = [m.own for m in asked if m.home == one.home]
            yield _move(one, desired, observed, others, allowed=one.own in allowed)
        elif (
            one.own in desired.resources
            and one.binding not in existing
            and one.local(existing) is not None
        ):
            yield _blocked(one, desired, *_cannot(one, "the file declares it in the list too"))


def _move(
    one: Move, desired: Desired, observed: Observed, others: Sequence[str], *, allowed: bool
) -> Change | Blocked:
    own, shared = one.own, desired.resources[one.shared]
    local, kept = one.local(observed.existing), observed.kept.get(own)
    begun = one.marked(observed.existing)
    there = local or (Existing("column", own, kept.before, {}, declared=False) if kept else None)
    if there is None:
        return _blocked(one, desired, *without_copy(own))
    values = observed.values.get(own) or (kept.values if kept else ColumnValues({}, {}))
    earlier = [split(other)[1] for other in others if other < own]
    later = [split(other)[1] for other in others if other > own]
    before = kept.views if kept is not None else {}
    shown = shown_in(own, desired, observed.existing, before, earlier, later)
    sentence = kept_sentence(values.count, "moved", shown)
    refused = _refusal(one, desired, observed, there, values)
    if refused is None and not allowed:
        refused = cut_off(own) if begun else _unasked(one, sentence)
    if refused is not None:
        return _blocked(one, desired, *refused)
    fields = [FieldChange("place", "the list", "the site")] if local is not None else []
    if there.properties.get("type") != shared.properties["type"]:
        fields.append(FieldChange("type", there.properties["type"], shared.properties["type"]))
    bound = observed.existing.get(one.binding)
    extra = {"name": split(own)[1], "shared": one.shared}
    extra |= {"binding": bound.ids["id"]} if bound is not None else {}
    resource = Resource("column", own, shared.properties, extra=extra, where=shared.where)
    return Change(
        own,
        "column",
        Action.REPLACE,
        f"it gives way to the site's column of that name; {sentence}"
        if not begun or local is not None
        else "its move to the site was cut off, and goes on; "
        f"{rows(values.count)} get their values back from the ledger",
        "high",
        tuple(fields),
        desired=switched(resource, "moved", shown),
        existing=there,
        depends=(one.home,),
    )


def _refusal(
    one: Move, desired: Desired, observed: Observed, there: Existing, values: ColumnValues
) -> Refusal | None:
    """Code, message and hint where the column cannot give way with all its values."""
    own, wanted = one.own, desired.resources[one.shared].properties
    local = one.local(observed.existing) is not None
    if not keeps(wanted, there.properties):
        now, then = said(there.properties), said(wanted)
        return _cannot(one, f"its values ({now}) have no place in the site's ({then})")
    what = "move to the site"
    _, why = conversions(values.cells, there.properties, wanted)
    if why and local:
        return lossy(own, what, why, values.count)
    users = users_of(own, observed.existing) if local else ()
    return held(own, what, observed.existing[one.home].properties, values.count, users)


def _unasked(one: Move, sentence: str) -> Refusal:
    """Code, message and hint for a move that could be made, and that nobody asked for."""
    name = split(one.own)[1]
    return (
        "COLUMN-ALREADY-IN-LIST",
        (
            f"{one.home} has a column {name} of its own, and the content type "
            f"“{split(one.binding)[1]}” brings the site's. It can give way: {sentence}."
        ),
        f"Plan and apply with --allow {one.own} to move it. Or {_KEEP.format(column=name)}",
    )


def with_moves(changes: Sequence[Change], desired: Desired) -> list[Change]:
    """The changes; what brings a site's column waits for the list's own to be gone."""
    gone = {c.address for c in changes if c.desired and c.desired.extra.get("how") == "moved"}
    if not gone:
        return list(changes)
    waiting: dict[str, set[str]] = {}
    for one in brought(desired):
        if one.own in gone:
            for address_ in (one.binding, one.content_type):
                waiting.setdefault(address_, set()).add(one.own)
    return [
        replace(c, depends=tuple(dict.fromkeys((*c.depends, *sorted(waiting[c.address])))))
        if c.address in waiting
        else c
        for c in changes
    ]


def _named_in_lists(existing: Mapping[str, Existing]) -> dict[tuple[str, str], str]:
    """What each column is called in its list, by the list's address and the column's id."""
    return {
        (parent_of(one.address), one.ids["id"]): split(one.address)[1]
        for one in existing.values()
        if one.kind == "column"
    }


def _doubled(one: Move, observed: Observed, named: Mapping[tuple[str, str], str]) -> Refusal | None:
    """Whether the site's column came into the list under another name."""
    shared = observed.existing.get(one.shared)
    called = named.get((one.home, shared.ids["id"])) if shared is not None else None
    name = split(one.own)[1]
    return None if called in {None, name} else doubled(one.home, name, str(called))


def doubled(home: str, name: str, wrong: str) -> Refusal:
    """Code, message and hint for a site column that a list calls otherwise."""
    return (
        "COLUMN-DOUBLED",
        (
            f"The site's column {name} is called {wrong} in {home}, because the name was in use when it "
            "came."
        ),
        (
            f"Delete the column {wrong} in the list's settings, where it holds no values of its own, "
            "and apply again: it comes once more, under its own name."
        ),
    )


def _cannot(one: Move, why: str) -> Refusal:
    name = split(one.own)[1]
    return (
        "COLUMN-ALREADY-IN-LIST",
        (
            f"{one.home} has a column {name} of its own, and the content type “{split(one.binding)[1]}” "
            f"brings the site's. It cannot give way, because {why}."
        ),
        f"To keep it in the list, {_KEEP.format(column=name)} {_BY_HAND}",
    )


def _blocked(one: Move, desired: Desired, code: str, message: str, hint: str) -> Blocked:
    where = desired.resources[one.binding].where
    return Blocked(one.own, code, message, hint, where)

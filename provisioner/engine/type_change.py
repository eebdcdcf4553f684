"""What a plan says of a list's column that gets another type: done, with what is kept; or refused.

Pure. What becomes of each value is in `column_conversion`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.column_conversion import conversions, way
from provisioner.engine.column_copy import Kept
from provisioner.engine.column_uses import Shown
from provisioner.engine.column_values import ColumnValues, marker_address
from provisioner.engine.plan import Blocked

Refusal = tuple[str, str, str]
"""Code, message and hint."""
_SHOWN = 5
_CHANGING = frozenset({"type", "multiple"})
_FIXED = frozenset({"list", "show", "primaryColumn", "fromGroup", "termSet", "parentTerm"})


def proposed(
    resource: Resource,
    existing: Existing,
    fields: tuple[FieldChange, ...],
    values: ColumnValues | None,
    home: Mapping[str, Any],
    *,
    kept: Kept | None = None,
    unfinished: bool = False,
    allowed: bool,
    users: Sequence[str] = (),
    shown: Sequence[Shown] = (),
) -> Change | Blocked | None:
    """What to do about a list column of another type than the file's.

    `home` are the properties of its list; `unfinished` says that a change was cut off, of which the
    ledger has `kept`. `users` are parts of the site that compute with the column, `shown` the views
    that show it. None when there is no way from the one type to the other.
    """
    wanted, there = resource.properties, existing.properties
    stuck = {field.path for field in fields} & _CHANGING
    fixed = {field.path for field in fields} & _FIXED
    if values is None or not (stuck or unfinished) or (fixed and wanted["type"] == there["type"]):
        return None
    how = way(wanted, there) if stuck else (kept.how if kept is not None else "in place")
    if how is None:
        return None
    own, what = resource.address, f"change from {said(there)} to {said(wanted)}"
    sentence = kept_sentence(values.count, how, shown)
    _, why = conversions(values.cells, there, wanted) if stuck else ({}, {})
    refused: Refusal | None
    if unfinished and not stuck and kept is None:
        refused = without_copy(own)
    elif why and not unfinished:
        refused = lossy(own, what, why, values.count)
    else:
        users = users if how == "remade" and stuck else ()
        refused = held(own, what, home, values.count, users)
    if refused is None and not allowed:
        refused = cut_off(own) if unfinished else _unasked(own, what, sentence)
    if refused is not None:
        return Blocked(own, *refused, resource.where, fields)
    reason = (
        "the change of its type was cut off, and goes on from the values in the ledger"
        if unfinished
        else f"its type changes from {said(there)} to {said(wanted)}; {sentence}"
    )
    return Change(
        own,
        resource.kind,
        Action.REPLACE,
        reason,
        "high",
        fields,
        desired=switched(resource, how, shown),
        existing=existing,
        depends=resource.depends,
    )


def taken_up(
    resource: Resource, kept: Kept | None, shown: Sequence[Shown], *, allowed: bool
) -> Change | Blocked:
    """A column that was removed to be made again, by a run that was cut off before it was."""
    own = resource.address
    if kept is None:
        return Blocked(own, *without_copy(own), resource.where)
    if not allowed:
        return Blocked(own, *cut_off(own), resource.where)
    return Change(
        own,
        resource.kind,
        Action.REPLACE,
        "the change of its type was cut off while the column was away; it is made again, and "
        f"{rows(kept.values.count)} get their values back from the ledger",
        "high",
        desired=switched(resource, "remade", shown),
        existing=Existing("column", own, kept.before, {}, declared=True),
        depends=resource.depends,
    )


def switched(resource: Resource, how: str, shown: Sequence[Shown]) -> Resource:
    """The column, with how it is changed and the views that show it, for its requests."""
    return replace(resource, extra={**resource.extra, "how": how, "shown": tuple(shown)})


def kept_sentence(count: int, how: str, shown: Sequence[Shown]) -> str:
    """What is kept and what is lost, in one sentence."""
    if not count:
        return "no row holds a value, so nothing is lost"
    hold = "holds" if count == 1 else "hold"
    values = f"{rows(count)} {hold} a value; all are kept, in the site's ledger first"
    if how == "in place":
        return f"{values}, are compared afterwards, and written again where they differ"
    views = f", and {len(shown)} views get it back in its place" if shown else ""
    return (
        f"{values}, and are written to the new column and compared{views}; lost: what earlier "
        "versions of the rows say in it"
    )


def values_lost(held: ColumnValues | None) -> str:
    """The end of the sentence that says why a column is deleted: what goes with it."""
    if held is None:
        return ""
    return f"; lost: the values of {rows(held.count)}" if held.count else "; no row holds a value"


def rows(count: int) -> str:
    """One row, or several."""
    return "1 row" if count == 1 else f"{count} rows"


def lossy(own: str, what: str, why: Mapping[int, str], count: int) -> Refusal:
    """Code, message and hint for values that the new type cannot hold."""
    return (
        "VALUES-DO-NOT-CONVERT",
        f"{own} cannot {what}: {len(why)} of {count} values would be lost: {_reasons(why)}.",
        "Change those values in SharePoint, or let the file say what the column is.",
    )


def held(
    own: str, what: str, home: Mapping[str, Any], count: int, users: Sequence[str]
) -> Refusal | None:
    """Why the list lets no values be written again or the column not be removed; None if it does."""
    gate = next((word for word in ("approval", "checkout") if home.get(word)), None)
    if gate is not None and count:
        return (
            "TYPE-CHANGE-GATED",
            (
                f"{own} cannot {what} while its list has `{gate}: true`: writing a value again would "
                "undo approvals, or be refused."
            ),
            f"Set `{gate}: false` and apply, change the column, then set it back.",
        )
    if users:
        return (
            "COLUMN-IN-USE",
            (
                f"{own} cannot {what}: it would be removed on the way, and {', '.join(users[:_SHOWN])} "
                "stand on it."
            ),
            "Take the column out of those first and apply; put it back afterwards.",
        )
    return None


def _unasked(own: str, what: str, sentence: str) -> Refusal:
    return (
        "TYPE-CHANGE-NEEDS-ALLOW",
        f"{own} would {what}; {sentence}.",
        f"Look at the column, then plan and apply with --allow {own}.",
    )


def cut_off(own: str) -> Refusal:
    """Code, message and hint for a change that was begun, and is not allowed now."""
    return (
        "TYPE-CHANGE-NEEDS-ALLOW",
        f"A change of {own} was cut off; its values stand in the site's ledger.",
        f"Look at the column, then plan and apply with --allow {own}.",
    )


def without_copy(own: str) -> Refusal:
    """Code, message and hint for a change that was cut off and whose copy is gone."""
    mark = marker_address(own).rpartition(":")[2]
    return (
        "COLUMN-COPY-MISSING",
        (
            f"A change of {own} was cut off after the column was touched, and the copy of its values "
            "is not in the site's ledger any more."
        ),
        (
            "Look for the file in the recycle bin or the version history of the ledger library. To go "
            f"on without the values, delete the list's hidden column {mark} and plan again."
        ),
    )


def _reasons(why: Mapping[int, str]) -> str:
    """Each reason once, with up to five items that it holds for."""
    items: dict[str, list[int]] = {}
    for item in sorted(why):
        items.setdefault(why[item], []).append(item)
    told = []
    for reason, those in items.items():
        more = f" and {len(those) - _SHOWN} more" if len(those) > _SHOWN else ""
        named = ", ".join(str(item) for item in those[:_SHOWN])
        told.append(f"{'item' if len(those) == 1 else 'items'} {named}{more}, because {reason}")
    return "; ".join(told)


def said(properties: Mapping[str, Any]) -> str:
    """The type in words."""
    several = " with several values" if properties.get("multiple") else ""
    return f"{properties.get('type')}{several}"

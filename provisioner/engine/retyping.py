"""A column that is of another type than the file's, or away: judged by what was observed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.core.address import SITE, parent_of, split
from provisioner.core.resource import Change, Existing, FieldChange, Resource
from provisioner.engine.column_uses import shown_in, users_of
from provisioner.engine.column_values import marker_address
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked
from provisioner.engine.type_change import proposed, taken_up
from provisioner.engine.unchangeable import way_out


def retyped(
    resource: Resource,
    existing: Existing,
    fields: tuple[FieldChange, ...],
    desired: Desired,
    observed: Observed,
    allowed: frozenset[str],
) -> Change | Blocked | None:
    """What to do about a column of another type; None for everything else."""
    own = resource.address
    if resource.kind != "column" or own not in observed.values:
        return None
    home, kept = observed.existing.get(parent_of(own)), observed.kept.get(own)
    views = kept.views if kept is not None else {}
    return proposed(
        resource,
        existing,
        fields,
        observed.values[own],
        home.properties if home is not None else {},
        kept=kept,
        unfinished=marker_address(own) in observed.existing,
        allowed=own in allowed,
        users=users_of(own, observed.existing),
        shown=shown_in(own, desired, observed.existing, views),
    )


def made_again(
    resource: Resource, desired: Desired, observed: Observed, allowed: frozenset[str]
) -> Change | Blocked:
    """What to do about a column that a run removed to make it again, and that was cut off there."""
    own = resource.address
    kept = observed.kept.get(own)
    shown = shown_in(own, desired, observed.existing, kept.views if kept is not None else {})
    return taken_up(resource, kept, shown, allowed=own in allowed)


def instead(resource: Resource, path: str, existing: Mapping[str, Existing]) -> str:
    """What to do about a property that cannot change; for a site column, named for where it is used."""
    own = resource.address
    shared = resource.kind == "column" and parent_of(own) == SITE
    if not shared or path not in {"type", "multiple"}:
        return way_out(resource.kind, path)
    name, number = split(own)[1], existing[own].ids["id"]
    types = sorted(
        split(one.address)[1]
        for one in existing.values()
        if one.kind == "contentType"
        and parent_of(one.address) == SITE
        and one.properties.get(f"columns.{name}")
    )
    lists = sorted(
        parent_of(one.address)
        for one in existing.values()
        if one.kind == "column" and one.ids["id"] == number and parent_of(one.address) != SITE
    )
    if not lists:
        used = f" and out of {_named(types)}" if types else ""
        return (
            f"No list of the file has it, so no values are lost: take {name} out of the file{used}, "
            "apply with --prune, then declare it anew with its new type. Or let the file say what is "
            "there."
        )
    where = f"the content types {_named(types)}" if types else "a content type that has its place"
    return (
        f"It is in {', '.join(lists)}, and a site column keeps its type while lists have it. Declare "
        f"another site column, such as {name}2, with the new type and `displayName`; put it into "
        f"{where} and apply; move the values in each of these lists in SharePoint's grid view; then "
        f"take {name} out of the content types and the file. Or let the file say what is there."
    )


def _named(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)

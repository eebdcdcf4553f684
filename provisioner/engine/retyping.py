"""A list's column that is of another type than the file's, or away: judged by what was observed. Pure."""

from __future__ import annotations

from provisioner.core.address import parent_of
from provisioner.core.resource import Change, Existing, FieldChange, Resource
from provisioner.engine.column_uses import shown_in, users_of
from provisioner.engine.column_values import marker_address
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked
from provisioner.engine.type_change import proposed, taken_up


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

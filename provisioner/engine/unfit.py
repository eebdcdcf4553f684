"""Changes that this site cannot take, told when they are planned and not when they are sent."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.core.resource import Change
from provisioner.engine.plan import Blocked
from provisioner.kinds import kind_named
from provisioner.kinds.base import Known


def fit(changes: Iterable[Change], known: Known) -> tuple[list[Change], list[Blocked]]:
    """The changes that can be, and what stands in the way of the others.

    `known` is everything on the site.
    """
    kept, blocked = [], []
    for change in changes:
        wanted = change.desired
        why = kind_named(change.kind).unfit(wanted, known) if wanted is not None else None
        if why is None or wanted is None:
            kept.append(change)
            continue
        blocked.append(
            Blocked(wanted.address, why.code, why.message, why.hint, wanted.where, change.fields)
        )
    return kept, blocked

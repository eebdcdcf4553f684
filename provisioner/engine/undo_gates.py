"""What an undo does not do unasked, and what it cannot do. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.address import root_of, split
from provisioner.core.resource import Action, Change, Existing
from provisioner.core.transport import Answer, Reading
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked
from provisioner.engine.planner import Options
from provisioner.engine.signed import said
from provisioner.kinds.requests import rows

LISTS = Reading("sharepoint", "/_api/web/lists?$select=Id,ItemCount", cost=2, pages=True)
"""How much each list holds."""


_STANDS = {
    "role": {"group", "permissions"},
    "group": {"permissions"},
    "column": {"column", "contentType"},
    "contentType": {"contentType", "list"},
    "page": {"navigation", "topNavigation"},
}
"""Kinds that may stand on one of this kind that is the site's."""


def may_stand_on(other: Change, removed: Change) -> bool:
    """Whether one change has to be done before something is removed."""
    home = root_of(removed.address)
    if root_of(other.address) == home:
        return other.kind != "contentType" or removed.kind == "list"
    if removed.kind == "list":  # a lookup shows it
        shows = other.existing.properties.get("list") if other.existing is not None else None
        return shows == split(removed.address)[1]
    return home == removed.address and other.kind in _STANDS.get(removed.kind, ())


@dataclass(slots=True)
class Gathered:
    """What an undo comes to: changes, what blocks it, what stays and why, addresses that go.

    Of the run that is taken back: `anew` are columns it made anew, `removed` what it removed.
    `begun` is what an undo of it that was cut off was to do, by address. `held` are columns of the site
    that content types keep.
    """

    changes: list[Change] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    anew: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    begun: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)


def contents_in(answer: Answer) -> dict[str, int]:
    """Rows or files by list id."""
    return {str(row["Id"]).lower(): int(row.get("ItemCount") or 0) for row in rows(answer.body)}


def still_used(found: Gathered) -> None:
    """A list in the recycle bin still uses its content types and site columns, so those stay.

    SharePoint refuses to remove a content type that is in use ("The content type is in use"), and
    what is restored from the bin must find them.
    """
    removed = [change for change in found.changes if change.action is Action.DELETE]
    binned = any(change.kind == "list" for change in removed)
    for change in removed:
        own = change.address
        shared = change.kind in {"column", "contentType"} and root_of(own) == own
        if own in found.held or (shared and binned):
            found.changes.remove(change)
            found.gone.discard(own)
            user = "a content type" if own in found.held else "what goes to the recycle bin"
            found.stays.append(f"{own}: {user} still uses it")


def holding(
    found: Gathered,
    observed: Observed,
    options: Options,
    contents: Mapping[str, int],
    created: set[str],
) -> None:
    """A list with people's rows in it, or a column of one, is removed only if it is named."""
    for change in found.changes:
        root = observed.existing.get(root_of(change.address))
        if change.action is not Action.DELETE or root is None or root.kind != "list":
            continue
        if change.kind not in {"list", "column"} or change.address in options.allow:
            continue
        ours = sum(one.startswith(f"{root.address}/item:") for one in created)
        count = contents.get(root.ids["id"].lower(), 0) - ours
        if count > 0:
            found.blocked.append(
                Blocked(
                    change.address,
                    "UNDO-HOLDS-CONTENT",
                    f"{change.address} would be removed, and {root.address} holds {count} rows or "
                    "files that run did not make.",
                    f"If it may go with them, give --allow {change.address}.",
                )
            )


def replaced(result: Mapping[str, Any], existing: Existing | None) -> str:
    """Why a column that was made anew stays so, and the way back.

    Its values were written into the new one, as far as that could hold them; what it could not hold
    is not in the receipt. So the way back is a change of its own, which looks at the values first.
    """
    own = str(result["address"])
    if existing is None:
        return f"{own}: it was made anew and is not on the site any more"
    were = ", ".join(
        f"{one['path']} was {said(one['before'])} and is {said(one['after'])}"
        for one in result.get("fields") or ()
    )
    return (
        f"{own}: it was made anew{f' ({were})' if were else ''}, which is not taken back here. "
        "Write in the file what it was, then plan and apply: that plan says which values would go "
        "back into it"
    )


def conflict(own: str, moved: Sequence[str]) -> Blocked:
    """Somebody changed it since the run that is taken back."""
    return Blocked(
        own,
        "UNDO-CONFLICT",
        f"{own} has changed since that run: {'; '.join(moved[:3])}.",
        f"If it is to be taken back all the same, give --allow {own}.",
    )

"""What we know of and the file does not name: removed with --prune, held, or forgotten. Pure."""

from __future__ import annotations

from collections.abc import Collection

from provisioner.core.resource import Action, Change, Existing
from provisioner.engine.column_moves import brought
from provisioner.engine.comparing import Findings, Options
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked
from provisioner.engine.type_change import values_lost
from provisioner.kinds import kind_named
from provisioner.ledger.state import Entry


def undeclared(
    desired: Desired,
    observed: Observed,
    options: Options,
    found: Findings,
    moved: Collection[str],
) -> None:
    """What we know of and the file does not name; `moved` are columns that go to the site."""
    shared = {one.own for one in brought(desired)}
    for address, entry in sorted(observed.ledger.objects.items()):
        if address in desired.resources or address in moved:
            continue
        existing = observed.existing.get(address) or _by_id(observed, entry)
        kind = kind_named(entry.kind)
        renamed = existing is not None and existing.declared
        if address in shared and existing is not None and existing.ids["id"] != entry.id:
            renamed = True  # the site's column has taken its place
        prunable = options.prune and kind.deletable and existing is not None and not renamed
        held = observed.values.get(address)
        if prunable and held is not None and held.count and address not in options.allow:
            found.blocked.append(
                Blocked(
                    address,
                    "COLUMN-HOLDS-VALUES",
                    f"{address} is no longer in the file and {held.count} rows hold a value in it; "
                    "columns have no recycle bin.",
                    f"Plan and apply with --allow {address} to delete it with its values, or leave "
                    "out --prune.",
                )
            )
        elif prunable and (entry.made or address in options.allow):
            found.changes.append(
                Change(
                    address,
                    entry.kind,
                    Action.DELETE,
                    "it is no longer in the file, we made it, and --prune was given"
                    + values_lost(held),
                    "high",
                    existing=existing,
                )
            )
        else:
            found.changes.append(
                Change(
                    address,
                    entry.kind,
                    Action.FORGET,
                    f"it is {existing.address} in the file now"
                    if renamed and existing is not None
                    else "it is no longer in the file; it stays on the site and we stop watching it",
                    "low",
                    existing=existing,
                )
            )


def _by_id(observed: Observed, entry: Entry) -> Existing | None:
    for one in observed.existing.values():
        if one.kind == entry.kind and one.ids.get("id") == entry.id:
            return one
    return None

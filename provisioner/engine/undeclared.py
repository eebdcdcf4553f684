"""What we know of and the file does not name: removed with --prune, held, or forgotten. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from provisioner.core.address import root_of
from provisioner.core.resource import Action, Change, Existing
from provisioner.engine.column_moves import brought
from provisioner.engine.column_values import ColumnValues
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
        existing = observed.existing.get(address) or _by_id(observed, address, entry)
        renamed = existing is not None and existing.declared
        if address in shared and existing is not None and existing.ids["id"] != entry.id:
            renamed = True  # the site's column has taken its place
        there = existing is not None and not renamed and not is_bare(existing)
        prunable = options.prune and kind_named(entry.kind).deletable and there
        allowed = address in options.allow
        held = observed.values.get(address)
        if prunable and held is not None and held.count and not allowed:
            found.blocked.append(_holds_values(address, held.count))
        elif prunable and (entry.made or allowed):
            found.changes.append(_removed(address, entry, existing, held))
        else:
            reason = _why_forgotten(address, existing if renamed else None, found)
            found.changes.append(
                Change(address, entry.kind, Action.FORGET, reason, "low", existing=existing)
            )


def _holds_values(address: str, count: int) -> Blocked:
    return Blocked(
        address,
        "COLUMN-HOLDS-VALUES",
        f"{address} is no longer in the file and {count} rows hold a value in it; "
        "columns have no recycle bin.",
        f"Plan and apply with --allow {address} to delete it with its values, or leave out --prune.",
    )


def _removed(
    address: str, entry: Entry, existing: Existing | None, held: ColumnValues | None
) -> Change:
    reason = "it is no longer in the file, we made it, and --prune was given" + values_lost(held)
    whole = _whole(existing, entry)
    return Change(address, entry.kind, Action.DELETE, reason, "high", existing=whole)


def _why_forgotten(address: str, now: Existing | None, found: Findings) -> str:
    if now is not None:
        return f"it is {now.address} in the file now"
    around = _list_around(address)
    if any(one.address == around and one.action is Action.DELETE for one in found.changes):
        return f"it goes with {around}"
    return "it is no longer in the file; it stays on the site and we stop watching it"


def _whole(existing: Existing | None, entry: Entry) -> Existing | None:
    """What is there; where it was not read, such as what stands on a page, what was last applied."""
    if existing is None:
        return None
    unread = {path: v for path, v in entry.properties.items() if not existing.properties.get(path)}
    return replace(existing, properties={**existing.properties, **unread})


def is_bare(existing: Existing) -> bool:
    """Whether nothing is left to remove of what every list or column has, such as its formatting."""
    return existing.builtin and not any(existing.properties.values())


def _by_id(observed: Observed, address: str, entry: Entry) -> Existing | None:
    """The same thing under another name. Rows are numbered, and columns copied, in each list anew."""
    for one in observed.existing.values():
        if (
            one.kind == entry.kind
            and one.ids.get("id") == entry.id
            and _list_around(one.address) == _list_around(address)
        ):
            return one
    return None


def _list_around(address: str) -> str:
    """The list that it stands in; "" for a list itself and for what stands in none."""
    root = root_of(address)
    return "" if root == address else root

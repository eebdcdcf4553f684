"""A run taken back: a plan made from its receipt, and what the site is to be after it. Pure.

What the run updated gets the values it had before; what it made is removed; what it removed is made
again from the definition the receipt keeps. Where the site has moved since, the value being neither
what the run wrote nor what was before it, nothing is done unless the address is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from provisioner.core.address import SITE, root_of
from provisioner.core.resource import Action, Change, Existing
from provisioner.core.transport import Operation
from provisioner.engine.costs import cost_of
from provisioner.engine.desired import SILENT, Desired
from provisioner.engine.ledger_library import OWN_LISTS
from provisioner.engine.observe import Observed
from provisioner.engine.order import ordered
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options
from provisioner.engine.undeclared import is_bare
from provisioner.engine.undo_again import (
    as_it_will_be,
    make_again,
    with_places,
)
from provisioner.engine.undo_contents import Contents
from provisioner.engine.undo_gates import (
    Gathered,
    conflict,
    holding,
    may_stand_on,
    of_another_file,
    replaced,
    still_used,
)
from provisioner.engine.undo_values import (
    EDITED,
    PASSED_ON,
    moved_since,
    put_back,
    put_right,
    seen_as,
)
from provisioner.kinds import kind_named


@dataclass(frozen=True, slots=True)
class Undo:
    """The plan and the state it leads to; `ends`: it ends an undo of the same run that did not end."""

    plan: Plan
    desired: Desired
    ends: bool = False


def undo_plan(
    receipt: Mapping[str, Any],
    desired: Desired,
    observed: Observed,
    options: Options,
    contents: Contents,
    begun: Sequence[Mapping[str, Any]] = (),
) -> Undo:
    """What taking back the run of this `Receipt` document does to the site as it was observed.

    `contents` is what lies in the lists. `begun` are the changes that an undo of the same run was to
    make and did not end.
    """
    results = [one for one in receipt["results"] if one["status"] == "done"]
    found = Gathered(begun={str(one["address"]): one for one in begun})
    found.removed = [str(one["address"]) for one in results if one["action"] == "delete"]
    found.adopted = {str(one["address"]) for one in results if one["action"] == "adopt"}
    found.anew = {str(one["address"]) for one in results if one["action"] == "replace"}
    created = {str(one["address"]) for one in results if _made(one)}
    for result in results:
        if root_of(str(result["address"])) in OWN_LISTS:
            continue
        _undone(result, desired, observed, options, created, found)
    still_used(found, contents.in_use)
    holding(found, observed, options, contents, created)
    found.changes = [as_it_will_be(change, found) for change in found.changes]
    after = _after(desired, found)
    changes = _in_order([_with_operations(c, desired, options, found) for c in found.changes])
    run = str(receipt["runId"])
    other = of_another_file(results, desired.resources, observed, run)
    kept = [change for change in changes if change.operations or _only_recorded(change)]
    made = Plan(
        workspace=desired.name,
        spec_digest=after.digest,
        observed_digest=observed.digest,
        changes=tuple(kept),
        noop=len(results) - len(kept),
        cost=cost_of(desired, observed, kept),
        blocked=(other,) if other is not None else tuple(found.blocked),
        day=desired.scope.today.isoformat(),
        host=desired.scope.hostname,
        allow=tuple(sorted(options.allow)),
        undoes=run,
        stays=tuple(found.stays),
    )
    return Undo(made, after, bool(begun) or observed.unfinished is not None)


def _made(result: Mapping[str, Any]) -> bool:
    """Whether the run made it, or found what one that was cut off before it had made."""
    action = result["action"]
    return action == "create" or (action == "adopt" and bool(result.get("run")))


def _only_recorded(change: Change) -> bool:
    return change.action in {Action.FORGET, Action.NOOP}


def _undone(
    result: Mapping[str, Any],
    desired: Desired,
    observed: Observed,
    options: Options,
    created: set[str],
    found: Gathered,
) -> None:
    own, action = str(result["address"]), str(result["action"])
    existing = observed.existing.get(own)
    kind = str(result.get("kind") or (existing.kind if existing else ""))
    recorded = own in observed.ledger.objects
    if _made(result):
        gone = existing is None or is_bare(existing)
        if existing is not None and not gone and kind not in SILENT:
            _remove(own, existing, desired, observed, options, created, found)
        elif gone and recorded:
            _forget(own, kind, None, "that run made it, and it is gone", found)
    elif action == "adopt" and recorded:
        reason = "that run took it over; it stays on the site and we stop watching it"
        _forget(own, kind, existing, reason, found)
    elif action == "update" and existing is not None:
        put_back(result, existing, desired, options, found)
    elif action == "delete" and (existing is None or is_bare(existing)):
        make_again(result, kind, desired, observed, found)
    elif action == "delete" and existing is not None and own in found.begun:
        put_right(result, existing, desired, observed, options, found)
    else:
        found.stays += _staying(result, existing, found)


def _staying(
    result: Mapping[str, Any], existing: Existing | None, found: Gathered
) -> Iterable[str]:
    """Why something of that run is not taken back, where that is worth a word."""
    own, action = str(result["address"]), str(result["action"])
    if action == "update":
        yield f"{own}: it is not on the site any more"
    elif action == "replace":
        yield replaced(result, existing)
    elif action == "forget" and existing is None and root_of(own) in found.removed:
        yield f"{own}: it went with its list; the recycle bin has both"


def _forget(own: str, kind: str, existing: Existing | None, reason: str, found: Gathered) -> None:
    found.changes.append(Change(own, kind, Action.FORGET, reason, "low", existing=existing))
    found.gone.add(own)


def _remove(
    own: str,
    existing: Existing,
    desired: Desired,
    observed: Observed,
    options: Options,
    created: set[str],
    found: Gathered,
) -> None:
    kind = kind_named(existing.kind)
    if own == SITE:
        found.stays.append("site: a site is not removed; an administrator can delete it")
        return
    if any(one in created for one in _above(own)):
        found.gone.add(own)
        return  # it goes with what it is in
    if not kind.deletable:
        found.stays.append(f"{own}: {kind.title.lower()} cannot be removed")
        return
    entry = observed.ledger.objects.get(own)
    going = own in found.begun  # what goes with it may be gone already, or have its old name again
    looked_at = not going or existing.kind in EDITED
    if entry is not None and own not in options.allow and looked_at:
        passed = PASSED_ON if going else frozenset[str]()
        moved = list(moved_since(entry, seen_as(existing, desired), passed))
        if moved:
            found.blocked.append(conflict(own, moved))
            return
    found.gone.add(own)
    found.changes.append(
        Change(own, existing.kind, Action.DELETE, "that run made it", "high", existing=existing)
    )


def _with_operations(change: Change, desired: Desired, options: Options, found: Gathered) -> Change:
    if _only_recorded(change):
        return change
    kind = kind_named(change.kind)
    operations: tuple[Operation, ...] = ()
    with suppress(KeyError, ValueError, AttributeError):  # what it stood on is not known any more
        operations = tuple(kind.operations(change, desired.scope, options.capabilities))
    if not operations and change.kind == "navigationBar":  # its entries came and went, none moved
        return replace(change, action=Action.NOOP, fields=())
    if not operations:
        found.stays.append(f"{change.address}: to {change.action.value} it is not possible")
    return replace(change, operations=operations)


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """What is put back first; then what is removed, last made first.

    What is removed waits for what may stand on it, and is left alone where that could not be done.
    """
    removed = [change for change in changes if change.action is Action.DELETE]
    kept = ordered(with_places([one for one in changes if one.action is not Action.DELETE]))
    removed.sort(key=lambda change: -kind_named(change.kind).rank)
    out = [*kept]
    for change in removed:
        above = [o for o in removed if kind_named(o.kind).rank > kind_named(change.kind).rank]
        waits = [o for o in (*kept, *above) if o.operations and may_stand_on(o, change)]
        out.append(replace(change, depends=tuple(o.address for o in waits)))
    return out


def _after(desired: Desired, found: Gathered) -> Desired:
    """What the site is to be: the file's parts for their addresses, with what is put back."""
    resources = dict(desired.resources)
    resources |= {c.address: c.desired for c in found.changes if c.desired is not None}
    kept = {
        own: replace(one, depends=tuple(d for d in one.depends if not _is_gone(d, found)))
        for own, one in resources.items()
        if not _is_gone(own, found)
    }
    return replace(desired, resources=MappingProxyType(kept))


def _is_gone(own: str, found: Gathered) -> bool:
    return own in found.gone or any(one in found.gone for one in _above(own))


def _above(own: str) -> Iterable[str]:
    parts = own.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count])

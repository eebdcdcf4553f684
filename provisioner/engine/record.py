"""The ledger after a run: what is there as declared, with what was last applied. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from provisioner.core.address import root_of
from provisioner.core.resource import Action, Existing, Resource
from provisioner.engine.desired import Desired, recorded
from provisioner.engine.ledger_library import OWN_LISTS
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Plan
from provisioner.engine.receipt import Result
from provisioner.ledger.state import Entry, LedgerState


def ledger_after(
    signed: Plan,
    desired: Desired,
    observed: Observed,
    after: Observed,
    run_id: str,
    results: Mapping[str, Result],
    *,
    only_planned: bool = False,
) -> LedgerState:
    """The ledger to store. `observed` is the site before the run, `after` the last look at it.

    With `only_planned` nothing is recorded but what the plan speaks of.
    """
    before = observed.ledger
    made_before = observed.unfinished.made if observed.unfinished is not None else frozenset()
    objects = dict(before.objects)
    actions = {change.address: change.action for change in signed.changes}
    conflicts: dict[str, set[str]] = {}
    for note in signed.notes:
        if note.code == "CONFLICT":
            conflicts.setdefault(note.address, set()).add(note.path)
    for address, resource in desired.resources.items():
        existing = after.existing.get(address)
        if existing is None or not recorded(resource):
            continue
        if only_planned and address not in actions:
            continue
        entry = objects.get(address)
        created = actions.get(address) is Action.CREATE
        ours = created or address in made_before or root_of(address) in OWN_LISTS
        made = entry.made if entry else ours
        run = entry.run if entry else run_id
        result = results.get(address)
        if result is None or result.status == "done":
            applied = _applied(resource, entry, conflicts.get(address, set()))
        elif entry is None and made:
            applied = _as_found(resource, existing)  # half made: ours, and not as declared yet
        else:
            continue
        objects[address] = Entry(existing.kind, existing.ids["id"], applied, made, run)
    done = {a: action for a, action in actions.items() if results[a].status == "done"}
    _drop(objects, done)
    for address, action in done.items():
        if action is Action.REPLACE and address not in desired.resources:
            objects.pop(address, None)  # the site's column has taken its place
    baseline = before.baseline if before.present else _undeclared(after)
    return LedgerState(
        MappingProxyType(objects),
        before.last_receipt,
        " ".join(desired.packs) or before.pack,
        present=True,
        baseline=baseline,
        runs=before.runs,
        closed=before.closed,
        capabilities=before.capabilities,
    )


def _drop(objects: dict[str, Entry], done: Mapping[str, Action]) -> None:
    """What was removed or is no longer watched; with a list goes all that was in it."""
    for address, action in done.items():
        if action in {Action.DELETE, Action.FORGET}:
            objects.pop(address, None)
        if action is Action.DELETE:
            for inside in [one for one in objects if one.startswith(f"{address}/")]:
                del objects[inside]


def _applied(resource: Resource, entry: Entry | None, conflicts: set[str]) -> dict[str, Any]:
    """What was last applied; a conflict was not, so its older value stays the last one."""
    applied = dict(resource.properties)
    if entry is not None:
        applied |= {p: entry.properties[p] for p in conflicts if p in entry.properties}
    return applied


def _as_found(resource: Resource, existing: Existing) -> dict[str, Any]:
    return {path: existing.properties.get(path) for path in resource.properties}


def _undeclared(after: Observed) -> frozenset[str]:
    return frozenset(a for a, one in after.existing.items() if not (one.declared or one.builtin))

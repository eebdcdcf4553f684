"""Compare what is wanted with what is there: a pure function from values to a `Plan`."""

from __future__ import annotations

from dataclasses import replace

from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.carrying import carried
from provisioner.engine.column_home import moved_columns, with_moves
from provisioner.engine.column_values import marker_address
from provisioner.engine.comparing import Findings, Options, differences, reason_of
from provisioner.engine.costs import cost_of
from provisioner.engine.desired import SILENT, Desired
from provisioner.engine.learning import without
from provisioner.engine.observe import Observed
from provisioner.engine.obstacles import administrators_only, held_back, in_place
from provisioner.engine.order import ordered
from provisioner.engine.outlived import outlived
from provisioner.engine.packs import pack_changes
from provisioner.engine.plan import Blocked, Plan
from provisioner.engine.retyping import instead, made_again, retyped
from provisioner.engine.undeclared import undeclared
from provisioner.engine.unfit import fit
from provisioner.kinds import kind_named
from provisioner.kinds.base import Capabilities, Kind
from provisioner.kinds.site_creation import refused
from provisioner.ledger.state import Entry

__all__ = ["Options", "plan"]


def plan(desired: Desired, observed: Observed, options: Options) -> Plan:
    """Everything that must change for the site to be as the file says.

    The same input gives the same plan, byte for byte; nothing is read and no clock is asked.
    """
    found = Findings()
    found.notes += outlived(desired, observed, options.deviations)
    in_force = tuple(d for d in options.deviations if d.expires >= desired.scope.today)
    options = replace(options, deviations=in_force)
    for resource in desired.resources.values():
        _compare(resource, desired, observed, options, found)
    moved = set()
    for one in moved_columns(desired, observed, options.allow):
        moved.add(one.address)
        found.take(one)
    undeclared(desired, observed, options, found, moved)
    possible, unfit = fit(found.changes, observed.existing)
    found.blocked += unfit
    waiting = with_moves(possible, desired)
    complete = carried([_with_operations(c, desired, options) for c in waiting])
    changes = ordered([c for c in complete if c.operations or c.kind not in SILENT])
    return Plan(
        workspace=desired.name,
        spec_digest=desired.digest,
        observed_digest=observed.digest,
        changes=tuple(changes),
        noop=found.noop + len(complete) - sum(c.action is not Action.NOOP for c in changes),
        cost=cost_of(desired, observed, changes),
        blocked=tuple(found.blocked),
        notes=tuple(found.notes),
        accepted=tuple(found.accepted),
        day=desired.scope.today.isoformat(),
        prune=options.prune,
        allow=tuple(sorted(options.allow)),
        packs=pack_changes(observed.ledger.pack, desired.packs),
        host=desired.scope.hostname,
    )


def _with_operations(change: Change, desired: Desired, options: Options) -> Change:
    if change.action in {Action.ADOPT, Action.FORGET}:
        return change
    kind = kind_named(change.kind)
    asked = kind.operations(change, desired.scope, options.capabilities)
    operations = tuple(
        op for op in asked if op.otherwise or without(op.capability) not in options.capabilities
    )
    if operations and all(operation.method == "GET" for operation in operations):
        reason = "it comes with the site; its id is looked up before it is used"
        return replace(change, action=Action.NOOP, operations=operations, fields=(), reason=reason)
    return replace(change, operations=operations)


def _compare(
    resource: Resource, desired: Desired, observed: Observed, options: Options, found: Findings
) -> None:
    kind = kind_named(resource.kind)
    existing = observed.existing.get(resource.address)
    if existing is None:
        _missing(resource, kind, desired, observed, options, found)
        return
    entry = observed.ledger.objects.get(resource.address)
    fields = tuple(differences(resource, existing, entry, kind, options, found))
    found.blocked += [
        administrators_only(resource, one, kind.administrators[one.path])
        for one in fields
        if one.path in kind.administrators
    ]
    fields = tuple(f for f in fields if f.path not in kind.administrators)
    changed = retyped(resource, existing, fields, desired, observed, options.allow)
    if changed is not None:
        found.take(changed)
        return
    stuck = tuple(f for f in fields if f.path in kind.immutable)
    if stuck:
        found.take(in_place(resource, stuck, instead(resource, stuck[0].path, observed.existing)))
        fields = tuple(field for field in fields if field not in stuck)
        if not fields:
            return
    held = tuple(f for f in fields if f.path in kind.guarded)
    if held and resource.address not in options.allow:
        found.take(held_back(resource, held))
    elif fields:
        found.take(_update(resource, existing, entry, kind, fields))
    elif _adoptable(existing, entry, kind):
        found.take(_adoption(resource, existing, observed))
    else:
        found.noop += 1


def _update(
    resource: Resource,
    existing: Existing,
    entry: Entry | None,
    kind: Kind,
    fields: tuple[FieldChange, ...],
) -> Change:
    return Change(
        resource.address,
        resource.kind,
        Action.UPDATE,
        reason_of(fields, entry),
        kind.risk(Action.UPDATE, fields),
        fields,
        desired=resource,
        existing=existing,
        depends=resource.depends,
    )


def _adoption(resource: Resource, existing: Existing, observed: Observed) -> Change:
    reason = _recorded_because(resource.address, observed)
    return Change(
        resource.address,
        resource.kind,
        Action.ADOPT,
        reason,
        "low",
        desired=resource,
        existing=existing,
    )


def _missing(
    resource: Resource,
    kind: Kind,
    desired: Desired,
    observed: Observed,
    options: Options,
    found: Findings,
) -> None:
    """It is to be made; a column that a run removed to make it again, and no more, is taken up."""
    own = resource.address
    if kind.name == "column" and marker_address(own) in observed.existing:
        found.take(made_again(resource, desired, observed, options.allow))
    else:
        _absent(resource, kind, desired, options.capabilities, found)


def _recorded_because(own: str, observed: Observed) -> str:
    if observed.unfinished is not None and own in observed.unfinished.made:
        return f"run {observed.unfinished.run} made it and was cut off; we record it as ours"
    return "it is already on the site as declared; we record it and change nothing"


def _adoptable(existing: Existing, entry: Entry | None, kind: Kind) -> bool:
    return entry is None and kind.name not in SILENT and not existing.builtin


def _absent(
    resource: Resource, kind: Kind, desired: Desired, capabilities: Capabilities, found: Findings
) -> None:
    if resource.kind == "site" and resource.extra.get("create") == "never":
        found.blocked.append(
            Blocked(
                resource.address,
                "SITE-NOT-FOUND",
                f"There is no site at https://{desired.scope.hostname}{desired.scope.site_path}, "
                "and the file says `create: never`.",
                "Ask an administrator to create it, or set `create: communication` in the file.",
                resource.where,
            )
        )
        return
    refusal = (
        refused(str(resource.extra["create"]), capabilities) if resource.kind == "site" else None
    )
    if refusal is not None:
        message, hint = refusal
        found.blocked.append(
            Blocked(resource.address, "SITE-CREATE-DENIED", message, hint, resource.where)
        )
        return
    found.changes.append(
        Change(
            resource.address,
            resource.kind,
            Action.CREATE,
            "it is in the file and not on the site",
            kind.risk(Action.CREATE, ()),
            tuple(
                FieldChange(name, None, value)
                for name, value in resource.properties.items()
                if value not in (None, "", [], {}, False)
            ),
            desired=resource,
            depends=resource.depends,
        )
    )

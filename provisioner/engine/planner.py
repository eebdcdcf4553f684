"""Compare what is wanted with what is there: a pure function from values to a `Plan`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.carrying import carried
from provisioner.engine.column_home import moved_columns, with_moves
from provisioner.engine.column_moves import brought
from provisioner.engine.column_values import marker_address
from provisioner.engine.costs import cost_of
from provisioner.engine.desired import SILENT, Desired
from provisioner.engine.observe import Observed
from provisioner.engine.order import ordered
from provisioner.engine.packs import pack_changes
from provisioner.engine.plan import Blocked, Note, Plan
from provisioner.engine.retyping import instead, made_again, retyped
from provisioner.engine.type_change import values_lost
from provisioner.engine.unfit import fit
from provisioner.kinds import kind_named
from provisioner.kinds.base import Capabilities, Kind
from provisioner.kinds.site_creation import refused
from provisioner.ledger.state import Entry, LedgerState
from provisioner.spec.deviations import Deviation


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator allows: prune what we made, and named risky addresses."""

    prune: bool = False
    allow: frozenset[str] = frozenset()
    capabilities: Capabilities = frozenset()
    deviations: tuple[Deviation, ...] = ()


@dataclass(slots=True)
class _Findings:
    """What the comparison gathers on its way."""

    changes: list[Change] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    accepted: list[Note] = field(default_factory=list)
    noop: int = 0

    def take(self, one: Change | Blocked) -> None:
        """Keep a change, or what stands in its way."""
        if isinstance(one, Blocked):
            self.blocked.append(one)
        else:
            self.changes.append(one)


def plan(desired: Desired, observed: Observed, options: Options) -> Plan:
    """Everything that must change for the site to be as the file says.

    The same input gives the same plan, byte for byte; nothing is read and no clock is asked.
    """
    found = _Findings()
    in_force = tuple(d for d in options.deviations if d.expires >= desired.scope.today)
    options = replace(options, deviations=in_force)
    for resource in desired.resources.values():
        _compare(resource, desired, observed, options, found)
    moved = set()
    for one in moved_columns(desired, observed, options.allow):
        moved.add(one.address)
        found.take(one)
    _undeclared(desired, observed, options, found, moved)
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
    )


def _with_operations(change: Change, desired: Desired, options: Options) -> Change:
    if change.action in {Action.ADOPT, Action.FORGET}:
        return change
    kind = kind_named(change.kind)
    operations = tuple(kind.operations(change, desired.scope, options.capabilities))
    if operations and all(operation.method == "GET" for operation in operations):
        reason = "it comes with the site; its id is looked up before it is used"
        return replace(change, action=Action.NOOP, operations=operations, fields=(), reason=reason)
    return replace(change, operations=operations)


def _compare(
    resource: Resource, desired: Desired, observed: Observed, options: Options, found: _Findings
) -> None:
    kind = kind_named(resource.kind)
    existing = observed.existing.get(resource.address)
    if existing is None:
        _missing(resource, kind, desired, observed, options, found)
        return
    entry = observed.ledger.objects.get(resource.address)
    fields = tuple(_differences(resource, existing, entry, kind, options, found))
    for one in fields:
        if one.path in kind.administrators:
            found.blocked.append(
                Blocked(
                    resource.address,
                    "ADMINISTRATOR-ONLY",
                    f"Only an administrator can change {one.path} of {resource.address} "
                    f"({_said(one.before)} on the site, {_said(one.after)} in the file).",
                    kind.administrators[one.path],
                    resource.where,
                    (one,),
                )
            )
    fields = tuple(f for f in fields if f.path not in kind.administrators)
    stuck = [f for f in fields if f.path in kind.immutable]
    changed = retyped(resource, existing, fields, desired, observed, options.allow)
    if changed is not None:
        found.take(changed)
        return
    if stuck:
        names = ", ".join(f.path for f in stuck)
        found.blocked.append(
            Blocked(
                resource.address,
                "CANNOT-CHANGE-IN-PLACE",
                f"SharePoint cannot change {names} of {resource.address} in place "
                f"({_said(stuck[0].before)} on the site, {_said(stuck[0].after)} in the file).",
                instead(resource, stuck[0].path, observed.existing),
                resource.where,
                tuple(stuck),
            )
        )
        fields = tuple(field for field in fields if field not in stuck)
        if not fields:
            return
    held = tuple(f for f in fields if f.path in kind.guarded)
    if held and resource.address not in options.allow:
        found.blocked.append(
            Blocked(
                resource.address,
                "CHANGE-HELD",
                f"{resource.address} would get another {held[0].path}: {_said(held[0].before)} on "
                f"the site, {_said(held[0].after)} in the file.",
                f"Give --allow {resource.address} if you mean it, or set the file to what is there.",
                resource.where,
                held,
            )
        )
        return
    if fields:
        found.changes.append(
            Change(
                resource.address,
                resource.kind,
                Action.UPDATE,
                _reason(fields, entry),
                kind.risk(Action.UPDATE, fields),
                fields,
                desired=resource,
                existing=existing,
                depends=resource.depends,
            )
        )
    elif _adoptable(existing, entry, kind):
        found.changes.append(
            Change(
                resource.address,
                resource.kind,
                Action.ADOPT,
                _recorded_because(resource.address, observed),
                "low",
                desired=resource,
                existing=existing,
            )
        )
    else:
        found.noop += 1


def _missing(
    resource: Resource,
    kind: Kind,
    desired: Desired,
    observed: Observed,
    options: Options,
    found: _Findings,
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
    resource: Resource, kind: Kind, desired: Desired, capabilities: Capabilities, found: _Findings
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


def _differences(
    resource: Resource,
    existing: Existing,
    entry: Entry | None,
    kind: Kind,
    options: Options,
    found: _Findings,
) -> Iterable[FieldChange]:
    there = kind.seen(resource, existing)
    for path, wanted in resource.properties.items():
        actual = there.get(path)
        if _same(wanted, actual):
            continue
        deviation = _deviation(options.deviations, resource.address, path, actual)
        if deviation is not None:
            found.accepted.append(
                Note(
                    resource.address,
                    path,
                    wanted,
                    actual,
                    "ACCEPTED",
                    deviation.reason,
                    deviation.approver,
                    str(deviation.expires),
                )
            )
            continue
        if path in kind.by_hand:
            found.notes.append(Note(resource.address, path, wanted, actual, "SET-BY-HAND"))
            continue
        if path in kind.people_own or "*" in kind.people_own:
            verdict = _merge(wanted, actual, entry, path)
            if verdict == "note" and entry is None and actual == "" and path in kind.people_own:
                # Nobody has said anything here, and an apply that was cut off leaves it so.
                verdict = "update"
            if verdict == "note" or (
                verdict == "conflict" and resource.address not in options.allow
            ):
                code = "PEOPLE-EDITED" if verdict == "note" else "CONFLICT"
                found.notes.append(Note(resource.address, path, wanted, actual, code))
                continue
        yield FieldChange(path, actual, wanted)


def _merge(wanted: object, actual: object, entry: Entry | None, path: str) -> str:
    """Three ways: only the file moved, only people moved, or both."""
    if entry is None or path not in entry.properties:
        return "update" if actual == "" else "note"  # nobody has written anything there
    last = entry.properties[path]
    if _same(actual, last):
        return "update"
    return "note" if _same(wanted, last) else "conflict"


def _deviation(
    deviations: Sequence[Deviation], address: str, path: str, actual: object
) -> Deviation | None:
    for one in deviations:
        if one.address == address and one.path in {path, ""} and _same(one.value, actual):
            return one
    return None


def _undeclared(
    desired: Desired,
    observed: Observed,
    options: Options,
    found: _Findings,
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


def _reason(fields: Sequence[FieldChange], entry: Entry | None) -> str:
    names = ", ".join(f.path for f in fields)
    if entry is None:
        return f"{names} on the site is not what the file says"
    moved = [f for f in fields if not _same(f.before, entry.properties.get(f.path))]
    if moved:
        return f"{', '.join(f.path for f in moved)} was changed on the site since the last apply"
    return f"{names} was changed in the file since the last apply"


def changed_outside(change: Change, ledger: LedgerState, path: str) -> bool:
    """Whether the site moved away from what we last applied (and not the file)."""
    entry = ledger.objects.get(change.address)
    if entry is None or path not in entry.properties:
        return True
    before = next((f.before for f in change.fields if f.path == path), None)
    return not _same(before, entry.properties[path])


def _same(one: object, other: object) -> bool:
    if one in (None, "", [], {}, ()) and other in (None, "", [], {}, ()):
        return True
    return canonical_json(one) == canonical_json(other)


def _said(value: object) -> str:
    return "nothing" if value in (None, "", [], {}) else f"“{value}”"

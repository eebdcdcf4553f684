"""What a run changed, changed back; and what people have changed since. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from provisioner.core.address import address, root_of
from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options
from provisioner.engine.signed import said
from provisioner.engine.undo_again import as_it_was, in_both, its_own, same
from provisioner.engine.undo_gates import Gathered, conflict
from provisioner.kinds import kind_named
from provisioner.kinds.base import Kind
from provisioner.ledger.state import Entry


def seen_as(existing: Existing, desired: Desired) -> Mapping[str, Any]:
    """What was read, as it compares with what the file declares at that address."""
    declared = desired.resources.get(existing.address)
    return existing.properties if declared is None else _kind(existing).seen(declared, existing)


def _kind(existing: Existing) -> Kind:
    return kind_named(existing.kind)


EDITED = frozenset({"page", "view"})
"""What people edit and an undo removes in one request: cut off, it leaves these as they were."""

PASSED_ON = frozenset({"default", "home"})
"""What only one has: an undo that was cut off had given it back to the one that had it before."""


def moved_since(
    entry: Entry, there: Mapping[str, Any], passed: Collection[str] = ()
) -> Iterable[str]:
    """Each property that is not as the ledger says, in words; of `passed` only what is on now."""
    for path, last in entry.properties.items():
        now = there.get(path)
        if not same(last, now) and (path not in passed or now):
            yield f"{path} was {said(last)} and is {said(now)}"


def put_back(
    result: Mapping[str, Any],
    existing: Existing,
    desired: Desired,
    options: Options,
    found: Gathered,
) -> None:
    """Adds to `found` the change back to what was there before that run; or why it is not made."""
    own, fields, moved = existing.address, [], []
    there, begun = seen_as(existing, desired), half_way(found.begun.get(existing.address))
    for one in result.get("fields") or ():
        path, before, wrote = str(one["path"]), one["before"], one["after"]
        now = there.get(path)
        if same(*in_both(now, before, existing.kind, found.adopted)):
            continue
        if not before and path.partition(".")[0] in _kind(existing).lasting:
            found.stays.append(f"{own}: {path}, which is not taken away again")
            found.held.add(address("column", path.partition(".")[2]))
            continue
        if existing.kind == "item" and address("column", path, root_of(own)) in found.anew:
            found.stays.append(f"{own}: its {path}, as that column was made anew")
            continue
        if not same(*in_both(now, wrote, existing.kind, found.adopted)) and not begun(path, now):
            moved.append(f"{path} was {said(wrote)} and is {said(now)}")
        fields.append(FieldChange(path, now, before))
    if own in found.begun and there.get("published") is False:  # checked out, and cut off there
        fields.append(FieldChange("published", False, True))
    if moved and own not in options.allow:
        found.blocked.append(conflict(own, moved))
        return
    if not fields and own not in found.begun:
        return
    wanted = {**there, **{one.path: one.after for one in fields}}
    declared = desired.resources.get(own)
    keep = declared.properties if declared is not None else wanted
    kept = {path: wanted.get(path) for path in keep}
    resource = as_it_was(own, existing.kind, kept, desired)
    if not fields:  # the run that was cut off did it, and could not record that
        found.changes.append(_recorded(resource, existing))
        return
    found.changes.append(_updated(resource, existing, tuple(fields)))


def put_right(
    result: Mapping[str, Any],
    existing: Existing,
    desired: Desired,
    observed: Observed,
    options: Options,
    found: Gathered,
) -> None:
    """What an undo that was cut off had made again, brought to all that it was.

    Words where none were are people's, written since: they stay.
    """
    own, was = existing.address, result.get("definition") or {}
    if existing.kind == "contentType":
        was = its_own(was, observed)
    again = {own: as_it_was(own, existing.kind, was, desired)}
    desired = replace(desired, resources=MappingProxyType({**desired.resources, **again}))
    fields = [
        {"path": path, "before": value, "after": existing.properties.get(path)}
        for path, value in was.items()
        if path in existing.properties and value not in (None, "")
    ]
    put_back({"fields": fields}, existing, desired, options, found)


def _updated(resource: Resource, existing: Existing, fields: tuple[FieldChange, ...]) -> Change:
    return Change(
        existing.address,
        existing.kind,
        Action.UPDATE,
        f"{', '.join(one.path for one in fields)} as before that run",
        kind_named(existing.kind).risk(Action.UPDATE, fields),
        fields,
        desired=resource,
        existing=existing,
        depends=resource.depends,
    )


def _recorded(resource: Resource, existing: Existing) -> Change:
    reason = "as before that run already"
    own = existing.address
    return Change(
        own, existing.kind, Action.NOOP, reason, "low", desired=resource, existing=existing
    )


def half_way(begun: Mapping[str, Any] | None) -> Callable[[str, Any], bool]:
    """Tells of a path and what is there now whether a run that was cut off may have left it so.

    `begun` is what the plan of that run says of the address, None where it says nothing. Of several
    values, such as members or grants, some may have come and some be still to go.
    """
    fields = {str(one["path"]): one for one in (begun or {}).get("fields") or ()}

    def may_be(path: str, now: Any) -> bool:
        one = fields.get(path)
        if one is None:
            return begun is not None and begun.get("action") == "create"
        before, after = (_parts(one[word]) for word in ("before", "after"))
        return before & after <= _parts(now) <= before | after

    return may_be


def _parts(value: Any) -> set[str]:
    """The values of a value: of a list each, of grants each level of each; a role's by its names."""
    if isinstance(value, Mapping):
        return {f"{name}={one}" for name, several in value.items() for one in _parts(several)}
    if isinstance(value, list | tuple):
        return {str(one) for one in value}
    return set(value.split(" and ")) if isinstance(value, str) else {str(value)}

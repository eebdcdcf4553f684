"""What a run removed, made again; and a resource as it was before a run. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Action, Change, FieldChange, Resource
from provisioner.engine.desired import SILENT, Desired
from provisioner.engine.observe import Observed
from provisioner.engine.undo_gates import Gathered
from provisioner.kinds import kind_named
from provisioner.kinds.navigation_parts import BARS
from provisioner.ledger.state import Entry


def make_again(
    result: Mapping[str, Any], kind: str, desired: Desired, observed: Observed, found: Gathered
) -> None:
    """Adds to `found` the change that makes again what a result says was removed."""
    own, definition = str(result["address"]), result.get("definition")
    if not kind or not definition:
        found.stays.append(f"{own}: its definition was not kept; look in the recycle bin")
        return
    if kind == "list":
        found.stays.append(
            f"{own}: what was in it (columns, views, rows, who may do what) is in the recycle bin; "
            "the list itself is made again"
        )
    said = its_own(definition, observed) if kind == "contentType" else definition
    resource = as_it_was(own, kind, said, desired)
    found.changes.append(
        Change(
            own,
            kind,
            Action.CREATE,
            "that run removed it; what people had put in it is in the recycle bin, or gone",
            "medium",
            tuple(FieldChange(path, None, value) for path, value in said.items() if value),
            desired=resource,
            depends=resource.depends,
        )
    )


def with_all_of_it(
    receipt: Mapping[str, Any], desired: Desired, recorded: Mapping[str, Entry]
) -> Desired:
    """The desired state with what that run removed or made and no file declares: all of it is read.

    So what is there again is known, and what stands on a page that the run made.
    """
    found = {}
    for one in receipt["results"]:
        own, kind, said = str(one["address"]), str(one.get("kind") or ""), one.get("definition")
        entry = recorded.get(own)
        if one["action"] == "create" and entry is not None and kind not in SILENT:
            said = entry.properties
        elif one["action"] != "delete":
            continue
        if one["status"] == "done" and kind and said and own not in desired.resources:
            found[own] = as_it_was(own, kind, said, desired)
    if not found:
        return desired
    pages = [f"{split(own)[1]}.aspx" for own, one in found.items() if one.kind == "page"]
    scope = replace(desired.scope, pages=(*desired.scope.pages, *pages))
    return replace(desired, scope=scope, resources=MappingProxyType({**desired.resources, **found}))


def with_places(changes: Sequence[Change]) -> list[Change]:
    """The changes; entries of navigation that are made again wait for lists and pages that are.

    Nothing may declare any more where an entry led to, so that its link says only an address.
    """
    made = [one for one in changes if one.action is Action.CREATE]
    places = tuple(one.address for one in made if one.kind in {"list", "page"})
    entries = {one.address for one in made if one.kind in {"navigation", "topNavigation"}}
    return [
        replace(one, depends=(*one.depends, *places)) if one.address in entries else one
        for one in changes
    ]


def as_it_will_be(change: Change, found: Gathered) -> Change:
    """The change; the order of a bar of navigation names what is there when all is done.

    Entries that are removed or left to people are not in it, and those that are made again stand at
    its end.
    """
    if change.kind != "navigationBar" or change.desired is None or change.existing is None:
        return change
    kind = next(bar.kind for bar in BARS if change.address == address("navigationBar", bar.word))
    there = {c.address for c in found.changes if c.kind == kind and c.action is Action.CREATE}
    there |= set(change.existing.properties.get("order") or ())
    again = [own for own in found.removed if split(own)[0] == kind]
    said = dict(change.desired.properties)
    order = dict.fromkeys((*(said.get("order") or ()), *again))
    said["order"] = [one for one in order if one in there - found.gone - found.adopted]
    fields = tuple(
        replace(f, after=said["order"]) if f.path == "order" else f for f in change.fields
    )
    return replace(change, fields=fields, desired=replace(change.desired, properties=said))


def its_own(definition: Mapping[str, Any], observed: Observed) -> Mapping[str, Any]:
    """A content type without the columns that it has from the one it starts from."""
    base = observed.existing.get(address("contentType", str(definition.get("base") or "")))
    above = base.properties if base is not None else {}
    return {
        path: value
        for path, value in definition.items()
        if not path.startswith("columns.") or path not in above
    }


def as_it_was(own: str, kind: str, properties: Mapping[str, Any], desired: Desired) -> Resource:
    """The resource with these properties: what goes with them is made from them, not from the file."""
    declared = desired.resources.get(own) or Resource(kind, own, {})
    again = kind_named(kind).again(own, properties)
    return replace(
        declared,
        properties=MappingProxyType(dict(properties)),
        keys=tuple(dict.fromkeys((*declared.keys, *again.keys))),
        depends=tuple(dict.fromkeys((*declared.depends, *again.depends))),
        extra={**declared.extra, **again.extra},
    )


def in_both(
    now: Any, wrote: Any, kind: str, left: Collection[str] = frozenset()
) -> tuple[Any, Any]:
    """What is there and what a run wrote, to be compared.

    Of the order of a bar of navigation only what both name, as the rest came or went since; but for
    `left`, the entries that are left where they are.
    """
    if kind != "navigationBar":
        return now, wrote
    shared = (set(now or ()) & set(wrote or ())) - set(left)
    return [one for one in now or () if one in shared], [
        one for one in wrote or () if one in shared
    ]


def same(one: object, other: object) -> bool:
    """Whether two values are the same, nothing being as good as empty."""
    if one in (None, "", [], {}, ()) and other in (None, "", [], {}, ()):
        return True
    return canonical_json(one) == canonical_json(other)

"""The order of a bar of navigation, and whether it holds anything beyond the file.

```yaml
navigation:
  - {title: Access control, link: library:access-control-evidence}
  - {title: Registers, children: [{title: Risks, link: list:risk-register}]}
navigationOwnership: exact
```

The entries of the file stand in the order of the file, those below another too, and it is drift
when somebody moves one. Where people put their own entries between them is theirs.

`navigationOwnership: exact` says that the bars hold what the file says and nothing else: then the
entries SharePoint makes with a site (Home, Documents, Site contents …) and those people add are
drift, and the next apply deletes them. Without it they stay, and what people add is a note.

Entries are moved with `MoveAfter` of their collection (learn.microsoft.com/previous-versions/
office/sharepoint-csom, NavigationNodeCollection; the request as pnp/pnpjs sends it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from pydantic import RootModel

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Existing, Found, Resource
from provisioner.core.transport import Answers, Operation, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.navigation_parts import BARS, OWNERSHIP, QUICK, Bar
from provisioner.kinds.requests import REST_MANAGE, rest

NAME = "navigationBar"


class Ownership(RootModel[Literal["exact"]]):
    """Whose the bars of navigation are: `exact` if the file's alone."""


def declared_order(
    quick: Sequence[Declared], top: Sequence[Declared], ownership: Sequence[Declared]
) -> Mapping[str, tuple[str, ...]]:
    """The addresses of the declared entries of each bar in file order, and who owns the bars."""
    made: dict[str, tuple[str, ...]] = {OWNERSHIP: ("exact",)} if ownership else {}
    for bar, entries in zip(BARS, (quick, top), strict=True):
        found: list[str] = []
        for one in entries:
            _walk(one.spec, bar, "", found)
        if found:
            made[bar.kind] = tuple(found)
    return made


def _walk(entry: Any, bar: Bar, above: str, found: list[str]) -> None:
    own = address(bar.kind, entry.title, above)
    found.append(own)
    for child in getattr(entry, "children", ()):
        _walk(child, bar, own, found)


def bar_resource(bar: Bar, scope: Scope, where: Where) -> Resource:
    """A bar with the order of its entries."""
    said: dict[str, Any] = {"order": list(scope.navigation.get(bar.kind, ()))}
    if OWNERSHIP in scope.navigation:
        said["extras"] = []
    return Resource(NAME, address(NAME, bar.word), said, (("bar", bar.word),), where=where)


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The left bar, where the file has no entry for it: then it holds nothing."""
    if QUICK.kind in scope.navigation:
        return ()  # the first of its entries brings it
    return (bar_resource(QUICK, scope, declared.where),)


def last_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The bars that are read, once their entries are known."""
    return [_found(bar, known, answers) for bar in BARS if bar.is_read(scope)]


def _found(bar: Bar, known: Known, answers: Answers) -> Found:
    entries = {one.ids["id"]: one for one in known.values() if one.kind == bar.kind}
    order, extras, ids, others = [], [], [], set[str]()
    for _, above, node in bar.nodes(answers):
        own = str(node["Id"])
        one = entries.get(own)
        if one is not None and one.declared:
            order.append(one.address)
        elif above in others:
            others.add(own)  # it goes with the one above
        elif one is None or not _is_setting(one, known):
            others.add(own)
            extras.append(str(node["Title"]))
            ids.append(own)
    return Found(
        NAME,
        SITE,
        bar.word,
        (("bar", bar.word),),
        {"id": bar.number, "extras": ",".join(ids)},
        {"order": order, "extras": extras},
        builtin=True,
    )


def _is_setting(one: Existing, known: Known) -> bool:
    """Whether a declared list asks to be listed there (`quickLaunch: true`)."""
    target = known.get(str(one.properties["link"]))
    if target is None or target.kind != "list" or not target.declared:
        return False
    return bool(target.properties.get("quickLaunch"))


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """The order as it will be once the entries that are missing stand at the end of their level."""
    found = list(existing.properties["order"])
    declared = list(wanted.properties["order"])
    order: list[str] = []
    _laid_out(SITE, found + [one for one in declared if one not in found], order)
    return {**existing.properties, "order": order}


def _laid_out(above: str, entries: Sequence[str], order: list[str]) -> None:
    for one in entries:
        if parent_of(one) == above:
            order.append(one)
            _laid_out(one, entries, order)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Entries moved behind the one they follow; entries that are not of the file deleted."""
    wanted, existing = change.desired, change.existing
    if wanted is None or existing is None:
        return ()
    own, names = change.address, {field.path for field in change.fields}
    made: list[Operation] = []
    if "extras" in names:
        for number in existing.ids["extras"].split(","):
            node = f"/_api/web/navigation/GetNodeById({number})"
            what = f"Delete an entry of {own}"
            made.append(rest("DELETE", node, own, tolerates=(404,), what=what))
    if "order" in names:
        declared, found = list(wanted.properties["order"]), list(seen(wanted, existing)["order"])
        for above in dict.fromkeys(parent_of(one) for one in declared):
            siblings = [one for one in found if parent_of(one) == above]
            in_order = [one for one in declared if parent_of(one) == above]
            made += _moves(own, above, siblings, in_order)
    return made


def _moves(own: str, above: str, now: list[str], wanted: Sequence[str]) -> list[Operation]:
    """Moves that bring the entries of one level into the wanted order, one behind the other."""
    bar = next(bar for bar in BARS if own.endswith(f":{bar.word}"))
    home = bar.path if above == SITE else f"GetNodeById({ref(above)})/Children"
    made = []
    for before, one in pairwise(wanted):
        if now.index(one) != now.index(before) + 1:
            now.remove(one)
            now.insert(now.index(before) + 1, one)
            call = f"MoveAfter(nodeId={ref(one)},previousNodeId={ref(before)})"
            path = f"/_api/web/navigation/{home}/{call}"
            made.append(rest("POST", path, own, what=f"Move {one}"))
    return made


KINDS = (
    Kind(
        name=NAME,
        title="Bar of navigation",
        rank=96,
        mounts={"navigationOwnership": Ownership},
        desired=desired,
        operations=operations,
        last_found=last_found,
        seen=seen,
        deletable=False,
        permissions={Action.UPDATE: REST_MANAGE},
    ),
)

"""Permission levels, as grants and groups name them.

`Read`, `Contribute`, `Edit`, `Design` and `Full Control` mean Microsoft's own levels in every
language: they are found by what they are, not by what the site calls them. Any other name is a
level of the site's own, which must be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE, address
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.requests import quoted, read_rest, rest, rows

LEVELS = {2: "Read", 3: "Contribute", 4: "Design", 5: "Full Control", 6: "Edit"}
"""RoleTypeKind of Microsoft's levels (learn.microsoft.com, "RoleType enum")."""
_AUTOMATIC = frozenset({1, 7})
"""Limited Access and System, which SharePoint gives and takes by itself."""
FULL_CONTROL = "Full Control"
ROLES = read_rest("/_api/web/roledefinitions?$select=Id,Name,RoleTypeKind,Hidden")


def role_address(name: str) -> str:
    """The address of a permission level."""
    return address("role", name)


def role(name: str, where: Where | None) -> Resource:
    """The level as something the site must have."""
    kind = next((str(number) for number, own in LEVELS.items() if own == name), "")
    key = ("kind", kind) if kind else ("name", name)
    return Resource("role", role_address(name), {}, (key,), extra={"kind": kind, "name": name},
                    where=where)


def names_in(bindings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Names of the levels in a role assignment, sorted, without those SharePoint gives itself."""
    return sorted(_name(one) for one in bindings if one.get("RoleTypeKind") not in _AUTOMATIC)


def _name(row: Mapping[str, Any]) -> str:
    return LEVELS.get(int(row.get("RoleTypeKind") or 0), str(row.get("Name") or ""))


def desired(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """Nothing: levels come from the grants and groups that name them."""
    return ()


def inventory(_scope: Scope) -> Sequence[Reading]:
    """The site's levels."""
    return (ROLES,)


def found(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """Every level; none is an extra."""
    answer = answers.get(ROLES)
    return [_found(row) for row in rows(answer.body)] if answer is not None else ()


def _found(row: Mapping[str, Any]) -> Found:
    name = _name(row)
    keys = (("kind", str(row.get("RoleTypeKind") or 0)), ("name", str(row.get("Name") or "")))
    return Found("role", SITE, name, keys, {"id": str(row["Id"])}, {}, builtin=True)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Look up the number of a level; on a new site it is known only then."""
    if change.action is not Action.CREATE or change.desired is None:
        return ()
    kind, name = change.desired.extra["kind"], str(change.desired.extra["name"])
    how = f"getbytype({kind})" if kind else f"getbyname('{quoted(name)}')"
    return (
        rest("GET", f"/_api/web/roledefinitions/{how}?$select=Id", change.address, cost=1,
             produces={"id": "/Id"}, what=f"Look up the level {name}"),
    )


KINDS = (
    Kind(
        name="role",
        title="Permission level",
        rank=12,
        mounts={},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        deletable=False,
    ),
)

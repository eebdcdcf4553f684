"""Requests that change who may do what: on a site, a list, a folder or a row.

Paths as pnp/cli-microsoft365 sends them (spo web, list, folder and listitem roleassignment add and
remove, roleinheritance break and reset).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE, parent_of, split
from provisioner.core.resource import Action, Change, Resource
from provisioner.core.transport import Operation, ref
from provisioner.kinds.base import Capabilities, Scope
from provisioner.kinds.grants import principal_address
from provisioner.kinds.principal import CALLER
from provisioner.kinds.requests import PERMISSION_COST, REST_FULL, quoted, rest, rest_list
from provisioner.kinds.role import FULL_CONTROL, role_address


def folder_path(path: str) -> str:
    """The SharePoint path of the row of a folder, by its server-relative path."""
    return f"/_api/web/GetFolderByServerRelativePath(DecodedUrl='{quoted(path)}')/ListItemAllFields"


def securable(wanted: Resource) -> str:
    """The SharePoint path of what the permissions are for."""
    above = parent_of(wanted.address)
    kind = split(above)[0]
    if above == SITE:
        return "/_api/web"
    if kind == "folder":
        return folder_path(str(wanted.extra["path"]))
    return f"{rest_list(above)}/items({ref(above)})" if kind == "item" else rest_list(above)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Break inheritance and grant; grant and revoke what differs; inherit again."""
    wanted = change.desired
    if wanted is None or change.action is Action.DELETE:
        return ()
    said = wanted.properties
    now: Mapping[str, Any] = change.existing.properties if change.existing is not None else {}
    if parent_of(wanted.address) == SITE:
        return _differ(wanted, said["grants"], now.get("grants") or {})
    if said["inherit"]:
        return _inherit(change, wanted)
    if now.get("inherit", True):
        return _break(wanted)
    return _differ(wanted, said["grants"], now.get("grants") or {})


def _inherit(change: Change, wanted: Resource) -> Sequence[Operation]:
    """Nothing to do for what is new: it inherits."""
    if change.existing is None:
        return ()
    own = wanted.address
    return (_full(f"{securable(wanted)}/resetroleinheritance", own, f"{own} inherits again"),)


def _break(wanted: Resource) -> Sequence[Operation]:
    """Break with nothing copied, grant, then take away what breaking gave to ourselves.

    It is Full Control for "the current user" (learn.microsoft.com,
    SPSecurableObject.BreakRoleInheritance); that an app is given it too is not documented, so a
    404 is an answer. Grants come first, for a person who signs in would lock themselves out.
    What lies inside inherits from then on, but for what the file gives permissions of its own.
    """
    own, grants = wanted.address, wanted.properties["grants"]
    clear = "false" if wanted.extra.get("guards") else "true"
    call = f"breakroleinheritance(copyRoleAssignments=false,clearSubscopes={clear})"
    made = [_full(f"{securable(wanted)}/{call}", own, f"{own} stops inheriting")]
    made += [_grant(wanted, word, level) for word, levels in grants.items() for level in levels]
    made.append(_assignment(wanted, "remove", CALLER, FULL_CONTROL, "Give up our own full control"))
    return made


def _differ(
    wanted: Resource, said: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]
) -> Sequence[Operation]:
    """What is missing is granted before what is too much is taken away."""
    pairs = {(word, level) for word, levels in said.items() for level in levels}
    held = {(word, level) for word, levels in now.items() for level in levels}
    made = [_grant(wanted, word, level) for word, level in sorted(pairs - held)]
    made += [
        _assignment(
            wanted, "remove", principal_address(word), level, f"{word} may no longer {level}"
        )
        for word, level in sorted(held - pairs)
    ]
    return made


def _grant(wanted: Resource, word: str, level: str) -> Operation:
    return _assignment(wanted, "add", principal_address(word), level, f"{word} may {level}")


def _assignment(wanted: Resource, verb: str, who: str, level: str, what: str) -> Operation:
    call = f"{verb}roleassignment(principalid={ref(who)},roledefid={ref(role_address(level))})"
    tolerates = (404,) if verb == "remove" else ()
    return _full(f"{securable(wanted)}/roleassignments/{call}", wanted.address, what, tolerates)


def _full(path: str, own: str, what: str, tolerates: tuple[int, ...] = ()) -> Operation:
    return rest(
        "POST",
        path,
        own,
        cost=PERMISSION_COST,
        permission=REST_FULL,
        tolerates=tolerates,
        what=what,
    )

"""Requests that make, fill, change and delete a SharePoint group.

Bodies as pnp/cli-microsoft365 sends them (spo group add, set, member add and remove).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.resource import Action, Change, Existing
from provisioner.core.transport import Operation, ref
from provisioner.kinds.base import Capabilities, Scope
from provisioner.kinds.principal import address_of, login_of, spelled_as
from provisioner.kinds.requests import PERMISSION_COST, REST_FULL, rest
from provisioner.kinds.role import role_address

SETTINGS = {
    "onlyMembersView": "OnlyAllowMembersViewMembership",
    "membersEdit": "AllowMembersEditMembership",
    "requestToJoin": "AllowRequestToJoinLeave",
    "acceptRequests": "AutoAcceptRequestToJoinLeave",
}
"""Our names for SharePoint's settings of a group (learn.microsoft.com, "SP.Group object")."""
_SITE_GRANTS_PATH = "/_api/web/roleassignments"


def levels_held(group: Existing) -> list[str]:
    """The levels a group has in the site, each by its name; a name may hold " and " itself."""
    return [level for level in group.ids.get("levels", "").split("\n") if level]


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create and fill; bring members, level, owner and description into line; delete."""
    own = change.address
    if change.action is Action.DELETE:
        path = f"/_api/web/sitegroups/removebyid({ref(own)})"
        return (_full("POST", path, own, what=f"Delete {own}", tolerates=(404,)),)
    wanted = change.desired
    if wanted is None:
        return ()
    said = wanted.properties
    if change.action is Action.CREATE:
        return (
            _create(own, said),
            *_members(own, set(said.get("members") or ()), set()),
            *_level(own, said.get("role"), []),
            *_owner(own, said.get("owner")),
        )
    names = {field.path for field in change.fields}
    before = change.existing.properties if change.existing is not None else {}
    made: list[Operation] = []
    words = {"name": "Title", "description": "Description", **SETTINGS}
    body = {word: said[name] for name, word in words.items() if name in names}
    if body:
        made.append(_full("MERGE", _home(own), own, body, what=f"Update {own}"))
    if "members" in names:
        there = spelled_as(before.get("members") or (), said["members"])
        made += _members(own, set(said["members"]), set(there))
    if "role" in names:
        held = levels_held(change.existing) if change.existing is not None else []
        made += _level(own, said["role"], held)
    if "owner" in names:
        made += _owner(own, said["owner"])
    return made


def _home(own: str) -> str:
    return f"/_api/web/sitegroups({ref(own)})"


def _full(method: str, path: str, own: str, body: Any = None, **rest_of: Any) -> Operation:
    return rest(method, path, own, body, cost=PERMISSION_COST, permission=REST_FULL, **rest_of)


def _create(own: str, said: Mapping[str, Any]) -> Operation:
    body = {
        "Title": said["name"],
        "Description": said.get("description") or "",
        "AllowMembersEditMembership": False,
        "OnlyAllowMembersViewMembership": False,
    }
    body |= {theirs: said[name] for name, theirs in SETTINGS.items() if name in said}
    return _full(
        "POST", "/_api/web/sitegroups", own, body, produces={"id": "/Id"}, what=f"Create {own}"
    )


def _members(own: str, wanted: set[str], now: set[str]) -> list[Operation]:
    """Add who is missing, by login name; take out who is not named, by number."""
    made = [
        _full(
            "POST",
            f"{_home(own)}/users",
            own,
            {"LoginName": login_of(word)},
            what=f"Add {word} to {own}",
        )
        for word in sorted(wanted - now)
    ]
    made += [
        _full(
            "POST",
            f"{_home(own)}/users/removebyid({ref(address_of(word))})",
            own,
            tolerates=(404,),
            what=f"Take {word} out of {own}",
        )
        for word in sorted(now - wanted)
    ]
    return made


def _level(own: str, wanted: str | None, held: Sequence[str]) -> list[Operation]:
    """The new level before the old one goes, so that nobody is locked out between."""
    made = []
    if wanted and wanted not in held:
        call = f"addroleassignment(principalid={ref(own)},roledefid={ref(role_address(wanted))})"
        made.append(_full("POST", f"{_SITE_GRANTS_PATH}/{call}", own, what=f"{own} may {wanted}"))
    for old in held:
        if old != wanted:
            call = (
                f"removeroleassignment(principalid={ref(own)},roledefid={ref(role_address(old))})"
            )
            made.append(
                _full(
                    "POST",
                    f"{_SITE_GRANTS_PATH}/{call}",
                    own,
                    tolerates=(404,),
                    what=f"{own} may no longer {old}",
                )
            )
    return made


def _owner(own: str, wanted: str | None) -> list[Operation]:
    """MERGE of Owner is ignored by SharePoint (github.com/SharePoint/sp-dev-docs, issue 5031)."""
    if not wanted:
        return []
    path = f"{_home(own)}/SetUserAsOwner({ref(address_of(wanted))})"
    return [_full("POST", path, own, what=f"{wanted} owns {own}")]

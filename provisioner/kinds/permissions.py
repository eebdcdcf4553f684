"""Who may do what in a library or list.

```yaml
permissions:
  inherit: false
  grants:
    - {to: group:Evidence Owners, role: Contribute}
    - {to: group:Auditors, role: Read, until: 2027-03-31}
    - {to: user:ann@contoso.com, role: Read}
```

With `inherit: true` the site decides. Otherwise exactly the grants named here hold, and any other
is drift, found and taken away. `to` names a group of this file, or a person or directory group as
in `members`. A grant holds through its `until` day and is taken away after it.

Not looked at: Limited Access, which SharePoint gives by itself; site collection administrators,
who may do everything everywhere; and groups behind sharing links.

When inheritance is broken, SharePoint gives full control to whoever broke it, which would be this
program. That is taken away again in the same run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import address, split
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.principal import CALLER, address_of, caller, checked, principal, word_of
from provisioner.kinds.requests import (
    PERMISSION_COST,
    REST_FULL,
    many,
    read_rest,
    rest,
    rest_list,
    rest_list_by_id,
    rows,
)
from provisioner.kinds.role import FULL_CONTROL, names_in, role, role_address

_SHARE_POINT_GROUP = 8
"""PrincipalType of a SharePoint group (learn.microsoft.com, "PrincipalType enum")."""
_AUTOMATIC = ("SharingLinks.", "Limited Access System Group")


class Grant(SpecModel):
    """Somebody, and what they may do."""

    to: str = Field(description="Who: group:<name>, user:<address>, entra:<id> or m365:<id>.")
    role: str = Field(
        min_length=1, description="Read, Contribute, Edit, Design, Full Control, or a level's name."
    )
    until: date | None = Field(default=None, description="The last day it holds.")

    @field_validator("to")
    @classmethod
    def _is_somebody(cls, value: str) -> str:
        name = value.removeprefix("group:")
        if name == value:
            return checked(value)
        if not name.strip():
            raise ValueError("Name the group: group:Evidence Owners.")
        return value


class Permissions(SpecModel):
    """Who may do what."""

    inherit: bool = Field(default=False, description="Whether the site's permissions hold.")
    grants: tuple[Grant, ...] = Field(default=(), description="Everybody who may do something.")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Permissions:
        if self.inherit and self.grants:
            raise ValueError("Either `inherit: true` or `grants`: what is inherited has none.")
        return self


def list_grants(list_id: str) -> Reading:
    """Who may do what in one list."""
    return read_rest(
        f"{rest_list_by_id(list_id)}/roleassignments?$expand=Member,RoleDefinitionBindings",
        cost=PERMISSION_COST,
    )


def principal_address(word: str) -> str:
    """The address of a group, person or directory group named in a grant."""
    name = word.removeprefix("group:")
    return address_of(word) if name == word else address("group", name)


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The permissions, and everybody and every level they name, as the site must know them."""
    spec = declared.spec
    assert isinstance(spec, Permissions)
    assert declared.parent is not None
    own = address("permissions", "", address("list", str(getattr(declared.parent.spec, "key", ""))))
    where = declared.where
    held = [one for one in spec.grants if one.until is None or scope.today <= one.until]
    grants: dict[str, list[str]] = {}
    for one in held:
        levels = grants.setdefault(one.to, [])
        if one.role not in levels:
            levels.append(one.role)
    people = [word for word in grants if not word.startswith("group:")]
    made = [principal(word, where) for word in people]
    made += [role(name, where) for name in sorted({one.role for one in held})]
    if not spec.inherit:
        made += [caller(where), role(FULL_CONTROL, where)]
    properties = {
        "inherit": spec.inherit,
        "grants": {word: sorted(levels) for word, levels in grants.items()},
    }
    ended: dict[str, list[str]] = {}
    for one in spec.grants:
        if one not in held:
            ended.setdefault(one.to, []).append(one.role)
    depends = tuple(principal_address(word) for word in grants)
    keys = (("permissions", "permissions"),)
    return (*made, Resource("permissions", own, properties, keys, depends, {"ended": ended}, where))


def detail(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The grants of each declared list that has its own."""
    return [list_grants(one.ids["id"]) for one in known.values() if _has_own(one)]


def _has_own(one: Any) -> bool:
    return bool(one.kind == "list" and one.declared and one.ids.get("inherits") == "false")


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What holds in each declared list."""
    groups = {one.ids["id"]: split(one.address)[1] for one in known.values() if one.kind == "group"}
    made = []
    for one in known.values():
        if one.kind != "list" or not one.declared:
            continue
        answer = answers.get(list_grants(one.ids["id"])) if _has_own(one) else None
        grants = canonical(rows(answer.body), groups) if answer is not None else {}
        properties = {"inherit": not _has_own(one), "grants": grants}
        keys = (("permissions", "permissions"),)
        made.append(
            Found(
                "permissions",
                one.address,
                "",
                keys,
                {"id": one.ids["id"]},
                properties,
                builtin=not _has_own(one),
            )
        )
    return made


def canonical(
    assignments: Sequence[Mapping[str, Any]], groups: Mapping[str, str]
) -> dict[str, list[str]]:
    """Role assignments as `{principal: [levels]}`, without what SharePoint gives by itself.

    `groups` has the declared name of each group by its number on the site.
    """
    grants: dict[str, list[str]] = {}
    for one in assignments:
        member = one.get("Member") or {}
        title = str(member.get("Title") or "")
        levels = names_in(many(one.get("RoleDefinitionBindings")))
        if member.get("PrincipalType") == _SHARE_POINT_GROUP:
            word = f"group:{groups.get(str(one.get('PrincipalId')), title)}"
        else:
            word = word_of(str(member.get("LoginName") or ""))
        if levels and not title.startswith(_AUTOMATIC):
            grants[word] = levels
    return grants


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Break inheritance and grant; grant and revoke what differs; inherit again."""
    wanted = change.desired
    if wanted is None:
        return ()
    own, said = change.address, wanted.properties
    if change.action is Action.DELETE or said["inherit"]:
        return _inherit(change)
    now: Mapping[str, Any] = change.existing.properties if change.existing is not None else {}
    if now.get("inherit", True):
        return _break(own, said["grants"])
    return _differ(own, said["grants"], now.get("grants") or {})


def _inherit(change: Change) -> Sequence[Operation]:
    """Nothing to do for a new list: it inherits."""
    if change.existing is None:
        return ()
    own = change.address
    return (_full(f"{rest_list(own)}/resetroleinheritance", own, f"{own} inherits again"),)


def _break(own: str, grants: Mapping[str, Sequence[str]]) -> Sequence[Operation]:
    """Break with nothing copied, grant, then take away what breaking gave to ourselves.

    It is Full Control for "the current user" (learn.microsoft.com,
    SPSecurableObject.BreakRoleInheritance); that an app is given it too is not documented, so a
    404 is an answer. Grants come first, for a person who signs in would lock themselves out.
    """
    call = "breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)"
    made = [_full(f"{rest_list(own)}/{call}", own, f"{own} stops inheriting")]
    made += [_grant(own, word, level) for word, levels in grants.items() for level in levels]
    made.append(_assignment(own, "remove", CALLER, FULL_CONTROL, "Give up our own full control"))
    return made


def _differ(
    own: str, wanted: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]
) -> Sequence[Operation]:
    """What is missing is granted before what is too much is taken away."""
    pairs = {(word, level) for word, levels in wanted.items() for level in levels}
    held = {(word, level) for word, levels in now.items() for level in levels}
    made = [_grant(own, word, level) for word, level in sorted(pairs - held)]
    made += [
        _assignment(own, "remove", principal_address(word), level, f"{word} may no longer {level}")
        for word, level in sorted(held - pairs)
    ]
    return made


def _grant(own: str, word: str, level: str) -> Operation:
    return _assignment(own, "add", principal_address(word), level, f"{word} may {level}")


def _assignment(own: str, verb: str, who: str, level: str, what: str) -> Operation:
    call = f"{verb}roleassignment(principalid={ref(who)},roledefid={ref(role_address(level))})"
    tolerates = (404,) if verb == "remove" else ()
    return _full(f"{rest_list(own)}/roleassignments/{call}", own, what, tolerates)


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


def risk(_action: Action, _fields: Sequence[FieldChange]) -> Risk:
    """Access is always worth a look."""
    return "high"


KINDS = (
    Kind(
        name="permissions",
        title="Permissions",
        rank=80,
        mounts={"libraries[].permissions": Permissions, "lists[].permissions": Permissions},
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        risk=risk,
        deletable=False,
        exact=True,
        permissions={Action.CREATE: REST_FULL, Action.UPDATE: REST_FULL},
    ),
)

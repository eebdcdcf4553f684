"""Who may do what: in the site, a library or list, a folder, a row.

```yaml
site:
  permissions:                           # left out, the site's own grants are not compared
    grants:
      - {to: group:Auditors, role: Read, until: 2027-03-31}
libraries:
  - key: access-control-evidence
    permissions:
      inherit: false
      grants:
        - {to: group:Evidence Owners, role: Contribute}
        - {to: site:owners, role: Full Control}
        - {to: user:ann@contoso.com, role: Read}
    folders:
      - path: 2026/Q1
        permissions: {grants: [{to: group:Evidence Owners, role: Read}]}
lists:
  - key: risk-register
    items:
      key: RiskId
      seed: [{RiskId: R-001, Title: Key material leaks}]
      permissions:
        R-001: {grants: [{to: group:Evidence Owners, role: Contribute}]}
```

With `inherit: true` what it lies in decides. Otherwise exactly the grants named here hold, and any
other is drift, found and taken away. `to` names a group of this file, a person or directory group
as in `members`, or one of the groups that come with every site: `site:owners`, `site:members`,
`site:visitors`, which are found by what they are and not by their title. A grant holds through its
`until` day and is taken away after it.

A library, list, folder or row without `permissions` is expected to inherit; one that does not is a
finding of the drift check, and is left to people.

For the site itself, `site.permissions` names everybody who may do something in all of it, beside

- the groups of this file that say their own `role`: they are not named again here;
- Owners, Members and Visitors, who keep Full Control, Edit and Read unless a grant says otherwise
  or `defaultGroups: false` is written. A site that lacks one of these groups needs that word.

Left out, the site's grants are nobody's to compare; a person, guest or group that is let into the
whole site after the first apply is a finding all the same.

The drift check looks at everything inside the libraries and lists of the file for permissions of
its own: one request for each 5,000 rows, and one more for each of the first 200 that have some.

Not looked at: Limited Access, which SharePoint gives by itself; site collection administrators,
who may do everything everywhere, and of whom the drift check tells when there is a new one; and
groups behind sharing links, which have a finding of their own.

When inheritance is broken, SharePoint gives full control to whoever broke it, which would be this
program. That is taken away again in the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provisioner.core.address import SITE, address
from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.resource import Action, FieldChange, Resource, Risk
from provisioner.kinds.base import Declared, Kind, Scope
from provisioner.kinds.folder import Folder, folder_address
from provisioner.kinds.grants import (
    STANDARD,
    Grant,
    Permissions,
    RowPermissions,
    SitePermissions,
    levels_by_word,
    principal_address,
)
from provisioner.kinds.list import url_of
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.permission_readings import detail, detail_found, last, last_found
from provisioner.kinds.permission_requests import operations
from provisioner.kinds.principal import caller, principal
from provisioner.kinds.requests import REST_FULL
from provisioner.kinds.role import FULL_CONTROL, role


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The permissions, and everybody and every level they name, as the site must know them.

    Raises `SpecInvalid` for a group of the file that is given a level on the site twice.
    """
    spec = declared.spec
    if isinstance(spec, SitePermissions):
        return _of_site(spec, declared.where, scope)
    assert declared.parent is not None
    if isinstance(spec, RowPermissions):
        above = address("list", str(getattr(_list_of(declared), "key", "")))
        return [
            resource
            for key, one in spec.root.items()
            for resource in _own(address("item", key, above), one, declared.where, scope, {})
        ]
    assert isinstance(spec, Permissions)
    if isinstance(declared.parent.spec, Folder):
        path = f"{url_of(_list_of(declared), scope)}/{declared.parent.spec.path}"
        above = folder_address(declared.parent)
        return _own(above, spec, declared.where, scope, {"path": path})
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    return _own(above, spec, declared.where, scope, {})


def _list_of(declared: Declared) -> Library | List:
    """The list that a folder's or row's permissions are in."""
    above: Declared | None = declared
    while above is not None and not isinstance(above.spec, (Library, List)):
        above = above.parent
    assert above is not None
    assert isinstance(above.spec, (Library, List))
    return above.spec


def _own(
    above: str, spec: Permissions, where: Where, scope: Scope, extra: dict[str, Any]
) -> list[Resource]:
    held = [one for one in spec.grants if one.until is None or scope.today <= one.until]
    grants = levels_by_word(held)
    made = _named(held, where)
    if not spec.inherit:
        made += [caller(where), role(FULL_CONTROL, where)]
    guarded = [one for inner in scope.access.guarded.values() for one in inner]
    more: dict[str, Any] = {"ended": _ended(spec.grants, held), **extra}
    if any(_lies_in(one, above) for one in guarded):
        more["guards"] = True
    depends = [principal_address(word) for word in grants]
    if not above.startswith("list:") or "/" in above:
        depends.append(above)
    properties = {"inherit": spec.inherit, "grants": grants}
    own = address("permissions", "", above)
    keys = (("permissions", "permissions"),)
    return [*made, Resource("permissions", own, properties, keys, tuple(depends), more, where)]


def _lies_in(inner: str, outer: str) -> bool:
    """Whether one address is inside another; a folder's is told by its path, 2026%2FQ1 in 2026."""
    return inner.startswith((f"{outer}/", f"{outer}%2F"))


def _of_site(spec: SitePermissions, where: Where, scope: Scope) -> list[Resource]:
    held = [one for one in spec.grants if one.until is None or scope.today <= one.until]
    for one in spec.grants:
        if one.to.startswith("group:") and one.to.removeprefix("group:") in scope.access.roled:
            raise SpecInvalid(
                (
                    Problem(
                        "SPEC-VALUE",
                        f"{one.to} is given a level in the site twice: by its own `role` and in "
                        "`site.permissions`.",
                        where,
                        "Take it from `grants`, or take `role` from the group.",
                    ),
                )
            )
    made = _named(held, where)
    grants = levels_by_word(held)
    named = {one.to for one in spec.grants}
    if spec.default_groups:
        for word, level in STANDARD.items():
            if word not in named:
                grants[word] = [level]
                made += [principal(word, where), role(level, where)]
    depends = tuple(principal_address(word) for word in grants)
    extra = {"ended": _ended(spec.grants, held)}
    keys = (("permissions", "permissions"),)
    own = address("permissions", "", SITE)
    return [*made, Resource("permissions", own, {"grants": grants}, keys, depends, extra, where)]


def _named(held: Sequence[Grant], where: Where) -> list[Resource]:
    """Everybody and every level that grants name."""
    people = dict.fromkeys(one.to for one in held if not one.to.startswith("group:"))
    made = [principal(word, where) for word in people]
    return made + [role(name, where) for name in sorted({one.role for one in held})]


def _ended(grants: Sequence[Grant], held: Sequence[Grant]) -> dict[str, list[str]]:
    """What was granted until a day that has passed."""
    standing = frozenset(held)
    return levels_by_word(one for one in grants if one not in standing)


def risk(_action: Action, _fields: Sequence[FieldChange]) -> Risk:
    """Access is always worth a look."""
    return "high"


KINDS = (
    Kind(
        name="permissions",
        title="Permissions",
        rank=80,
        mounts={
            "site.permissions": SitePermissions,
            "libraries[].permissions": Permissions,
            "lists[].permissions": Permissions,
            "libraries[].folders[].permissions": Permissions,
            "lists[].items.permissions": RowPermissions,
        },
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        last=last,
        last_found=last_found,
        risk=risk,
        deletable=False,
        exact=True,
        outer_first=True,
        permissions={Action.CREATE: REST_FULL, Action.UPDATE: REST_FULL},
    ),
)

"""Permission levels: Microsoft's, and the site's own.

```yaml
roles:
  - name: Evidence Filing
    description: Files evidence, and can delete none of it.
    base: Contribute
    remove: [DeleteListItems, DeleteVersions]
  - {name: Register Reading, add: [ViewListItems, ViewFormPages, ViewPages, Open]}
```

`Read`, `Contribute`, `Edit`, `Design` and `Full Control` mean Microsoft's own levels in every
language: they are found by what they are, not by what the site calls them. Any other name that a
grant or a group uses is a level of the site's own, declared here or already there.

A level of your own is what its `base` allows as Microsoft delivers it, with `add` and without
`remove`. Drift compares everything it allows, by the names of the permissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import SITE, address, split
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Again, Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.requests import PERMISSION_COST, REST_FULL, quoted, read_rest, rest, rows
from provisioner.kinds.role_permissions import BASES, PERMISSIONS, mask_of, masked, names_of

LEVELS = {2: "Read", 3: "Contribute", 4: "Design", 5: "Full Control", 6: "Edit"}
"""RoleTypeKind of Microsoft's levels (learn.microsoft.com, "RoleType enum")."""
_AUTOMATIC = frozenset({1, 7})
"""Limited Access and System, which SharePoint gives and takes by itself."""
_LIMITED = "System.Limited"
"""`System.LimitedView` and `System.LimitedEdit`, which go with shared files, in every language."""
FULL_CONTROL = "Full Control"
ROLES = read_rest(
    "/_api/web/roledefinitions?$select=Id,Name,Description,RoleTypeKind,Hidden,BasePermissions"
)


class Role(SpecModel):
    """A permission level of the site's own."""

    name: str = Field(min_length=1, max_length=255, description="The name people see.")
    description: str | None = Field(
        default=None, max_length=512, description="What somebody with it may do."
    )
    base: Literal["Read", "Contribute", "Edit", "Design", "Full Control"] | None = Field(
        default=None, description="Microsoft's level it starts from; none: it starts from nothing."
    )
    add: tuple[str, ...] = Field(
        default=(), description="Permissions it has more, such as `ViewVersions`."
    )
    remove: tuple[str, ...] = Field(
        default=(), description="Permissions it does not have, such as `DeleteListItems`."
    )

    @field_validator("name")
    @classmethod
    def _is_own(cls, value: str) -> str:
        if value in (*LEVELS.values(), "Limited Access"):
            raise ValueError(f"{value} is Microsoft's own level; give yours another name.")
        return value

    @field_validator("add", "remove")
    @classmethod
    def _are_permissions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in PERMISSIONS:
                raise ValueError(
                    f"{name} is no permission. Microsoft's names are {', '.join(PERMISSIONS)}."
                )
        return value

    @model_validator(mode="after")
    def _allows_something(self) -> Role:
        both = sorted(set(self.add) & set(self.remove))
        if both:
            raise ValueError(f"{both[0]} is both added and removed; say one.")
        if not self.allowed():
            raise ValueError("A level allows something: give it a `base`, or permissions to `add`.")
        return self

    def allowed(self) -> int:
        """Everything it allows, as SharePoint's 64-bit mask."""
        return (BASES.get(self.base or "", 0) | mask_of(self.add)) & ~mask_of(self.remove)


def role_address(name: str) -> str:
    """The address of a permission level."""
    return address("role", name)


def role(name: str, where: Where | None) -> Resource:
    """The level as something the site must have."""
    kind = next((str(number) for number, own in LEVELS.items() if own == name), "")
    key = ("kind", kind) if kind else ("name", name)
    return Resource(
        "role", role_address(name), {}, (key,), extra={"kind": kind, "name": name}, where=where
    )


def level_named(name: str) -> str:
    """The level's name, with Microsoft's capitals where it is one of Microsoft's."""
    plain = name.strip()
    return next((own for own in LEVELS.values() if own.casefold() == plain.casefold()), plain)


def levels_of(known: Known) -> dict[str, str]:
    """What the file calls each level that has been found, by its number on the site."""
    return {one.ids["id"]: split(one.address)[1] for one in known.values() if one.kind == "role"}


def names_in(bindings: Iterable[Mapping[str, Any]], levels: Mapping[str, str]) -> list[str]:
    """Names of the levels in a role assignment, sorted, without those SharePoint gives itself.

    `levels` are those of `levels_of`: a level that was renamed on the site still has its name here,
    because the grants of it are what they were.
    """
    return sorted(
        levels.get(str(one.get("Id")), _name(one))
        for one in bindings
        if one.get("RoleTypeKind") not in _AUTOMATIC
        and not str(one.get("Name") or "").startswith(_LIMITED)
    )


def _name(row: Mapping[str, Any]) -> str:
    return LEVELS.get(int(row.get("RoleTypeKind") or 0), str(row.get("Name") or ""))


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """A level of the site's own; Microsoft's come from the grants and groups that name them."""
    spec = declared.spec
    assert isinstance(spec, Role)
    properties: dict[str, Any] = {"name": spec.name, "permissions": names_of(spec.allowed())}
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    extra = {"kind": "", "name": spec.name, "mask": spec.allowed()}
    own = role_address(spec.name)
    return (Resource("role", own, properties, (("name", spec.name),), (), extra, declared.where),)


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
    properties = {
        "name": name,
        "description": str(row.get("Description") or "").strip(),
        "permissions": names_of(masked(row.get("BasePermissions"))),
    }
    return Found("role", SITE, name, keys, {"id": str(row["Id"])}, properties, builtin=True)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Make, change or delete a level of our own; look up the number of any other.

    Bodies as pnp/cli-microsoft365 sends them (spo roledefinition add, remove).
    """
    own = change.address
    home = f"/_api/web/roledefinitions({ref(own)})"
    if change.action is Action.DELETE:
        return (_full("DELETE", home, own, what=f"Delete the level {own}", tolerates=(404,)),)
    wanted = change.desired
    if wanted is None:
        return ()
    body = _body(wanted)
    if change.action is Action.UPDATE:
        names = {field.path for field in change.fields}
        said = {word: value for path, (word, value) in body.items() if path in names}
        return (_full("MERGE", home, own, said, what=f"Update the level {own}"),) if said else ()
    if change.action is not Action.CREATE:
        return ()
    if "mask" in wanted.extra:
        said = dict(body.values())
        return (
            _full(
                "POST",
                "/_api/web/roledefinitions",
                own,
                said,
                produces={"id": "/Id"},
                what=f"Create the level {own}",
            ),
        )
    kind, name = wanted.extra["kind"], str(wanted.extra["name"])
    how = f"getbytype({kind})" if kind else f"getbyname('{quoted(name)}')"
    return (
        rest(
            "GET",
            f"/_api/web/roledefinitions/{how}?$select=Id",
            own,
            cost=1,
            produces={"id": "/Id"},
            what=f"Look up the level {name}",
        ),
    )


def _body(wanted: Resource) -> dict[str, tuple[str, Any]]:
    """Our names to SharePoint's names and values; the halves of a mask are text."""
    mask = int(wanted.extra.get("mask", 0))
    halves = {"High": str(mask >> 32), "Low": str(mask & 0xFFFFFFFF)}
    return {
        "name": ("Name", wanted.extra["name"]),
        "description": ("Description", wanted.properties.get("description") or ""),
        "permissions": ("BasePermissions", halves),
    }


def _full(method: str, path: str, own: str, body: Any = None, **rest_of: Any) -> Operation:
    return rest(method, path, own, body, cost=PERMISSION_COST, permission=REST_FULL, **rest_of)


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """What a level allows is access."""
    changed = action is Action.UPDATE and any(f.path == "permissions" for f in fields)
    return "high" if changed or action is Action.DELETE else "low"


def again(own: str, said: Mapping[str, Any]) -> Again:
    """What the level allows, as a mask."""
    name = str(said.get("name") or split(own)[1])
    mask = mask_of(said.get("permissions") or ())
    return Again((("name", name),), {"kind": "", "name": name, "mask": mask})


KINDS = (
    Kind(
        name="role",
        title="Permission level",
        rank=12,
        mounts={"roles[]": Role},
        desired=desired,
        operations=operations,
        again=again,
        inventory=inventory,
        found=found,
        risk=risk,
        people_own=frozenset({"description"}),
        permissions={
            Action.CREATE: REST_FULL,
            Action.UPDATE: REST_FULL,
            Action.DELETE: REST_FULL,
        },
    ),
)

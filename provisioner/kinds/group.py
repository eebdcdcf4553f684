"""SharePoint groups of the site.

```yaml
groups:
  - name: Evidence Reviewers
    description: Review and approve what others own.
    role: Read
    members: [user:ann@contoso.com, entra:6f9619ff-8b86-d011-b42d-00c04fc964ff]
    owner: user:vciso@contoso.com
    onlyMembersView: true      # who is in it is for its members to see
  - {name: Auditors, role: Read, guests: true}
```

`role` is what the group may do in the site as a whole; what it may do in a library or list is said
there. Where it holds until a day, leave `role` out and grant it in `site.permissions`.

With `members` the group has exactly those; without it, members belong to people and are not looked
at. Members are written as in `grants`, but a SharePoint group cannot hold another one.

A person of another organisation is a finding of every drift check, unless the file names them as a
member, or says `guests: true` because the group is for such people.

The owner is a person: SharePoint has no supported request that makes a group the owner.

A group that SharePoint made with the site is adopted when you declare one of its name. One that is
renamed in the file says its old names in `renamedFrom: [Reviewers]`, and keeps its members and all that
it may do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import SITE, address
from provisioner.core.resource import Action, Existing, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Reading
from provisioner.kinds.base import Declared, Kind, Known, Scope, SpecModel, known_by_title
from provisioner.kinds.group_requests import SETTINGS, operations
from provisioner.kinds.principal import (
    address_of,
    checked,
    people_in,
    principal,
    spelled_as,
    word_of,
)
from provisioner.kinds.requests import (
    PERMISSION_COST,
    REST_FULL,
    many,
    read_rest,
    rows,
)
from provisioner.kinds.role import level_named, levels_of, names_in, role, role_address

_SHARING = "SharingLinks."
_SYSTEM = "login:SHAREPOINT\\system"


_NO_NAME = "\"/\\[]:|<>+=;,?*'@"
"""What SharePoint refuses in the name of a group (pnp/PnP-Sites-Core#2566 met one)."""


class Group(SpecModel):
    """One SharePoint group."""

    name: str = Field(min_length=1, max_length=255, description="The name people see.")
    description: str | None = Field(default=None, description="Who they are and what they do.")
    role: str | None = Field(
        default=None,
        min_length=1,
        description="What they may do in the whole site: Read, Contribute, Edit, Design, Full "
        "Control, or a level of the site's own.",
    )
    members: tuple[str, ...] | None = Field(
        default=None, description="Exactly who is in it; left out, people decide."
    )
    owner: str | None = Field(default=None, description="Who may change its members.")
    guests: bool = Field(
        default=False, description="Whether people of other organisations may be in it."
    )
    only_members_view: bool | None = Field(
        default=None, description="Whether only its members may see who is in it."
    )
    members_edit: bool | None = Field(
        default=None, description="Whether its members may add and remove members."
    )
    request_to_join: bool | None = Field(
        default=None, description="Whether people may ask to join or leave."
    )
    accept_requests: bool | None = Field(
        default=None, description="Whether whoever asks to join is let in at once."
    )

    renamed_from: tuple[str, ...] = Field(
        default=(), description="Names it had before, so that it stays the same group."
    )

    @model_validator(mode="after")
    def _asks_before_it_is_let_in(self) -> Group:
        if self.accept_requests and not self.request_to_join:
            raise ValueError("`acceptRequests: true` needs `requestToJoin: true`.")
        return self

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        wrong = next((sign for sign in value if sign in _NO_NAME), "")
        if wrong:
            raise ValueError(
                f"SharePoint takes no “{wrong}” in the name of a group, nor any of {' '.join(_NO_NAME)}"
            )
        return value

    @field_validator("members")
    @classmethod
    def _are_principals(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for word in value or ():
            if word.startswith("group:"):
                raise ValueError(
                    f"A SharePoint group cannot hold another one ({word}). For an Entra group "
                    "write entra:<object id>."
                )
            checked(word)
        return value

    @field_validator("role")
    @classmethod
    def _is_level(cls, value: str | None) -> str | None:
        return None if value is None else level_named(value)

    @field_validator("owner")
    @classmethod
    def _owner_is_person(cls, value: str | None) -> str | None:
        if value is not None and not checked(value).startswith("user:"):
            raise ValueError("The owner of a group is a person: user:ann@contoso.com.")
        return value


GROUPS = read_rest(
    "/_api/web/sitegroups?$select=Id,Title,Description,AllowMembersEditMembership,"
    "OnlyAllowMembersViewMembership,AllowRequestToJoinLeave,AutoAcceptRequestToJoinLeave,"
    "Users/LoginName,Owner/LoginName&$expand=Users,Owner"
)
SITE_GRANTS = read_rest(
    "/_api/web/roleassignments?$expand=Member,RoleDefinitionBindings", cost=PERMISSION_COST
)


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """The group, its level, and its owner as somebody the site must know."""
    spec = declared.spec
    assert isinstance(spec, Group)
    where = declared.where
    properties: dict[str, Any] = {"name": spec.name}
    made: list[Resource] = []
    depends: list[str] = []
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    if spec.members is not None:
        properties["members"] = sorted({checked(word) for word in spec.members})
    settings = spec.model_dump(by_alias=True, exclude_none=True)
    properties |= {name: settings[name] for name in SETTINGS if name in settings}
    if spec.role is not None:
        properties["role"] = spec.role
        made.append(role(spec.role, where))
        depends.append(role_address(spec.role))
    if spec.owner is not None:
        owner = checked(spec.owner)
        properties["owner"] = owner
        made.append(principal(owner, where))
        depends.append(address_of(owner))
    group = Resource(
        "group",
        address("group", spec.name),
        properties,
        tuple(("title", name) for name in (spec.name, *spec.renamed_from)),
        tuple(depends),
        {"guests": spec.guests, "renamedFrom": spec.renamed_from},
        where,
    )
    return (*made, group)


def inventory(_scope: Scope) -> Sequence[Reading]:
    """Groups with members and owners, and who may do what in the whole site."""
    return (GROUPS, SITE_GRANTS)


def found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Every group, but for those SharePoint makes for sharing links."""
    groups, grants = answers.get(GROUPS), answers.get(SITE_GRANTS)
    named, people = levels_of(known), people_in(known)
    levels = {
        int(one.get("PrincipalId") or (one.get("Member") or {}).get("Id") or 0): names_in(
            many(one.get("RoleDefinitionBindings")), named
        )
        for one in (rows(grants.body) if grants is not None else ())
    }
    return [
        _found(row, levels.get(int(row["Id"]), []), people)
        for row in (rows(groups.body) if groups is not None else ())
        if not str(row["Title"]).startswith(_SHARING)
    ]


def _found(row: Mapping[str, Any], levels: Sequence[str], people: Mapping[str, str]) -> Found:
    title = str(row["Title"])
    owner = (row.get("Owner") or {}).get("LoginName")
    words = [word_of(str(user["LoginName"])) for user in many(row.get("Users"))]
    members = {people.get(word, word) for word in words}
    properties = {
        "name": title,
        "description": str(row.get("Description") or "").strip(),
        "members": sorted(members - {_SYSTEM}),
        "role": " and ".join(levels) or None,
        "owner": word_of(str(owner)) if owner else None,
        **{name: bool(row.get(theirs)) for name, theirs in SETTINGS.items()},
    }
    ids = {"id": str(row["Id"]), "levels": "\n".join(levels)}
    return Found("group", SITE, title, (("title", title),), ids, properties)


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What was read, with guests named the way the file does."""
    there, said = dict(existing.properties), wanted.properties
    there["members"] = spelled_as(there.get("members") or (), said.get("members") or ())
    if there.get("owner") and said.get("owner"):
        (there["owner"],) = spelled_as([there["owner"]], [said["owner"]])
    return there


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High wherever access changes."""
    access = {"members", "role", "owner", "membersEdit", "requestToJoin", "acceptRequests"}
    if action in {Action.DELETE, Action.REPLACE}:
        return "high"
    return "high" if action is Action.UPDATE and any(f.path in access for f in fields) else "low"


KINDS = (
    Kind(
        name="group",
        title="SharePoint group",
        rank=20,
        mounts={"groups[]": Group},
        desired=desired,
        operations=operations,
        again=known_by_title,
        inventory=inventory,
        found=found,
        seen=seen,
        risk=risk,
        people_own=frozenset({"description"}),
        permissions={
            Action.CREATE: REST_FULL,
            Action.UPDATE: REST_FULL,
            Action.DELETE: REST_FULL,
        },
    ),
)

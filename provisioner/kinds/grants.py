"""Grants: somebody, a permission level, and until when; as the file writes them and as a site has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from pydantic import Field, RootModel, field_validator, model_validator

from provisioner.core.address import address, split
from provisioner.kinds.base import Known, SpecModel
from provisioner.kinds.principal import DEFAULT_GROUPS, address_of, checked, people_in, word_of
from provisioner.kinds.requests import many
from provisioner.kinds.role import level_named, levels_of, names_in

STANDARD = MappingProxyType(
    {"site:owners": "Full Control", "site:members": "Edit", "site:visitors": "Read"}
)
"""What the default groups of a site may do in it when SharePoint has just made it
(learn.microsoft.com, "Default SharePoint groups")."""
_SHARE_POINT_GROUP = 8
"""PrincipalType of a SharePoint group (learn.microsoft.com, "PrincipalType enum")."""
LINKS = "SharingLinks."
_AUTOMATIC = (LINKS, "Limited Access System Group")


class Grant(SpecModel):
    """Somebody, and what they may do."""

    to: str = Field(
        description="Who: group:<name>, user:<address>, entra:<id>, m365:<id>, or site:owners, "
        "site:members, site:visitors for the groups that came with the site."
    )
    role: str = Field(
        min_length=1, description="Read, Contribute, Edit, Design, Full Control, or a level's name."
    )
    until: date | None = Field(default=None, description="The last day it holds.")

    @field_validator("to")
    @classmethod
    def _is_somebody(cls, value: str) -> str:
        if value.startswith("site:"):
            if value.lower() not in DEFAULT_GROUPS:
                raise ValueError(f"Of the site itself, write {', '.join(DEFAULT_GROUPS)}.")
            return value.lower()
        name = value.removeprefix("group:")
        if name == value:
            return checked(value)
        if not name.strip():
            raise ValueError("Name the group: group:Evidence Owners.")
        return value

    @field_validator("role")
    @classmethod
    def _is_level(cls, value: str) -> str:
        return level_named(value)


class Permissions(SpecModel):
    """Who may do what."""

    inherit: bool = Field(
        default=False, description="Whether the permissions of what it lies in hold."
    )
    grants: tuple[Grant, ...] = Field(default=(), description="Everybody who may do something.")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Permissions:
        if self.inherit and self.grants:
            raise ValueError("Either `inherit: true` or `grants`: what is inherited has none.")
        return self


class SitePermissions(SpecModel):
    """Who may do what in the whole site."""

    default_groups: bool = Field(
        default=True,
        description="Whether Owners, Members and Visitors may do what SharePoint gave them: Full "
        "Control, Edit and Read. With false they may do what `grants` says and no more.",
    )
    grants: tuple[Grant, ...] = Field(
        default=(), description="Everybody else who may do something in the site."
    )


class RowPermissions(RootModel[dict[str, Permissions]]):
    """Permissions of single rows, by the value of their key column."""


@dataclass(frozen=True, slots=True)
class Who:
    """What a site calls by numbers, in the words of the file.

    groups: the file's name of each SharePoint group; `defaults`: `site:owners` and the like;
    levels: the file's name of each permission level, where it names one. All by number.
    people: its word for everybody it names, by the word of their login name.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


def who_in(known: Known) -> Who:
    """The words for everything that has been found so far.

    A default group is `site:…`, unless the file declares it as a group of its own and says nowhere
    `site:…` of it.
    """
    groups = {one.ids["id"]: one for one in known.values() if one.kind == "group"}
    defaults: dict[str, str] = {}
    for word in DEFAULT_GROUPS:
        one = known.get(address_of(word))
        if one is None:
            continue
        group = groups.get(one.ids["id"])
        if one.declared or group is None or not group.declared:
            defaults[one.ids["id"]] = word
    names = {number: split(one.address)[1] for number, one in groups.items()}
    return Who(names, defaults, levels_of(known), people_in(known))


def canonical(assignments: Sequence[Mapping[str, Any]], who: Who) -> dict[str, list[str]]:
    """Role assignments as `{principal: [levels]}`, without what SharePoint gives by itself."""
    grants: dict[str, list[str]] = {}
    for one in assignments:
        member = one.get("Member") or {}
        title = str(member.get("Title") or "")
        levels = names_in(many(one.get("RoleDefinitionBindings")), who.levels)
        number, login = number_of(one), word_of(str(member.get("LoginName") or ""))
        if member.get("PrincipalType") == _SHARE_POINT_GROUP:
            word = who.defaults.get(number) or f"group:{who.groups.get(number, title)}"
        else:
            word = who.people.get(login, login)
        if levels and not title.startswith(_AUTOMATIC):
            grants[word] = levels
    return grants


def number_of(assignment: Mapping[str, Any]) -> str:
    """The number of the principal that an assignment is for."""
    member = assignment.get("Member") or {}
    return str(assignment.get("PrincipalId") or member.get("Id") or 0)


def opened_by_links(assignments: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a sharing link is among those who may do something."""
    titles = (str((one.get("Member") or {}).get("Title") or "") for one in assignments)
    return any(title.startswith(LINKS) for title in titles)


def principal_address(word: str) -> str:
    """The address of a group, person or directory group named in a grant."""
    name = word.removeprefix("group:")
    return address_of(word) if name == word else address("group", name)


def levels_by_word(grants: Iterable[Grant]) -> dict[str, list[str]]:
    """The levels each principal is given, each once, sorted."""
    made: dict[str, set[str]] = {}
    for one in grants:
        made.setdefault(one.to, set()).add(one.role)
    return {word: sorted(levels) for word, levels in made.items()}

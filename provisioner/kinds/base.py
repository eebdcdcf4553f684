"""What a kind is: where it is declared, how it is read, compared and written.

A kind is one file holding, in this order: a docstring (the user's reference page), the `Spec`
models, `canonical` both ways, readings and parsing, operations, facts, and `KINDS = (Kind(...),)`.
Every function here is pure: it takes values and gives values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from provisioner.core.address import address, split
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading


class SpecModel(BaseModel):
    """Base of every declaration: camelCase in the file, unknown keys refused, values not coerced."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=True
    )


@dataclass(frozen=True, slots=True)
class Access:
    """What of who may do what is asked for, beside the lists.

    guarded: the address of each list to the folders and rows in it that say who may do what.
    roled: names of the groups that say their own `role` on the site. default_groups: whether
    Owners, Members and Visitors may do in the site what SharePoint gave them. inside: whether
    everything inside the lists is looked at for permissions of its own, which is dear. closed: rows
    to be told of then even if they inherit, by the address of their list and their number.
    """

    guarded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roled: frozenset[str] = frozenset()
    default_groups: bool = True
    inside: bool = False
    closed: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """The site that is read or declared, and the day. `site_path` is "/sites/acme".

    `column_types` maps each declared column to its type word, by internal name and by address: two
    lists may have columns of one name and two types. `seeded` maps
    the address of each list with declared rows to the columns they fill, the key column first;
    `folders` the address of each library to the paths of its declared folders, outer ones first.
    `pages` names the pages that are read, by file name; ("*",) reads all. `access` says what of who
    may do what is read, `site_words` what of the site takes a request of its own. `defaults` are
    the declared default values of each library, by folder ("" for all of it) and column; `labelled`
    the addresses of lists whose retention label is declared; "*" in either has all of them read.
    `list_urls` gives the server-relative address of each declared list; `navigation` the addresses
    of the declared entries of each bar, in the order of the file; `filled` the columns with a
    default, by address, the site's own by name.
    """

    hostname: str
    site_path: str
    today: date
    locale: str = "en-US"
    time_zone: str = "UTC"
    column_types: Mapping[str, str] = field(default_factory=dict)
    seeded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lookups: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    access: Access = Access()
    site_words: frozenset[str] = frozenset()
    list_urls: Mapping[str, str] = field(default_factory=dict)
    navigation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    labelled: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    def is_filled(self, list_address: str, column: str) -> bool:
        """Whether SharePoint fills the column of a new row, since it has a default."""
        return not self.filled.isdisjoint((address("column", column, list_address), column))

    def type_of(self, list_address: str, column: str) -> str:
        """The type word of a column as one list has it; "" for one that is not declared."""
        own = self.column_types.get(address("column", column, list_address))
        return own or self.column_types.get(column, "")

    def target_of(self, list_address: str, column: str) -> str:
        """The address of the list a lookup column shows; "" for one that is not declared."""
        own = self.lookups.get(address("column", column, list_address))
        return own or self.lookups.get(column, "")


@dataclass(frozen=True, slots=True)
class Declared:
    """One validated declaration of the file.

    `mount` is where it stands ("libraries[].views[]"); `parent` is what it stands in; `position`
    counts from 0 among its siblings.
    """

    spec: BaseModel
    mount: str
    where: Where
    position: int
    parent: Declared | None = None


Capabilities = frozenset[str]
"""Names of behaviours known to work on this tenant; absent means: take the stricter route."""

Known = Mapping[str, Existing]
"""What has been found and matched so far, by address."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why what the file says cannot be on this site: a code, a sentence and the next step."""

    code: str
    message: str
    hint: str


def all_fit(_wanted: Resource, _known: Known) -> Unfit | None:
    """For kinds of which nobody knows beforehand what SharePoint refuses."""
    return None


def no_readings(_scope: Scope) -> Sequence[Reading]:
    """For kinds that need nothing in the first wave."""
    return ()


def no_detail(_scope: Scope, _known: Known) -> Sequence[Reading]:
    """For kinds that need nothing in the second wave."""
    return ()


def no_last(_scope: Scope, _known: Known, _answers: Answers) -> Sequence[Reading]:
    """For kinds that need nothing in the third wave."""
    return ()


def nothing_found(_scope: Scope, _known: Known, _answers: Answers) -> Sequence[Found]:
    """For waves in which a kind finds nothing."""
    return ()


def as_found(_wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """For kinds whose properties are compared as they were read."""
    return existing.properties


@dataclass(frozen=True, slots=True)
class Again:
    """What a resource is known by, brings along and stands on, beside its properties: as in `Resource`."""

    keys: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    depends: tuple[str, ...] = ()


def known_by_name(own: str, said: Mapping[str, Any]) -> Again:
    """For kinds that are known by the words of their properties, or by the name in their address."""
    keys = tuple((key, str(said[key])) for key in ("url", "title") if said.get(key))
    return Again((*keys, ("name", str(said.get("name") or split(own)[1]))))


def known_by_title(own: str, said: Mapping[str, Any]) -> Again:
    """For kinds whose name is what SharePoint calls a title."""
    return Again((("title", str(said.get("name") or split(own)[1])),))


def low_risk(_action: Action, _fields: Sequence[FieldChange]) -> Risk:
    """For kinds whose changes never endanger content or access."""
    return "low"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of resource.

    name: its word in addresses ("column").
    rank: order among kinds, what others stand on first (site 0, principal 10, role 12, group 20,
        column of the site 30, content type 40, list 50, column of a list 60, view 70,
        permissions 80, item 90, navigation 95).
    mounts: where it may be declared, and by which model: {"columns[]": SiteColumn,
        "lists[].columns[]": ListColumn}. A mount of scalars uses a pydantic RootModel.
    desired: a declaration -> resources (one, as a rule).
    inventory / found: first wave, readings by path alone, and what they hold. `known` is empty.
    detail / detail_found: second wave; `known` has everything matched from the first.
    last / last_found: third wave, for what the answers of the second have brought to light.
    operations: a change -> requests in the order they must go; references for assigned ids.
    immutable: properties that cannot change in place.
    administrators: properties only an administrator can change, with what to ask of one.
    by_hand: properties that no supported request sets, and people do in the site's settings: what
        differs there is a note.
    rests_on: properties that go by a way which not every tenant has, with the capability it is:
        where a tenant is known not to have it, what differs there is a note.
    follows: properties that follow another part of the site, whose drift is a finding of that part.
    guarded: properties that change only where the operator names the address with `--allow`.
    people_own: properties people may edit, merged three ways with what was last applied; "*" = all.
    after: kinds whose changes in the same list are done first (a view names columns).
    outer_first: whether what lies further out is changed first (a list before its folders).
    exact: whether extras found on the site are drift (access) or people's own (notes).
    deletable: whether prune may remove it; recycles: whether it goes to the recycle bin.
    risk: of an action with these field changes.
    unfit: why a resource that differs cannot be brought about on this site, where that is known.
    seen: what was read, as it is compared with one declaration: the order of those columns, say,
        that the file names.
    lasting: properties that are not unset again once they are set, by the first word of their path.
    again: an address and all properties -> what a declaration would add to them: for what is put
        back as it was, which the file may no longer declare, or declare otherwise.
    """

    name: str
    title: str
    rank: int
    mounts: Mapping[str, type[BaseModel]]
    desired: Callable[[Declared, Scope], Sequence[Resource]]
    operations: Callable[[Change, Scope, Capabilities], Sequence[Operation]]
    inventory: Callable[[Scope], Sequence[Reading]] = no_readings
    found: Callable[[Scope, Known, Answers], Sequence[Found]] = nothing_found
    detail: Callable[[Scope, Known], Sequence[Reading]] = no_detail
    detail_found: Callable[[Scope, Known, Answers], Sequence[Found]] = nothing_found
    last: Callable[[Scope, Known, Answers], Sequence[Reading]] = no_last
    last_found: Callable[[Scope, Known, Answers], Sequence[Found]] = nothing_found
    risk: Callable[[Action, Sequence[FieldChange]], Risk] = low_risk
    unfit: Callable[[Resource, Known], Unfit | None] = all_fit
    seen: Callable[[Resource, Existing], Mapping[str, Any]] = as_found
    again: Callable[[str, Mapping[str, Any]], Again] = known_by_name
    immutable: frozenset[str] = frozenset()
    lasting: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    rests_on: Mapping[str, str] = field(default_factory=dict)
    follows: frozenset[str] = frozenset()
    administrators: Mapping[str, str] = field(default_factory=dict)
    people_own: frozenset[str] = frozenset()
    deletable: bool = True
    recycles: bool = False
    exact: bool = False
    outer_first: bool = False
    after: frozenset[str] = frozenset()
    permissions: Mapping[Action, str] = field(default_factory=dict)

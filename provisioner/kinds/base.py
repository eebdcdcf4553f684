"""What a kind is: where it is declared, how it is read, compared and written.

A kind is one file holding, in this order: a docstring (the user's reference page), the `Spec`
models, `canonical` both ways, readings and parsing, operations, facts, and `KINDS = (Kind(...),)`.
Every function here is pure: it takes values and gives values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from provisioner.core.address import address
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading


class SpecModel(BaseModel):
    """Base of every declaration: camelCase in the file, unknown keys refused, values not coerced."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=True
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """The site that is read or declared, and the day. `site_path` is "/sites/acme".

    `column_types` maps each declared column to its type word, by internal name and by address: two
    lists may have columns of one name and two types. `seeded` maps
    the address of each list with declared rows to the columns they fill, the key column first;
    `folders` the address of each library to the paths of its declared folders, outer ones first.
    `pages` names the pages that are read, by file name; ("*",) reads all.
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


def no_readings(_scope: Scope) -> Sequence[Reading]:
    """For kinds that need nothing in the first wave."""
    return ()


def no_detail(_scope: Scope, _known: Known) -> Sequence[Reading]:
    """For kinds that need nothing in the second wave."""
    return ()


def nothing_found(_scope: Scope, _known: Known, _answers: Answers) -> Sequence[Found]:
    """For waves in which a kind finds nothing."""
    return ()


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
    operations: a change -> requests in the order they must go; references for assigned ids.
    immutable: properties that cannot change in place (the planner makes a replace of it, and
        refuses where `replaceable` is False).
    people_own: properties people may edit, merged three ways with what was last applied; "*" = all.
    after: kinds whose changes in the same list are done first (a view names columns).
    exact: whether extras found on the site are drift (access) or people's own (notes).
    deletable: whether prune may remove it; recycles: whether it goes to the recycle bin.
    risk: of an action with these field changes.
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
    risk: Callable[[Action, Sequence[FieldChange]], Risk] = low_risk
    immutable: frozenset[str] = frozenset()
    people_own: frozenset[str] = frozenset()
    replaceable: bool = False
    deletable: bool = True
    recycles: bool = False
    exact: bool = False
    after: frozenset[str] = frozenset()
    permissions: Mapping[Action, str] = field(default_factory=dict)

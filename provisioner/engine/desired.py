"""The desired state: every resource the workspace file asks for, with where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from provisioner.core.address import SITE, parent_of, split
from provisioner.core.canonical import digest
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Resource
from provisioner.engine.catalogue import catalogue_rows
from provisioner.engine.declare import Declarations
from provisioner.engine.formula_order import with_operands
from provisioner.engine.ledger_library import ledger_resources
from provisioner.engine.lint import lint
from provisioner.engine.lint_parts import Places
from provisioner.engine.list_copies import as_originals
from provisioner.engine.packs import packs_of
from provisioner.engine.site_files import with_logo, with_template
from provisioner.kinds import all_kinds
from provisioner.kinds.base import Scope
from provisioner.kinds.item_seed import seeded_columns
from provisioner.spec.overlay import MOST_HINTS, MOST_PROBLEMS, nearest_hint
from provisioner.spec.workspace import Loaded

_NOT_BUILDABLE = frozenset({"DEFAULT-COLUMN", "DEFAULT-VALUE", "VIEW-WHERE", "SEED-VALUE"})
"""Lints after which the parts cannot even be put together."""


SILENT = frozenset({"principal", "role"})
"""Kinds that Microsoft makes with the site or keeps for us: no adoption, and nothing to create."""


def recorded(resource: Resource) -> bool:
    """Whether the ledger keeps it: all but what is only looked up. A declared level is ours."""
    return resource.kind not in SILENT or "permissions" in resource.properties


@dataclass(frozen=True, slots=True)
class Desired:
    """What must be there. `resources` are by address, in order of kind and then of the file.

    `packs` are those the file is built on, as `name@version`.
    """

    name: str
    scope: Scope
    resources: Mapping[str, Resource] = field(default_factory=dict)
    packs: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of everything asked for, as it is on the day: a grant that has ended is not."""
        return digest({a: dict(r.properties) for a, r in self.resources.items()})


def looking_inside(desired: Desired) -> Desired:
    """The same, read with everything inside the lists that has permissions of its own.

    It is for a drift check and an import: a plan needs none of it, and it is dear where a library
    is large.
    """
    access = replace(desired.scope.access, inside=True)
    return replace(desired, scope=replace(desired.scope, access=access))


def desired_state(
    loaded: Loaded, declarations: Declarations, hostname: str, today: date
) -> Desired:
    """The workspace of a loaded file as resources; `declarations` must have no problems.

    Raises:
        SpecInvalid: with every problem found: those of `lint`, addresses used twice, references to
            nothing.
    """
    problems = lint(loaded.root, declarations, loaded.settings)
    if any(problem.code in _NOT_BUILDABLE for problem in problems):
        raise SpecInvalid(tuple(problems))
    scope = declarations.scope(hostname, today)
    resources: dict[str, Resource] = {}
    for resource in _all(loaded, declarations, scope, problems):
        known = resources.get(resource.address)
        if known is None:
            resources[resource.address] = resource
        elif recorded(resource) and resource.where and known.where:
            problems.append(
                Problem(
                    "SPEC-TWICE",
                    f"{resource.address} is declared twice, first at {known.where}.",
                    resource.where,
                    "Give one of them another name, or remove one.",
                )
            )
    problems += _dangling(resources, Places(loaded.root))
    if problems:
        raise SpecInvalid(tuple(dict.fromkeys(problems)))
    scope = replace(scope, seeded=MappingProxyType(seeded_columns(resources.values())))
    packs = packs_of(loaded.sources)
    return Desired(scope.site_path, scope, MappingProxyType(resources), packs)


def _all(
    loaded: Loaded, declarations: Declarations, scope: Scope, problems: list[Problem]
) -> Iterable[Resource]:
    made: list[Resource] = []
    for kind in all_kinds():
        for declared in declarations.of(kind.name):
            try:
                said = [with_logo(r, loaded.folder) for r in kind.desired(declared, scope)]
                made.extend(with_template(r, loaded.folder, scope.site_path) for r in said)
            except SpecInvalid as error:
                problems.extend(error.problems)
    made.extend(ledger_resources(scope))
    made.extend(catalogue_rows(loaded, declarations.lists(), scope))
    rank = {kind.name: kind.rank for kind in all_kinds()}
    return sorted(with_operands(as_originals(made)), key=lambda resource: rank[resource.kind])


def _dangling(resources: Mapping[str, Resource], where: Places) -> Iterable[Problem]:
    names: dict[str, list[str]] = {}
    for known in resources:
        if parent_of(known) == SITE:
            names.setdefault(split(known)[0], []).append(split(known)[1])
    told = 0
    for resource in resources.values():
        for needed in resource.depends:
            if needed in resources or resource.where is None:
                continue
            kind, name = split(needed)
            if parent_of(needed) != SITE and parent_of(needed) not in resources:
                continue
            told += 1
            if told > MOST_PROBLEMS:
                return
            near = nearest_hint(name, sorted(names.get(kind, ()))) if told <= MOST_HINTS else ""
            yield Problem(
                "SPEC-REFERENCE",
                f"{resource.address} refers to {needed}, which the workspace does not declare.",
                where.saying(resource.where, name),
                f"{near} Declare it, or correct the name.".strip(),
            )

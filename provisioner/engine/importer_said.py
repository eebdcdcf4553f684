"""What an importer may write: only declarations that say exactly what is there.

A candidate is validated by the model of its kind and put through the kind's own `desired`; whatever
would then differ from the site is left out, with the reason. So a plan of the imported file against
the same site has nothing to change, by construction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from provisioner.core.canonical import canonical_json
from provisioner.core.errors import SpecInvalid, Where
from provisioner.core.resource import Existing, Resource
from provisioner.kinds import kind_named
from provisioner.kinds.base import Declared, Scope

NOWHERE = Where("(imported)", 1, 1)
Said = dict[str, Any]


@dataclass(slots=True)
class Importing:
    """One import: what was read, and what had to be left out on the way.

    existing: everything on the site, by address. `keys`: addresses of the lists that are written,
    with the declaration of each; `views` those of the views that are written.
    """

    scope: Scope
    existing: Mapping[str, Existing]
    lists: dict[str, Declared] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    views: set[str] = field(default_factory=set)

    def of(self, kind: str, parent: str = "") -> list[Existing]:
        """What was found of a kind directly below an address ("" for the site), as read."""
        return [
            one
            for address, one in self.existing.items()
            if one.kind == kind and address.rpartition("/")[0] == parent
        ]

    def drop(self, what: str, why: str) -> None:
        """Leave something out, and say so."""
        self.left_out.append(f"{what}: {_sentence(why)}")


def said(
    model: type[BaseModel], properties: Mapping[str, Any], usual: Mapping[str, Any] | None = None
) -> Said:
    """The words a model has for these properties, without what goes without saying.

    `usual` are values that a new thing of this sort has anyway, beside the model's own defaults.
    """
    plain: Said = {}
    for name, one in model.model_fields.items():
        word = one.alias or name
        value = properties.get(word)
        general = (usual or {}).get(word, False if one.default is None else one.default)
        if same(value, None) or same(value, general):
            continue
        plain[word] = value
    return plain


def validated(model: type[BaseModel], declaration: object) -> tuple[BaseModel | None, str]:
    """The declaration as the model reads it, or why it cannot be said."""
    text = json.dumps(declaration, ensure_ascii=False, default=str)
    if "{{" in text:
        return None, "its text holds {{, which stands for a parameter in a workspace file"
    try:
        return model.model_validate_json(text), ""
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        reason = str(first["msg"]).removeprefix("Value error, ")
        return None, f"{place}: {reason}" if place else reason


def declared(
    model: type[BaseModel], mount: str, plain: object, parent: Declared | None = None
) -> tuple[Declared | None, str]:
    """As `validated`, but standing at its place in the file."""
    spec, why = validated(model, plain)
    return (None if spec is None else Declared(spec, mount, NOWHERE, 0, parent)), why


def difference(one: Declared, existing: Existing, scope: Scope) -> str:
    """What the declaration would change on the site; "" when nothing."""
    kind = kind_named(existing.kind)
    try:
        resources = [r for r in kind.desired(one, scope) if r.kind == existing.kind]
    except SpecInvalid as wrong:
        return wrong.problems[0].message
    mine = next((r for r in resources if r.address == existing.address), None)
    if mine is None:
        return "it would get another address"
    names = _differing(mine, existing, kind.people_own)
    return f"{', '.join(names)} cannot be said in a workspace file" if names else ""


def _differing(wanted: Resource, existing: Existing, free: Collection[str]) -> list[str]:
    there = kind_named(existing.kind).seen(wanted, existing)
    return [
        path
        for path, value in wanted.properties.items()
        if path not in free and not same(value, there.get(path))
    ]


def keep(
    work: Importing,
    existing: Existing,
    what: str,
    model: type[BaseModel],
    mount: str,
    plain: object,
    parent: Declared | None = None,
) -> Declared | None:
    """The declaration if it says what is there; None, and a note of why, if it does not."""
    one, why = declared(model, mount, plain, parent)
    why = why or (difference(one, existing, work.scope) if one is not None else "")
    if why:
        work.drop(what, why)
        return None
    return one


def unique(taken: Collection[str], wanted: str) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that is free."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def in_order(ones: list[Existing], key: Callable[[Existing], str]) -> list[Existing]:
    """By name, whatever its capitals, so that two sites alike give one file."""
    return sorted(ones, key=lambda one: (key(one).casefold(), key(one)))


def same(one: object, other: object) -> bool:
    """Whether two values mean the same; nothing is nothing, however it is written."""
    return _plain(one) == _plain(other)


def _plain(value: object) -> bytes:
    return canonical_json(None if value in (None, "", [], {}, ()) else value)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else f"{text}."

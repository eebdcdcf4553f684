"""One file for each sort of resource, found by scanning this folder.

Rule of this package: pure. A kind says what to read, how to compare and what to send; it never
sends. See `base` for what a kind is and CONTRIBUTING.md for the recipe.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from provisioner.kinds.base import Kind


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in order of rank: what others stand on comes first."""
    kinds: list[Kind] = []
    for module in iter_modules(__path__):
        kinds.extend(getattr(import_module(f"{__name__}.{module.name}"), "KINDS", ()))
    return tuple(sorted(kinds, key=lambda kind: (kind.rank, kind.name)))


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises `KeyError`."""
    for kind in all_kinds():
        if kind.name == name:
            return kind
    raise KeyError(name)

"""A list with another key, or a group with another name, is still the same one in our records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from provisioner.core.address import address
from provisioner.core.resource import Resource
from provisioner.ledger.state import LedgerState


def moved_keys(ledger: LedgerState, resources: Mapping[str, Resource]) -> LedgerState:
    """The ledger with the addresses that the `renamedFrom` of lists and groups ask for.

    All that is recorded of a list, and of what stands in it, moves along, so that nothing is
    forgotten and nothing adopted anew. What is recorded under its new name stays as it is, and a
    former one that the file uses for something else is left to that.
    """
    moves = dict(_moves(ledger, resources))
    if not moves:
        return ledger
    return replace(
        ledger,
        objects=MappingProxyType({_moved(a, moves): one for a, one in ledger.objects.items()}),
        baseline=frozenset(_moved(a, moves) for a in ledger.baseline),
    )


def _moves(ledger: LedgerState, resources: Mapping[str, Resource]) -> Iterable[tuple[str, str]]:
    for own, resource in resources.items():
        if resource.kind not in {"list", "group"} or own in ledger.objects:
            continue
        for key in resource.extra.get("renamedFrom", ()):
            former = address(resource.kind, str(key))
            if former in ledger.objects and former not in resources:
                yield former, own
                break


def _moved(recorded: str, moves: Mapping[str, str]) -> str:
    first, slash, rest = recorded.partition("/")
    return f"{moves.get(first, first)}{slash}{rest}"

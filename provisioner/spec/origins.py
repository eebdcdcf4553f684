"""Where each value of a merged workspace came from: the file and line of the one that won.

Values keep the place they were written at through merging and through `{{ parameters }}`, so a
value a client file changes is its own, and every other is the pack's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provisioner.core.errors import Where
from provisioner.core.node import Node, Scalar
from provisioner.spec.overlay import identity_of


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of the merged workspace, and where it is written.

    `path` is as a person writes it, with named things by their names:
    `libraries[access-evidence].versioning.major`. An empty list or map has a line of its own.
    """

    path: str
    value: Scalar | tuple[()] | Mapping[str, object]
    where: Where


def origins(root: Node) -> list[Origin]:
    """Every value below `root`, in the order of the merged file."""
    return list(_below(root, ""))


def _below(node: Node, path: str) -> Iterator[Origin]:
    children = list(node.items())
    if not children:
        empty: Mapping[str, object] = {}
        value = empty if node.is_mapping else node.value
        assert not isinstance(value, Mapping) or not value
        yield Origin(path, () if isinstance(value, tuple) else value, node.where)
        return
    identity = identity_of([child for _, child in children]) if node.is_list else None
    for step, child in children:
        if isinstance(step, str):
            yield from _below(child, f"{path}.{step}" if path else step)
            continue
        named = child.get(identity) if identity is not None else None
        if named is not None and not isinstance(named.value, tuple | Mapping):
            yield from _below(child, f"{path}[{named.value}]")
        else:
            yield from _below(child, f"{path}[{step}]")

"""A pack with all it builds on, merged as a workspace would have it, before parameters are filled in."""

from __future__ import annotations

from functools import cache
from typing import Any

from provisioner.core.errors import Where
from provisioner.spec.packs import find_pack
from provisioner.spec.patterns import expand
from provisioner.spec.sources import Sources


@cache
def merged_pack(*names: str) -> dict[str, Any]:
    """Packs by name, merged in order."""
    sources = Sources()
    for name in names:
        pack, problems = find_pack(f"{name}@1", Where("", 1, 1))
        assert pack is not None, problems
        if not sources.has(pack):
            sources.add_pack(pack, ())
    assert sources.root is not None
    root, problems = expand(sources.root)
    assert [*sources.problems, *problems] == []
    tree: dict[str, Any] = root.plain()
    return tree

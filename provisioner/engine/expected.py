"""What will be on the site once everything is done, as far as readings depend on it. Pure.

A plan's cost counts those readings before anything has an id; after the work they are asked for along
with everything else, because the ids of what was made are known from the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from provisioner.core.resource import Existing, Resource
from provisioner.core.transport import Bindings, Reading
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.kinds import all_kinds


def details(desired: Desired, known: Mapping[str, Existing]) -> list[Reading]:
    """The readings of the second wave."""
    return [r for kind in all_kinds() for r in kind.detail(desired.scope, known)]


def expected(desired: Desired, observed: Observed) -> dict[str, Existing]:
    """What will be there; `<list:risks>` stands for an id that nobody has given yet."""
    there = dict(observed.existing)
    for resource in desired.resources.values():
        before = there.get(resource.address)
        if before is None:
            there[resource.address] = _made(resource, desired, {})
        elif resource.kind == "list" and _own_permissions(resource.address, desired):
            there[resource.address] = replace(before, ids={**before.ids, "inherits": "false"})
    return there


def details_by_now(desired: Desired, known: Bindings) -> list[Reading]:
    """The readings of the second wave, of what is declared and has its id."""
    by_address: dict[str, dict[str, str]] = {}
    for (address, name), value in known.items():
        by_address.setdefault(address, {})[name] = value
    there = {
        resource.address: _made(resource, desired, by_address[resource.address])
        for resource in desired.resources.values()
        if by_address.get(resource.address, {}).get("id")
    }
    return details(desired, there)


def _made(resource: Resource, desired: Desired, ids: Mapping[str, str]) -> Existing:
    own = _own_permissions(resource.address, desired)
    invented = {
        "id": f"<{resource.address}>",
        "number": f"<{resource.address}>",
        "url": str(resource.properties.get("url") or ""),
        "inherits": "false" if own else "true",
    }
    inherits = {"inherits": "false"} if own else {}
    ids = {**invented, **ids, **inherits}
    return Existing(resource.kind, resource.address, resource.properties, ids, declared=True)


def _own_permissions(address: str, desired: Desired) -> bool:
    said = desired.resources.get(f"{address}/permissions")
    return said is not None and not said.properties.get("inherit", True)

"""Read a site: what is there now, with the address of each part.

Two waves. The first asks by path alone; the second asks with the ids the first one found. Equal
readings of several kinds are sent once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from provisioner.core.canonical import digest
from provisioner.core.progress import Progress
from provisioner.core.resource import Existing, Found
from provisioner.core.transport import Answer, Bindings, Reading, Transport
from provisioner.engine.desired import Desired
from provisioner.engine.match import match
from provisioner.kinds import all_kinds, kind_named
from provisioner.kinds.base import Scope
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import LIBRARY_URL, read_ledger


@dataclass(frozen=True, slots=True)
class Observed:
    """What is on the site, by address, and what our ledger there says."""

    existing: Mapping[str, Existing]
    ledger: LedgerState = field(default_factory=LedgerState)

    @property
    def site_exists(self) -> bool:
        """Whether the site itself was found."""
        return "site" in self.existing

    @property
    def digest(self) -> str:
        """Digest of every declared part as it was read."""
        seen = {a: dict(e.properties) for a, e in self.existing.items() if e.declared}
        return digest(seen)

    def bindings(self) -> Bindings:
        """Everything the service has assigned, for filling references."""
        known = Bindings()
        for address, existing in self.existing.items():
            known.update({(address, name): value for name, value in existing.ids.items()})
        return known


async def observe(transport: Transport, desired: Desired, progress: Progress) -> Observed:
    """Everything the desired state touches, read now.

    Raises:
        Refused: sign-in or permission is missing, or two things match one address.
        Temporary: the service did not answer in time.
    """
    scope, resources = desired.scope, desired.resources
    progress.start("Reading the site")
    site_kind = kind_named("site")
    answers = await transport.read(list(site_kind.inventory(scope)))
    existing: dict[str, Existing] = {}
    for one in match(site_kind.found(scope, existing, answers), resources, {}):
        existing[one.address] = one
    if "site" not in existing:
        progress.finish("the site does not exist yet")
        return Observed(MappingProxyType(existing))
    others = [kind for kind in all_kinds() if kind.name != "site"]
    answers |= await _ask(transport, [r for kind in others for r in kind.inventory(scope)])
    lists = kind_named("list").found(scope, existing, answers)
    library = next((one.ids["id"] for one in lists if _is_ledger(one, scope)), None)
    ledger = await read_ledger(transport, existing["site"], library)
    recorded = {address: entry.id for address, entry in ledger.objects.items()}
    for kind in others:
        found = kind.found(scope, existing, answers)
        existing.update((one.address, one) for one in match(found, resources, recorded))
    known = MappingProxyType(existing)
    details = [r for kind in others for r in kind.detail(scope, known)]
    answers |= await _ask(transport, details)
    for kind in others:
        found = kind.detail_found(scope, known, answers)
        existing.update((one.address, one) for one in match(found, resources, recorded))
    progress.finish(f"{len(existing)} parts read")
    return Observed(MappingProxyType(existing), ledger)


def _is_ledger(found: Found, scope: Scope) -> bool:
    url = f"{scope.site_path}/{LIBRARY_URL}".casefold()
    return any(sort == "url" and value.casefold() == url for sort, value in found.keys)


async def _ask(transport: Transport, readings: list[Reading]) -> dict[Reading, Answer]:
    return await transport.read(list(dict.fromkeys(readings)))

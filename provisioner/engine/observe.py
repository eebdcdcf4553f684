"""Read a site: what is there now, with the address of each part.

Two waves. The first asks by path alone; the second asks with the ids the first one found. A third
is made only where the second brought something to light: rows with permissions of their own. Equal
readings of several kinds are sent once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from provisioner.core.canonical import digest
from provisioner.core.progress import Progress
from provisioner.core.resource import Existing, Found
from provisioner.core.transport import Answer, Bindings, Reading, Transport
from provisioner.engine.column_values import ColumnValues, read_values
from provisioner.engine.desired import Desired
from provisioner.engine.match import match
from provisioner.engine.moved_keys import moved_keys
from provisioner.kinds import all_kinds, kind_named
from provisioner.ledger.lock import LOCK_URL, Seen, lock_by_id, lock_by_path, seen_in
from provisioner.ledger.state import LedgerState
from provisioner.ledger.store import LIBRARY_URL, ledger_by_path, read_ledger
from provisioner.ledger.unfinished import Unfinished, read_unfinished


@dataclass(frozen=True, slots=True)
class Observed:
    """What is on the site, by address, and what our ledger there says.

    `lock` is who worked on it when reading began; `unfinished` a run that was cut off;
    `values` what rows hold in the columns whose type is to change or that the file dropped.
    """

    existing: Mapping[str, Existing]
    ledger: LedgerState = field(default_factory=LedgerState)
    lock: Seen | None = None
    unfinished: Unfinished | None = None
    values: Mapping[str, ColumnValues] = field(default_factory=dict)

    @property
    def site_exists(self) -> bool:
        """Whether the site itself was found."""
        return "site" in self.existing

    @property
    def digest(self) -> str:
        """Digest of every declared part as it was read."""
        seen = {a: dict(e.properties) for a, e in self.existing.items() if e.declared}
        held = {
            a: {str(item): v for item, v in one.cells.items()} for a, one in self.values.items()
        }
        return digest(seen | {"values": held} if held else seen)

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
    lock, records = (read(scope.hostname, scope.site_path) for read in (lock_by_path, ledger_by_path))
    # The lock first: whoever works between now and the writing moves it, and is found out so.
    answers = await transport.read([*site_kind.inventory(scope), lock, records])
    existing: dict[str, Existing] = {}
    for one in match(site_kind.found(scope, existing, answers), resources, {}):
        existing[one.address] = one
    if "site" not in existing:
        progress.finish("the site does not exist yet")
        return Observed(MappingProxyType(existing))
    others = [kind for kind in all_kinds() if kind.name != "site"]
    answers |= await _ask(transport, [r for kind in others for r in kind.inventory(scope)])
    lists = kind_named("list").found(scope, existing, answers)
    library = _list_id(lists, f"{scope.site_path}/{LIBRARY_URL}")
    ledger = await read_ledger(transport, existing["site"], library, answers[records])
    site_id = existing["site"].ids["id"]
    seen = seen_in(answers[lock].body)
    lock_list = _list_id(lists, f"{scope.site_path}/Lists/{LOCK_URL}")
    if seen is None and lock_list is not None:  # empty, or renamed by somebody
        again = lock_by_id(site_id, lock_list)
        seen = seen_in((await transport.read([again]))[again].body)
    unfinished = None
    if seen is not None and library is not None and (seen.holder.prior or not seen.holder.free):
        unfinished = await read_unfinished(transport, site_id, library, seen.holder)
    if unfinished is not None:
        ledger = replace(ledger, last_receipt=unfinished.continues(ledger.last_receipt))
    ledger = moved_keys(ledger, resources)
    recorded = {address: entry.id for address, entry in ledger.objects.items()}
    if not scope.pages and any(entry.kind == "page" for entry in ledger.objects.values()):
        # The last page went from the file: it is still looked for, so that it can be pruned.
        scope = replace(scope, pages=("",))
        late = [r for kind in others for r in kind.inventory(scope) if r not in answers]
        answers |= await _ask(transport, late)
    for kind in others:
        found = kind.found(scope, existing, answers)
        existing.update((one.address, one) for one in match(found, resources, recorded))
    known = MappingProxyType(existing)
    details = [r for kind in others for r in kind.detail(scope, known)]
    answers |= await _ask(transport, details)
    for kind in others:
        found = kind.detail_found(scope, known, answers)
        existing.update((one.address, one) for one in match(found, resources, recorded))
    answers |= await _ask(transport, [r for k in others for r in k.last(scope, known, answers)])
    for kind in others:
        found = kind.last_found(scope, known, answers)
        existing.update((one.address, one) for one in match(found, resources, recorded))
    values = await read_values(transport, desired, existing, ledger)
    progress.finish(f"{len(existing)} parts read")
    return Observed(MappingProxyType(existing), ledger, seen, unfinished, values)


def _list_id(lists: Iterable[Found], url: str) -> str | None:
    """The id of the list at a server-relative URL; None where there is none."""
    for one in lists:
        if any(k == "url" and value.casefold() == url.casefold() for k, value in one.keys):
            return one.ids["id"]
    return None


async def _ask(transport: Transport, readings: list[Reading]) -> dict[Reading, Answer]:
    return await transport.read(list(dict.fromkeys(readings))) if readings else {}

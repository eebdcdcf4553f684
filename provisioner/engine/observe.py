"""Read a site: what is there now, with the address of each part.

Two waves. The first asks by path alone; the second asks with the ids the first one found. A third
is made only where the second brought something to light: rows with permissions of their own. Equal
readings of several kinds are sent once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Temporary
from provisioner.core.progress import Progress
from provisioner.core.resource import Existing, Found, Resource
from provisioner.core.transport import Answer, Bindings, Reading, Transport
from provisioner.engine.asking import Asking
from provisioner.engine.closed_periods import closed_documents
from provisioner.engine.column_copy import Kept, kept_copies
from provisioner.engine.column_moves import moves
from provisioner.engine.column_values import ColumnValues, read_values
from provisioner.engine.desired import Desired
from provisioner.engine.learning import still_trusted
from provisioner.engine.match import match
from provisioner.engine.moved_keys import moved_keys
from provisioner.engine.own_records import Records, early_ledger, first_readings, records_of
from provisioner.kinds import all_kinds, kind_named
from provisioner.kinds.base import Kind, Scope
from provisioner.kinds.site_settings import own_role
from provisioner.ledger.lock import Seen
from provisioner.ledger.state import LedgerState
from provisioner.ledger.unfinished import Unfinished


@dataclass(frozen=True, slots=True)
class Observed:
    """What is on the site, by address, and what our ledger there says.

    `lock` is who worked on it when reading began; `unfinished` a run that was cut off;
    `values` what rows hold in the columns whose type is to change or that the file dropped; `kept`
    the copies of those whose change was cut off; `inside`: what lies in the lists was looked at too;
    `learnt` what reading taught of the tenant; `role` what the app may do, by the site's own account.
    """

    existing: Mapping[str, Existing]
    ledger: LedgerState = field(default_factory=LedgerState)
    lock: Seen | None = None
    unfinished: Unfinished | None = None
    values: Mapping[str, ColumnValues] = field(default_factory=dict)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    inside: bool = False
    learnt: Mapping[str, bool] = field(default_factory=dict)
    role: str = ""

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


async def observe(
    transport: Transport,
    desired: Desired,
    progress: Progress,
    records: Records | None = None,
    *,
    there: bool = False,
    ahead: Sequence[Reading] = (),
    apart: bool = False,
) -> Observed:
    """Everything the desired state touches, read now.

    `records` are our own as they were read before, by who holds the lock and need not ask again.
    `there` says that the site is there, as far as we know, so that it need not be asked for first;
    `ahead` what the second wave is going to ask, as far as ids are known, so that it can be asked now.
    `apart`: the parts of a list are asked for one by one, since the tenant gives them no other way.

    Raises:
        Refused: sign-in or permission is missing, or two things match one address.
        Temporary: the service did not answer in time.
    """
    scope, resources = desired.scope, desired.resources
    progress.start("Reading the site")
    asking = Asking(transport, apart)
    site_kind = kind_named("site")
    own = first_readings(scope) if records is None else ()
    by_path = [reading for kind in _others() for reading in kind.inventory(scope)]
    answers = await _first(
        asking, [*site_kind.inventory(scope), *own], by_path if there else (), ahead
    )
    existing: dict[str, Existing] = {}
    for one in match(site_kind.found(scope, existing, answers), resources, {}):
        existing[one.address] = one
    if "site" not in existing:
        progress.finish("the site does not exist yet")
        return Observed(MappingProxyType(existing))
    inventory, early = await asyncio.gather(
        asking.ask([reading for reading in by_path if reading not in answers]),
        early_ledger(transport, scope, answers),
    )
    answers |= inventory
    if records is None:
        lists = kind_named("list").found(scope, existing, answers)
        site_id = existing["site"].ids["id"]
        records = await records_of(transport, scope, site_id, answers, list(lists), early)
    ledger = moved_keys(records.ledger, resources)
    asking.heed(still_trusted(ledger.capabilities, scope.today))
    scope = _with_recorded(scope, ledger)
    await _read_parts(asking, scope, resources, ledger, answers, existing)
    moving = moves(desired, existing)
    leaving = {one.own for one in moving if one.local(existing) is not None}
    values = await read_values(transport, desired, existing, ledger, leaving)
    kept = await kept_copies(transport, desired, existing, [one.own for one in moving])
    progress.finish(f"{len(existing)} parts read")
    return Observed(
        MappingProxyType(existing),
        ledger,
        records.lock,
        records.unfinished,
        values,
        kept,
        scope.access.inside,
        asking.learnt,
        own_role(answers),
    )


def _others() -> list[Kind]:
    """All kinds but the site's own, which is read before them."""
    return [kind for kind in all_kinds() if kind.name != "site"]


def _with_recorded(scope: Scope, ledger: LedgerState) -> Scope:
    """The scope with what only the ledger says of where to look."""
    if scope.access.inside:
        scope = replace(scope, access=replace(scope.access, closed=closed_documents(ledger)))
    if not scope.pages and any(entry.kind == "page" for entry in ledger.objects.values()):
        # The last page went from the file: it is still looked for, so that it can be pruned.
        scope = replace(scope, pages=("",))
    return scope


async def _read_parts(
    asking: Asking,
    scope: Scope,
    resources: Mapping[str, Resource],
    ledger: LedgerState,
    answers: dict[Reading, Answer],
    existing: dict[str, Existing],
) -> None:
    """Adds to `existing` all but the site; each wave asks with the ids that the one before found."""
    recorded = {address: entry.id for address, entry in ledger.objects.items()}
    known, kinds = MappingProxyType(existing), _others()

    def keep(found: Sequence[Found]) -> None:
        existing.update((one.address, one) for one in match(found, resources, recorded))

    async def ask(readings: Iterable[Reading]) -> None:
        answers.update(await asking.ask([one for one in readings if one not in answers]))

    await ask(reading for kind in kinds for reading in kind.inventory(scope))
    for kind in kinds:
        keep(kind.found(scope, known, answers))
    await ask(reading for kind in kinds for reading in kind.detail(scope, known))
    for kind in kinds:
        keep(kind.detail_found(scope, known, answers))
    await ask(reading for kind in kinds for reading in kind.last(scope, known, answers))
    for kind in kinds:
        keep(kind.last_found(scope, known, answers))


async def _first(
    asking: Asking,
    first: Sequence[Reading],
    more: Sequence[Reading],
    ahead: Sequence[Reading],
) -> dict[Reading, Answer]:
    """The answers to `first`; to `more` too, where the site is there to be asked, and to `ahead`.

    What `ahead` asks for may be gone by now, and is then not asked for.
    """
    if ahead:
        try:
            return await asking.ask([*first, *more, *ahead])
        except Temporary:
            raise
        except ProvisionerError:
            pass  # one of them is gone, or it is the site
    try:
        return await asking.ask([*first, *more])
    except ProvisionerError as gone:
        if gone.code != "SITE-NOT-FOUND" or not more:
            raise
        return await asking.ask(first)

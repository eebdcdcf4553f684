"""Making documents read-only by their permissions, and giving back what they had.

Each gets a copy of the permissions of its library, in which everybody keeps Read and nothing more.
Nobody is let in who could not read before, and a run that broke off is simply repeated. Requests as
pnp/cli-microsoft365 sends them (spo listitem roleinheritance break and reset, roleassignment add and
remove). SharePoint supports 50,000 permissions of their own in a list and advises 5,000
(learn.microsoft.com, "SharePoint limits").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.core.errors import ProvisionerError
from provisioner.core.progress import Progress
from provisioner.core.transport import Operation, Transport
from provisioner.kinds.permission_readings import row_grants, rows_inside
from provisioner.kinds.requests import PERMISSION_COST, REST_FULL, rest_list_by_id, rows
from provisioner.kinds.role import ROLES
from provisioner.sync.collect_site import Places
from provisioner.sync.shelves import FileRow
from provisioner.sync.writeback_send import Sent, Write, send

ADVISED = 5_000
_READER = 2
"""RoleTypeKind of Read (learn.microsoft.com, "RoleType enum")."""
_AUTOMATIC = frozenset({1, 7})
"""Limited Access and System, which SharePoint gives and takes by itself."""

Held = frozenset[tuple[str, str]]
"""Principal and level, by number."""


@dataclass(frozen=True, slots=True)
class Target:
    """A document to be closed or opened: the list it is in and its number there."""

    key: str
    list_id: str
    number: int

    @property
    def path(self) -> str:
        """Its SharePoint path."""
        return f"{rest_list_by_id(self.list_id)}/items({self.number})"


def targets(files: Iterable[FileRow], keys: frozenset[str], places: Places) -> tuple[Target, ...]:
    """The documents by key, in order of their keys."""
    chosen = (row for row in files if row.key in keys)
    made = (Target(row.key, places.libraries[row.library].id, row.id) for row in chosen)
    return tuple(sorted(made, key=lambda one: one.key))


async def standing_apart(transport: Transport, some: Sequence[Target]) -> frozenset[str]:
    """The keys of those that have permissions of their own."""
    readings = {one.list_id: rows_inside(one.list_id) for one in some}
    if not readings:
        return frozenset()
    answers = await transport.read(list(readings.values()))
    apart = {
        (list_id, int(row["Id"]))
        for list_id, reading in readings.items()
        for row in rows(answers[reading].body)
        if row.get("HasUniqueRoleAssignments")
    }
    return frozenset(one.key for one in some if (one.list_id, one.number) in apart)


async def make_read_only(transport: Transport, some: Sequence[Target], progress: Progress) -> Sent:
    """Leave everybody Read on each of them. What is so already is not sent."""
    reader = await _reader(transport)
    apart = await standing_apart(transport, some)
    breaks = [_call(one, _BREAK, "stops inheriting") for one in some if one.key not in apart]
    sent = await send(transport, breaks, progress, "Setting documents apart")
    failed = {one.about for one in sent.unsent}
    left = [one for one in some if one.key not in failed]
    readings = {one.key: row_grants(one.list_id, str(one.number)) for one in left}
    answers = await transport.read(list(readings.values())) if readings else {}
    held = {one.key: _held(answers[readings[one.key]].body) for one in left}
    granting = [
        [
            _assignment(one, "add", who, reader)
            for who in sorted(_without_read(held[one.key], reader))
        ]
        for one in left
    ]
    taking = [
        [
            _assignment(one, "remove", who, level)
            for who, level in sorted(held[one.key])
            if level != reader
        ]
        for one in left
    ]
    for doing, several in (("Granting Read", granting), ("Taking back more", taking)):
        for wave in _waves(several):
            sent = _joined(sent, await send(transport, wave, progress, doing))
    return sent


async def give_back(transport: Transport, some: Sequence[Target], progress: Progress) -> Sent:
    """Let each of them inherit again."""
    apart = await standing_apart(transport, some)
    resets = [_call(one, "resetroleinheritance", "inherits again") for one in some]
    chosen = [one for one in resets if one.about in apart]
    return await send(transport, chosen, progress, "Opening documents")


_BREAK = "breakroleinheritance(copyRoleAssignments=true,clearSubscopes=true)"


async def _reader(transport: Transport) -> str:
    for row in rows((await transport.read([ROLES]))[ROLES].body):
        if row.get("RoleTypeKind") == _READER:
            return str(row["Id"])
    raise ProvisionerError(
        "PERIOD-NO-READ",
        "The site has no permission level Read any more, so nothing can be made read-only.",
        hint="Restore the level in the site's permission levels, or make it anew.",
    )


def _held(body: Any) -> Held:
    """Who has which level; what SharePoint gives by itself is no level of anybody's."""
    return frozenset(
        (str(row.get("PrincipalId") or (row.get("Member") or {}).get("Id")), str(level["Id"]))
        for row in rows(body)
        for level in rows(row.get("RoleDefinitionBindings"))
        if level.get("RoleTypeKind") not in _AUTOMATIC
        and not str(level.get("Name") or "").startswith("System.Limited")
    )


def _without_read(held: Held, reader: str) -> set[str]:
    return {who for who, _ in held} - {who for who, level in held if level == reader}


def _waves(several: Sequence[Sequence[Write]]) -> Iterable[list[Write]]:
    """One write of each document a wave: SharePoint refuses two at once on the same one."""
    for place in range(max(map(len, several), default=0)):
        yield [one[place] for one in several if len(one) > place]


def _joined(one: Sent, other: Sent) -> Sent:
    return Sent((*one.done, *other.done), (*one.unsent, *other.unsent))


def _call(target: Target, call: str, what: str) -> Write:
    return Write(target.key, _operation(target, call, f"{target.key} {what}"))


def _assignment(target: Target, verb: str, who: str, level: str) -> Write:
    call = f"roleassignments/{verb}roleassignment(principalid={who},roledefid={level})"
    tolerates = (404,) if verb == "remove" else ()
    return Write(target.key, _operation(target, call, f"Who may change {target.key}", tolerates))


def _operation(target: Target, call: str, what: str, tolerates: tuple[int, ...] = ()) -> Operation:
    return Operation(
        "sharepoint",
        "POST",
        f"{target.path}/{call}",
        f"document:{target.key}",
        f"document:{target.key}",
        cost=PERMISSION_COST,
        permission=REST_FULL,
        tolerates=tolerates,
        what=what,
    )


def by_library(some: Iterable[Target]) -> Mapping[str, list[int]]:
    """The numbers of the documents by library key, as the ledger keeps them."""
    found: dict[str, list[int]] = {}
    for one in some:
        found.setdefault(one.key.rpartition("/")[0], []).append(one.number)
    return found


def recorded(documents: Mapping[str, Sequence[int]], places: Places) -> tuple[Target, ...]:
    """What the ledger keeps, as documents again; libraries that are gone are left out."""
    return tuple(
        Target(f"{library}/{number}", places.libraries[library].id, int(number))
        for library, numbers in documents.items()
        if library in places.libraries
        for number in numbers
    )
